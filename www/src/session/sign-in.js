// <page-sign-in>: how a person signs in, who they are then and until when, a word before that ends, and a dialog over
// the page when it has ended, below which everything that was typed stays.
import { html, LitElement, nothing } from "lit";
import { OpenIdConnect } from "./oidc.js";
import { PastedToken } from "./pasted-token.js";
import { SandboxPerson, sandboxPeople } from "./sandbox-people.js";
import { buttonPart, mainButtonPart, personPart, problemPart, waysPart } from "./sign-in-parts.js";
import { styles } from "./sign-in-styles.js";
import { strings } from "./strings.js";

/**
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./session.js").Source} Source
 *
 * @typedef {object} Service where the page is
 * @property {string} baseUrl
 * @property {boolean} [isSandbox]
 * @property {import("./oidc.js").OidcSettings} [oidc]
 */

/**
 * @example
 * const element = document.createElement("page-sign-in");
 * Object.assign(element, { session: new Session(), service });
 * document.body.append(element);
 */
class PageSignIn extends LitElement {
  static properties = {
    session: { attribute: false },
    service: { attribute: false },
    _people: { state: true },
    _problem: { state: true },
    _isAsking: { state: true },
    _away: { state: true },
    _isOther: { state: true },
  };
  static styles = styles;

  /** @type {OpenIdConnect | undefined} */
  #oidc;
  /** Ends the listening to a session. */
  #listening = new AbortController();

  constructor() {
    super();
    /** @type {Session | undefined} */
    this.session = undefined;
    /** @type {Service | undefined} */
    this.service = undefined;
    /** The sandbox's. @type {{ name: string, role: string }[]} */
    this._people = [];
    /** What went wrong last. @type {(Error & { fix?: string }) | undefined} */
    this._problem = undefined;
    /** Whether the dialog is open. */
    this._isAsking = false;
    /** What the person is in the issuer's window for. @type {(() => Promise<void>) | undefined} */
    this._away = undefined;
    /** Whether somebody else signed in than before. */
    this._isOther = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#listen();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("session")) this.#listen();
    if (changed.has("service")) this.#offer();
  }

  #listen() {
    this.#listening.abort();
    this.#listening = new AbortController();
    const { session } = this;
    if (!session || !this.isConnected) return;
    const { signal } = this.#listening;
    let before = session.state;
    const onChange = () => {
      if (session.state !== before) this.#enter(session.state);
      before = session.state;
      this.requestUpdate();
    };
    session.addEventListener("change", onChange, { signal });
    session.addEventListener("needed", () => this.#enter(session.state), { signal });
    session.addEventListener("changed-person", () => this.#welcomeOther(), { signal });
  }

  /** @param {import("./session.js").State} state */
  #enter(state) {
    if (state === "expired") this._isAsking = true;
    else if (state !== "expiring") this._isAsking = false;
  }

  #welcomeOther() {
    this._isAsking = false;
    this._isOther = true;
  }

  /** Prepares the ways to sign in that this service has. */
  #offer() {
    this._people = [];
    this.#oidc = undefined;
    this.#attempt(async () => {
      const { service } = this;
      if (service?.oidc) this.#oidc = new OpenIdConnect(service.oidc);
      if (service?.isSandbox) this._people = await sandboxPeople(service.baseUrl);
    });
  }

  /** Shows what goes wrong. @param {() => Promise<void> | undefined} action */
  async #attempt(action) {
    this._problem = undefined;
    try {
      await action();
    } catch (/** @type {any} */ error) {
      if (error.code !== "aborted") this._problem = error;
    }
    this.requestUpdate();
  }

  /** @param {Source} source */
  #signIn(source) {
    return this.#attempt(async () => {
      this._isOther = false;
      await this.session?.signIn(source, { onDoubt: (doubt) => this.#doubt(doubt) });
      this._problem = undefined;
      this._isAsking = false;
    });
  }

  /** It may still go well. @param {Error} doubt */
  #doubt(doubt) {
    this._problem = doubt;
  }

  /** Says that the person has to go on elsewhere. @param {() => Promise<void>} action */
  async #away(action) {
    this._away = action;
    await action();
    // Unless the person has left again meanwhile.
    if (this._away === action) this._away = undefined;
  }

  #signInAway() {
    const source = this.#oidc;
    if (!source) return;
    // Who is signed in and signs in all the same wants to be somebody else.
    if (this.session?.state === "signed-in") source.askAnew();
    this.#away(() => this.#signIn(source));
  }

  #stay() {
    const { session } = this;
    if (session?.canStay) this.#away(() => this.#attempt(() => this.#stayAt(session)));
    else this._isAsking = true;
  }

  /** @param {Session} session */
  async #stayAt(session) {
    await session.stay({ onDoubt: (doubt) => this.#doubt(doubt) });
    this._problem = undefined;
  }

  #signOut() {
    this._isOther = false;
    this._problem = undefined;
    this.session?.signOut();
  }

  /** @param {SubmitEvent} event */
  #usePasted(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("token"));
    const pasted = new PastedToken(field.value);
    field.value = "";
    this.#signIn(pasted);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has("_isAsking")) return;
    const dialog = this.renderRoot.querySelector("dialog");
    if (this._isAsking && !dialog?.open) dialog?.showModal();
    else if (!this._isAsking) dialog?.close();
  }

  render() {
    const { session } = this;
    if (!session || !this.service) return nothing;
    const isOut = session.state === "signed-out";
    return html`<div class="shell">
      <div class=${isOut ? "stack" : "bar"}>
        <h2 class=${isOut ? "" : "unseen"}>${isOut ? strings.title : strings.who}</h2>
        ${isOut ? nothing : personPart(session)}
        ${this.#standing(session)}
        ${isOut ? this.#ways() : nothing}
      </div>
      <dialog aria-labelledby="asking" @close=${this.#onLater}>${this._isAsking ? this.#asking(session) : nothing}</dialog>
    </div>`;
  }

  /** What there is to say, and what can be done about it; the dialog says it itself. @param {Session} session */
  #standing(session) {
    const { state } = session;
    const isOut = state === "signed-out";
    const said = this._isAsking ? "" : this.#said(session);
    return html`
      <p role="status" class=${said && (state === "expiring" || state === "expired") ? "notice warn" : ""}>${said}</p>
      ${isOut || this._isAsking ? nothing : problemPart(this._problem ?? session.problem)}
      ${isOut && !this._away ? nothing : this.#actions(session)}
    `;
  }

  /** @param {Session} session */
  #actions(session) {
    const { state } = session;
    return html`
      <div class="row">
        ${this._isAsking ? nothing : this.#givingUp()}
        ${state === "expiring" ? mainButtonPart(strings.stay, () => this.#stay()) : nothing}
        ${state === "expired" ? mainButtonPart(strings.again, () => this.#ask()) : nothing}
        ${state === "signed-out" ? nothing : this.#leaving(session)}
      </div>
    `;
  }

  /** @param {Session} session */
  #said({ state, expiresAt, isRefused }) {
    const said = [
      this._away && strings.goOn,
      this._isOther && strings.otherPerson,
      state === "expiring" && expiresAt && strings.ending(strings.time(expiresAt)),
      state === "expired" && (isRefused ? strings.refused : strings.ended),
    ];
    return said.filter(Boolean).join(" ");
  }

  /** @param {Session} session */
  #leaving({ state }) {
    return html`
      ${state === "expired" ? nothing : buttonPart(strings.change, () => this.#ask())}
      ${buttonPart(strings.signOut, () => this.#signOut())}
    `;
  }

  /** The way back from a window that cannot be seen, or of which the browser says nothing. */
  #givingUp() {
    return this._away ? buttonPart(strings.giveUp, () => this.session?.cancel()) : nothing;
  }

  #ask() {
    this._isAsking = true;
  }

  #onLater() {
    this._isAsking = false;
  }

  /** What the dialog says. @param {Session} session */
  #asking({ state, isRefused }) {
    const [title, text] = {
      "signed-out": [strings.title, ""],
      "signed-in": [strings.change, strings.changeText],
      expiring: [strings.stay, strings.stayText],
      expired: [isRefused ? strings.refused : strings.ended, strings.endedText],
    }[state];
    // The heading has the focus first: the dialog may come while somebody types, and a space must not choose anything.
    return html`
      <div class="stack">
        <h2 id="asking" tabindex="-1" autofocus>${title}</h2>
        <p>${text}</p>
        <p role="status">${this._away ? strings.goOn : nothing}</p>
        ${this.#givingUp()}
        ${this.#ways()}
        <div>${buttonPart(state === "signed-in" ? strings.cancel : strings.later, () => this.#onLater())}</div>
      </div>
    `;
  }

  #ways() {
    return html`
      ${problemPart(this._problem ?? this.session?.problem)}
      ${waysPart({
        people: this._people,
        issuer: this.#oidc?.host,
        onPerson: (role) => this.#signIn(new SandboxPerson(this.service?.baseUrl ?? "", role)),
        onIssuer: () => this.#signInAway(),
        onToken: (event) => this.#usePasted(event),
      })}
    `;
  }
}

customElements.define("page-sign-in", PageSignIn);
