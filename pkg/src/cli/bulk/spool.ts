// A list that can be read twice: a file as it lies there, and what can be read once only, as a private copy of it.
import { constants, createReadStream, createWriteStream, openSync, rmSync, type Stats } from "node:fs";
import { type FileHandle, mkdtemp, open } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isatty, ReadStream as Terminal } from "node:tty";
import { visible } from "../../shown/visible.ts";
import { cannotRead, claimStdin, systemCode, unreadable } from "../input.ts";
import { Problem } from "../problem.ts";

/** A list as it is read. */
export interface ListFile {
  /** As messages call it. */
  readonly name: string;
  readonly handle: FileHandle;
  close(): Promise<void>;
}

/** @param from how the user named it, such as `--from-file` */
export async function openList(path: string, from: string, signal: AbortSignal): Promise<ListFile> {
  if (path === "-") {
    claimStdin(`${from} -`);
    if (process.stdin.isTTY) {
      process.stderr.write(`Reading ${from} - from the terminal; Ctrl-D ends the input.\n`);
    }
    return spooled("standard input", process.stdin, signal);
  }
  const handle = await openFile(path, from);
  const name = visible(path);
  const stat = await handle.stat();
  if (stat.isFile()) return { name, handle, close: () => handle.close() };
  // By an opening of its own, which its reader closes.
  const source = readerOf(path, stat);
  await handle.close();
  try {
    return await spooled(name, source, signal);
  } finally {
    source.destroy();
  }
}

/** The same of lines that are known. @param name as messages call it */
export function listOf(name: string, lines: readonly string[], signal: AbortSignal): Promise<ListFile> {
  return spooled(name, Readable.from(lines.map((line) => `${line}\n`)), signal);
}

/**
 * Reads a pipe, as `<(…)` of a shell makes it, or a device. A thread that reads one which nobody writes cannot be
 * stopped, not even at the program's end: so the event loop waits for these.
 */
function readerOf(path: string, stat: Stats): Readable {
  const fd = openSync(path, reading);
  if (stat.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  return isatty(fd) ? new Terminal(fd) : createReadStream(path, { fd });
}

/** The opening of a pipe would wait for its writer. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

async function openFile(path: string, from: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, reading);
    if (!(await handle.stat()).isDirectory()) return handle;
  } catch (cause) {
    throw cannotRead(path, from, cause);
  }
  await handle.close();
  throw unreadable(path, from, "it is a folder", "Name a file in it.");
}

async function spooled(name: string, source: NodeJS.ReadableStream, signal: AbortSignal): Promise<ListFile> {
  let folder: string | undefined;
  const remove = () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    folder = await mkdtemp(join(tmpdir(), "ocisign-list-"));
    const path = join(folder, "list");
    await pipeline(source, createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal });
    const handle = await open(path, "r");
    // Where a system lets an open file go, nothing is left behind, however the program ends.
    if (process.platform !== "win32") remove();
    const close = async () => {
      await handle.close();
      remove();
    };
    return { name, handle, close };
  } catch (cause) {
    remove();
    if (signal.aborted) throw cause;
    const what = `A copy of ${name} cannot be kept in ${visible(tmpdir())} (${systemCode(cause)}).`;
    throw new Problem("bad-file", what, "Make room there, or set TMPDIR to another folder.", { cause });
  }
}
