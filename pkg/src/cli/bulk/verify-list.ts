// `ocisign verify --from-file`: the list is checked as a whole, then each image is verified, and what came of it is told.
import type { BulkProgress, RegistryChoice, VerifyAllOptions, VerifyOutcome } from "ocisign";
import { visible } from "../../shown/visible.ts";
import { explain, failureDocument } from "../failure.ts";
import { Problem, usage } from "../problem.ts";
import { registryChoice, registryOptions } from "../registry-options.ts";
import type { ReportEntry } from "../report/entry.ts";
import { openReports, type Reports, reported } from "../report/open.ts";
import type { Session } from "../session.ts";
import { attestationDemand, type Demands } from "../verify-elsewhere.ts";
import { shownReference, withheld } from "../withheld.ts";
import { Ended } from "./ended.ts";
import { ImageList } from "./image-list.ts";
import { interrupted } from "./interrupted.ts";
import { patiently } from "./patiently.ts";
import { ProgressLine } from "./progress.ts";
import type { Shard } from "./shard.ts";
import { Shortfall } from "./shortfall.ts";
import { openList } from "./spool.ts";
import { VerifyTally } from "./verify-tally.ts";
import { checkList, tellRepetitions } from "./wrong-lines.ts";

export interface VerifyListOptions extends Omit<Demands, "coveredBy"> {
  /** The list: a path, or `-`. */
  readonly file: string;
  /** Where the signatures are, if not beside the images. */
  readonly signaturesIn: string | undefined;
  readonly keepGoing: boolean;
  readonly shard: Shard | undefined;
  readonly concurrency: number | undefined;
  readonly report: readonly string[] | undefined;
}

/** What came of a list: all else was told while it went on. */
export interface VerifiedList {
  readonly exit: number;
}

export async function verifyList(session: Session, options: VerifyListOptions): Promise<VerifiedList> {
  const file = await openList(options.file, "--from-file", session.signal);
  try {
    const list = await ImageList.read(file, options);
    await checkList(list, options.keepGoing, "verifies");
    tellRepetitions(list, session.output, "verified");
    const reports = openReports(options.report ?? [], [options.file]);
    return await reported(reports, () => verifyAllOf(session, list, options, reports));
  } finally {
    await file.close();
  }
}

async function verifyAllOf(
  session: Session,
  list: ImageList,
  options: VerifyListOptions,
  reports: Reports,
): Promise<VerifiedList> {
  const { verifyAll } = await import("ocisign");
  const { recursive, requireRepository, signedAs, totalTimeout, keepGoing, concurrency } = options;
  const trust = await patiently(session, options.trust);
  const registry = await registryOf(session, list, options.signaturesIn);
  const run = new VerifyRun(session, list);
  const all: VerifyAllOptions = {
    ...{ ...trust, recursive, requireRepository, signedAs, keepGoing, concurrency },
    ...attestationDemand(options),
    registry,
    signal: session.signal,
    timeoutMs: session.callTimeoutMs,
    totalTimeoutMs: totalTimeout,
    onProgress: (progress) => run.progress(progress),
  };
  let failure: unknown;
  try {
    for await (const outcome of verifyAll(run.references, all)) reports.add(run.add(outcome));
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await run.end(reports, failure);
  }
  return { exit: run.exit };
}

/** Of an image that a run did not come to, nothing is known: whoever reads only a report must not take it for good. */
const notLookedAt = { ...interrupted, message: "It was not looked at: the run was stopped." };

class VerifyRun {
  readonly #session: Session;
  readonly #list: ImageList;
  readonly #tally: VerifyTally;
  readonly #shortfall = new Shortfall("Not verified:");
  readonly #document: ReportEntry[] = [];
  /** When each image that is under way was handed out. */
  readonly #begun = new Map<number, number>();
  readonly #line: ProgressLine;
  readonly #ended: Ended;
  /** What is said of keys and certificates: of each image the same, so that it is told once. */
  readonly #warnings = new Set<string>();

  constructor(session: Session, list: ImageList) {
    this.#session = session;
    this.#list = list;
    this.#tally = new VerifyTally(list.count, list.repeatedCount);
    this.#line = new ProgressLine(session.output, list.count);
    this.#ended = new Ended(list.count);
  }

  progress(progress: BulkProgress): void {
    this.#line.show(progress);
  }

  /** Hands the images out. The library checks the whole list first, so only the last time counts. */
  references = (): AsyncIterable<string> => this.#references();

  async *#references(): AsyncGenerator<string, void, undefined> {
    this.#begun.clear();
    let index = 0;
    for await (const reference of this.#list.references()) {
      this.#begun.set(index++, performance.now());
      yield reference;
    }
  }

  /** What is told of it in reports. */
  add(outcome: VerifyOutcome): ReportEntry {
    const { index } = outcome;
    const ms = performance.now() - (this.#begun.get(index) ?? performance.now());
    this.#begun.delete(index);
    this.#ended.add(index);
    const entry = { ...this.#entryOf(outcome), ms: Math.round(ms) };
    this.#tally.add(entry);
    for (const warning of outcome.verification?.warnings ?? []) this.#warnings.add(warning);
    if (entry.state !== "verified") this.#shortfall.note(entry);
    const { output, printing } = this.#session;
    if (output.isJson || printing) this.#document.push(entry);
    else {
      output.settle();
      output.print(
        `${output.paint(entry.state === "verified" ? "good" : "bad", entry.state)}  ${entry.reference}`,
      );
    }
    return entry;
  }

  /**
   * Tells what came of all, also of a run that was stopped.
   *
   * @param failure what stopped it
   */
  async end(reports: Reports, failure: unknown): Promise<void> {
    const { output } = this.#session;
    this.#line.stop();
    output.settle();
    if (this.#shortfall.text) output.note(this.#shortfall.text);
    for (const warning of this.#warnings) output.note(`warning: ${visible(warning)}`);
    output.note(this.#tally.text);
    // Here, since a run that was stopped has no result.
    const inOrder = (entries: readonly ReportEntry[]) =>
      entries.toSorted((one, other) => one.index - other.index);
    const untried = await this.#tellUntried(reports);
    const { printing } = this.#session;
    const isWhole = this.#tally.untried === 0;
    const images = inOrder([...this.#document, ...untried]);
    if (printing) output.print(printing.text(images, isWhole));
    output.answer({ counts: this.#tally.counts, images, ...this.#stopped(failure) });
  }

  /** The same for a program as for a person (run.ts). */
  #stopped(failure: unknown) {
    if (failure === undefined) return {};
    if (this.#session.signal.aborted) return { error: interrupted };
    return failureDocument(explain(failure, this.#session));
  }

  /** Where nothing was found out, an older report stays. @returns those that a document for a program has to name */
  async #tellUntried(reports: Reports): Promise<readonly ReportEntry[]> {
    const kept: ReportEntry[] = [];
    const isAny = this.#tally.untried < this.#list.count;
    if (this.#tally.untried === 0) return kept;
    try {
      for await (const entry of this.#untried()) {
        if (isAny) reports.add(entry);
        if (this.#session.printing || this.#session.output.isJson) kept.push(entry);
      }
    } catch (error) {
      // The list is another one now, which is told already.
      if (!(error instanceof Problem)) throw error;
    }
    return kept;
  }

  async *#untried(): AsyncGenerator<ReportEntry, void, undefined> {
    let index = 0;
    for await (const reference of this.#list.references()) {
      const place = { index, line: this.#list.lineOf(index), reference: this.#shown(index, reference) };
      if (!this.#ended.has(index)) yield { ...place, state: "unreachable", error: notLookedAt };
      index += 1;
    }
  }

  get exit(): number {
    return this.#tally.exit;
  }

  #entryOf({ index, reference, verification, error }: VerifyOutcome): ReportEntry {
    const place = { index, line: this.#list.lineOf(index) };
    if (verification) return { ...place, reference, state: verification.state, verification };
    const { code, message, fix } = explain(error, this.#session);
    return {
      ...place,
      reference: this.#shown(index, reference),
      state: "failed",
      error: { code, message, fix },
    };
  }

  /** What may be shown of a line that names no image. */
  #shown(index: number, reference: string): string {
    return this.#list.isWrong(index) ? (shownReference(reference) ?? withheld) : reference;
  }
}

/** Where registries are reached. A password, or another address, is for one of them. */
async function registryOf(
  session: Session,
  list: ImageList,
  signaturesIn: string | undefined,
): Promise<RegistryChoice> {
  const { names } = list.registries;
  const { registryUrl, registryUsername } = session.settings;
  const given = registryUsername ?? registryUrl;
  if (given && names.length > 1) {
    const what = `${given.from} is for one registry, and ${list.name} names ${names.length}: ${names.slice(0, 3).join(", ")}.`;
    throw usage(what, "Split the list by registries, and verify each with its own.");
  }
  // What is wrong with a sign-in is told before anything is verified.
  for (const registry of names) await registryOptions(session, { registry });
  return registryChoice(session, signaturesIn);
}
