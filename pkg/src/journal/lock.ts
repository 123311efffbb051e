// One process at a time writes a journal. The lock is a file beside it, which says who holds it. Node has no lock of the
// kernel's. proper-lockfile, the library for this, has had no release for years, waits for seconds after a kill, and
// cannot say who holds a lock.
import { statSync } from "node:fs";
import { link, readFile, rename, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { OcisignError } from "ocisign";
import { fieldOf } from "../foreign.ts";
import { visible } from "../shown/visible.ts";
import { badJournal, systemFault } from "./faults.ts";
import { type Holder, isRunning, ourselves, readHolder, touchMs } from "./holder.ts";

export class Lock {
  readonly #path: string;
  readonly #inode: bigint;
  readonly #touching: NodeJS.Timeout;

  /** @param journal its real path: one file has one lock, whatever it is called */
  static async take(journal: string): Promise<Lock> {
    const own = ourselves();
    const path = `${journal}.lock`;
    // Whole before it has its name: a kill leaves no lock that says nothing.
    const draft = `${path}.${own.nonce}`;
    try {
      await writeFile(draft, `${JSON.stringify(own)}\n`, { flag: "wx", mode: 0o600 });
      await claim(journal, path, draft);
      return new Lock(path);
    } catch (error) {
      throw error instanceof OcisignError ? error : systemFault(journal, error);
    } finally {
      await rm(draft, { force: true });
    }
  }

  private constructor(path: string) {
    this.#path = path;
    this.#inode = statSync(path, { bigint: true }).ino;
    // Other machines and containers cannot see this process; they see that the lock is touched.
    this.#touching = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => {
        // isOurs says so before the next record.
      });
    }, touchMs);
    this.#touching.unref();
  }

  /** Does the file still stand there as it was made? */
  get isOurs(): boolean {
    return statSync(this.#path, { bigint: true, throwIfNoEntry: false })?.ino === this.#inode;
  }

  async release(): Promise<void> {
    clearInterval(this.#touching);
    if (this.isOurs) await rm(this.#path, { force: true });
  }
}

/** Gives the draft the name of the lock, which only one process can; a lock that was left behind is replaced. */
async function claim(journal: string, path: string, draft: string): Promise<void> {
  while (!(await linked(draft, path))) {
    const found = await holderOf(journal, path);
    if (!found) continue;
    if (isRunning(found, await untouchedMs(path, draft))) throw inUse(journal, found);
    if (await replaced(journal, path, found, draft)) return;
  }
}

/** Who holds the right to replace a certain lock looks once more, then replaces it: another may have been quicker. */
async function replaced(journal: string, path: string, left: Holder, draft: string): Promise<boolean> {
  const right = `${path}.after-${left.nonce}`;
  await claim(journal, right, draft);
  try {
    const now = await holderOf(journal, path);
    if (now?.nonce !== left.nonce) return false;
    await rename(draft, path);
    return true;
  } finally {
    await unlink(right);
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (fieldOf(error, "code") === "EEXIST") return false;
    throw error;
  }
}

/** Nothing if the lock has gone meanwhile. */
async function holderOf(journal: string, path: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (fieldOf(error, "code") === "ENOENT") return undefined;
    throw error;
  }
  const holder = readHolder(text);
  if (holder) return holder;
  const what = `cannot be locked: ${visible(path)} was not made by ocisign`;
  throw badJournal(journal, what, "Remove that file if no process writes the journal.");
}

/** By the clock of the file system, which may be another machine's: the draft was made just now. */
async function untouchedMs(path: string, draft: string): Promise<number> {
  const [lock, now] = await Promise.all([stat(path).catch(() => undefined), stat(draft)]);
  return lock ? now.mtimeMs - lock.mtimeMs : 0;
}

function inUse(journal: string, { pid, host }: Holder): OcisignError {
  const who = `process ${pid} on ${visible(host)}`;
  const fix = "Wait until that process ends, or end it. A shard needs a journal of its own.";
  const message = `The journal ${visible(journal)} is in use by ${who}.`;
  return new OcisignError("journal-in-use", message, fix);
}
