// <page-sign-in>: how a person signs in, who they are then and until when, a word before that ends, and a dialog over
// the page when it has ended, below which everything that was typed stays.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { NameSources } from "../../../pkg/src/shown/names.ts";
import type { Settings } from "../settings.ts";
import { OpenIdConnect } from "./oidc.ts";
import { PastedToken } from "./pasted-token.ts";
import { SandboxPerson, type SandboxRole, sandboxPeople } from "./sandbox-people.ts";
import type { Session, State } from "./session.ts";
import { isAborted, type SignInError } from "./sign-in-error.ts";
import { buttonPart, mainButtonPart, personPart, problemPart, waysPart } from "./sign-in-parts.ts";
import { styles } from "./sign-in-styles.ts";
import type { Source } from "./source.ts";
import { strings } from "./strings.ts";

/**
 * @example
 * const element = document.createElement("page-sign-in");
 * Object.assign(element, { session: new Session(), settings });
 * document.body.append(element);
 */
export class PageSignIn extends LitElement {
  static override styles = styles;

  @property({ attribute: false }) session: Session | undefined;
  /** Where the page is. */
  @property({ attribute: false }) settings:
    | Pick<Settings, "baseUrl" | "isSandbox" | "oidc" | "groupNames" | "peopleNames" | "profile">
    | undefined;
  /** The sandbox's. */
  @state() private people: SandboxRole[] = [];
  /** What went wrong last. */
  @state() private problem: unknown;
  /** Whether the dialog is open. */
  @state() private isAsking = false;
  /** What the person is in the issuer's window for. */
  @state() private away: (() => Promise<void>) | undefined;
  /** Whether another person signed in than before. */
  @state() private isOther = false;

  #oidc: OpenIdConnect | undefined;
  /** Ends the listening to a session. */
  #listening = new AbortController();

  override connectedCallback() {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has("session")) this.#listen();
    if (changed.has("settings")) this.#offer();
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

  #enter(state: State) {
    if (state === "expired") this.isAsking = true;
    else if (state !== "expiring") this.isAsking = false;
  }

  #welcomeOther() {
    this.isAsking = false;
    this.isOther = true;
  }

  /** Prepares the ways to sign in that this service has. */
  #offer() {
    this.people = [];
    this.#oidc = undefined;
    this.#attempt(async () => {
      const { settings } = this;
      if (settings?.oidc) this.#oidc = new OpenIdConnect(settings.oidc);
      if (settings?.isSandbox) this.people = await sandboxPeople(settings.baseUrl);
    });
  }

  /** Shows what goes wrong. */
  async #attempt(action: () => Promise<void>) {
    this.problem = undefined;
    try {
      await action();
    } catch (error) {
      if (!isAborted(error)) this.problem = error;
    }
    this.requestUpdate();
  }

  #signIn(source: Source) {
    return this.#attempt(async () => {
      this.isOther = false;
      await this.session?.signIn(source, { onDoubt: (doubt) => this.#doubt(doubt) });
      this.problem = undefined;
      this.isAsking = false;
    });
  }

  /** It may still go well. */
  #doubt(doubt: SignInError) {
    this.problem = doubt;
  }

  /** Says that the person has to go on elsewhere. */
  async #away(action: () => Promise<void>) {
    this.away = action;
    await action();
    // Unless the person has left again meanwhile.
    if (this.away === action) this.away = undefined;
  }

  #signInAway() {
    const source = this.#oidc;
    if (!source) return;
    // A person who is signed in and signs in again wants to be another one.
    if (this.session?.state === "signed-in") source.askAgain();
    this.#away(() => this.#signIn(source));
  }

  #stay() {
    const { session } = this;
    if (session?.canStay) this.#away(() => this.#attempt(() => this.#stayAt(session)));
    else this.isAsking = true;
  }

  async #stayAt(session: Session) {
    await session.stay({ onDoubt: (doubt) => this.#doubt(doubt) });
    this.problem = undefined;
  }

  #signOut() {
    this.isOther = false;
    this.problem = undefined;
    this.session?.signOut();
  }

  #usePasted(event: SubmitEvent) {
    event.preventDefault();
    const form = event.currentTarget;
    const field = form instanceof HTMLFormElement && form.elements.namedItem("token");
    if (!(field instanceof HTMLInputElement)) return;
    const pasted = new PastedToken(field.value);
    field.value = "";
    this.#signIn(pasted);
  }

  override updated(changed: Map<PropertyKey, unknown>) {
    // Once that is settled, the parts of it take their places in the page's bar.
    this.toggleAttribute("data-settled", this.session !== undefined && this.session.state !== "signed-out");
    if (!changed.has("isAsking")) return;
    const dialog = this.renderRoot.querySelector("dialog");
    if (this.isAsking && !dialog?.open) dialog?.showModal();
    else if (!this.isAsking) dialog?.close();
  }

  override render() {
    const { session } = this;
    if (!session || !this.settings) return nothing;
    return html`<div class="shell">
      ${session.state === "signed-out" ? this.#signedOut(session) : this.#settled(session)}
      <dialog aria-labelledby="asking" @close=${this.#onLater}
        >${this.isAsking ? this.#asking(session) : nothing}</dialog>
    </div>`;
  }

  #signedOut(session: Session) {
    return html`<div class="stack">
      <h2>${strings.title}</h2>
      ${this.#standing(session)} ${this.#ways()}
    </div>`;
  }

  #settled(session: Session) {
    return html`
      ${personPart(session, this.#names(), this.#leaving(session))}
      <div class="standing">${this.#standing(session)}</div>
    `;
  }

  #names(): NameSources {
    const { groupNames, peopleNames, profile } = this.settings ?? {};
    return [{ groups: groupNames, people: peopleNames }, profile?.names];
  }

  /** What there is to say, and what can be done about it; the dialog says it itself. */
  #standing(session: Session) {
    const { state } = session;
    const isOut = state === "signed-out";
    const said = this.isAsking ? "" : this.#said(session);
    return html`
      <p role="status" class=${said && (state === "expiring" || state === "expired") ? "notice warn" : ""}>${said}</p>
      ${isOut || this.isAsking ? nothing : problemPart(this.problem ?? session.problem)}
      ${isOut && !this.away ? nothing : this.#actions(session)}
    `;
  }

  #actions({ state }: Session) {
    const actions = [
      this.isAsking ? nothing : this.#givingUp(),
      state === "expiring" ? mainButtonPart(strings.stay, () => this.#stay()) : nothing,
      state === "expired" ? mainButtonPart(strings.again, () => this.#ask()) : nothing,
    ];
    return actions.every((action) => action === nothing) ? nothing : html`<div class="row">${actions}</div>`;
  }

  #said({ state, expiresAt, isRefused }: Session) {
    const said = [
      this.away && strings.goOn,
      this.isOther && strings.otherPerson,
      state === "expiring" && expiresAt && strings.ending(strings.time(expiresAt)),
      state === "expired" && (isRefused ? strings.refused : strings.ended),
    ];
    return said.filter(Boolean).join(" ");
  }

  #leaving({ state }: Session) {
    return html`
      ${state === "expired" ? nothing : buttonPart(strings.change, () => this.#ask())}
      ${buttonPart(strings.signOut, () => this.#signOut())}
    `;
  }

  /** The way back from a window that cannot be seen, or of which the browser says nothing. */
  #givingUp() {
    return this.away ? buttonPart(strings.giveUp, () => this.session?.cancel()) : nothing;
  }

  #ask() {
    // What is asked stands above all else.
    this.renderRoot.querySelector<HTMLElement>("#person")?.hidePopover();
    this.isAsking = true;
  }

  #onLater() {
    this.isAsking = false;
  }

  /** What the dialog says. */
  #asking({ state, isRefused, isKnown }: Session) {
    const [title, text] = {
      "signed-out": [strings.title, ""],
      "signed-in": [strings.change, strings.changeText],
      expiring: [strings.stay, strings.stayText],
      expired: [
        isRefused ? strings.refused : strings.ended,
        isRefused && !isKnown ? strings.refusedText : strings.endedText,
      ],
    }[state];
    // The heading has the focus first: the dialog may open while the person types, and a space must not choose a way.
    return html`
      <div class="stack">
        <h2 id="asking" tabindex="-1" autofocus>${title}</h2>
        <p>${text}</p>
        <p role="status">${this.away ? strings.goOn : nothing}</p>
        ${this.#givingUp()}
        ${this.#ways()}
        <div>${buttonPart(state === "signed-in" ? strings.cancel : strings.later, () => this.#onLater())}</div>
      </div>
    `;
  }

  #ways() {
    return html`
      ${problemPart(this.problem ?? this.session?.problem)}
      ${waysPart({
        people: this.people,
        issuer: this.#oidc?.host,
        onPerson: (role) => this.#signIn(new SandboxPerson(this.settings?.baseUrl ?? "", role)),
        onIssuer: () => this.#signInAway(),
        onToken: (event) => this.#usePasted(event),
      })}
    `;
  }
}

customElements.define("page-sign-in", PageSignIn);
