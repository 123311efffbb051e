// What earlier runs have left in a journal: which images are done, and of which it is not known.
import { quote } from "../../core.ts";
import { fail } from "../../error.ts";
import { hasMethod, isRecord, isText } from "../../foreign.ts";
import { type Earlier, Outcomes } from "./earlier.ts";
import type { Journal, JournalHead, JournalOutcome, JournalRecord } from "./journal.ts";
import { isHead, isIntent, isOutcome, isUnrequested } from "./journal-record.ts";

/** Journals of runs that go on: two of them would not know of each other. */
const inUse = new WeakSet<object>();

/** A journal, as far as a run uses it. */
export class Resumed {
  readonly #journal: Journal;
  readonly head: JournalHead | undefined;
  readonly #outcomes: Outcomes;
  /** One for each image that an earlier run began. */
  readonly #begun: Uint8Array;

  private constructor(
    journal: Journal,
    head: JournalHead | undefined,
    outcomes: Outcomes,
    begun: Uint8Array,
  ) {
    this.#journal = journal;
    this.head = head;
    this.#outcomes = outcomes;
    this.#begun = begun;
  }

  /**
   * Reads what is there, and holds the journal until {@link release}.
   *
   * @throws {OcisignError} `bad-journal` for what is no journal of a run, `journal-in-use` if a run of this process has it
   */
  static async read(given: unknown): Promise<Resumed> {
    const journal = journalIn(given);
    if (inUse.has(journal)) {
      const fix = "Wait until the other run has ended, or give each run a journal of its own.";
      throw fail(
        "journal-in-use",
        "Another run of this process uses the journal. Nothing was requested.",
        fix,
      );
    }
    inUse.add(journal);
    try {
      return await readFrom(journal, (...parts) => new Resumed(journal, ...parts));
    } catch (error) {
      inUse.delete(journal);
      throw error;
    }
  }

  /** Another run may use it. */
  release(): void {
    inUse.delete(this.#journal);
  }

  /** Ids of requests that were there. */
  ids(): Iterable<string> {
    return this.#outcomes.ids();
  }

  /** What became of an image earlier, if that is known. */
  outcome(index: number): Earlier | undefined {
    return this.#outcomes.of(index);
  }

  /** Is it known what became of the image? */
  isDone(index: number): boolean {
    const outcome = this.outcome(index);
    return outcome !== undefined && outcome.state !== "doubtful" && !isUnrequested(outcome);
  }

  /** May an earlier run have posted it? */
  isBegun(index: number): boolean {
    return this.#begun[index] === 1;
  }

  get hasBegun(): boolean {
    return this.#begun.includes(1);
  }

  /** Begins the journal, or checks that it is of this very run. @throws {OcisignError} `bad-journal` */
  async begin(head: JournalHead): Promise<void> {
    if (!this.head) return this.write(head);
    const differs = names.filter(([field]) => this.head?.[field] !== head[field]).map(([, name]) => name);
    if (differs.length === 0) return;
    const message = `The journal is of another run: ${differs.join(" and ")} differ. Nothing was requested.`;
    throw fail("bad-journal", message, "Pass the journal of this run, or begin a new one.");
  }

  async write(record: JournalRecord): Promise<void> {
    await this.#journal.write(record);
  }
}

/** What a journal holds, once it is read. */
type Made = (head: JournalHead | undefined, outcomes: Outcomes, begun: Uint8Array) => Resumed;

async function readFrom(journal: Journal, made: Made): Promise<Resumed> {
  let head: JournalHead | undefined;
  let begun = new Uint8Array(0);
  let outcomes = new Outcomes(0);
  for await (const record of journal.read()) {
    if (!isRecord(record)) throw damaged("holds something else than records");
    if (record.kind === "run") {
      if (head) throw damaged("has two heads");
      head = checkHead(record);
      begun = new Uint8Array(head.count);
      outcomes = new Outcomes(head.count);
    } else if (!head) {
      throw damaged("does not begin with its head");
    } else if (isIntent(record)) {
      const [from, to] = [place(record.from, head), Math.min(place(record.to, head), head.count)];
      begun.fill(1, from, to);
      // What had failed is posted once more.
      for (let index = from; index < to; index += 1) {
        const outcome = outcomes.of(index);
        if (outcome && isUnrequested(outcome)) outcomes.forget(index);
      }
    } else if (isOutcome(record)) {
      outcomes.put(place(record.index, head), earlier(record));
    } else {
      throw damaged("has a record that is none");
    }
  }
  return made(head, outcomes, begun);
}

const names = [
  ["version", "the formats"],
  ["service", "the services"],
  ["productId", "the products"],
  ["operationId", "the operations"],
  ["batch", "the batch ids"],
  ["unmarked", "the marks of the requests"],
  ["count", "the numbers of images"],
  ["list", "the lists of images"],
] as const;

function journalIn(given: unknown): Journal {
  if (hasMethod(given, "read") && hasMethod(given, "write")) return given as unknown as Journal;
  const fix = "Pass what openJournal of ocisign/journal returns.";
  throw fail("bad-input", "journal is no journal: it has no read() and write().", fix);
}

function checkHead(record: { readonly [name: string]: unknown }): JournalHead {
  const { version } = record;
  if (version !== 1) {
    // Anything may stand there, also what says how it becomes a text.
    const other = typeof version === "number" || isText(version) ? `, ${quote(String(version))}` : "";
    throw damaged(`is of another version${other}`);
  }
  if (isHead(record)) return record;
  throw damaged("has a head that is none");
}

function place(value: number, { count }: JournalHead): number {
  if (value <= count) return value;
  throw damaged("names a place beyond its list");
}

function earlier({ state, id, why }: JournalOutcome): Earlier {
  return { state, id, why: why === "verified" || why === "repeated" ? why : undefined };
}

function damaged(what: string): Error {
  const fix = "Pass the journal of this run, or begin a new one and look what was requested already.";
  return fail("bad-journal", `The journal ${what}. Nothing was requested.`, fix);
}
