// The sending of one decision about many requests: what came of each, how far it is, and how it ends. Nothing is sent
// twice: what was in doubt is looked at, and what was not tried goes out only as it was shown.
import {
  approveBatch,
  type DecisionOutcome,
  OcisignError,
  partOfBatch,
  rejectBatch,
  type ShownBatch,
  type SigningClient,
  type SigningId,
} from "ocisign";
import { approvedBy, isRejectedBy } from "../../bulk/decide/whose.ts";
import { foldedId } from "../../service/same-id.ts";
import type { OcisignElement } from "../base.ts";
import { Acting } from "../controllers/acting.ts";
import { pause } from "../controllers/pause.ts";
import type { Identity } from "../portal.ts";
import { strings } from "../strings/index.ts";
import type { Decision } from "./page.ts";

interface Host extends OcisignElement {
  runEnded(): void;
}

/** What was sent out, and by whom. */
export interface Sending {
  readonly decision: Decision;
  readonly batch: ShownBatch;
  readonly comment: string;
  readonly by: Identity | undefined;
  readonly startedAt: Date;
}

/** Nobody was signed in any more. */
const ofSignIn: ReadonlySet<string> = new Set(["unauthorized", "bad-token"]);
/** Why a request was not tried, where it would be tried now: the person stopped, or there was an outage. */
const passing: ReadonlySet<string> = new Set([
  ...ofSignIn,
  ...["aborted", "network", "timeout", "server-error", "rate-limited", "not-json", "redirected"],
]);

/** Pauses between two looks at what is in doubt, in milliseconds. */
const looks = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** A reactive controller. */
export class Run {
  isSending = false;
  isStopping = false;
  sending: Sending | undefined = undefined;
  endedAt: Date | undefined = undefined;
  /** Why the run itself ended, beside what came of each request. */
  error: unknown = undefined;
  /** Those in doubt are being looked at. */
  isLooking = false;
  /** By the ids as they are compared. */
  readonly outcomes = new Map<string, DecisionOutcome>();
  #host;
  #acting: Acting;
  /** The run that counts: one that another person began does not. */
  #current = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#acting = new Acting(host);
    host.addController(this);
  }

  hostDisconnected() {
    // Whether it is gone for good, `Acting` finds out.
    removeEventListener("beforeunload", keepOpen);
  }

  hostConnected() {
    if (this.isSending) addEventListener("beforeunload", keepOpen);
  }

  get isDone() {
    return this.sending !== undefined && !this.isSending;
  }

  /** The requests whose last outcome is one of these. */
  idsThat(isMeant: (state: DecisionOutcome["state"]) => boolean): SigningId[] {
    return [...this.outcomes.values()].filter(({ state }) => isMeant(state)).map(({ id }) => id);
  }

  /** Those that were certainly not decided, and that nothing speaks against: they go out as they were shown. */
  get unsent(): SigningId[] {
    return [...this.outcomes.values()].flatMap(({ id, state, error }) => {
      const code = error?.code ?? "";
      const isUnsent = state === "notTried" ? passing.has(code) : state === "failed" && ofSignIn.has(code);
      return isUnsent ? id : [];
    });
  }

  get counts(): Readonly<Partial<Record<DecisionOutcome["state"], number>>> {
    const counts: Partial<Record<DecisionOutcome["state"], number>> = {};
    for (const { state } of this.outcomes.values()) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** For other requests, or another person. */
  clear() {
    this.#current += 1;
    this.#acting.abort();
    this.#rest();
    this.sending = this.endedAt = this.error = undefined;
    this.isLooking = false;
    this.outcomes.clear();
  }

  /** @param confirm what the person typed, in the form that the library compares */
  async start(decision: Decision, batch: ShownBatch, confirm: string, comment: string) {
    const { client, identity } = this.#host;
    if (this.isSending || !client) return;
    this.outcomes.clear();
    this.sending = { decision, batch, comment, by: identity, startedAt: new Date() };
    await this.#send(client, batch, confirm);
  }

  /**
   * Sends what was not tried, as it was shown when the person acted. The act named all of it, so there is no other one;
   * the library compares each request with what was shown.
   */
  async goOn() {
    const { client } = this.#host;
    const { sending } = this;
    if (this.isSending || !client || !sending) return;
    const ids = this.unsent;
    if (ids.length === 0) return;
    this.#begin();
    try {
      const part = await partOfBatch(client, sending.batch, ids);
      for (const id of ids) this.outcomes.delete(foldedId(id));
      await this.#send(client, part, part.words);
    } catch (error) {
      this.#rest();
      this.error = error;
      this.#host.requestUpdate();
    }
  }

  /** Sends nothing more. */
  stop() {
    this.isStopping = true;
    this.#acting.abort();
    this.#host.requestUpdate();
  }

  #begin() {
    this.isSending = true;
    this.isStopping = false;
    this.error = undefined;
    addEventListener("beforeunload", keepOpen);
    this.#host.requestUpdate();
  }

  #rest() {
    this.isSending = this.isStopping = false;
    removeEventListener("beforeunload", keepOpen);
  }

  async #send(client: SigningClient, part: ShownBatch, confirm: string) {
    const { sending } = this;
    if (!sending) return;
    this.#begin();
    this.#current += 1;
    const current = this.#current;
    const { signal } = this.#acting;
    const { objectId } = sending.by ?? {};
    const options = { confirm, signal, ...(objectId !== undefined && { by: { objectId } }) };
    const { comment } = sending;
    const total = part.requests.length;
    let told = 0;
    this.#host.say(strings.batch.sent(0, total));
    try {
      const outcomes =
        sending.decision === "approve"
          ? approveBatch(client, part, { ...options, ...(comment && { comment }) })
          : rejectBatch(client, part, { ...options, comment });
      for await (const outcome of outcomes) {
        if (this.#current !== current) return;
        this.#take(outcome, sending.decision);
        told += 1;
        // Not each of them: a screen reader would read for minutes.
        if (told % Math.ceil(total / 4) === 0 && told < total)
          this.#host.say(strings.batch.sent(told, total));
      }
    } catch (error) {
      if (this.#current !== current) return;
      this.error = error;
      this.#host.emit("ocisign-error", { error });
    }
    if (this.#current !== current) return;
    this.#rest();
    this.endedAt = new Date();
    this.#host.runEnded();
    void this.#settle(current);
  }

  #take(outcome: DecisionOutcome, decision: Decision) {
    this.outcomes.set(foldedId(outcome.id), outcome);
    const isDecided = outcome.state === "approved" || outcome.state === "rejected";
    if (isDecided && outcome.signing)
      this.#host.emit("ocisign-decided", { decision, signing: outcome.signing });
    this.#host.requestUpdate();
  }

  /** Looks at what is in doubt, until the service shows the decision. It is never sent again. */
  async #settle(current: number) {
    const { sending } = this;
    const { signal } = this.#acting;
    this.isLooking = true;
    let isAnyEnded = false;
    for (const ms of looks) {
      if (this.#doubtful.length === 0) break;
      await pause(ms, signal);
      for (const { id } of this.#doubtful) {
        if (this.#current !== current || signal.aborted || !sending) return;
        isAnyEnded = (await this.#look(id, sending, signal)) || isAnyEnded;
      }
    }
    if (this.#current !== current) return;
    this.isLooking = false;
    if (isAnyEnded) this.#host.runEnded();
    this.#host.requestUpdate();
  }

  get #doubtful() {
    return [...this.outcomes.values()].filter(({ state }) => state === "doubtful");
  }

  /** Has the doubt ended? */
  async #look(id: SigningId, { decision, by, comment }: Sending, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#host;
    if (!client) return false;
    try {
      const signing = await client.signing(id, { signal });
      if (this.outcomes.get(foldedId(id))?.state !== "doubtful") return false;
      const isOwn =
        decision === "approve"
          ? approvedBy(signing, by) === true
          : signing.state === "rejected" && isRejectedBy(signing, by, comment);
      if (!isOwn) return false;
      this.#take({ id, state: decision === "approve" ? "approved" : "rejected", signing }, decision);
      return true;
    } catch (error) {
      // It stays in doubt, which is told; the next look may get through.
      if (!(error instanceof OcisignError)) throw error;
      return false;
    }
  }
}

/** The browser asks the person who leaves the page. */
function keepOpen(event: BeforeUnloadEvent) {
  event.preventDefault();
}
