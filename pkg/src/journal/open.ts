// A journal in a file: who opens it, goes on where its last record ends.
import { constants, type FileHandle, open, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Journal, JournalRecord } from "../bulk/sign/journal.ts";
import { fieldOf } from "../foreign.ts";
import { badJournal, inWords } from "./faults.ts";
import { Lock } from "./lock.ts";
import { type End, recordsIn } from "./reading.ts";
import { Writer } from "./writer.ts";

/** A journal that a process has open: no other process writes it meanwhile. */
export interface OpenJournal extends Journal {
  /** The records that are in the file, oldest first. */
  read(): AsyncGenerator<JournalRecord, void>;
  /**
   * Appends a record. The promise is kept when the record is on the disk (`fdatasync`); records that are written side
   * by side share one such call.
   *
   * @throws {OcisignError} `bad-journal` when it could not be written, or when something else changed, replaced or
   *   deleted the file. Then no further record is taken.
   */
  write(record: JournalRecord): Promise<void>;
  /** Waits for what is being written, then lets the file go. */
  close(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens the journal of a run in a file, for `signAll`; only in Node. The file is made if it is not there; its folder
 * must be. A file of JSON lines, each with a checksum; it holds references, ids of requests and messages, and never a
 * token. What a killed process left of its last line is cut off.
 *
 * @throws {OcisignError} `journal-in-use` when another process has it open: its id is in the message. After a kill the
 *   next process starts at once; one on another machine or in another container starts after a minute.
 *   `bad-journal` when the file is damaged (with the line), is no journal, is of a newer version, or cannot be written.
 * @example
 * ```js
 * import { openJournal } from "ocisign/journal";
 *
 * const journal = await openJournal("release-42.journal");
 * try {
 *   for await (const record of journal.read()) console.log(record.kind);
 * } finally {
 *   await journal.close();
 * }
 * ```
 */
export async function openJournal(path: string): Promise<OpenJournal> {
  try {
    const real = await realPath(path);
    const lock = await Lock.take(real);
    return await opened(real, lock).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
  } catch (error) {
    throw inWords(path, error);
  }
}

/**
 * The records of a journal, oldest first, without opening it to write: also while another process writes it. What is
 * left of a line that was being written is passed over.
 *
 * @throws {OcisignError} `bad-journal` when it is damaged, no journal, of a newer version, or not there.
 * @example
 * ```js
 * import { readJournal } from "ocisign/journal";
 *
 * let signed = 0;
 * for await (const record of readJournal(journalFile)) {
 *   if (record.kind === "outcome" && record.state === "signed") signed += 1;
 * }
 * console.log(signed); // 2
 * ```
 */
export async function* readJournal(path: string): AsyncGenerator<JournalRecord, void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | nonBlocking);
    await checkRegular(file, path);
    yield* recordsIn(file, path);
  } catch (error) {
    if (fieldOf(error, "code") !== "ENOENT") throw inWords(path, error);
    throw badJournal(path, "is not there", "Check the path.", error);
  } finally {
    await file?.close();
  }
}

/** A pipe without a writer would hold up whoever opens it. */
const nonBlocking = constants.O_NONBLOCK ?? 0;

/** One file has one real path, whatever it is called; so has one that is not there yet. */
async function realPath(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isFile()) return real;
  } catch (error) {
    if (fieldOf(error, "code") !== "ENOENT") throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
  throw await notRegular(path);
}

async function notRegular(path: string): Promise<unknown> {
  const isFolder = (await stat(path)).isDirectory();
  return isFolder
    ? badJournal(path, "is a folder", "Name a file in it.")
    : badJournal(path, "is no regular file", "Name a file on a disk.");
}

async function checkRegular(file: FileHandle, path: string): Promise<void> {
  if (!(await file.stat()).isFile()) throw await notRegular(path);
}

async function opened(path: string, lock: Lock): Promise<OpenJournal> {
  const file = await openFile(path);
  try {
    const end = await endOf(file, path);
    await repair(file, end);
    const writer = new Writer(file, path, end, lock);
    const close = async () => {
      await writer.end();
      await file.close();
      await lock.release();
    };
    return {
      async *read() {
        yield* recordsIn(file, path, writer.size);
      },
      write: (record) => writer.write(record),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_CREAT, O_EXCL } = constants;
  try {
    const made = await open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, 0o600);
    await syncFolder(dirname(path));
    return made;
  } catch (error) {
    if (fieldOf(error, "code") !== "EEXIST") throw error;
  }
  return open(path, O_RDWR | O_APPEND | nonBlocking);
}

/** Until then, a loss of power could take away the file itself. Windows has no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** All is read before anything is written: a damaged journal is refused at once. */
async function endOf(file: FileHandle, path: string): Promise<End> {
  const records = recordsIn(file, path);
  let step = await records.next();
  while (!step.done) step = await records.next();
  return step.value;
}

async function repair(file: FileHandle, end: End): Promise<void> {
  if (end.torn > 0) await file.truncate(end.size);
  if (end.lacksBreak) {
    await file.appendFile("\n");
    end.size += 1;
  }
  if (end.torn > 0 || end.lacksBreak) await file.datasync();
}
