// Reads the files that a user names, and standard input. Each way in which one can be unusable has its own message.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Problem, usage } from "./problem.ts";
import { keepSecret } from "./secrets.ts";
import { textIn } from "./text-in.ts";
import { shownPath } from "./withheld.ts";

/** Tokens, keys, certificates, settings and lists of images are all smaller. */
const largest = 64 * 1024 * 1024;

const reasons: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  ENOENT: ["there is no such file", "Check the path."],
  ENOTDIR: ["a part of the path is not a folder", "Check the path."],
  EACCES: ["you may not read it", "Give yourself permission to read it."],
  EPERM: ["you may not read it", "Give yourself permission to read it."],
  EISDIR: ["it is a folder", "Name a file in it."],
  ENAMETOOLONG: ["no file can have so long a name", "Check the path."],
  ERR_INVALID_ARG_VALUE: ["no file can have such a name", "Check the path."],
};

/** Reads a file that must hold text. `from` is how the user named it, such as `--cacert`. */
export function readText(path: string, from: string): string {
  const bytes = readBytes(path, from);
  const text = textIn(bytes);
  if (text === undefined) throw unreadable(path, from, "it holds binary data", "Name a text file.");
  if (text.trim() === "") throw unreadable(path, from, "it is empty", "Name the right file, or fill it.");
  return text;
}

export function readBytes(path: string, from: string): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    const bytes = size > largest ? undefined : readUpTo(file, largest);
    if (!bytes) throw unreadable(path, from, "it is larger than 64 MiB", "Name the right file.");
    return bytes;
  } catch (cause) {
    throw cannotRead(path, from, cause);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What the system says against reading a file. */
export function cannotRead(path: string, from: string, cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  const code = systemCode(cause);
  const [what, fix] = reasons[code] ?? [`it cannot be read (${code})`, "Check the path."];
  return unreadable(path, from, what, fix);
}

/** The system's code of a failure, such as `ENOENT`. */
export function systemCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  // Its message may quote what it was given.
  return "code" in error ? String(error.code) : error.name;
}

/** The whole content, unless it is larger. Devices and pipes do not tell their size, and some never end. */
function readUpTo(file: number, most: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let total = 0; total <= most; ) {
    const chunk = Buffer.alloc(64 * 1024);
    const length = readSync(file, chunk);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    total += length;
  }
  return undefined;
}

/** What is wrong with a file. What was given in its place may be the secret that it should hold. */
export function unreadable(path: string, from: string, what: string, fix: string): Problem {
  const shown = shownPath(path);
  if (shown !== undefined) return new Problem("bad-file", `${from}: ${shown}: ${what}.`, fix);
  keepSecret(path);
  return new Problem("bad-file", `${from}: ${what}.`, `${fix} ${notShown}`);
}

const notShown = "Name a file; what was given is not shown here, because it could be a secret.";

/** The one option of this run that reads standard input. */
let reader: string | undefined;

/** Claims standard input before a command acts. `from` is what wants it, such as `-t @-`. */
export function claimStdin(from: string): void {
  if (reader !== undefined && reader !== from) {
    throw usage(`${reader} and ${from} both read standard input.`, "Put one of them into a file.");
  }
  reader = from;
}

/** Reads the text of standard input to its end. */
export async function readStdin(from: string): Promise<string> {
  const content = textIn(await readStdinBytes(from));
  if (content === undefined) {
    throw new Problem("bad-file", `${from}: standard input holds binary data.`, "Pipe text in.");
  }
  if (content.trim() !== "") return content;
  throw new Problem("bad-file", `${from}: standard input is empty.`, "Pipe the content in, or name a file.");
}

/** Reads standard input to its end, if that comes: what is piped in may never end. */
export async function readStdinBytes(from: string): Promise<Buffer> {
  claimStdin(from);
  if (process.stdin.isTTY) {
    process.stderr.write(`Reading ${from} from the terminal; Ctrl-D ends the input.\n`);
  }
  const chunks: Buffer[] = [];
  let total = 0;
  // Without an encoding, it gives bytes.
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > largest) {
      throw new Problem(
        "bad-file",
        `${from}: standard input is larger than 64 MiB.`,
        "Pipe the right content in.",
      );
    }
  }
  return Buffer.concat(chunks);
}
