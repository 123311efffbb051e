// Files for nobody else's eyes. One that others can read, that belongs to another person or that is a link is not read:
// its content may be known, or not be ours. On Windows a file's mode says nothing: there, the folder of the user's profile is
// closed to others.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { visible } from "../../shown/visible.ts";
import { systemCode } from "../input.ts";
import { Problem } from "../problem.ts";

const isWindows = process.platform === "win32";
/** The file is opened as itself, not as what it links to, and no pipe is waited for. Windows has no such flags. */
const asItself = isWindows ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Is there a folder of this name? One that is not only ours is refused. */
export function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return false;
  checkOwn(path, found, "folder");
  return true;
}

export function makeOwnFolder(path: string): void {
  if (isOwnFolder(path)) return;
  try {
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    // Another process may have made it just now.
    if (systemCode(cause) !== "EEXIST") throw cannot("make the folder", path, cause);
  }
  isOwnFolder(path);
}

/** The text of a file in a folder of ours; nothing if there is none. */
export function readOwn(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | asItself);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT") return undefined;
    if (code === "ELOOP") throw unsafe(path, "it is a symbolic link", "Remove the link.");
    throw cannot("read", path, cause);
  }
  try {
    checkOwn(path, fstatSync(file), "file");
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** Writes a file that is whole at every moment: beside its place, and then renamed. */
export function writeOwn(path: string, text: string): void {
  makeOwnFolder(dirname(path));
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    const file = openSync(beside, "wx", 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cannot("write", path, cause);
  }
}

function checkOwn(path: string, found: Stats, kind: "file" | "folder"): void {
  if (found.isSymbolicLink()) throw unsafe(path, "it is a symbolic link", "Remove the link.");
  const isKind = kind === "file" ? found.isFile() : found.isDirectory();
  if (!isKind) throw unsafe(path, `it is no ${kind}`, "Remove it.");
  if (isWindows) return;
  if (found.uid !== process.geteuid?.()) {
    throw unsafe(path, "it belongs to another user", "Remove it, then run `ocisign login`.");
  }
  const others = found.mode & 0o077;
  if (others === 0) return;
  const mode = (found.mode & 0o777).toString(8).padStart(4, "0");
  const fix =
    `Others may have seen it. Run \`chmod ${kind === "file" ? "600" : "700"}\` on it, ` +
    "then `ocisign logout` and `ocisign login`.";
  throw unsafe(path, `other users can reach it (mode ${mode})`, fix);
}

function unsafe(path: string, what: string, fix: string): Problem {
  return new Problem("unsafe-file", `${visible(path)} is not used: ${what}.`, fix);
}

function cannot(what: string, path: string, cause: unknown): Problem {
  const message = `The program cannot ${what} ${visible(path)} (${systemCode(cause)}).`;
  return new Problem("bad-file", message, "Check who owns the folder, and what it allows.", { cause });
}
