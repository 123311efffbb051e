// Where the decision is made: the person's draft, the one call that sends it, and its outcome.

import { OcisignError, type Signing, type SigningClient, type SigningId } from "ocisign";
import { isDenied } from "../../shown/denied.ts";
import { isSamePerson } from "../../shown/person.ts";
import type { RequestView } from "../../shown/request-view.ts";
import type { OcisignElement } from "../base.ts";
import type { Watching } from "../controllers/watching.ts";
import type { ComparedDetail } from "../events.ts";
import { stateWords } from "../fragments/marks.ts";
import { codeOf, mayHaveBeenTaken } from "../model/errors.ts";
import { hasWithdrawal } from "../model/withdrawal.ts";
import type { Identity } from "../portal.ts";
import { strings } from "../strings/index.ts";
import type { Findings } from "./findings.ts";

/** The element that the desk belongs to. */
interface Host extends OcisignElement {
  readonly shown: RequestView | undefined;
  readonly changes: readonly unknown[];
  readonly findings: Findings;
  readonly watching: Watching<Signing>;
  readonly nextId: SigningId | undefined;
  readonly compared: ComparedDetail | undefined;
  decided(receipt: Receipt): void;
}

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
  /** The person rejected a request of their own. */
  isOwn: boolean;
  /** The request that came next when this one was decided. */
  next: SigningId | undefined;
  /** What the person saw of the changes since the last signed version. */
  compared: ComparedDetail | undefined;
}

/** A reactive controller. */
export class Desk {
  /** What is typed: the digest's last characters, a comment on the approval, the reason of a rejection. */
  draft = { tail: "", comment: "", reason: "" };
  isRejecting = false;
  /** The field for a comment is open. */
  isCommenting = false;
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

  constructor(element: Host) {
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
    this.isRejecting = this.isCommenting = this.isInsisting = false;
    this.sending = this.refusal = this.doubt = this.receipt = undefined;
  }

  type(typed: Partial<Desk["draft"]>) {
    this.draft = { ...this.draft, ...typed };
    this.#element.requestUpdate();
  }

  /** The digest's end that was typed belongs to something else. */
  forgetTail() {
    this.draft = { ...this.draft, tail: "" };
    this.isInsisting = false;
  }

  /** The element has found changes, and shows them. */
  changesFound() {
    this.forgetTail();
    this.#leadToChanges();
  }

  /** Something is missing: from now on it says what. */
  insist() {
    this.isInsisting = true;
    this.#element.requestUpdate();
  }

  openComment() {
    this.isCommenting = true;
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
      client.approve(shown.id, {
        comment: comment.trim() || undefined,
        expect: shown,
        expectProduct: this.#element.findings.shownProduct.value,
        signal,
      }),
    );
  }

  /**
   * Rejects what was shown, and nothing else, as far as all of it can be shown; or takes it back, where it is the
   * person's own.
   */
  reject() {
    const { withdraws } = this;
    const comment = this.draft.reason.trim();
    // Of a reply that holds more than JavaScript keeps, not even two readings need be alike.
    const isLost = this.#element.findings.loss.value === true;
    return this.#decide("reject", comment, (client, shown, signal) => {
      const expect = isLost ? undefined : shown;
      return withdraws
        ? client.withdraw(shown.id, { comment: comment || undefined, expect, signal })
        : client.reject(shown.id, { comment, expect, signal });
    });
  }

  /** A request of one's own is withdrawn where the service has a way to do that, and rejected elsewhere. */
  get withdraws(): boolean {
    const { client, shown, identity } = this.#element;
    return isSamePerson(shown?.requester, identity) && hasWithdrawal(client);
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
    const { doubt } = this;
    this.sending = decision;
    this.refusal = this.doubt = undefined;
    this.#element.requestUpdate();
    try {
      const signing = await send(client, shown.signing, call.signal);
      if (isDenied(decision, signing)) throw denied(signing);
      // Something else may be shown by now; it was not what this decided about.
      if (this.#call === call) this.#taken({ decision, comment, signing, by: identity }, shown);
    } catch (error) {
      // The person may have gone on to another request, or another person have come.
      if (this.#call !== call) return;
      // That this one came to nothing ends no doubt about the one before.
      this.doubt = doubt;
      this.#failed(decision, error);
    } finally {
      if (this.#call === call) this.#rest();
    }
  }

  #failed(decision: Decision, error: unknown) {
    if (mayHaveBeenTaken(error)) this.#inDoubt(decision, error);
    else this.#refused(error);
  }

  #refused(error: unknown) {
    this.refusal = error;
    if (codeOf(error) === "changed" || codeOf(error) === "conflict") {
      this.forgetTail();
      this.#element.watching.start();
    }
    // It may be the product that changed, or that is withheld now.
    this.#element.findings.readAgain();
    this.#leadToChanges();
    this.#element.emit("ocisign-error", { error });
  }

  /** Where the client refused because of changes, the person goes on reading there, once they are shown. */
  #leadToChanges() {
    const element = this.#element;
    if (codeOf(this.refusal) !== "changed" || element.changes.length === 0) return;
    element.requestUpdate();
    element.focusOn("#changed");
  }

  #inDoubt(decision: Decision, error: unknown) {
    this.doubt = { decision, error };
    // A second try has to be as deliberate as the first one.
    this.forgetTail();
    this.#element.watching.start();
    this.#element.emit("ocisign-error", { error });
  }

  #taken(
    what: Pick<Receipt, "decision" | "comment" | "signing" | "by">,
    { artifact, image, requester }: RequestView,
  ) {
    const { canonical = artifact.text, digest = "" } = image ?? {};
    const isOwn = isSamePerson(requester, what.by);
    const { nextId: next, compared } = this.#element;
    this.receipt = { ...what, reference: canonical, digest, at: new Date(), isOwn, next, compared };
    this.draft = { tail: "", comment: "", reason: "" };
    this.isRejecting = this.isCommenting = this.isInsisting = false;
    this.#element.decided(this.receipt);
  }

  #rest() {
    this.sending = undefined;
    this.#call = undefined;
    this.#element.requestUpdate();
  }
}

/** What the request shows later tells what came of it. */
function denied(answer: Signing) {
  const { denied, deniedFix } = strings.signing;
  return new OcisignError("bad-reply", denied(stateWords(answer)), deniedFix, undefined, undefined, "maybe");
}
