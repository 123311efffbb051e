// Appends records. Those that come while others are being made safe wait, and are made safe together.
import { fstatSync, statSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { JournalRecord } from "../bulk/sign/journal.ts";
import { badJournal, headless, inWords, lostHold } from "./faults.ts";
import { lineOf } from "./line.ts";
import type { Lock } from "./lock.ts";
import type { End } from "./reading.ts";

/** Records that are made safe together. */
interface Group {
  readonly records: JournalRecord[];
  readonly safe: Promise<void>;
}

export class Writer {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #lock: Lock;
  #size: number;
  #sum: string;
  #isEmpty: boolean;
  /** The one that still takes records. */
  #open: Group | undefined;
  #before: Promise<unknown> = Promise.resolve();
  /** Why nothing is written any more. */
  #failure: unknown;

  constructor(file: FileHandle, path: string, { size, sum }: End, lock: Lock) {
    this.#file = file;
    this.#path = path;
    this.#size = size;
    this.#isEmpty = size === 0;
    this.#sum = sum;
    this.#lock = lock;
  }

  /** Of what is safe. */
  get size(): number {
    return this.#size;
  }

  write(record: JournalRecord): Promise<void> {
    if (this.#isEmpty && record.kind !== "run") return Promise.reject(headless(this.#path));
    this.#isEmpty = false;
    this.#open ??= this.#next();
    this.#open.records.push(record);
    return this.#open.safe;
  }

  /** After it, nothing is written. */
  async end(): Promise<void> {
    await this.#before;
    this.#failure ??= badJournal(this.#path, "is closed", "Write before you close it.");
  }

  #next(): Group {
    const records: JournalRecord[] = [];
    const safe = this.#before.then(() => {
      this.#open = undefined;
      return this.#append(records);
    });
    // Whoever wrote hears of the failure.
    this.#before = safe.catch(() => {});
    return { records, safe };
  }

  async #append(records: readonly JournalRecord[]): Promise<void> {
    if (this.#failure) throw this.#failure;
    try {
      this.#checkHold(this.#size);
      await this.#write(this.#linesOf(records));
      this.#checkHold(this.#size);
    } catch (error) {
      // What a failed call has left on the disk is not known: no later record may stand behind it.
      this.#failure = inWords(this.#path, error);
      throw this.#failure;
    }
  }

  #linesOf(records: readonly JournalRecord[]): Buffer {
    const lines = records.map((record) => {
      const { line, sum } = lineOf(record, this.#sum);
      this.#sum = sum;
      return line;
    });
    return Buffer.from(lines.join(""));
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, done);
        done += bytesWritten;
      }
      await this.#file.datasync();
    } catch (error) {
      // A disk that is full takes a part of it. Should even this fail, the next start cuts it off.
      await this.#file.truncate(this.#size).catch(() => {});
      throw error;
    }
    this.#size += bytes.length;
  }

  /** Is the file still ours, at its path, and as long as we left it? */
  #checkHold(size: number): void {
    const ours = fstatSync(this.#file.fd, { bigint: true });
    const there = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (!there) throw lostHold(this.#path, "was deleted");
    if (there.ino !== ours.ino || there.dev !== ours.dev) throw lostHold(this.#path, "was replaced");
    if (ours.size !== BigInt(size)) throw lostHold(this.#path, "was changed by something else");
    if (!this.#lock.isOurs)
      throw lostHold(this.#path, "lost its lock: another process may have taken it over");
  }
}
