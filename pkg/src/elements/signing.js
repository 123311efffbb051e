import { html, nothing } from "lit";
import { OcisignElement } from "./base.js";
import { Watching } from "./controllers/watching.js";
import { busy } from "./fragments/busy.js";
import { stateWords } from "./fragments/state-mark.js";
import { verificationStyles } from "./fragments/verification.js";
import { changesBetween } from "./model/changes.js";
import { foresee } from "./model/decision.js";
import { shallow } from "./model/depth.js";
import { viewOf } from "./model/request-view.js";
import { agreements } from "./signing/agreements.js";
import { changed } from "./signing/changed.js";
import { decision } from "./signing/decision.js";
import { Desk } from "./signing/desk.js";
import { Findings } from "./signing/findings.js";
import { head } from "./signing/head.js";
import { origin } from "./signing/origin.js";
import { product } from "./signing/product.js";
import { signatures } from "./signing/signatures.js";
import { signingStyles } from "./signing/styles.js";
import { subject } from "./signing/subject.js";
import { timeline } from "./signing/timeline.js";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.js";
import { visibleText } from "./text/hidden-characters.ts";

/** @typedef {import("./model/request-view.js").RequestView} RequestView */

/**
 * `<ocisign-signing>`: one request, from the decision to the proof. It keeps two readings of the request apart: `shown`
 * is what the person reads and what an approval is bound to, `now` is the latest, from which come status, approvals
 * and history.
 *
 * Parts: `head`, `state`, `live`, `subject`, `digest`, `warning`, `origin`, `extras`, `product`, `earlier`, `proof`,
 * `approvals`, `decision`, `consequence`, `approve`, `reject`, `receipt`, `timeline`, `changed`, `error`, and those of
 * a verification.
 */
export class OcisignSigning extends OcisignElement {
  static properties = {
    signingId: { attribute: "signing-id" },
    groupNames: { attribute: false },
    folded: { state: true },
  };

  /** @type {import("lit").CSSResultGroup} */
  static styles = [shared, verificationStyles, signingStyles];

  /** Who was here last. @type {string | undefined} */
  #person = undefined;

  constructor() {
    super();
    /** @type {string | undefined} */
    this.signingId = undefined;
    /** @type {import("./index.js").GroupNames | undefined} */
    this.groupNames = undefined;
    /** How many values are folded, so that nobody has read them whole. */
    this.folded = 0;
    /** @type {RequestView | undefined} */
    this.shown = undefined;
    /** @type {RequestView | undefined} */
    this.now = undefined;
    /** What of the shown request is another now. @type {import("./model/changes.js").Change[]} */
    this.changes = [];
    /** Each status, and when it was seen here. @type {import("./signing/timeline.js").Sight[]} */
    this.sights = [];
    /** @type {import("./model/decision.js").Foresight} */
    this.foresight = { known: false, mayReject: false };
    /** The latest reading, to know whether anything changed at all. */
    this.latestJson = "";
    this.findings = new Findings(this);
    this.desk = new Desk(this);
    /** @type {Watching<import("ocisign").Signing>} */
    this.watching = new Watching(this, {
      look: (signal) => this.look(signal),
      seen: (signing) => ({ changed: this.take(signing), done: signing.final }),
      failed: (error) => this.fail(error),
    });
    this.addEventListener("ocisign-fold", () => this.countFolded());
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const isOther = changed.has("signingId") || this.#isOtherPerson(changed.has("client"));
    if (isOther) this.#clear();
    if (isOther || changed.has("client")) this.#begin();
    this.findings.follow();
    this.foresight = foresightOf(this.now, this.identity);
  }

  updated() {
    this.countFolded();
  }

  render() {
    const words = strings.signing;
    if (!this.signingId) return html`<p class="muted">${words.noRequest}</p>`;
    if (!this.client) return this.unconnected();
    const failure = this.problem(this.error, () => this.#retry());
    if (!this.now) {
      const reading = html`<div role="status">${busy(strings.common.loading)}</div>`;
      return html`<div class="stack">${this.error === undefined ? reading : failure}</div>${this.liveRegion()}`;
    }
    return html`<article class="stack" aria-labelledby="title">
        ${head(this)} ${failure} ${changed(this)}
        <div class="columns">
          <div class="stack">${subject(this)} ${origin(this)} ${product(this)} ${this.#isSigned ? nothing : signatures(this)}</div>
          <div class="stack">${agreements(this)} ${decision(this)} ${this.#isSigned ? signatures(this) : nothing} ${timeline(this)}</div>
        </div>
      </article>
      ${this.liveRegion()}`;
  }

  /** @param {AbortSignal} signal */
  async look(signal) {
    return /** @type {import("ocisign").SigningClient} */ (this.client).signing(String(this.signingId), {
      signal,
    });
  }

  /** Takes a reading of the request. @param {import("ocisign").Signing} signing @returns {boolean} whether there is anything new */
  take(signing) {
    this.error = undefined;
    const json = JSON.stringify(shallow(signing));
    if (json === this.latestJson) return false;
    const [before, now] = [this.now, viewOf(signing)];
    this.latestJson = json;
    this.now = now;
    this.shown ??= now;
    this.#compare(this.shown.signing, signing);
    this.#tellNews(before, now);
    this.requestUpdate();
    return true;
  }

  /** Shows the latest reading in place of the one that was shown; an approval is bound to it from now on. */
  showNow() {
    this.shown = this.now;
    this.changes = [];
    this.desk.forgetTail();
    this.desk.refusal = undefined;
    this.requestUpdate();
    this.say(strings.signing.shownNow);
    this.focusOn("#title");
  }

  /** The service took a decision. @param {import("./signing/desk.js").Receipt} receipt */
  decided({ decision, signing }) {
    this.say(strings.signing.taken[decision]);
    this.emit("ocisign-decided", { decision, signing });
    this.watching.start();
    this.focusOn("#receipt");
  }

  /** The registry has said what it holds. @param {import("ocisign").Verification} verification */
  verified(verification) {
    this.say(strings.signing.proved(strings.verify.states[verification.state]));
    this.emit("ocisign-verified", { verification });
  }

  /** Counts what nobody can have read whole. What is shown elsewhere already does not count. */
  countFolded() {
    this.folded = this.#foldedTexts().length;
  }

  goToFolded() {
    const [first] = this.#foldedTexts();
    first?.shadowRoot?.querySelector("button")?.focus();
  }

  get #isSigned() {
    return this.now?.signing.state === "signed";
  }

  #foldedTexts() {
    const texts = /** @type {NodeListOf<import("./text/text-element.ts").OcisignText>} */ (
      this.renderRoot.querySelectorAll("ocisign-text")
    );
    return [...texts].filter((text) => text.folded && !text.closest(".repeated"));
  }

  /**
   * Another person must not find what somebody else typed or did. Whose sign-in expired is nobody for a while, and
   * then the same one again; but who comes with a client of their own, and does not say who they are, may be anybody.
   *
   * @param {boolean} isOtherClient
   */
  #isOtherPerson(isOtherClient) {
    const [before, now] = [this.#person, this.identity?.objectId];
    const isUnknown = now === undefined && isOtherClient && this.client !== undefined;
    this.#person = isUnknown ? undefined : (now ?? before);
    return before !== undefined && before !== this.#person;
  }

  #clear() {
    this.shown = this.now = this.error = undefined;
    this.changes = [];
    this.sights = [];
    this.latestJson = "";
    this.said = "";
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
    // What was pressed goes away.
    this.focus();
  }

  /** @param {import("ocisign").Signing} shown @param {import("ocisign").Signing} now */
  #compare(shown, now) {
    this.changes = changesBetween(shown, now);
    if (this.changes.length === 0) return;
    this.desk.forgetTail();
    this.say(strings.signing.changedTitle);
  }

  /** @param {RequestView | undefined} before @param {RequestView} now */
  #tellNews(before, now) {
    const { signing } = now;
    if (before?.signing.code !== signing.code) {
      this.sights = [...this.sights, { code: signing.code, at: new Date() }];
      this.emit("ocisign-status", { signing });
    }
    // The first reading is read, not heard; what somebody did oneself is told by the receipt.
    if (!before || this.changes.length > 0) return;
    const fresh = now.approvals.slice(before.approvals.length).filter(({ person }) => !this.#isMe(person));
    const news = fresh
      .slice(0, 3)
      .map(({ person }) => strings.signing.hasApproved(visibleText(person.name.slice(0, 100))));
    if (before.signing.code !== signing.code) news.push(strings.signing.nowIs(stateWords(signing)));
    if (news.length > 0) this.say(news.join(" "));
  }

  /** @param {import("./model/request-view.js").Person} person */
  #isMe({ objectId }) {
    return objectId !== undefined && objectId === this.identity?.objectId;
  }
}

/** More approvals or groups than this are nobody's rule, and matching them would take long. */
const mostToForesee = 500;

/** @param {RequestView | undefined} now @param {import("./index.js").Identity | undefined} identity */
function foresightOf(now, identity) {
  if (!now) return { known: false, mayReject: false };
  const { required = [], approvals } = now;
  const isSane = required.length <= mostToForesee && approvals.length <= mostToForesee;
  return foresee(now, isSane ? identity : undefined);
}
