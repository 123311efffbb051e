// `ocisign approve` and `ocisign reject` of several requests: shows them together, asks for one deliberate act, and decides
// about exactly these. Each outcome is told at once, so that neither a failure nor Ctrl-C loses one.

import type {
  ApproveBatchOptions,
  BatchRequest,
  BatchWanted,
  DecisionOutcome,
  OcisignError,
  ShownBatch,
  Signing,
} from "ocisign";
import { passes } from "../../service/passing.ts";
import { visible } from "../../shown/visible.ts";
import { tellWaiting, usualPatienceMs } from "../bulk/patiently.ts";
import { ProgressLine } from "../bulk/progress.ts";
import { counted } from "../bulk/wrong-lines.ts";
import { identityOf } from "../claims.ts";
import { explain, type Failure } from "../failure.ts";
import { exitCode, Problem } from "../problem.ts";
import { openReports, type Reports, reported } from "../report/open.ts";
import { artifactText, viewed } from "../request-text.ts";
import type { Session } from "../session.ts";
import { confirmBatch } from "./consent.ts";
import { approving, type Doing, rejecting } from "./doing.ts";
import { batchText } from "./shown-text.ts";

/** What came of several requests. */
export interface Together {
  readonly document: unknown;
  readonly exit: number;
}

/** What a command that decides gives: one request, or what came of several. */
export type Decided =
  | { readonly one: Signing; readonly together?: undefined }
  | { readonly one?: undefined; readonly together: Together };

interface Act {
  readonly confirm: string | undefined;
  readonly comment: string | undefined;
  readonly report: readonly string[] | undefined;
  /** The list that the ids are from. */
  readonly fromFile: string | undefined;
  readonly concurrency: number | undefined;
  readonly settle: number | undefined;
  readonly patience: number | undefined;
}

export function approveTogether(session: Session, wanted: BatchWanted, act: Act): Promise<Together> {
  return together(session, wanted, act, approving);
}

export function rejectTogether(session: Session, wanted: BatchWanted, act: Act): Promise<Together> {
  return together(session, wanted, act, rejecting);
}

async function together(session: Session, wanted: BatchWanted, act: Act, doing: Doing): Promise<Together> {
  const { readBatch } = await import("ocisign");
  const { output, signal } = session;
  // Nobody should type the act, and then be told that a report cannot be written.
  const reports = openReports(act.report ?? [], [act.fromFile]);
  const client = await session.service();
  if (output.isLive) output.progress("reading the requests");
  const shown = await readBatch(client, wanted, {
    signal,
    patienceMs: act.patience ?? usualPatienceMs,
    onOutage: (error) => tellWaiting(output, error),
  });
  output.settle();
  output.note(await batchText(shown, session, doing.toDo));
  const tally = new Outcomes(session, shown, doing);
  if (!tally.hasWork) return reported(reports, () => tally.nothingToDo(reports));
  const confirm = await confirmBatch(session, shown, act.confirm, doing);
  await reported(reports, async () => {
    try {
      await tally.run({ ...act, confirm }, reports);
    } finally {
      tally.summarize();
    }
  });
  // An interrupted run has no result; what came of each was told.
  if (signal.aborted && tally.isCut)
    throw new Problem("interrupted", "Interrupted.", "Run the command again.");
  return { document: tally.document, exit: tally.exit };
}

/** Whose approval counts as this person's own. A token that does not say it leaves more in doubt. */
async function ownIdentity(session: Session) {
  try {
    return identityOf(session.usedToken ?? (await session.token.ask()));
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

class Outcomes {
  readonly #session: Session;
  readonly #shown: ShownBatch;
  readonly #doing: Doing;
  readonly #outcomes = new Map<string, DecisionOutcome>();
  /** By id. */
  readonly #places: ReadonlyMap<string, number>;

  constructor(session: Session, shown: ShownBatch, doing: Doing) {
    this.#places = new Map(shown.requests.map(({ signing }, at) => [signing.id, at]));
    this.#session = session;
    this.#shown = shown;
    this.#doing = doing;
  }

  /** Is there a request that a decision could still be sent about? */
  get hasWork(): boolean {
    return this.#shown.requests.some((request) => !this.#isClosed(request) && !this.#isRefused(request));
  }

  /** Every request is closed, or cannot be approved: nothing is asked. The reports say so of each. */
  async nothingToDo(reports: Reports): Promise<Together> {
    this.#reportUnread(reports);
    for (const request of this.#shown.requests) {
      const { signing, refusals } = request;
      const why = signing.final
        ? new Problem("conflict", `The request was closed when it was shown: ${signing.state}.`, lookAtIt)
        : refusals[0]?.error;
      await this.#report(reports, request, { id: signing.id, state: "notTried" }, why);
    }
    const refused = this.#shown.requests.filter((request) => !this.#isClosed(request));
    const why = refused.flatMap(({ refusals }) => refusals);
    const away = why.find(({ refusal, error }) => refusal === "product-unread" && passes(error) !== "no");
    if (away) throw outageHides(refused.length, away.error);
    const [first] = why;
    if (first) {
      const what = `None of the ${counted(refused.length, "open request")} can be approved.`;
      const isOne = why.every(({ error }) => error.fix === first.error.fix);
      const fix = isOne ? first.error.fix : "Look at each by itself.";
      throw new Problem(first.error.code, what, `${fix} Nothing was approved.`);
    }
    this.summarize();
    return { document: this.document, exit: this.exit };
  }

  async run(act: Act & { confirm: string }, reports: Reports): Promise<void> {
    const { approveBatch, rejectBatch } = await import("ocisign");
    const client = await this.#session.service();
    const { comment = "", confirm, concurrency, settle, patience } = act;
    const progress = new ProgressLine(this.#session.output, this.#shown.requests.length);
    const options: ApproveBatchOptions = {
      confirm,
      by: await ownIdentity(this.#session),
      signal: this.#session.signal,
      concurrency,
      // The service may work on a call without an answer for as long as a call may take here.
      settleMs: settle ?? this.#session.callTimeoutMs,
      patienceMs: patience,
      onProgress: (at) => progress.show(at),
    };
    const outcomes =
      this.#doing.verb === "approve"
        ? approveBatch(client, this.#shown, { ...options, comment: act.comment })
        : rejectBatch(client, this.#shown, { ...options, comment });
    this.#reportUnread(reports);
    try {
      for await (const outcome of outcomes) {
        this.#outcomes.set(outcome.id, outcome);
        await this.#tell(outcome, reports);
      }
    } finally {
      progress.stop();
    }
  }

  async #tell(outcome: DecisionOutcome, reports: Reports): Promise<void> {
    const { output } = this.#session;
    const { id, state } = outcome;
    const request = this.#shown.requests[this.#places.get(id) ?? -1];
    const why = state === this.#doing.done ? undefined : outcome.error;
    const { image, failure } = await this.#report(reports, request, outcome, why);
    output.settle();
    const tone = state === this.#doing.done ? "good" : "bad";
    const words = output.paint(tone, this.#wordFor(request, state).padEnd(widest));
    output.print(`${words}  ${visible(id, "exact")}  ${visible(image, "exact")}`);
    if (failure)
      output.note(`  ${visible(id, "exact")}: ${visible(failure.message)} ${visible(failure.fix)}`);
  }

  /** Writes down what came of a request. */
  async #report(
    reports: Reports,
    request: BatchRequest | undefined,
    { id, state }: Pick<DecisionOutcome, "id" | "state">,
    why: unknown,
  ) {
    const image = request ? artifactText((await viewed(request.signing)).artifact) : "";
    const failure = why === undefined ? undefined : explain(why, this.#session);
    reports.add({
      index: this.#places.get(id) ?? -1,
      reference: image,
      ...{ state, id, error: failure && whyIn(failure) },
      ...(state === "rejected" && { isWanted: true }),
    });
    return { image, failure };
  }

  /**
   * What could not be read is in no outcome, and missing all the same. Which image it is for, nobody knows. One that may
   * be of another batch fails nothing.
   */
  #reportUnread(reports: Reports): void {
    const { requests, unread } = this.#shown;
    for (const [at, { id, isWanted, error }] of unread.entries()) {
      reports.add({
        index: requests.length + at,
        reference: id === undefined ? "a request without an id" : `request ${id}`,
        state: isWanted ? "unreachable" : "notTried",
        ...{ id, error: whyIn(explain(error, this.#session)) },
      });
    }
  }

  /** `20 requests: 17 approved, 1 changed, 2 not tried.` */
  summarize(): void {
    const { output } = this.#session;
    output.settle();
    const parts = Object.entries(this.#counts).map(([what, count]) => `${count} ${what}`);
    output.note(`${counted(this.#shown.requests.length, "request")}: ${parts.join(", ")}.`);
    const { unread } = this.#shown;
    const missing = unread.filter(({ isWanted }) => isWanted).length;
    if (missing > 0) output.note(`${missing} more could not be read.`);
    // Where standard output is not read any more, the outcomes are told here.
    for (const { id, state } of output.isHeard ? [] : this.#outcomes.values()) {
      output.note(`${wordsFor[state]}  ${visible(id, "exact")}`);
    }
    const doubtful = [...this.#outcomes.values()].filter(({ state }) => state === "doubtful");
    if (doubtful.length > 0) {
      const ids = doubtful.map(({ id }) => `  ${visible(id, "exact")}`);
      output.note(
        `In doubt; look at each with \`ocisign status ID\` before you decide again:\n${ids.join("\n")}`,
      );
    }
    // Here, since an interrupted run has no result, and its document must not lose an outcome either.
    output.answer(this.document);
  }

  get document() {
    const { batch, hash, words, requests, unread } = this.#shown;
    return {
      ...(batch !== undefined && { batch }),
      hash,
      words,
      counts: this.#counts,
      requests: requests.map(({ signing, refusals }) => {
        const {
          id,
          state = "notTried",
          signing: now,
          error,
        } = this.#outcomes.get(signing.id) ?? { id: signing.id };
        const reason = error ?? refusals[0]?.error;
        const failure = reason && state !== this.#doing.done ? explain(reason, this.#session) : undefined;
        return { id, state, ...(failure && { error: whyIn(failure) }), signing: now ?? signing };
      }),
      unread: unread.map(({ id, isWanted, error }) => ({
        ...{ id, isWanted, error: whyIn(explain(error, this.#session)) },
      })),
    };
  }

  /** The worst of it. What was closed as it was wanted before is no failure. */
  get exit(): number {
    const { requests, unread } = this.#shown;
    const states = requests.map((request) => this.#endOf(request));
    if (unread.some(({ isWanted }) => isWanted) || states.includes("bad")) return exitCode.error;
    return states.includes("refused") ? exitCode.refused : exitCode.done;
  }

  /** Was something left undone because the run was stopped? */
  get isCut(): boolean {
    const open = this.#shown.requests.filter(
      (request) => !this.#isClosed(request) && !this.#isRefused(request),
    );
    return open.some(({ signing }) =>
      /^(notTried|doubtful)$/.test(this.#outcomes.get(signing.id)?.state ?? "notTried"),
    );
  }

  #endOf(request: BatchRequest): "good" | "refused" | "bad" {
    const { signing } = request;
    if (this.#outcomes.get(signing.id)?.state === this.#doing.done) return "good";
    if (!this.#isClosed(request)) return "bad";
    if (this.#doing.verb === "reject") return signing.state === "rejected" ? "good" : "bad";
    return signing.state === "signed" ? "good" : "refused";
  }

  get #counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const request of this.#shown.requests) {
      const { signing } = request;
      const state = this.#outcomes.get(signing.id)?.state ?? "notTried";
      const word =
        this.#isClosed(request) && state === "notTried" ? `${signing.state} before` : wordsFor[state];
      counts[word] = (counts[word] ?? 0) + 1;
    }
    return counts;
  }

  #wordFor(request: BatchRequest | undefined, state: DecisionOutcome["state"]): string {
    const wasClosed = request && this.#isClosed(request) && state === "notTried";
    return wasClosed ? `${request.signing.state} before` : wordsFor[state];
  }

  #isClosed({ signing }: BatchRequest): boolean {
    return signing.final;
  }

  #isRefused({ refusals }: BatchRequest): boolean {
    return this.#doing.verb === "approve" && refusals.length > 0;
  }
}

/** An outage is no reason to reject what nobody could look at. */
function outageHides(count: number, { code, message }: OcisignError): Problem {
  const what = `The product of ${counted(count, "open request")} could not be read: ${message}`;
  return new Problem(code, what, "Run the command again, to see the product. Nothing was approved.");
}

const lookAtIt = "Read it again to see what was decided.";

/** What a document and a report say of it. */
function whyIn({ code, message, fix }: Failure) {
  return { code, message, fix };
}

const wordsFor: Readonly<Record<DecisionOutcome["state"], string>> = {
  approved: "approved",
  rejected: "rejected",
  changed: "changed",
  conflict: "conflict",
  forbidden: "forbidden",
  doubtful: "in doubt",
  failed: "failed",
  notTried: "not tried",
};

const widest = Math.max(...Object.values(wordsFor).map((word) => word.length));
