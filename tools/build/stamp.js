import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * One hash over the content of files and over plain words (`{ words }`), so that a copy, a checkout or a changed
 * clock never decides what is built.
 *
 * @param {string[]} files @param {string} [words]
 */
export function contentHash(files, words = "") {
  const hash = createHash("sha256").update(words);
  for (const file of files) {
    hash.update("\0").update(file).update("\0");
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

/**
 * @param {string} stamp the file that remembers the hash @param {string} hash
 * @param {string[]} outputs what must be there for the stamp to mean anything
 */
export function isFresh(stamp, hash, outputs) {
  return [stamp, ...outputs].every((file) => existsSync(file)) && readFileSync(stamp, "utf8") === hash;
}

/** @param {string} stamp */
export function clearStamp(stamp) {
  rmSync(stamp, { force: true });
}

/** @param {string} stamp @param {string} hash */
export function writeStamp(stamp, hash) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
