// Reading what the user named, with an error for each way in which it can be something else.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Problem } from "./problem.js";
import { visible } from "./visible.js";

/** Nothing that is read here is larger: tokens, keys, certificates, settings, lists of images. */
const largest = 64 * 1024 * 1024;

/** @type {Record<string, [what: string, fix: string]>} */
const reasons = {
  ENOENT: ["there is no such file", "Check the path."],
  ENOTDIR: ["a part of the path is not a folder", "Check the path."],
  EACCES: ["it may not be read", "Give yourself the right to read it."],
  EPERM: ["it may not be read", "Give yourself the right to read it."],
  EISDIR: ["it is a folder", "Name a file in it."],
};

/**
 * A file that must hold text.
 *
 * @param {string} path @param {string} from how it was named, such as `--cacert`
 */
export function readText(path, from) {
  const bytes = readBytes(path, from);
  if (bytes.includes(0)) throw unreadable(path, from, "it holds binary data", "Name a text file.");
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  if (text.trim() === "") throw unreadable(path, from, "it is empty", "Name the right file, or fill it.");
  return text;
}

/** @param {string} path @param {string} from */
export function readBytes(path, from) {
  let file;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    const bytes = size > largest ? undefined : readUpTo(file, largest);
    if (!bytes) throw unreadable(path, from, "it is larger than 64 MiB", "Name the right file.");
    return bytes;
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const code = String(/** @type {NodeJS.ErrnoException} */ (cause).code);
    const [what, fix] = reasons[code] ?? [`it cannot be read (${code})`, "Check the path."];
    throw unreadable(path, from, what, fix);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Whatever is in it, unless that is more. Devices and pipes do not say how large they are, and some never end.
 *
 * @param {number} file @param {number} most
 */
function readUpTo(file, most) {
  const chunks = [];
  for (let total = 0; total <= most; ) {
    const chunk = Buffer.alloc(64 * 1024);
    const length = readSync(file, chunk);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    total += length;
  }
  return undefined;
}

/** @param {string} path @param {string} from @param {string} what @param {string} fix */
export function unreadable(path, from, what, fix) {
  return new Problem("bad-file", `${from}: ${visible(path)}: ${what}.`, fix);
}
