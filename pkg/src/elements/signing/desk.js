// Where the decision is made: what the person has typed so far, the one call that sends it, and what came of that.
import { codeOf, mayHaveBeenTaken } from "../model/errors.js";
import { tailLength } from "./subject.js";

/** @typedef {"approve" | "reject"} Decision */

/**
 * What was decided, for the records.
 *
 * @typedef {object} Receipt
 * @property {Decision} decision
 * @property {import("ocisign").Signing} signing as the service answered
 * @property {string} reference the image, as it was shown
 * @property {string} digest empty when the request named none
 * @property {string} comment
 * @property {Date} at
 * @property {import("../index.js").Identity | undefined} by
 */

/** A reactive controller. */
export class Desk {
  /** What is typed: the digest's last characters, a comment on the approval, the reason of a rejection. */
  draft = { tail: "", comment: "", reason: "" };
  isRejecting = false;
  /** Something was missing when the person wanted to go on: from now on it is pointed out. */
  isInsisting = false;
  /** @type {Decision | undefined} */
  sending = undefined;
  /** Why nothing was decided. @type {unknown} */
  refusal = undefined;
  /** A decision of which nobody knows whether it was taken. @type {{ decision: Decision, error: unknown } | undefined} */
  doubt = undefined;
  /** @type {Receipt | undefined} */
  receipt = undefined;
  #element;
  /** @type {AbortController | undefined} */
  #call = undefined;

  /** @param {import("../signing.js").OcisignSigning} element */
  constructor(element) {
    this.#element = element;
    element.addController(this);
  }

  async hostDisconnected() {
    // Whoever moves an element takes it off the page for a moment, and to abort leaves in doubt what was done.
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

  /** @param {Partial<Desk["draft"]>} typed */
  type(typed) {
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

  /** @param {boolean} isRejecting */
  turn(isRejecting) {
    this.isRejecting = isRejecting;
    this.isInsisting = false;
    this.refusal = undefined;
    this.#element.requestUpdate();
  }

  /** Approves what was shown, and nothing else. */
  approve() {
    const { comment } = this.draft;
    return this.#decide("approve", comment.trim(), (client, shown, signal) =>
      client.approve(shown.id, { comment: comment.trim() || undefined, expect: shown, signal }),
    );
  }

  reject() {
    const { reason } = this.draft;
    return this.#decide("reject", reason.trim(), (client, shown, signal) =>
      client.reject(shown.id, { comment: reason.trim(), signal }),
    );
  }

  /**
   * Looks once more, and sends the decision if all is as it was shown. A second click finds `sending` set.
   *
   * @param {Decision} decision @param {string} comment
   * @param {(client: import("ocisign").SigningClient, shown: import("ocisign").Signing, signal: AbortSignal) => Promise<import("ocisign").Signing>} send
   */
  async #decide(decision, comment, send) {
    const { client, shown, identity } = this.#element;
    if (this.sending || !client || !shown) return;
    const call = new AbortController();
    this.#call = call;
    this.sending = decision;
    this.refusal = this.doubt = undefined;
    this.#element.requestUpdate();
    try {
      if (!(await this.#isStillAsShown(decision, client, shown.signing.id, call.signal))) return;
      const signing = await this.#post(decision, () => send(client, shown.signing, call.signal), call.signal);
      // Something else may be shown by now; it was not what this decided about.
      if (signing && this.#call === call) this.#taken({ decision, comment, signing, by: identity }, shown);
    } finally {
      if (this.#call === call) this.#rest();
    }
  }

  /**
   * What fails here was surely not sent. The client looks once more itself before it approves; a rejection is bound to
   * what was shown only by this.
   *
   * @param {Decision} decision @param {import("ocisign").SigningClient} client @param {string} id @param {AbortSignal} signal
   */
  async #isStillAsShown(decision, client, id, signal) {
    const element = this.#element;
    try {
      const signing = await client.signing(id, { signal });
      // What comes when another request was chosen already is not that one's.
      if (signal.aborted) return false;
      element.take(signing);
    } catch (error) {
      if (!signal.aborted) this.#refused(error);
      return false;
    }
    await element.updateComplete;
    if (element.changes.length > 0) element.focusOn("#changed");
    const { obstacle, mayReject } = element.foresight;
    return element.changes.length === 0 && (decision === "approve" ? !obstacle : mayReject);
  }

  /** @param {Decision} decision @param {() => Promise<import("ocisign").Signing>} send @param {AbortSignal} signal */
  async #post(decision, send, signal) {
    try {
      return await send();
    } catch (error) {
      // The person has gone on to another request, or somebody else has come.
      if (signal.aborted && this.#call?.signal !== signal) return undefined;
      if (mayHaveBeenTaken(error)) this.#inDoubt(decision, error);
      else this.#refused(error);
      return undefined;
    }
  }

  /** @param {unknown} error */
  #refused(error) {
    this.refusal = error;
    if (codeOf(error) === "changed" || codeOf(error) === "conflict") {
      this.forgetTail();
      this.#element.watching.start();
    }
    this.#element.emit("ocisign-error", { error });
  }

  /** @param {Decision} decision @param {unknown} error */
  #inDoubt(decision, error) {
    this.doubt = { decision, error };
    // To send it again has to be as deliberate as it was the first time.
    this.forgetTail();
    this.#element.watching.start();
    this.#element.emit("ocisign-error", { error });
  }

  /** @param {Pick<Receipt, "decision" | "comment" | "signing" | "by">} what @param {import("../model/request-view.js").RequestView} about */
  #taken(what, { artifact }) {
    const { canonical = artifact.text, digest = "" } = artifact.reference ?? {};
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
 * Do these characters name the digest? The last ones, which have to be read to be typed. Or all of it, exactly: whoever
 * has the digest from elsewhere, such as a build's log, compares more than eight characters by pasting it.
 *
 * @param {string} typed @param {string | undefined} digest
 */
export function namesDigest(typed, digest) {
  const text = typed.trim().toLowerCase();
  return digest !== undefined && (text === digest || text === digest.slice(-tailLength));
}
