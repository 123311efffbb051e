// The run over the requests of a batch: a few at a time, each decision sent once at the most. An outage pauses all of
// them; a lost answer is settled by reading, never by sending again.
import { waitAfter } from "../../core.ts";
import { fail, OcisignError } from "../../error.ts";
import type { Fields } from "../../foreign.ts";
import { follow, pause } from "../../http/deadline.ts";
import { Outage } from "../../http/outage.ts";
import { Pace } from "../../http/pace.ts";
import { askedMs } from "../../service/call.ts";
import type { SigningClient } from "../../service/client.ts";
import type { SigningId } from "../../service/ids.ts";
import { passes } from "../../service/passing.ts";
import type { Signing } from "../../service/signing.ts";
import type { Looks } from "../../service/still-as-shown.ts";
import { Ending, graceMs } from "../ending.ts";
import { Outbox } from "../outbox.ts";
import type { BulkProgress } from "../outcome.ts";
import { isOverload } from "../overload.ts";
import { RefusedTokens } from "../refused-tokens.ts";
import type { BatchRequest, DecisionOutcome } from "./batch.ts";

/** What is decided, and how it is told from a reading whether it was. */
export interface Decision<Done extends "approved" | "rejected"> {
  readonly done: Done;
  /** Asks nothing again by itself. @param isOut is called when a decision goes out */
  client(isOut?: () => void): SigningClient;
  /** Is it still as it was shown? @returns what the decision is bound to */
  check(shown: Signing, looks: Looks): Promise<Fields>;
  send(client: SigningClient, shown: Signing, bound: Fields, signal: AbortSignal): Promise<Signing>;
  /** Can a reading show whose decision it was? Where it cannot, nothing is gained by reading again and again. */
  readonly canTell: boolean;
  /** Does the request show this person's own decision? */
  isDone(signing: Signing): boolean;
  /** Does the answer to it show the opposite? */
  isDenied(answer: Signing): boolean;
  /** Does it show that another decision ended it? */
  isAnothers(signing: Signing): boolean;
  /** Why it is not to be sent at all. */
  refusal(request: BatchRequest): OcisignError | undefined;
}

export interface How {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: BulkProgress) => void) | undefined;
  readonly concurrency: number;
  readonly settleMs: number;
  readonly patienceMs: number;
}

/** Errors that concern the person or the client: with each other request it would be the same. */
const ofAll = new Set(["unauthorized", "bad-token", "bad-profile", "bad-url"]);

/** The first pause between two looks at a request whose answer was lost, and the longest one. */
const firstLookMs = 500;
const longestLookMs = 5_000;
/** The first pause of a request whose call has failed, and the longest one: the others go on. */
const firstRestMs = 500;
const longestRestMs = 30_000;
/** What fails while others are answered is tried so often. */
const mostAlone = 8;
/** A timer that is later than that was held up by a machine that slept. */
const longestDelayMs = 60_000;
/** Timers count no further. */
const longestTimerMs = 2 ** 31 - 1;

export class Deciding<Done extends "approved" | "rejected"> {
  readonly #requests: readonly BatchRequest[];
  readonly #how: How;
  readonly #decision: Decision<Done>;
  readonly #pace: Pace;
  /** Each request has one outcome, and was read before: there is room for all. */
  readonly #outbox = new Outbox<DecisionOutcome<Done>>(Number.POSITIVE_INFINITY);
  readonly #ending = new Ending(() => {});
  /** Why nothing more is sent, though nobody wants it so. */
  #halted: OcisignError | undefined;
  readonly #outage = new Outage();
  /** Halts when the patience with an outage is over, also while nobody asks. */
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** The requests were read: a token was accepted. Who may read need not be allowed to decide. */
  readonly #tokens = { ofReads: new RefusedTokens(), ofDecisions: new RefusedTokens() };
  /** Reads. */
  readonly #client: SigningClient;
  #answers = 0;
  #done = 0;
  readonly #counts: Record<string, number> = {};

  constructor(requests: readonly BatchRequest[], how: How, decision: Decision<Done>) {
    this.#requests = requests;
    this.#how = how;
    this.#decision = decision;
    this.#pace = new Pace(how.concurrency);
    this.#client = decision.client();
  }

  async *outcomes(): AsyncGenerator<DecisionOutcome<Done>, void, undefined> {
    const { signal } = this.#how;
    const unfollow = follow(signal, () => this.#ending.begin(graceMs));
    const work = this.#decideAll().then(
      () => this.#outbox.close(),
      (error: unknown) => this.#outbox.close({ error }),
    );
    try {
      for await (const outcome of this.#outbox.read()) {
        this.#count(outcome.state);
        yield outcome;
      }
    } finally {
      unfollow();
      // Whoever reads on no more wants nothing more to be sent.
      this.#ending.begin(0);
      await work;
      this.#ending.end();
      clearTimeout(this.#patience);
    }
  }

  #count(state: string): void {
    this.#done += 1;
    this.#counts[state] = (this.#counts[state] ?? 0) + 1;
    const total = this.#requests.length;
    this.#how.onProgress?.({ total, done: this.#done, counts: { ...this.#counts } });
  }

  async #decideAll(): Promise<void> {
    const next = this.#requests.values();
    const settling: Promise<void>[] = [];
    const work = async () => {
      for (const request of next) {
        const doubt = await this.#decide(request);
        // Others go on while one waits for its doubt to end.
        if (doubt) settling.push(this.#settle(request.signing.id, doubt));
      }
    };
    await Promise.all(Array.from({ length: this.#how.concurrency }, work));
    await Promise.all(settling);
  }

  /** Decides about one, and tells its outcome, unless it is in doubt. */
  async #decide(request: BatchRequest): Promise<{ error: OcisignError; since: number } | undefined> {
    const { signing } = request;
    const before = this.#endedBefore(request);
    if (before) return this.#tell(before);
    for (let tries = 0; !this.#isOver; tries += 1) {
      const bound = await this.#checked(signing);
      if (!bound) return undefined;
      const turn = await this.#pace.turn(this.#ending.stop);
      // What ended meanwhile ended before anything was sent.
      if (this.#isOver) {
        turn("failed");
        break;
      }
      const since = performance.now();
      try {
        const decided = await this.#send(signing, bound);
        this.#well(turn, this.#tokens.ofDecisions);
        if (this.#decision.isDenied(decided)) return { error: denied(decided), since };
        return this.#tell({ id: signing.id, state: this.#decision.done, signing: decided });
      } catch (error) {
        if (!(error instanceof OcisignError)) {
          turn("failed");
          throw error;
        }
        const isOut = this.#note(turn, error, this.#tokens.ofDecisions);
        if (error.taken === "maybe") return { error, since };
        if (!isOut) return this.#refused(signing.id, error);
        await this.#rest(error, tries);
      }
    }
    return this.#tell({ id: signing.id, state: "notTried", error: this.#halted ?? stopped() });
  }

  /** What the decision is bound to; nothing where it was told why there will be none. */
  async #checked(signing: Signing): Promise<Fields | undefined> {
    try {
      return await this.#decision.check(signing, {
        profile: this.#client.profile,
        signing: () => this.#read((signal) => this.#client.signing(signing.id, { signal })),
        product: (id) => this.#read((signal) => this.#client.product(id, { signal })),
      });
    } catch (error) {
      if (!(error instanceof OcisignError)) throw error;
      return this.#refused(signing.id, error);
    }
  }

  /** Reads, also through an outage. @throws what does not pass, what fails while others are answered, and the end */
  async #read<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const answers = this.#answers;
    for (let tries = 1; ; tries += 1) {
      const turn = await this.#pace.turn(this.#ending.stop);
      if (this.#isOver) {
        turn("failed");
        throw this.#halted ?? stopped();
      }
      try {
        const value = await work(this.#ending.stop);
        this.#well(turn, this.#tokens.ofReads);
        return value;
      } catch (error) {
        if (!(error instanceof OcisignError)) {
          turn("failed");
          throw error;
        }
        const passes = this.#note(turn, error, this.#tokens.ofReads);
        const isAlone = tries >= mostAlone && this.#answers > answers && error.code !== "rate-limited";
        if (!passes || isAlone) throw error;
        await this.#rest(error, tries - 1);
      }
    }
  }

  /** Until it is out, it ends with the run; then it has a while to be answered. */
  async #send(signing: Signing, bound: Fields): Promise<Signing> {
    const call = new AbortController();
    const end = () => call.abort();
    const unfollowStop = follow(this.#ending.stop, end);
    const unfollowCut = follow(this.#ending.cut, end);
    try {
      const client = this.#decision.client(unfollowStop);
      return await this.#decision.send(client, signing, bound, call.signal);
    } finally {
      unfollowStop();
      unfollowCut();
    }
  }

  /** What is known of a request without asking. */
  #endedBefore(request: BatchRequest): DecisionOutcome<Done> | undefined {
    const { signing } = request;
    const { id } = signing;
    if (this.#decision.isDone(signing)) return { id, state: this.#decision.done, signing };
    if (signing.final) {
      const error = fail("conflict", `The request was closed when it was shown: ${signing.state}.`, lookAtIt);
      return { id, state: "notTried", signing, error: error as OcisignError };
    }
    const error = this.#decision.refusal(request);
    return error && { id, state: "notTried", error };
  }

  get #isOver(): boolean {
    return this.#ending.stop.aborted;
  }

  /** What is under way ends by itself: an answer that comes is told. */
  #halt(why: OcisignError): void {
    this.#halted ??= why;
    this.#ending.begin();
  }

  #well(turn: (ended: "well") => void, tokens: RefusedTokens): void {
    this.#answers += 1;
    this.#outage.answered();
    clearTimeout(this.#patience);
    this.#patience = undefined;
    tokens.accepted();
    turn("well");
  }

  /** Notes how a call failed. Is it an outage, which all wait out? */
  #note(turn: Awaited<ReturnType<Pace["turn"]>>, error: OcisignError, tokens: RefusedTokens): boolean {
    if (tokens.isOne(error)) {
      turn("failed");
      return true;
    }
    if (passes(error) === "no") {
      // An abort says nothing of the service.
      if (error.code === "aborted") turn("failed");
      else this.#well(turn, tokens);
      return false;
    }
    const asked = askedMs(error);
    this.#outage.failed({ askedMs: asked });
    turn(isOverload(error, this.#outage.isOut) ? { busy: true, askedMs: asked } : "failed");
    // What the service asks for counts at once: nobody waits for what comes too late.
    const left = this.#how.patienceMs - this.#outage.ms;
    if (asked >= left) this.#halt(error);
    else this.#haltIn(left, error);
    return true;
  }

  /** Halts then, if nobody has got an answer. A machine that slept meanwhile saw no outage. */
  #haltIn(ms: number, why: OcisignError): void {
    clearTimeout(this.#patience);
    if (ms > longestTimerMs) return;
    const end = performance.now() + ms;
    this.#patience = setTimeout(() => {
      if (performance.now() - end <= longestDelayMs) this.#halt(why);
    }, ms);
  }

  async #refused(id: SigningId, error: OcisignError): Promise<undefined> {
    // It ended while this one was read.
    if (this.#isOver && (error === this.#halted || error.code === "aborted"))
      return this.#tell({ id, state: "notTried", error: this.#halted ?? error });
    if (ofAll.has(error.code)) this.#halt(error);
    if (error.code === "conflict") return this.#conflict(id, error);
    const state = error.code === "changed" || error.code === "forbidden" ? error.code : "failed";
    return this.#tell({ id, state, error });
  }

  /** Somebody was faster: this person, perhaps, elsewhere. One look tells. */
  async #conflict(id: SigningId, error: OcisignError): Promise<undefined> {
    const signing = await this.#look(id);
    if (signing && this.#decision.isDone(signing))
      return this.#tell({ id, state: this.#decision.done, signing });
    return this.#tell({ id, state: "conflict", error, ...(signing && { signing }) });
  }

  /**
   * Reads a request whose answer was lost, until it shows the decision. The service may still work on the call, so the
   * last look begins when no call can be under way any more.
   */
  async #settle(id: SigningId, { error, since }: { error: OcisignError; since: number }): Promise<void> {
    let signing: Signing | undefined;
    for (let ms = firstLookMs; ; ms = Math.min(2 * ms, longestLookMs)) {
      const isLast = !this.#decision.canTell || performance.now() - since >= this.#how.settleMs;
      const seen = this.#isOver ? undefined : await this.#look(id);
      signing = seen ?? signing;
      if (seen && this.#decision.isDone(seen)) {
        return void this.#tell({ id, state: this.#decision.done, signing: seen });
      }
      if (seen && this.#decision.isAnothers(seen))
        return void this.#tell({ id, state: "conflict", signing: seen, error });
      if (isLast || this.#isOver) break;
      await pause(
        Math.min(ms, Math.max(0, since + this.#how.settleMs - performance.now())),
        this.#ending.stop,
      );
    }
    return void this.#tell({ id, state: "doubtful", error, ...(signing && { signing }) });
  }

  /** One reading, which an outage puts off. Nothing where it cannot be had. */
  async #look(id: SigningId): Promise<Signing | undefined> {
    try {
      return await this.#read((signal) => this.#client.signing(id, { signal }));
    } catch (error) {
      if (error instanceof OcisignError) return undefined;
      throw error;
    }
  }

  async #rest({ code }: OcisignError, tries: number): Promise<void> {
    // The next token is another one.
    if (code === "unauthorized") return;
    await pause(waitAfter(firstRestMs, longestRestMs, tries, Math.random()), this.#ending.stop);
  }

  #tell(outcome: DecisionOutcome<Done>): undefined {
    this.#outbox.expect();
    this.#outbox.put(outcome);
    return undefined;
  }
}

const lookAtIt = "Read it again to see what was decided.";

/** What the request shows later settles it. */
function denied({ state }: Signing): OcisignError {
  const message = `The service accepted the decision, and shows the request as ${state}.`;
  return new OcisignError("bad-reply", message, lookAtIt, undefined, undefined, "maybe");
}

function stopped(): OcisignError {
  const fix = "Begin again with what was not tried.";
  return fail("aborted", "The caller's signal stopped it before this request was sent.", fix) as OcisignError;
}
