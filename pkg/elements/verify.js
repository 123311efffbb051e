import { css, html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import init, { parseReference, verifyImage } from "ocisign";
import { OcisignElement } from "./base.js";
import { Online } from "./online.js";
import { markedReference, referenceFieldStyles } from "./reference-field.js";
import { strings } from "./strings/index.js";
import { shared } from "./styles.js";
import { visibleText } from "./text/hidden-characters.js";
import { exact } from "./text/text-element.js";
import { verification, verificationStyles } from "./verification.js";
import { Credentials } from "./verify/credentials.js";
import { KeyField, keyFieldStyles } from "./verify/key-field.js";
import { ProductField } from "./verify/product-field.js";

/** A registry that says so wants to know who asks. */
const wantsSignIn = new Set(["unauthorized", "forbidden"]);

/** How a browser reads registries that do not allow its page's origin. */
const recipe = "https://github.com/ocisign/ocisign/blob/main/docs/verify.md#in-a-browser";

/**
 * `<ocisign-verify>`: what the registry holds for an image.
 *
 * Parts: `heading`, `form`, `field`, `submit`, `reference-error`, `verdict`, `signature`, `error`.
 */
export class OcisignVerify extends OcisignElement {
  static properties = {
    reference: { type: String },
    publicKey: { type: String, attribute: "public-key" },
    productId: { type: String, attribute: "product-id" },
    recursive: { type: Boolean },
    requireRepository: { type: Boolean, attribute: "require-repository" },
    keyFrom: { state: true },
    ready: { state: true },
    tried: { state: true },
    running: { state: true },
    signingIn: { state: true },
    result: { state: true },
  };

  static styles = [
    shared,
    referenceFieldStyles,
    verificationStyles,
    keyFieldStyles,
    css`
      #reference {
        min-block-size: 2.5rem;
      }
      legend {
        padding: 0;
        margin-block-end: 0.375rem;
      }
      .options {
        border: 0;
        display: grid;
        gap: 0.375rem;
      }
      .option {
        display: flex;
        gap: 0.5rem;
        align-items: baseline;
        font-weight: 400;
        min-block-size: 1.5rem;
      }
      .outdated {
        filter: grayscale(1);
      }
      .pair {
        display: grid;
        gap: 0.75rem 1rem;
        grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
      }
    `,
  ];

  constructor() {
    super();
    this.reference = "";
    this.publicKey = "";
    /** @type {string | undefined} */
    this.productId = undefined;
    this.recursive = false;
    this.requireRepository = false;
    /** Where the key comes from. @type {"given" | "product"} */
    this.keyFrom = "given";
    /** The module is on its way. @type {Promise<void> | undefined} */
    this.loading = undefined;
    /** The module is there, so that references and keys can be read. */
    this.ready = false;
    /** Somebody asked for a verification, so what is missing is said. */
    this.tried = false;
    this.running = false;
    this.signingIn = false;
    /** @type {import("ocisign").Verification | undefined} */
    this.result = undefined;
    /** What the result is a result of. */
    this.resultOf = "";
    this.json = "";
    /** @type {{ reference?: import("ocisign").ImageReference, error?: unknown }} */
    this.image = {};
    /** @type {import("./verify/given-key.js").GivenKey} */
    this.key = {};
    this.credentials = new Credentials();
    this.keyField = new KeyField(this);
    this.productField = new ProductField(this);
    this.online = new Online(this);
    /** @type {AbortController | undefined} */
    this.run = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("productId") && this.productId) this.keyFrom = "product";
    if (changed.has("identity")) this.#forgetOthers(changed.get("identity"));
    this.#load();
    if (!this.ready) return;
    this.image = readReference(withoutEnds(this.reference));
    this.productField.read();
    this.#take(this.#isFromProduct ? this.productField.key : this.keyField.read());
  }

  /** Tells who does not see it which key it is. @param {import("./verify/given-key.js").GivenKey} given */
  #take(given) {
    const { key } = given;
    const isNew = key !== undefined && key.fingerprint !== this.key.key?.fingerprint;
    this.key = given;
    if (isNew && this.#isInUse) this.say(strings.verify.keyRead(key.keyType, key.fingerprint));
  }

  /** Somebody is working in here; who has gone on elsewhere on the page is not called back. */
  get #isInUse() {
    return this.shadowRoot?.activeElement !== null;
  }

  get #isFromProduct() {
    return this.keyFrom === "product" && this.client !== undefined;
  }

  /** What is typed for one person's account is not the next one's. @param {any} before */
  #forgetOthers(before) {
    if (before !== undefined && before.objectId !== this.identity?.objectId) this.credentials.forget();
  }

  /** Loads the module when it is first needed, unless the portal did so. */
  #load() {
    const isNeeded =
      this.tried || this.reference !== "" || this.publicKey !== "" || this.client !== undefined;
    if (this.ready || this.loading || this.error || !isNeeded) return;
    this.loading = this.attempt(async () => {
      await init();
      this.ready = true;
    }).finally(() => {
      this.loading = undefined;
    });
  }

  render() {
    const words = strings.verify;
    return html`<div class="stack">
      <h2 part="heading">${words.title}</h2>
      <form class="stack" part="form" novalidate autocomplete="off" @submit=${this.#submit}>
        ${this.#referenceField()} ${this.#keyFields()} ${this.#options()} ${this.#signIn()} ${this.#actions()}
      </form>
      ${this.online.isOffline ? html`<p class="notice warn">${words.offline}</p>` : nothing}
      ${this.problem(this.error, this.ready ? undefined : this.#retryLoading)} ${this.#outcome()} ${this.liveRegion()}
    </div>`;
  }

  #referenceField() {
    const words = strings.verify;
    const text = withoutEnds(this.reference);
    const error = text === "" && !this.tried ? undefined : this.image.error;
    return html`<div class="stack tight">
      <label for="reference">${words.image}</label>
      <textarea
        id="reference"
        part="field"
        rows="1"
        class="exact"
        spellcheck="false"
        autocapitalize="off"
        aria-required="true"
        aria-describedby="reference-help"
        aria-invalid=${error ? "true" : nothing}
        .value=${live(this.reference)}
        @input=${this.#typeReference}
        @keydown=${this.#submitByEnter}
      ></textarea>
      <div id="reference-help">
        ${error ? markedReference(text, error) : html`<p class="hint">${words.referenceHint}</p>`}
      </div>
    </div>`;
  }

  /** The key, given or of a product. */
  #keyFields() {
    const words = strings.verify;
    const source = (/** @type {"given" | "product"} */ value, /** @type {string} */ label) =>
      html`<label class="option">
        <input type="radio" name="key-from" .checked=${live(this.keyFrom === value)} @change=${() => this.#takeKeyFrom(value)} />
        ${label}
      </label>`;
    const sources = this.client
      ? html`<div class="row">${source("given", words.keyGiven)} ${source("product", words.keyOfProduct)}</div>`
      : nothing;
    return html`<fieldset class="options">
      <legend class="label">${words.publicKey}</legend>
      <div class="stack tight">
        ${sources} ${this.#isFromProduct ? this.productField.template() : this.keyField.template()} ${this.#keyFound()}
      </div>
    </fieldset>`;
  }

  /** @param {"given" | "product"} source */
  #takeKeyFrom(source) {
    this.keyFrom = source;
  }

  #keyFound() {
    const { key } = this.key;
    const { keyType, fingerprint } = strings.verify;
    if (!key) return nothing;
    return html`<dl class="facts" id="key-found">
      <dt>${keyType}</dt>
      <dd>${key.keyType}</dd>
      <dt>${fingerprint}</dt>
      <dd class="row">${exact(key.fingerprint)} ${this.copyButton(fingerprint, key.fingerprint)}</dd>
    </dl>`;
  }

  #options() {
    const words = strings.verify;
    const option = (
      /** @type {"recursive" | "requireRepository"} */ name,
      /** @type {string} */ label,
      /** @type {string} */ hint,
    ) =>
      html`<label class="option">
        <input type="checkbox" .checked=${live(this[name])} @change=${() => this.#turn(name)} />
        <span>${label} <span class="hint">${hint}</span></span>
      </label>`;
    return html`<fieldset class="options">
      <legend class="label">${words.options}</legend>
      ${option("recursive", words.recursive, words.recursiveHint)}
      ${option("requireRepository", words.requireRepository, words.requireRepositoryHint)}
    </fieldset>`;
  }

  /** @param {"recursive" | "requireRepository"} name */
  #turn(name) {
    this[name] = !this[name];
  }

  /** Who asks, for the registry of the image that stands in the field. */
  #signIn() {
    const { registry } = this.image.reference ?? {};
    if (registry === undefined) return nothing;
    const words = strings.verify;
    const { username, password } = this.credentials.of(registry);
    const keep =
      (/** @type {"username" | "password"} */ name) =>
      (/** @type {any} */ { target }) =>
        this.credentials.keep(registry, { [name]: target.value });
    return html`<details .open=${live(this.signingIn)} @toggle=${this.#toggleSignIn}>
      <summary>${words.signIn(registry)}</summary>
      <div class="stack tight">
        <p class="hint" id="sign-in-hint">${words.signInHint}</p>
        <div class="pair">
          <div>
            <label for="username">${words.username}</label>
            <input id="username" part="field" autocomplete="off" autocapitalize="off" spellcheck="false"
              aria-describedby="sign-in-hint" .value=${live(username)} @input=${keep("username")} />
          </div>
          <div>
            <label for="password">${words.password}</label>
            <input id="password" part="field" type="password" autocomplete="off"
              aria-describedby="sign-in-hint" .value=${live(password)} @input=${keep("password")} />
          </div>
        </div>
      </div>
    </details>`;
  }

  #toggleSignIn = (/** @type {any} */ { target }) => {
    this.signingIn = target.open;
  };

  #actions() {
    const { verify, verifying, stop } = strings.verify;
    return html`<div class="row">
      <button class="primary ${this.running ? "busy" : ""}" part="submit" aria-disabled=${this.running ? "true" : nothing}>
        ${this.running ? verifying : verify}
      </button>
      ${this.running ? html`<button type="button" @click=${this.#stopByHand}>${stop}</button>` : nothing}
    </div>`;
  }

  #outcome() {
    if (!this.result) return nothing;
    const words = strings.verify;
    const isOutdated = this.resultOf !== this.#question();
    const copyButton = (/** @type {string} */ what, /** @type {string} */ text) =>
      this.copyButton(what, text);
    return html`<section class="stack" aria-labelledby="outcome">
      <h3 id="outcome" tabindex="-1">
        ${words.result}<span class="unseen">: ${words.states[this.result.state]}</span>
      </h3>
      ${isOutdated ? html`<p class="notice warn">${words.outdated}</p>` : nothing}
      <div class=${isOutdated ? "outdated" : ""}>
        ${verification(this.result, { level: 4, copyButton, advice: this.#advice(this.result) })}
      </div>
      <p class="row"><span class="hint">${words.asJson}</span> ${this.copyButton(words.resultAsJson, this.json)}</p>
    </section>`;
  }

  /** What a browser's page can do about a registry that it cannot read. @param {import("ocisign").Verification} result */
  #advice({ state, problems }) {
    if (state !== "unreachable") return nothing;
    const { signInNeeded, corsHint, corsRecipe } = strings.verify;
    if (problems.some(({ code }) => wantsSignIn.has(code)))
      return html`<p class="notice warn">${signInNeeded}</p>`;
    if (!problems.some(({ code }) => code === "network")) return nothing;
    return html`<p class="notice">
      ${corsHint} <a href=${recipe} target="_blank" rel="noreferrer">${corsRecipe}</a>
    </p>`;
  }

  #typeReference = (/** @type {any} */ { target }) => {
    this.reference = target.value;
  };

  /** A reference is one line. @param {KeyboardEvent} event */
  #submitByEnter(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    /** @type {HTMLTextAreaElement} */ (event.target).form?.requestSubmit();
  }

  #submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (this.running) return;
    this.tried = true;
    // What was typed last may not be read yet.
    await this.updateComplete;
    await this.loading;
    await this.updateComplete;
    if (!this.ready) return;
    const { reference } = this.image;
    const { key } = this.key;
    if (reference && key) await this.#verify(reference, key);
    else this.#focus(reference ? (this.#isFromProduct ? "product" : "key") : "reference");
  };

  /** @param {import("ocisign").ImageReference} image @param {import("ocisign").PublicKey} key */
  async #verify(image, key) {
    const { recursive, requireRepository } = this;
    const run = new AbortController();
    const question = this.#question();
    this.run = run;
    this.running = true;
    this.error = undefined;
    this.result = undefined;
    this.say(strings.verify.verifying);
    try {
      const registry = { ...(await this.registryFor(image)), ...this.credentials.optionsFor(image.registry) };
      const options = { publicKey: key, recursive, requireRepository, registry, signal: run.signal };
      const result = await verifyImage(image, options);
      if (!run.signal.aborted) await this.#show(result, question);
    } catch (error) {
      if (!run.signal.aborted) this.fail(error);
    } finally {
      if (this.run === run) this.running = false;
    }
  }

  /** @param {import("ocisign").Verification} result @param {string} question */
  async #show(result, question) {
    const { signInNeeded, states } = strings.verify;
    this.result = result;
    this.resultOf = question;
    this.json = JSON.stringify(result, null, 2);
    this.running = false;
    this.emit("ocisign-verified", { verification: result });
    const asksWho =
      result.state === "unreachable" && result.problems.some(({ code }) => wantsSignIn.has(code));
    if (asksWho) this.signingIn = true;
    this.say(asksWho ? signInNeeded : `${states[result.state]}: ${visibleText(result.reason)}`);
    if (!this.#isInUse) return;
    await this.updateComplete;
    this.#focus(asksWho ? "username" : "outcome");
  }

  /** What a result is an answer to. */
  #question() {
    const { reference } = this.image;
    const { key } = this.key;
    return JSON.stringify([reference?.canonical, key?.fingerprint, this.recursive, this.requireRepository]);
  }

  #stop() {
    this.run?.abort();
    this.running = false;
  }

  #stopByHand = () => {
    this.#stop();
    this.say(strings.verify.stopped);
    /** @type {HTMLElement | null | undefined} */ (this.renderRoot.querySelector("button.primary"))?.focus();
  };

  #retryLoading = () => {
    this.error = undefined;
  };

  /** @param {string} id */
  #focus(id) {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(`#${id}`))?.focus();
  }
}

/** @param {string} text */
function readReference(text) {
  try {
    return { reference: parseReference(text) };
  } catch (error) {
    return { error };
  }
}

/** Without the white space that one copies along. Nothing else is forgiven: it might be there to deceive. @param {string} text */
function withoutEnds(text) {
  const isSpace = (/** @type {number} */ index) => " \t\r\n".includes(text.charAt(index) || "none");
  let [start, end] = [0, text.length];
  while (isSpace(start)) start += 1;
  while (end > start && isSpace(end - 1)) end -= 1;
  return text.slice(start, end);
}
