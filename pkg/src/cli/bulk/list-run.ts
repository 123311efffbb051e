// What a run of a list tells: each request's id as soon as it exists, how far it is, and in the end the whole truth.

import type { BulkProgress, SignOutcome } from "../../bulk/outcome.ts";
import type { JournalOutcome } from "../../bulk/sign/journal.ts";
import { visible } from "../../shown/visible.ts";
import { explain } from "../failure.ts";
import type { ReportEntry } from "../report/entry.ts";
import { paintedState } from "../request-text.ts";
import type { Session } from "../session.ts";
import { explainUnknown } from "../unexplained.ts";
import { Ended } from "./ended.ts";
import type { ImageList } from "./image-list.ts";
import { interrupted } from "./interrupted.ts";
import { ListDocument } from "./list-document.ts";
import { endedAs, entryOf } from "./outcome-entry.ts";
import { ProgressLine } from "./progress.ts";
import { fallsShort, Shortfall } from "./shortfall.ts";
import { Tally } from "./tally.ts";

/** So many lines may stand in a pipe whose reader has gone: they are told again. */
const mostUnread = 2000;

/** Nothing goes on where this run was stopped. */
const lookFirst = "Look at the list of requests before you request the other images.";

export class ListRun {
  readonly #session: Session;
  readonly #list: ImageList;
  readonly #waits: boolean;
  readonly #tally = new Tally();
  readonly #shortfall = new Shortfall("Not signed:");
  readonly #line: ProgressLine;
  readonly #ended: Ended;
  readonly #printed: string[] = [];
  readonly document: ListDocument;

  constructor(session: Session, list: ImageList, { wait }: { wait: boolean }) {
    this.#session = session;
    this.#list = list;
    this.#waits = wait;
    this.#line = new ProgressLine(session.output, list.count);
    this.#ended = new Ended(list.count);
    this.document = new ListDocument(session.output.isJson);
  }

  /** A request is there, and its id is safe: its end may come much later. */
  kept({ state, id, reference }: JournalOutcome): void {
    if (!this.#waits || id === undefined || (state !== "waiting" && state !== "unexplained")) return;
    this.#note(`requested ${visible(id)}  ${reference}`);
  }

  progress(progress: BulkProgress): void {
    this.#line.show(progress);
  }

  /** What is told of it in reports. */
  add(outcome: SignOutcome): ReportEntry {
    const { index } = outcome;
    this.#ended.add(index);
    const place = { line: this.#list.lineOf(index), isWrong: this.#list.isWrong(index) };
    const entry = entryOf(outcome, place, this.#session);
    this.#tally.add(endedAs(outcome));
    if (fallsShort(entry, { waits: this.#waits })) this.#shortfall.note(entry);
    this.document.add(outcome, entry);
    this.#print(outcome);
    return entry;
  }

  /**
   * Tells what came of all, also of a run that was stopped.
   *
   * @param failure what stopped it
   */
  async end(batch: string | undefined, failure: unknown): Promise<void> {
    const { output } = this.#session;
    this.#line.stop();
    output.settle();
    // Where standard output is not read any more, the ids are told here.
    if (!output.isHeard) for (const line of this.#printed) output.note(`requested ${line}`);
    await this.#countUntried();
    if (this.#shortfall.text) output.note(this.#shortfall.text);
    output.note(this.#tally.text);
    // Here, since a stopped run has no result, and its document must not lose an id either.
    output.answer({ ...this.document.whole(batch, this.#tally.counts), ...this.#stopped(failure) });
    if (batch !== undefined && this.#tally.count("waiting") > 0) {
      output.hint(`Next: the approvers run\n  ocisign approve --batch ${batch}`);
    }
  }

  /** The same for a program as for a person (run.ts). */
  #stopped(failure: unknown) {
    if (failure === undefined) return {};
    const { signal, resume } = this.#session;
    const stopped = resume ? interrupted : { ...interrupted, fix: lookFirst };
    const error = signal.aborted ? stopped : explain(failure, this.#session);
    const { code, message, fix } = error;
    return { error: { code, message, fix, resume: resume?.command } };
  }

  get exit(): number {
    return this.#tally.exit(this.#waits);
  }

  #print(outcome: SignOutcome): void {
    if (!("signing" in outcome) || !outcome.signing) return;
    const { signing, reference } = outcome;
    explainUnknown(this.#session, signing);
    const { output } = this.#session;
    const line = `${visible(signing.id)}  ${paintedState(signing, output)}  ${reference}`;
    this.#printed.push(`${visible(signing.id)}  ${reference}`);
    if (this.#printed.length > mostUnread) this.#printed.shift();
    if (output.isJson) return;
    output.settle();
    output.print(line);
  }

  #note(text: string): void {
    const { output } = this.#session;
    output.settle();
    output.note(text);
  }

  async #countUntried(): Promise<void> {
    const isUntried = (index: number) => !this.#ended.has(index);
    for (let index = 0; index < this.#list.count; index += 1) if (isUntried(index)) this.#tally.untried += 1;
    if (this.#tally.untried === 0 || !this.#session.output.isJson) return;
    let index = 0;
    for await (const reference of this.#list.references()) {
      if (isUntried(index) && !this.#list.isWrong(index)) {
        this.document.notRequested.add({ line: this.#list.lineOf(index), reference });
      }
      index += 1;
    }
  }
}
