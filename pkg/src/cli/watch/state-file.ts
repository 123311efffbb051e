// What was told, in a file, so that a restart tells nothing twice and misses nothing. The file is whole at every moment:
// it is written beside its place, and renamed. An event is kept after it was told; a kill in between repeats it.
import { randomBytes } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isRecord, isText } from "../../foreign.ts";
import { Lock } from "../../journal/lock.ts";
import { readText, systemCode, unreadable } from "../input.ts";
import { libraryError } from "../library-error.ts";
import { Problem } from "../problem.ts";
import { shownPath } from "../withheld.ts";
import { Memory } from "./memory.ts";

const flag = "--state-file";

/** What a file is about. One of another service, scope or person remembers nothing of use. */
export interface About {
  readonly service: string;
  readonly watches: string;
  readonly product: string | null;
  readonly state: string | null;
  readonly person: string | null;
}

export class StateFile {
  readonly #path: string;
  readonly #lock: Lock;
  #about: About | undefined;
  #memory: Memory | undefined;
  #writing: Promise<void> | undefined;
  #isStale = false;
  #failure: unknown;

  /** Lets one process in. @throws {Problem} when another one uses it, or it cannot be written */
  static async open(given: string): Promise<StateFile> {
    const path = pathOf(given);
    try {
      return new StateFile(path, await Lock.take(path));
    } catch (error) {
      const refused = libraryError(error);
      if (!refused) throw error;
      const message = refused.message.replace(/^The journal/, "The state file");
      throw new Problem("bad-file", `${flag}: ${message}`, "Name another file, or end what uses this one.");
    }
  }

  private constructor(path: string, lock: Lock) {
    this.#path = path;
    this.#lock = lock;
  }

  /** What it remembers; nothing if it is new. @throws {Problem} when it is damaged, or about something else */
  read(about: About): Memory | undefined {
    this.#about = about;
    if (!existsSync(this.#path)) return undefined;
    const found = parsed(readText(this.#path, flag));
    if (!found) {
      const fix = "Remove it: then the watch begins anew. --since tells what came meanwhile.";
      throw unreadable(this.#path, flag, "it is damaged, or no state file of ocisign", fix);
    }
    const asked = Object.entries(about) as [keyof About, unknown][];
    for (const [name, value] of asked) {
      if (found.about[name] === value) continue;
      const what = `it belongs to a watch with another ${name}`;
      throw unreadable(this.#path, flag, what, "Name another file for each watch.");
    }
    return new Memory(found.told);
  }

  /** From now on it keeps this. */
  begin(memory: Memory): Promise<void> {
    this.#memory = memory;
    return this.keep();
  }

  /**
   * Something is remembered, and will be written soon: while one writing goes on, the next one waits, and takes all
   * that came meanwhile.
   *
   * @throws {Problem} when it could not be written before
   */
  touch(): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#isStale = true;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Ends when all that is remembered is written. */
  async keep(): Promise<void> {
    this.touch();
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    try {
      await this.#writing;
    } finally {
      await this.#lock.release();
    }
  }

  async #writeAll(): Promise<void> {
    while (this.#isStale && this.#failure === undefined) {
      this.#isStale = false;
      try {
        await this.#write();
      } catch (error) {
        this.#failure = cannotWrite(this.#path, error);
      }
    }
  }

  async #write(): Promise<void> {
    if (!this.#about || !this.#memory) return;
    const { memory, about } = { memory: this.#memory, about: this.#about };
    const text = `${JSON.stringify({ ocisignWatch: 1, ...about, told: Object.fromEntries(memory.marks()) })}\n`;
    const beside = join(dirname(this.#path), `.${basename(this.#path)}.${randomBytes(6).toString("hex")}`);
    try {
      const handle = await open(beside, "wx", 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, this.#path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  }
}

interface Parsed {
  readonly about: Readonly<Record<string, unknown>>;
  readonly told: readonly (readonly [string, string])[];
}

function parsed(text: string): Parsed | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(found) || found.ocisignWatch !== 1 || !isRecord(found.told)) return undefined;
  const told = Object.entries(found.told).filter((one): one is [string, string] => isText(one[1]));
  return { about: found, told };
}

/** Its real path: one file has one lock, whatever it is called. */
function pathOf(given: string): string {
  const path = resolve(given);
  try {
    return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    throw cannotWrite(given, error);
  }
}

function cannotWrite(path: string, error: unknown): Problem {
  const what = `${flag}: ${shownPath(path) ?? "the file"} cannot be written (${systemCode(error)}).`;
  return new Problem("bad-file", what, "Name a file in a folder that exists, and that you may write.");
}
