import { type CSSResultGroup, html, nothing, type PropertyValues } from "lit";
import type { Signing, SigningId, Verification } from "ocisign";
import { changesBetween, type RequestChange } from "ocisign";
import { visibleText } from "../shown/hidden-characters.ts";
import type { NameSources } from "../shown/names.ts";
import { isSamePerson, personName } from "../shown/person.ts";
import { type RequestView, viewOf } from "../shown/request-view.ts";
import { seeDigest } from "../shown/see-digest.ts";
import { OcisignElement } from "./base.ts";
import { Watching } from "./controllers/watching.ts";
import type { ComparedDetail } from "./events.ts";
import { Callings } from "./fragments/called.ts";
import { busy, stateWords } from "./fragments/marks.ts";
import { verificationStyles } from "./fragments/verification.ts";
import { taken } from "./model/depth.ts";
import { type Foresight, foresee } from "./model/foresight.ts";
import { namesFor } from "./model/naming.ts";
import { hasWithdrawal } from "./model/withdrawal.ts";
import type { GroupNames, Identity, PeopleNames } from "./portal.ts";
import { property, state } from "./property.ts";
import { agreements } from "./signing/agreements.ts";
import { changed } from "./signing/changed.ts";
import { decision } from "./signing/decision.ts";
import { Desk, type Receipt } from "./signing/desk.ts";
import { Findings } from "./signing/findings.ts";
import { head } from "./signing/head.ts";
import { namedIn } from "./signing/named-in.ts";
import { origin } from "./signing/origin.ts";
import type { Sight } from "./signing/page.ts";
import { productPanel } from "./signing/product-panel.ts";
import { takenWords } from "./signing/receipt.ts";
import { signatures } from "./signing/signatures.ts";
import { signingStyles } from "./signing/styles.ts";
import { subject } from "./signing/subject.ts";
import { technical } from "./signing/technical.ts";
import { whatChanged } from "./signing/what-changed.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";
import type { OcisignText } from "./text/text-element.ts";

/**
 * `<ocisign-signing>`: one request, from the decision to the proof.
 *
 * A decision is bound to what is shown: if the request has changed, the element sends nothing and shows the changes.
 * What a person typed outlives errors, a client that is replaced and an identity that is unknown for a while; it is
 * gone for another request or another person.
 *
 * @fires ocisign-status - at the first look, and when the status changes
 * @fires ocisign-decided - when the service has accepted the decision
 * @fires ocisign-request-again - when the person wants a rejected or failed one once more
 * @fires ocisign-verified - when the registry has been checked for the signature
 * @fires ocisign-next - when the person wants to see the next request
 * @fires ocisign-previous - when the person wants to see the request before
 *
 * @slot changes - what changed since the last signed version, directly under the head: `<ocisign-changes>` if left out
 *
 * @csspart head - the name of the request, its state, and how fresh that is
 * @csspart state - a state of a request, in words, with its code
 * @csspart live - how fresh the request is
 * @csspart changed - that the request has changed since it was shown, and its changes
 * @csspart subject - the image that will be signed
 * @csspart digest - the whole digest
 * @csspart warning - that the image is odd
 * @csspart origin - the requester, and the reason
 * @csspart extras - fields of the request that the page does not know
 * @csspart product - the product and its key
 * @csspart earlier - earlier signatures on the digest
 * @csspart approvals - the approvals, and the missing groups
 * @csspart bar - the bar that stays in sight, with the decision
 * @csspart decision - whether the person may decide, and the ways to do so
 * @csspart consequence - that this is, or may be, the last approval
 * @csspart approve - the form that approves
 * @csspart reject - the form that rejects
 * @csspart receipt - the decision that was made
 * @csspart proof - the signatures that the registry holds once it is signed
 * @csspart recipes - commands and policies that verify the image elsewhere
 * @csspart timeline - the states of the request, with times
 * @csspart ids - the ids behind the names
 * @csspart verdict - the outcome of a verification
 * @csspart signature - one signature that was found
 */
export class OcisignSigning extends OcisignElement {
  /** @internal */
  static override styles: CSSResultGroup = [shared, verificationStyles, signingStyles];

  /** The request's id. Attribute `signing-id`. */
  @property({ attribute: "signing-id" }) signingId: SigningId | undefined;
  /** Names for groups, before those of the client's profile. */
  @property({ attribute: false }) groupNames: GroupNames | undefined;
  /** Names for people whom the service does not name, before those of the client's profile. */
  @property({ attribute: false }) peopleNames: PeopleNames | undefined;

  /** The request before this one in a queue, which the person may go back to. Attribute `previous-id`. */
  @property({ attribute: "previous-id" }) previousId: SigningId | undefined;
  /** The request after this one in a queue, which is offered after a decision. Attribute `next-id`. */
  @property({ attribute: "next-id" }) nextId: SigningId | undefined;
  /** The address of the request on the page, for a button that copies it. Attribute `href`. */
  @property() href: string | undefined;

  /** The number of values that are folded, so that the person cannot have read them whole. @internal */
  @state() folded = 0;
  /** The reading that the person sees, and that a decision is bound to. @internal */
  shown: RequestView | undefined;
  /** The latest reading, from which come status, approvals and history. @internal */
  now: RequestView | undefined;
  #requestChanges: RequestChange[] = [];
  /** Each status, and when this element saw it. @internal */
  sights: Sight[] = [];
  /** @internal */
  foresight: Foresight = { known: false, mayReject: false };
  /** What changed since the last signed version, for the receipt. @internal */
  compared: ComparedDetail | undefined;
  /** @internal */
  callings: Callings = Callings.withIds([]);
  /** @internal */
  findings: Findings = new Findings(this);
  /** @internal */
  desk: Desk = new Desk(this);
  /** @internal */
  watching: Watching<Signing> = new Watching(this, {
    look: (signal) => this.#look(signal),
    seen: (signing) => ({ changed: this.take(signing), done: signing.final }),
    failed: (error) => this.fail(error),
  });
  /** The person of the last update. */
  #person: string | undefined;
  /** The latest reading as text, to know whether anything changed at all. */
  #latestJson = "";

  /** @internal */
  constructor() {
    super();
    this.addEventListener("ocisign-fold", () => this.countFolded());
    this.addEventListener("ocisign-compared", ({ detail }) => {
      this.compared = detail;
    });
  }

  /** @internal */
  override willUpdate(changed: PropertyValues) {
    const isOther = changed.has("signingId") || this.#isOtherPerson(changed.has("client"));
    if (isOther) this.#clear();
    if (isOther || changed.has("client")) this.#begin();
    this.foresight = foresightOf(this.now, this.identity, hasWithdrawal(this.client));
    this.findings.follow();
    this.callings = new Callings(namedIn(this), this.names);
  }

  /** @internal */
  override updated() {
    this.countFolded();
  }

  /** @internal */
  override render() {
    const words = strings.signing;
    if (!this.signingId) return html`<p class="muted">${words.noRequest}</p>`;
    if (!this.client) return this.unconnected();
    const failure = this.problem(this.error, () => this.#retry());
    if (!this.now) {
      return html`<div class="stack">${this.error === undefined ? this.#unread() : failure}</div>${this.liveRegion()}`;
    }
    return html`<article class="desk" aria-labelledby="title">
        ${head(this)} ${failure} ${changed(this)}
        ${whatChanged(this)}
        <div class="sheet">
          <div class="side">
            ${this.#isSigned ? signatures(this) : nothing} ${origin(this)} ${subject(this)}
          </div>
          <div class="side">
            ${productPanel(this)} ${agreements(this)} ${this.#isSigned ? nothing : signatures(this)}
            ${technical(this)}
          </div>
        </div>
        ${decision(this)}
      </article>
      ${this.liveRegion()}`;
  }

  /** A request that nobody has seen here yet: while it is read, and while it cannot be. */
  #unread() {
    const { unreadOffline, unreadAway } = strings.signing;
    const { state } = this.watching;
    if (state === "offline") return html`<p class="notice warn" role="status">${unreadOffline}</p>`;
    if (state === "away") return html`<p class="notice warn" role="status">${unreadAway}</p>`;
    return html`<div role="status">${busy(strings.common.loading)}</div>`;
  }

  async #look(signal: AbortSignal) {
    const { client, signingId } = this;
    if (!client) throw new Error("the element looks only while it has a client");
    const signing = await client.signing(String(signingId), { signal });
    await seeDigest(signing, client.profile);
    return signing;
  }

  /**
   * Takes a reading of the request.
   *
   * @returns whether there is anything new
   * @internal
   */
  take(signing: Signing): boolean {
    this.error = undefined;
    const copy = taken(signing);
    const json = JSON.stringify(copy);
    if (json === this.#latestJson) return false;
    const [before, now] = [this.now, viewOf(copy)];
    this.#latestJson = json;
    this.now = now;
    this.shown ??= now;
    this.#compare(this.shown.signing, copy);
    this.#tellNews(before, now, signing);
    this.requestUpdate();
    return true;
  }

  /** What changed in the request and its product since they were shown. @internal */
  get changes(): readonly RequestChange[] {
    return [...this.#requestChanges, ...this.findings.changes];
  }

  /** The person has to look again. @internal */
  changesFound() {
    this.desk.changesFound();
    this.say(strings.signing.changedTitle);
  }

  /** Where names for groups and people are found. @internal */
  get names(): NameSources {
    return namesFor(this);
  }

  /** Shows the latest reading in place of the one that was shown; decisions are bound to it from now on. @internal */
  showNow() {
    // A copy, so that the product is shown anew as well.
    this.shown = this.now && { ...this.now };
    this.#requestChanges = [];
    this.desk.forgetTail();
    this.desk.refusal = undefined;
    this.requestUpdate();
    this.say(strings.signing.shownNow);
    this.focusOn("#title");
  }

  /** The service accepted a decision. @internal */
  decided(receipt: Receipt) {
    const { decision, signing, next } = receipt;
    this.say(takenWords(receipt));
    this.emit("ocisign-decided", { decision, signing });
    this.watching.start();
    this.focusOn(next ? "#next-request" : "#receipt");
  }

  /** The registry has said what it holds. @internal */
  verified(verification: Verification) {
    this.say(strings.signing.proved(strings.verify.states[verification.state]));
    this.emit("ocisign-verified", { verification });
  }

  /** Counts the texts that the person cannot have read whole. Repeated ones do not count. @internal */
  countFolded() {
    this.folded = this.#foldedTexts().length;
  }

  /** @internal */
  goToFolded() {
    const [first] = this.#foldedTexts();
    for (let at = first?.parentElement?.closest("details"); at; at = at.parentElement?.closest("details"))
      at.open = true;
    first?.shadowRoot?.querySelector("button")?.focus();
  }

  get #isSigned() {
    return this.now?.signing.state === "signed";
  }

  #foldedTexts() {
    const texts = this.renderRoot.querySelectorAll<OcisignText>("ocisign-text");
    return [...texts].filter((text) => text.folded && !text.closest(".repeated"));
  }

  /**
   * Another person must not find what this one typed or did. A person whose sign-in expired has no identity for a
   * while, and then the same one again. A new client without an identity may belong to any person.
   */
  #isOtherPerson(isOtherClient: boolean) {
    const [before, now] = [this.#person, this.identity?.objectId];
    const isUnknown = now === undefined && isOtherClient && this.client !== undefined;
    this.#person = isUnknown ? undefined : (now ?? before);
    return before !== undefined && before !== this.#person;
  }

  #clear() {
    this.shown = this.now = this.error = undefined;
    this.#requestChanges = [];
    this.sights = [];
    this.#latestJson = "";
    this.said = "";
    this.compared = undefined;
    this.desk.clear();
  }

  #begin() {
    // Another service may be away as well, and there is nothing of it to be shown meanwhile.
    if (!this.now) this.watching.seenAt = undefined;
    if (this.client && this.signingId) this.watching.start();
    else this.watching.stop();
  }

  #retry() {
    this.error = undefined;
    this.watching.start();
    // The pressed button goes away.
    this.focus();
  }

  #compare(shown: Signing, now: Signing) {
    this.#requestChanges = changesBetween(shown, now);
    if (this.#requestChanges.length > 0) this.changesFound();
  }

  /** @param signing for the portal, which may do with it what it wants */
  #tellNews(before: RequestView | undefined, now: RequestView, signing: Signing) {
    if (before?.signing.code !== signing.code) {
      this.sights = [...this.sights, { code: signing.code, at: new Date() }];
      this.emit("ocisign-status", { signing });
    }
    // The person reads the first reading; the receipt tells of the person's own approval.
    if (!before || this.changes.length > 0) return;
    const fresh = now.approvals
      .slice(before.approvals.length)
      .filter(({ person }) => !isSamePerson(person, this.identity));
    const news = fresh
      .slice(0, 3)
      .map(({ person }) =>
        strings.signing.hasApproved(visibleText(personName(person, this.names).slice(0, 100))),
      );
    if (before.signing.code !== signing.code) news.push(strings.signing.nowIs(stateWords(signing)));
    if (news.length > 0) this.say(news.join(" "));
  }
}

/** No rule has more approvals or groups than this, and matching them would take long. */
const mostToForesee = 500;

function foresightOf(now: RequestView | undefined, identity: Identity | undefined, mayWithdraw: boolean) {
  if (!now) return { known: false, mayReject: false };
  const { required = [], approvals } = now;
  const isSane = required.length <= mostToForesee && approvals.length <= mostToForesee;
  return foresee(now, isSane ? identity : undefined, mayWithdraw);
}
