// A report on disk. It is whole at every moment, so that a run that is killed leaves what it has found out.
import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type SystemFault, writeFault } from "../../system-fault.ts";
import { systemCode } from "../input.ts";
import { Problem, usage } from "../problem.ts";
import { shownPath } from "../withheld.ts";
import type { ReportEntry } from "./entry.ts";
import type { Format } from "./format.ts";

/** So much has to fit on the disk before anything is sent. */
const roomBytes = 64 * 1024;

export class ReportFile {
  readonly #name: string;
  /** Where it is in the end, behind links. */
  readonly path: string;
  readonly #format: Format;
  /** It is there from the first entry on. */
  #file: number | undefined;
  /** Where the next entry is written. */
  #end = 0;
  #missing = 0;
  #fault: unknown;

  /**
   * Finds out whether it can be written, and leaves nothing behind. What stands there stays until {@link begin}.
   *
   * @throws {Problem} when it cannot be written
   */
  constructor(name: string, format: Format) {
    this.#name = name;
    this.#format = format;
    try {
      this.path = pathOf(name);
      tried(this.path);
    } catch (error) {
      throw cannot(name, error);
    }
  }

  /** From now on it stands where it was named; what stood there is gone. Never throws: {@link close} tells. */
  begin(): void {
    if (this.#file !== undefined || this.#fault !== undefined) return;
    try {
      const temporary = beside(this.path);
      this.#file = openSync(temporary, "wx");
      try {
        const head = this.#format.head();
        this.#end = Buffer.byteLength(head);
        this.#write(head + this.#format.tail, 0);
        renameSync(temporary, this.path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    } catch (error) {
      this.#fault = error;
    }
  }

  /** Never throws: that a report cannot be written must not end what it reports. {@link close} tells. */
  add(entry: ReportEntry): void {
    this.begin();
    if (this.#fault !== undefined) {
      this.#missing += 1;
      return;
    }
    const { tail, isLive } = this.#format;
    try {
      const text = this.#format.entry(entry);
      this.#write(text + tail, this.#end);
      this.#end += Buffer.byteLength(text);
      if (isLive) this.#write(this.#format.head(), 0);
    } catch (error) {
      this.#missing = 1;
      this.#fault = error;
      this.#cutBack();
    }
  }

  /** What became of it, if it is not whole. One that was not begun never was. */
  close(): Problem | undefined {
    try {
      if (this.#file !== undefined) this.#finish(this.#file);
    } catch (error) {
      this.#fault ??= error;
    }
    if (this.#fault === undefined) return undefined;
    const { what, fix } = why(this.#fault);
    const lost = this.#missing > 0 ? ` It lacks ${this.#missing} of the images.` : "";
    return new Problem("bad-file", `--report ${shown(this.#name)}: ${what}.${lost}`, fix);
  }

  #finish(file: number): void {
    try {
      if (this.#fault === undefined && this.#format.isLive) this.#write(this.#format.head(), 0);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** The disk was full in the middle of an entry: what stood there before is whole. */
  #cutBack(): void {
    try {
      const { tail } = this.#format;
      this.#write(tail, this.#end);
      if (this.#file !== undefined) ftruncateSync(this.#file, this.#end + Buffer.byteLength(tail));
    } catch (error) {
      // The first fault is the one that is told.
      this.#fault ??= error;
    }
  }

  #write(text: string, at: number): void {
    if (this.#file !== undefined) write(this.#file, text, at);
  }
}

function write(file: number, text: string, at: number): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, at + written);
  }
}

/** A name that nothing else has, in the same folder. */
function beside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
}

/** Can a file be made there, and filled? It is removed again. */
function tried(path: string): void {
  const temporary = beside(path);
  const file = openSync(temporary, "wx");
  try {
    write(file, " ".repeat(roomBytes), 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
    rmSync(temporary, { force: true });
  }
}

/** Where a report is written. A link is followed; what stands there must be a file that may be replaced. */
function pathOf(name: string): string {
  const found = statOf(name);
  if (!found) return join(realpathSync(dirname(resolve(name))), basename(name));
  if (found.isDirectory()) throw usageOf(name, writeFault("EISDIR"));
  if (!found.isFile()) throw usageOf(name, { what: "it is no regular file", fix: "Name another file." });
  // Who is root may write it all the same, but whoever made it read-only meant it.
  if ((found.mode & 0o222) === 0)
    throw usageOf(name, { what: "it is read-only", fix: "Name another file, or make it writable." });
  accessSync(name, constants.W_OK);
  return realpathSync(name);
}

function statOf(name: string): Stats | undefined {
  return statSync(name, { throwIfNoEntry: false });
}

function cannot(name: string, error: unknown): Problem {
  return error instanceof Problem ? error : usageOf(name, why(error));
}

function why(error: unknown): SystemFault {
  return writeFault(systemCode(error));
}

function usageOf(name: string, { what, fix }: Pick<SystemFault, "what" | "fix">): Problem {
  return usage(`--report ${shown(name)}: ${what}.`, `${fix} Nothing was sent.`);
}

function shown(name: string): string {
  return shownPath(name) ?? "FILE";
}
