// What every element of ours does: it draws in a shell of its own, says what went wrong, and tells screen readers.
import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from "lit";
import type { ImageReference, SigningClient } from "ocisign";
import { Arrival } from "./controllers/arrival.ts";
import { Policy } from "./controllers/policy.ts";
import type { OcisignEvents } from "./events.ts";
import { codeOf, type Doing, wordsOf } from "./model/errors.ts";
import { styleAgain, styledRoot } from "./own-styles.ts";
import type { Identity, RegistrySource } from "./portal.ts";
import { property, state } from "./property.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";
import { prose } from "./text/text-element.ts";

/**
 * What all elements have. `focus()` leads to the heading, where a person goes on reading.
 *
 * @fires ocisign-error
 * @csspart error - the error, and its fix
 */
export abstract class OcisignElement extends LitElement {
  /** @internal */
  static override styles: CSSResultGroup = shared;

  /** The service. Nothing is read before it is set. */
  @property({ attribute: false }) client: SigningClient | undefined;
  /** Who is signed in. */
  @property({ attribute: false }) identity: Identity | undefined;
  /** How registries are reached. Without it: without credentials, at the image's own domain. */
  @property({ attribute: false }) registry: RegistrySource | undefined;

  /** What went wrong last. @internal */
  @state() error: unknown;
  /** For screen readers. @internal */
  @state() said = "";

  #arrival = new Arrival(this);

  /** @internal */
  constructor() {
    super();
    this.addController(new Policy(this));
  }

  /** All is drawn in a shell that the portal's styles do not reach. @internal */
  override createRenderRoot() {
    const shell = document.createElement("div");
    shell.className = "shell";
    styledRoot(this).append(shell);
    return shell;
  }

  /** The page moved it into a frame or a window. @internal */
  adoptedCallback() {
    styleAgain(this);
  }

  /** Moves the focus to the heading. */
  override focus(options?: FocusOptions): void {
    this.#arrival.focus(options);
  }

  /** Moves the focus once its target is drawn. @internal */
  async focusOn(selector: string) {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Tells the portal; false when the portal prevented what the browser does by default. @internal */
  emit<Name extends keyof OcisignEvents>(
    name: Name,
    detail: Told<Name>,
    { cancelable = false } = {},
  ): boolean {
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable, detail }));
  }

  /** Tells screen readers. @internal */
  say(text: string) {
    this.said = text;
  }

  /**
   * Does something that may fail; shows a failure, and tells the portal of it. An abort is no failure.
   *
   * @internal
   */
  async attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    this.error = undefined;
    try {
      return await action();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** @internal */
  fail(error: unknown) {
    if (codeOf(error) === "aborted") return;
    this.error = error;
    this.emit("ocisign-error", { error });
  }

  /** How the registry of an image is reached. @internal */
  async registryFor(image: ImageReference, registry = this.registry) {
    return typeof registry === "function" ? registry(image) : registry;
  }

  /** What went wrong, and what a person can do about it; `retry` adds a button. @internal */
  problem(error: unknown, retry?: () => void, doing: Doing = "read"): TemplateResult | typeof nothing {
    if (error === undefined) return nothing;
    const { message, fix } = wordsOf(error, doing);
    const { tryAgain } = strings.common;
    return html`<div class="notice bad stack tight" part="error" role="alert">
      <p>${prose(message)}</p>
      ${fix ? html`<p>${prose(fix)}</p>` : nothing}
      ${retry ? html`<p><button type="button" class="small" @click=${retry}>${tryAgain}</button></p>` : nothing}
    </div>`;
  }

  /** What is shown while there is no service to ask. @internal */
  unconnected() {
    return html`<p class="muted">${strings.common.noClient}</p>`;
  }

  /**
   * A button that copies one exact text.
   *
   * @param what its name
   * @internal
   */
  copyButton(what: string, text: string) {
    const { copy, copyWhat } = strings.common;
    return html`<button type="button" class="small" aria-label=${copyWhat(what)} @click=${() => this.#copy(text)}>
      ${copy}
    </button>`;
  }

  /** The same, with words on it that say what it copies. @internal */
  copyButtonNamed(words: string, text: string) {
    return html`<button type="button" class="small" @click=${() => this.#copy(text)}>${words}</button>`;
  }

  async #copy(text: string) {
    const { copied, notCopied } = strings.common;
    try {
      await navigator.clipboard.writeText(text);
      this.say(copied);
    } catch {
      // Browsers refuse it without a secure context, or without leave.
      this.say(notCopied);
    }
  }

  /** Where screen readers listen; every element draws it once. @internal */
  liveRegion() {
    return html`<p class="unseen" role="status" aria-live="polite">${this.said}</p>`;
  }
}

/** Only a fault of the page's own code throws something else than the error that listeners are promised. */
type Told<Name extends keyof OcisignEvents> = Name extends "ocisign-error"
  ? { error: unknown }
  : OcisignEvents[Name]["detail"];
