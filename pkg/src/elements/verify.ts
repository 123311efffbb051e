import { html, nothing, type PropertyValues } from "lit";
import { live } from "lit/directives/live.js";
import init, {
  type ImageReference,
  type ProductId,
  type PublicKey,
  readPublicKey,
  type Verification,
  verifyImage,
  verifyProof,
} from "ocisign";
import { asText } from "../shown/as-text.ts";
import { visibleText } from "../shown/hidden-characters.ts";
import { OcisignElement } from "./base.ts";
import { Online } from "./controllers/online.ts";
import { markedReferenceStyles } from "./fragments/marked-reference.ts";
import { verification, verificationStyles } from "./fragments/verification.ts";
import { codeOf, wordsOf } from "./model/errors.ts";
import type { Identity } from "./portal.ts";
import { property, state } from "./property.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";
import { acceptances, acceptsStyles } from "./verify/accepts.ts";
import { advice, asksWho } from "./verify/advice.ts";
import type { GivenKey } from "./verify/given-key.ts";
import { type GivenReference, readGivenReference } from "./verify/given-reference.ts";
import { KeyField, keyFound } from "./verify/key-field.ts";
import { ProductField } from "./verify/product-field.ts";
import { ProofField } from "./verify/proof-field.ts";
import { referenceInput } from "./verify/reference-input.ts";
import { refusal } from "./verify/refusal.ts";
import { SignIn } from "./verify/sign-in.ts";
import { verifyStyles } from "./verify/styles.ts";

/**
 * `<ocisign-verify>`: what the registry holds for an image. Calls `init()` when it first needs the module, unless the
 * page did. User name and password that a person types are kept in memory, for the registry that they were typed for;
 * the element forgets them when `identity` becomes another person's.
 *
 * @fires ocisign-verified
 * @fires ocisign-image - when another image stands in the field
 *
 * @csspart heading - the element's own heading
 * @csspart form - the form
 * @csspart field - one field of the form
 * @csspart submit - the button that starts the verification
 * @csspart reference-error - the place of an error in a reference, and its reason
 * @csspart verdict - the outcome of a verification
 * @csspart signature - one signature that was found
 * @csspart attestation - one attestation that was verified, or refused
 *
 * @example
 * ```ts
 * import "ocisign/elements";
 *
 * const element = document.createElement("ocisign-verify");
 * element.reference =
 *   "registry.example/team/app@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
 * element.addEventListener("ocisign-verified", ({ detail }) => console.log(detail.verification.state));
 * document.body.append(element);
 * ```
 */
export class OcisignVerify extends OcisignElement {
  /** @internal */
  static override styles = [shared, markedReferenceStyles, verificationStyles, verifyStyles, acceptsStyles];

  /** What stands in the image field. Attribute `reference`. */
  @property() reference = "";
  /** A public key in PEM, as it stands in the key field. Attribute `public-key`. */
  @property({ attribute: "public-key" }) publicKey = "";
  /**
   * A trust file in the place of a key: its text, the object that it holds, or what `readTrust` of `ocisign/trust` has
   * read. Its rule for the image says whose signatures count. Attribute `trust`, for the text.
   */
  @property() trust: string | object | undefined;
  /** The product whose key is taken; needs `client`. Attribute `product-id`. */
  @property({ attribute: "product-id" }) productId: ProductId | undefined;
  /** Every manifest in an index has to be signed, too. Attribute `recursive`. */
  @property({ type: Boolean }) recursive = false;
  /** Refuse signatures that name no repository: those in bundles. Attribute `require-repository`. */
  @property({ type: Boolean, attribute: "require-repository" }) requireRepository = false;
  /**
   * An index of the image's repository, by its digest: its signature counts for an image that it lists and that is not
   * signed itself. Attribute `covered-by`.
   */
  @property({ attribute: "covered-by" }) coveredBy = "";
  /**
   * Types of attestations that have to be there, with blanks or commas between them: short names such as
   * `slsaprovenance` and `spdx`, or predicate types. Attribute `require`.
   */
  @property() require = "";

  /** Where the key comes from. @internal */
  @state() keyFrom: "given" | "product" = "given";
  /** The module is loaded, so that references and keys can be read. @internal */
  @state() ready = false;
  /** The person asked for a verification, so the element says what is missing. @internal */
  @state() tried = false;
  /** @internal */
  @state() running = false;
  /** @internal */
  @state() result: Verification | undefined;
  /** The module is being loaded. */
  #loading: Promise<void> | undefined;
  /** The question that the result answers. */
  #resultOf = "";
  /** The trust file by which it was found. */
  #trustOfResult: unknown;
  #json = "";
  /** The keys that the result was found with, unless it is of a proof file: others ask the registry. */
  #keysOfResult: readonly PublicKey[] = [];
  /** The image that stands in the field. */
  #image: GivenReference = { text: "" };
  /** The image that the page was told of last. */
  #toldImage = "";
  #key: GivenKey = {};
  #keyField = new KeyField(this);
  #productField = new ProductField(this);
  #proofField = new ProofField(this);
  #signIn = new SignIn(this);
  #online = new Online(this);
  #run: AbortController | undefined;

  /** @internal */
  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  /** @internal */
  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has("productId") && this.productId) this.keyFrom = "product";
    if (changed.has("identity")) this.#forgetOthers(changed.get("identity"));
    this.#load();
    if (!this.ready) return;
    this.#image = readGivenReference(asText(this.reference));
    this.#productField.read();
    this.#take(this.#isFromProduct ? this.#productField.key : this.#keyField.read());
  }

  /** @internal */
  override updated() {
    const { reference } = this.#image;
    if (!reference || reference.canonical === this.#toldImage) return;
    this.#toldImage = reference.canonical;
    this.emit("ocisign-image", { image: reference.canonical });
  }

  /** Tells who does not see it which key it is. */
  #take(given: GivenKey) {
    const { key, trust, problem } = given;
    const before = this.#key;
    const isNew = key !== undefined && key.fingerprint !== this.#key.key?.fingerprint;
    this.#key = given;
    if (!this.#isInUse) return;
    if (isNew) this.say(strings.verify.keyRead(key.keyType, key.fingerprint));
    if (trust && trust !== before.trust) {
      this.say(strings.verify.trustRead(visibleText(trust.policy.called), trust.policy.rules.length));
    }
    if (this.trust && problem && problem.message !== before.problem?.message)
      this.say(visibleText(problem.message));
  }

  /** The person is working in here. A person who has moved on elsewhere on the page is not called back. */
  get #isInUse() {
    return this.shadowRoot?.activeElement !== null;
  }

  get #isFromProduct() {
    return this.keyFrom === "product" && this.client !== undefined;
  }

  /** The next person must not get the credentials that this one typed. */
  #forgetOthers(before: Identity | undefined) {
    if (before && before.objectId !== this.identity?.objectId) this.#signIn.forget();
  }

  /** Loads the module when it is first needed, unless the portal did so. */
  #load() {
    const isNeeded = this.tried || this.reference || this.publicKey || this.trust || this.client;
    if (this.ready || this.#loading || this.error || !isNeeded) return;
    this.#loading = this.attempt(async () => {
      await init();
      this.ready = true;
    }).finally(() => {
      this.#loading = undefined;
    });
  }

  /** @internal */
  override render() {
    const words = strings.verify;
    return html`<div class="stack">
      <h2 part="heading">${words.title}</h2>
      <form class="stack" part="form" novalidate autocomplete="off" @submit=${this.#submit}>
        ${this.#referenceInput()} ${this.#keyFields()} ${this.#proofField.template()} ${this.#options()}
        ${this.#image.reference && !this.#proofField.bytes ? this.#signIn.template(this.#image.reference.registry) : nothing} ${this.#actions()}
      </form>
      ${this.#online.isOffline && !this.#proofField.bytes ? html`<p class="notice warn">${words.offline}</p>` : nothing}
      ${this.#isRefused ? nothing : this.problem(this.error, this.ready ? undefined : this.#retryLoading)} ${this.#outcome()} ${this.liveRegion()}
    </div>`;
  }

  #referenceInput() {
    const { text, error } = this.#image;
    const given = {
      value: asText(this.reference),
      text,
      // A proof names its image.
      error: text === "" && (!this.tried || this.#proofField.bytes) ? undefined : error,
    };
    return referenceInput(given, (value) => {
      this.reference = value;
    });
  }

  /** The key, given or of a product. */
  #keyFields() {
    const words = strings.verify;
    const source = (value: "given" | "product", label: string) =>
      html`<label class="option">
        <input type="radio" name="key-from" .checked=${live(this.keyFrom === value)}
          @change=${() => this.#takeKeyFrom(value)} />
        ${label}
      </label>`;
    const sources = this.client
      ? html`<div class="row">${source("given", words.keyGiven)} ${source("product", words.keyOfProduct)}</div>`
      : nothing;
    return html`<fieldset class="options">
      <legend class="label">${words.publicKey}</legend>
      <div class="stack tight">
        ${sources} ${
          this.#isFromProduct
            ? html`${this.#productField.template()} ${keyFound(this.#key, this.#copy)}`
            : this.#keyField.template(this.#copy, this.#image.reference)
        }
      </div>
    </fieldset>`;
  }

  #takeKeyFrom(source: "given" | "product") {
    this.keyFrom = source;
  }

  #options() {
    const words = strings.verify;
    const option = (name: "recursive" | "requireRepository", label: string, hint: string) =>
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

  #turn(name: "recursive" | "requireRepository") {
    this[name] = !this[name];
  }

  #actions() {
    const { verify, verifying, stop } = strings.verify;
    return html`<div class="row">
      <button class="primary ${this.running ? "busy" : ""}" part="submit"
        aria-disabled=${this.running ? "true" : nothing}>
        ${this.running ? verifying : verify}
      </button>
      ${this.running ? html`<button type="button" @click=${this.#stopByHand}>${stop}</button>` : nothing}
    </div>`;
  }

  /** Is nothing known of the image because the trust file has no rule for it? That is an answer, and no trouble. */
  get #isRefused() {
    return codeOf(this.error) === "no-trust-rule";
  }

  #outcome() {
    const { refused } = strings.verify.trust;
    if (this.#isRefused) return this.#answer(refused, refusal(this.error));
    if (!this.result) return nothing;
    const words = strings.verify;
    const showing = { level: 4, copyButton: this.#copy, advice: advice(this.result) };
    const shown = html`${verification(this.result, showing)}
      ${acceptances(this.result, this.#keysOfResult, this.#copy)}`;
    return this.#answer(
      words.states[this.result.state],
      shown,
      html`<p class="row"><span class="hint">${words.asJson}</span> ${this.copyButton(words.resultAsJson, this.#json)}</p>`,
    );
  }

  #answer(outcome: string, shown: unknown, below: unknown = nothing) {
    const words = strings.verify;
    const isOutdated = this.#isOutdated;
    return html`<section class="stack result" aria-labelledby="outcome">
      <h3 id="outcome" tabindex="-1">
        ${words.result}<span class="unseen">: ${outcome}</span>
      </h3>
      ${isOutdated ? html`<p class="notice warn">${words.outdated}</p>` : nothing}
      ${!this.#image.reference && !isOutdated ? html`<p class="notice warn">${words.proofUnnamed}</p>` : nothing}
      <div class=${isOutdated ? "outdated" : ""}>${shown}</div>
      ${below}
    </section>`;
  }

  /** Was something else asked than what stands in the form now? */
  get #isOutdated() {
    return this.#resultOf !== this.#question() || this.#trustOfResult !== this.#key.trust?.policy;
  }

  #copy = (what: string, text: string) => this.copyButton(what, text);

  #submit = async (event: Event) => {
    event.preventDefault();
    if (this.running) return;
    this.tried = true;
    if (!this.ready) this.error = undefined;
    // The last key stroke may not be read yet.
    await this.updateComplete;
    await this.#loading;
    await this.updateComplete;
    await this.#keyField.whenRead();
    await this.updateComplete;
    if (!this.ready || this.running) return;
    const { reference } = this.#image;
    const { key, trust } = this.#key;
    const isNamed = reference !== undefined || (this.#proofField.bytes && this.#image.text === "");
    if (isNamed && (key || trust)) await this.#verify(reference, this.#key);
    else await this.focusOn(isNamed ? (this.#isFromProduct ? "#product" : "#key") : "#reference");
  };

  async #verify(image: ImageReference | undefined, given: GivenKey) {
    this.#keyField.collapse();
    const run = new AbortController();
    const question = this.#question();
    this.#run = run;
    this.#resultOf = question;
    this.#trustOfResult = given.trust?.policy;
    this.running = true;
    this.error = undefined;
    this.result = undefined;
    this.say(strings.verify.verifying);
    try {
      const result = await this.#resultFor(image, given, run.signal);
      this.#keysOfResult = this.#proofField.bytes || !image ? [] : keysFor(image, given);
      await this.updateComplete;
      if (!run.signal.aborted) await this.#show(result);
    } catch (error) {
      if (!run.signal.aborted) await this.#showFailure(error);
    } finally {
      if (this.#run === run) this.running = false;
    }
  }

  /** What the proof file says, or else the registry. */
  async #resultFor(image: ImageReference | undefined, given: GivenKey, signal: AbortSignal) {
    const who = given.trust ? { trust: given.trust.policy } : { keys: keysIn(given) };
    const { recursive, requireRepository } = this;
    const coveredBy = asText(this.coveredBy).trim() || undefined;
    const types = asText(this.require)
      .split(/[\s,]+/)
      .filter(Boolean);
    const require = types.length > 0 ? types : undefined;
    const { bytes } = this.#proofField;
    if (bytes) return verifyProof(bytes, { ...who, recursive, requireRepository, require, reference: image });
    if (!image) throw new Error("without a proof file, the form asks for an image first");
    const registry = { ...(await this.registryFor(image)), ...this.#signIn.optionsFor(image.registry) };
    const demand = { recursive, requireRepository, require };
    return verifyImage(image, { ...who, ...demand, coveredBy, registry, signal });
  }

  /** A refusal is led to, as a result is. */
  async #showFailure(error: unknown) {
    this.running = false;
    this.fail(error);
    if (!this.#isRefused) return;
    this.say(`${strings.verify.trust.refused}: ${visibleText(wordsOf(error).message)}`);
    if (!this.#isInUse) return;
    await this.focusOn("#outcome");
    this.#leadToVerdict();
  }

  async #show(result: Verification) {
    const { signInNeeded, states, outdated } = strings.verify;
    // Who does not see the page must not take it for an answer about what a page has put there meanwhile.
    const isOutdated = this.#isOutdated;
    const before = isOutdated ? `${outdated} ` : "";
    this.result = result;
    this.#json = JSON.stringify(result, null, 2);
    this.running = false;
    // Nor must a page that only listens: it knows by which key it wants to have it verified now.
    if (!isOutdated) this.emit("ocisign-verified", { verification: result });
    if (asksWho(result)) this.#signIn.open();
    this.say(
      asksWho(result) ? signInNeeded : `${before}${states[result.state]}: ${visibleText(result.reason)}`,
    );
    if (!this.#isInUse) return;
    await this.focusOn(asksWho(result) ? "#username" : "#outcome");
    if (!asksWho(result)) this.#leadToVerdict();
  }

  /** The focus alone brings only the heading into sight, at the edge of the window. */
  #leadToVerdict() {
    this.renderRoot.querySelector(".result")?.scrollIntoView({ block: "start" });
  }

  /** What a result is an answer to. */
  #question() {
    const { reference } = this.#image;
    const keys = keysIn(this.#key).map(({ fingerprint }) => fingerprint);
    return JSON.stringify([
      reference?.canonical,
      keys,
      this.recursive,
      this.requireRepository,
      asText(this.coveredBy),
      asText(this.require),
      this.#proofField.number,
    ]);
  }

  #stop() {
    this.#run?.abort();
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

function keysIn({ key, others = [] }: GivenKey): readonly PublicKey[] {
  return key ? [key, ...others] : [];
}

/** The keys that others would be given: with a trust file, those of its rule for the image that count now. */
function keysFor(image: ImageReference, given: GivenKey): readonly PublicKey[] {
  const { trust } = given;
  if (!trust) return keysIn(given);
  return trust.part.countingKeys(trust.policy, image).map(({ pem }) => readPublicKey(pem));
}
