// Where the decision is made: what the person has typed so far, the one call that sends it, and what came of that.

import type { Signing, SigningClient } from "ocisign";
import { codeOf } from "../model/errors.ts";
import type { RequestView } from "../model/request-view.ts";
import type { Identity } from "../portal.ts";
import type { OcisignSigning } from "../signing.ts";
import { approve, mayHaveBeenTaken, reject } from "../temporary.ts";
import { tailLength } from "./subject.ts";

export type Decision = "approve" | "reject";

/** What was decided, for the records. */
export interface Receipt {
  decision: Decision;
  /** As the service answered. */
  signing: Signing;
  /** The image, as it was shown. */
  reference: string;
  /** Empty when the request named none. */
  digest: string;
  comment: string;
  at: Date;
  by: Identity | undefined;
}

/** A reactive controller. */
export class Desk {
  /** What is typed: the digest's last characters, a comment on the approval, the reason of a rejection. */
  draft = { tail: "", comment: "", reason: "" };
  isRejecting = false;
  /** Something was missing when the person wanted to go on: from now on it is pointed out. */
  isInsisting = false;
  sending: Decision | undefined = undefined;
  /** Why nothing was decided. */
  refusal: unknown = undefined;
  /** A decision that the service may have accepted although the call failed. */
  doubt: { decision: Decision; error: unknown } | undefined = undefined;
  receipt: Receipt | undefined = undefined;
  #element;
  #call: AbortController | undefined = undefined;

  constructor(element: OcisignSigning) {
    this.#element = element;
    element.addController(this);
  }

  async hostDisconnected() {
    // A page that moves an element takes it off the page for a moment, and an abort leaves in doubt what was done.
    await undefined;
    if (!this.#element.isConnected) this.#call?.abort();
  }

  /** For another request, or another person. */
  clear() {
    this.#call?.abort();
    this.#call = undefined;
    this.draft = { tail: "", comment: "", reason: "" };
    this.isRejecting = this.isInsisting = false;
    this.sending = this.refusal = this.doubt = this.receipt = undefined;
  }

  type(typed: Partial<Desk["draft"]>) {
    this.draft = { ...this.draft, ...typed };
    this.#element.requestUpdate();
  }

  /** What was typed of the digest was typed for something else. */
  forgetTail() {
    this.draft = { ...this.draft, tail: "" };
    this.isInsisting = false;
  }

  /** Something is missing: from now on it says what. */
  insist() {
    this.isInsisting = true;
    this.#element.requestUpdate();
  }

  turn(isRejecting: boolean) {
    this.isRejecting = isRejecting;
    this.isInsisting = false;
    this.refusal = undefined;
    this.#element.requestUpdate();
  }

  /** Approves what was shown, and nothing else. */
  approve() {
    const { comment } = this.draft;
    return this.#decide("approve", comment.trim(), (client, shown, signal) =>
      approve(client, shown.id, { comment: comment.trim() || undefined, expect: shown, signal }),
    );
  }

  /** Rejects what was shown, and nothing else. */
  reject() {
    const { reason } = this.draft;
    return this.#decide("reject", reason.trim(), (client, shown, signal) =>
      reject(client, shown.id, { comment: reason.trim(), expect: shown, signal }),
    );
  }

  /** Sends the decision; the client looks first whether all is as it was shown. A second click finds `sending` set. */
  async #decide(
    decision: Decision,
    comment: string,
    send: (client: SigningClient, shown: Signing, signal: AbortSignal) => Promise<Signing>,
  ) {
    const { client, shown, identity } = this.#element;
    if (this.sending || !client || !shown) return;
    const call = new AbortController();
    this.#call = call;
    this.sending = decision;
    this.refusal = this.doubt = undefined;
    this.#element.requestUpdate();
    try {
      const signing = await send(client, shown.signing, call.signal);
      // Something else may be shown by now; it was not what this decided about.
      if (this.#call === call) this.#taken({ decision, comment, signing, by: identity }, shown);
    } catch (error) {
      // The person may have gone on to another request, or another person have come.
      if (this.#call === call) await this.#failed(decision, error, client, call.signal);
    } finally {
      if (this.#call === call) this.#rest();
    }
  }

  async #failed(decision: Decision, error: unknown, client: SigningClient, signal: AbortSignal) {
    if (mayHaveBeenTaken(error)) this.#inDoubt(decision, error);
    else if (codeOf(error) !== "changed" || !(await this.#showChanges(client, signal))) this.#refused(error);
  }

  /** The request is not what was shown any more: shows what changed. False when that is not to be seen. */
  async #showChanges(client: SigningClient, signal: AbortSignal) {
    const element = this.#element;
    try {
      const signing = await client.signing(String(element.signingId), { signal });
      // This reading belongs to a request that is not shown any more.
      if (signal.aborted) return true;
      element.take(signing);
    } catch {
      // The refusal, which is shown then, says what is wrong, and the page goes on looking.
      return signal.aborted;
    }
    await element.updateComplete;
    if (element.changes.length === 0) return false;
    element.focusOn("#changed");
    return true;
  }

  #refused(error: unknown) {
    this.refusal = error;
    if (codeOf(error) === "changed" || codeOf(error) === "conflict") {
      this.forgetTail();
      this.#element.watching.start();
    }
    this.#element.emit("ocisign-error", { error });
  }

  #inDoubt(decision: Decision, error: unknown) {
    this.doubt = { decision, error };
    // A second try has to be as deliberate as the first one.
    this.forgetTail();
    this.#element.watching.start();
    this.#element.emit("ocisign-error", { error });
  }

  #taken(what: Pick<Receipt, "decision" | "comment" | "signing" | "by">, { artifact, image }: RequestView) {
    const { canonical = artifact.text, digest = "" } = image ?? {};
    this.receipt = { ...what, reference: canonical, digest, at: new Date() };
    this.draft = { tail: "", comment: "", reason: "" };
    this.isRejecting = this.isInsisting = false;
    this.#element.decided(this.receipt);
  }

  #rest() {
    this.sending = undefined;
    this.#call = undefined;
    this.#element.requestUpdate();
  }
}

/**
 * Do these characters name the digest? The last ones, which a person has to read to type them. Or all of it, exactly: a
 * person who pastes the digest from elsewhere, such as a build's log, compares more than eight characters.
 */
export function namesDigest(typed: string, digest: string | undefined) {
  const text = typed.trim().toLowerCase();
  return digest !== undefined && (text === digest || text === digest.slice(-tailLength));
}
