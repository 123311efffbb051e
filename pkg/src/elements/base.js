// What every element of ours does: it draws in a shell of its own, says what went wrong, and tells screen readers.
import { html, LitElement, nothing } from "lit";
import { Arrival } from "./controllers/arrival.js";
import { codeOf, wordsOf } from "./model/errors.js";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.js";
import { prose } from "./text/text-element.ts";

export class OcisignElement extends LitElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    client: { attribute: false },
    identity: { attribute: false },
    registry: { attribute: false },
    error: { state: true },
    said: { state: true },
  };

  /** @type {import("lit").CSSResultGroup} */
  static styles = shared;

  #arrival = new Arrival(this);

  constructor() {
    super();
    /** The service. @type {import("ocisign").SigningClient | undefined} */
    this.client = undefined;
    /** Who is signed in, as far as the page knows. @type {import("./index.js").Identity | undefined} */
    this.identity = undefined;
    /** How registries are reached: options, or what gives them for an image. @type {import("./index.js").RegistrySource | undefined} */
    this.registry = undefined;
    /** What went wrong last. @type {unknown} */
    this.error = undefined;
    /** For screen readers. */
    this.said = "";
  }

  /** All is drawn in a shell that the portal's styles do not reach. */
  createRenderRoot() {
    const shell = document.createElement("div");
    shell.className = "shell";
    super.createRenderRoot().append(shell);
    return shell;
  }

  /** Where a person goes on reading after being led here: the heading. @param {FocusOptions} [options] */
  focus(options) {
    this.#arrival.focus(options);
  }

  /** Moves the focus once what it goes to is drawn. @param {string} selector */
  async focusOn(selector) {
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(selector))?.focus();
  }

  /** Tells the portal. @param {string} name @param {unknown} detail */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  /** Tells screen readers. @param {string} text */
  say(text) {
    this.said = text;
  }

  /**
   * Does something that may fail; a failure is shown, and told to the portal. What was aborted is nobody's failure.
   *
   * @template T
   * @param {() => Promise<T>} action
   * @returns {Promise<T | undefined>}
   */
  async attempt(action) {
    this.error = undefined;
    try {
      return await action();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** @param {unknown} error */
  fail(error) {
    if (codeOf(error) === "aborted") return;
    this.error = error;
    this.emit("ocisign-error", { error });
  }

  /** How the registry of an image is reached. @param {import("ocisign").ImageReference} image */
  async registryFor(image) {
    return typeof this.registry === "function" ? this.registry(image) : this.registry;
  }

  /** What went wrong, and what to do; `retry` adds a button. @param {unknown} error @param {() => void} [retry] */
  problem(error, retry) {
    if (error === undefined) return nothing;
    const { message, fix } = wordsOf(error);
    const { tryAgain } = strings.common;
    return html`<div class="notice bad stack tight" part="error" role="alert">
      <p>${prose(message)}</p>
      ${fix ? html`<p>${prose(fix)}</p>` : nothing}
      ${retry ? html`<p><button type="button" class="small" @click=${retry}>${tryAgain}</button></p>` : nothing}
    </div>`;
  }

  /** What is shown while there is no service to ask. */
  unconnected() {
    return html`<p class="muted">${strings.common.noClient}</p>`;
  }

  /** A button that copies one exact text. @param {string} what its name @param {string} text */
  copyButton(what, text) {
    const { copy, copyWhat } = strings.common;
    return html`<button type="button" class="small" aria-label=${copyWhat(what)} @click=${() => this.#copy(text)}>
      ${copy}
    </button>`;
  }

  /** @param {string} text */
  async #copy(text) {
    const { copied, notCopied } = strings.common;
    try {
      await navigator.clipboard.writeText(text);
      this.say(copied);
    } catch {
      // Browsers refuse it without a secure context, or without leave.
      this.say(notCopied);
    }
  }

  /** Where screen readers listen; every element draws it once. */
  liveRegion() {
    return html`<p class="unseen" role="status" aria-live="polite">${this.said}</p>`;
  }
}
