import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import init, { verifyImage } from "ocisign";
import { OcisignElement } from "./base.js";
import { Online } from "./controllers/online.js";
import { markedReferenceStyles } from "./fragments/marked-reference.js";
import { verification, verificationStyles } from "./fragments/verification.js";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.js";
import { asText } from "./text/as-text.ts";
import { visibleText } from "./text/hidden-characters.ts";
import { advice, asksWho } from "./verify/advice.js";
import { readGivenReference } from "./verify/given-reference.js";
import { KeyField } from "./verify/key-field.js";
import { keyFound } from "./verify/key-found.js";
import { ProductField } from "./verify/product-field.js";
import { referenceInput } from "./verify/reference-input.js";
import { SignIn } from "./verify/sign-in.js";
import { verifyStyles } from "./verify/styles.js";

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
    result: { state: true },
  };

  static styles = [shared, markedReferenceStyles, verificationStyles, verifyStyles];

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
    /** @type {import("ocisign").Verification | undefined} */
    this.result = undefined;
    /** What the result is a result of. */
    this.resultOf = "";
    this.json = "";
    /** The image that stands in the field. @type {ReturnType<typeof readGivenReference>} */
    this.image = { text: "" };
    /** @type {import("./verify/given-key.js").GivenKey} */
    this.key = {};
    this.keyField = new KeyField(this);
    this.productField = new ProductField(this);
    this.signIn = new SignIn(this);
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
    this.image = readGivenReference(asText(this.reference));
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
    if (before && before.objectId !== this.identity?.objectId) this.signIn.forget();
  }

  /** Loads the module when it is first needed, unless the portal did so. */
  #load() {
    const isNeeded = this.tried || this.reference || this.publicKey || this.client;
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
        ${this.#referenceInput()} ${this.#keyFields()} ${this.#options()}
        ${this.image.reference ? this.signIn.template(this.image.reference.registry) : nothing} ${this.#actions()}
      </form>
      ${this.online.isOffline ? html`<p class="notice warn">${words.offline}</p>` : nothing}
      ${this.problem(this.error, this.ready ? undefined : this.#retryLoading)} ${this.#outcome()} ${this.liveRegion()}
    </div>`;
  }

  #referenceInput() {
    const { text, error } = this.image;
    const given = {
      value: asText(this.reference),
      text,
      error: text === "" && !this.tried ? undefined : error,
    };
    return referenceInput(given, (value) => {
      this.reference = value;
    });
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
        ${sources} ${this.#isFromProduct ? this.productField.template() : this.keyField.template()}
        ${keyFound(this.key.key, this.#copy)}
      </div>
    </fieldset>`;
  }

  /** @param {"given" | "product"} source */
  #takeKeyFrom(source) {
    this.keyFrom = source;
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
    const showing = { level: 4, copyButton: this.#copy, advice: advice(this.result) };
    return html`<section class="stack" aria-labelledby="outcome">
      <h3 id="outcome" tabindex="-1">
        ${words.result}<span class="unseen">: ${words.states[this.result.state]}</span>
      </h3>
      ${isOutdated ? html`<p class="notice warn">${words.outdated}</p>` : nothing}
      <div class=${isOutdated ? "outdated" : ""}>
        ${verification(this.result, showing)}
      </div>
      <p class="row"><span class="hint">${words.asJson}</span> ${this.copyButton(words.resultAsJson, this.json)}</p>
    </section>`;
  }

  /** @param {string} what @param {string} text */
  #copy = (what, text) => this.copyButton(what, text);

  #submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (this.running) return;
    this.tried = true;
    if (!this.ready) this.error = undefined;
    // What was typed last may not be read yet.
    await this.updateComplete;
    await this.loading;
    await this.updateComplete;
    if (!this.ready || this.running) return;
    const { reference } = this.image;
    const { key } = this.key;
    if (reference && key) await this.#verify(reference, key);
    else await this.focusOn(reference ? (this.#isFromProduct ? "#product" : "#key") : "#reference");
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
      const registry = { ...(await this.registryFor(image)), ...this.signIn.optionsFor(image.registry) };
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
    if (asksWho(result)) this.signIn.open();
    this.say(asksWho(result) ? signInNeeded : `${states[result.state]}: ${visibleText(result.reason)}`);
    if (!this.#isInUse) return;
    await this.focusOn(asksWho(result) ? "#username" : "#outcome");
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
    this.focusOn("button.primary");
  };

  #retryLoading = () => {
    this.error = undefined;
  };
}
