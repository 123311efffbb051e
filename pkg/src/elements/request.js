import { html, nothing } from "lit";
import { OcisignElement } from "./base.js";
import { Acting } from "./controllers/acting.js";
import { Calm } from "./controllers/calm.js";
import { Online } from "./controllers/online.js";
import { Products } from "./controllers/products.js";
import { Reading } from "./controllers/reading.js";
import { busy } from "./fragments/busy.js";
import { markedReferenceStyles } from "./fragments/marked-reference.js";
import { codeOf, mayHaveBeenTaken, wordsOf } from "./model/errors.js";
import { chosenOperation, hindrance, mayRequest, productsFor } from "./model/product.js";
import { artifactField } from "./request/artifact-field.js";
import { confirmation } from "./request/confirmation.js";
import { inputOf, noDetails } from "./request/details.js";
import { detailsFields } from "./request/details-fields.js";
import { imageFacts, registryFacts } from "./request/image-facts.js";
import { checkImages, withoutReady } from "./request/images.js";
import { listResults, outcomeInWords } from "./request/list-results.js";
import { ListSending } from "./request/list-sending.js";
import { preview } from "./request/preview.js";
import { noProductPicker, productPicker } from "./request/product-picker.js";
import { readinessOf } from "./request/readiness.js";
import { lookIntoRegistry } from "./request/registry-look.js";
import { requestStyles } from "./request/styles.js";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.js";
import { asText } from "./text/as-text.ts";
import { visibleText } from "./text/hidden-characters.ts";

/** @typedef {import("./model/product.js").Product} Product */

/** In milliseconds: nobody types for so long before something is said, or a long text is checked. */
const calm = { saying: 900, checking: 250 };

/** A text of so many characters takes so long to check that typing would stumble. */
const longText = 20_000;

/**
 * `<ocisign-request>`. Its parts: `heading`, `form`, `field`, `product`, `details`, `metadata`, `image`, `registry`,
 * `reference-error`, `list`, `preview`, `send`, `warning`, `error`, `confirmation`, `state`, `results`.
 */
export class OcisignRequest extends OcisignElement {
  static properties = {
    productId: { attribute: "product-id" },
    operationId: { attribute: "operation-id" },
    artifact: {},
    details: { state: true },
    filter: { state: true },
    isPreviewOpen: { state: true },
    isSending: { state: true },
    isInDoubt: { state: true },
    taken: { state: true },
  };

  static styles = [shared, markedReferenceStyles, requestStyles];

  constructor() {
    super();
    /** @type {string | undefined} */
    this.productId = undefined;
    /** @type {string | undefined} */
    this.operationId = undefined;
    this.artifact = "";
    /** What is said beside the image. @type {import("./request/details.js").Details} */
    this.details = noDetails;
    /** Words that a product is searched by. */
    this.filter = "";
    this.isPreviewOpen = false;
    this.isSending = false;
    /** The last request may have been taken although it failed. */
    this.isInDoubt = false;
    /** The request that was just taken. @type {{ signing: import("ocisign").Signing, canonical: string } | undefined} */
    this.taken = undefined;
    /** What stands in the artifact field. @type {import("./request/images.js").Images} */
    this.images = { kind: "none" };
    /** @type {import("./request/readiness.js").Readiness} */
    this.readiness = {};
    this.reading = new Products(this);
    this.look = new Reading(this, lookIntoRegistry(this));
    this.acting = new Acting(this);
    this.list = new ListSending(this, this.acting);
    this.online = new Online(this);
  }

  #saying = new Calm(this, calm.saying);
  #checking = new Calm(this, calm.checking);
  /** What `images` was found in. @type {{ text?: string, product?: Product, products?: readonly Product[] }} */
  #checked = {};
  /** Other products that sign for the image. @type {readonly Product[]} */
  #others = [];
  #rows = 0;

  /** The product that is chosen, as the service shows it. */
  get product() {
    return this.reading.products?.find(({ id }) => id === this.productId);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("client")) this.#useClient();
    if (!this.productId) this.productId = this.#onlyProduct();
    if (this.#isUnchecked()) this.#check();
    this.look.by(this.#lookedAt());
    this.readiness = this.#readiness();
  }

  #useClient() {
    this.acting.abort();
    this.error = undefined;
    this.reading.use(this.client);
  }

  /** Where there is no choice, none is asked for. */
  #onlyProduct() {
    const usable = this.reading.products?.filter((product) => !hindrance(product)) ?? [];
    return usable.length === 1 ? usable[0].id : undefined;
  }

  #isUnchecked() {
    const { text, product, products } = this.#checked;
    return text !== this.text || product !== this.product || products !== this.reading.products;
  }

  /** What stands in the artifact field; the attribute may have been taken away. */
  get text() {
    return asText(this.artifact);
  }

  #check() {
    if (this.text.length <= longText) return this.#checkNow();
    this.#checking.soon(() => {
      this.#checkNow();
      this.requestUpdate();
    });
  }

  #checkNow() {
    this.#checking.cancel();
    const { text, product } = this;
    const { products } = this.reading;
    this.#checked = { text, product, products };
    this.images = checkImages(text, product);
    this.#others = products ? this.#alternatives(products) : [];
    this.#saying.soon(() => this.say(this.#finding()));
  }

  /** Products that sign for the image, unless the one that is chosen does. @param {readonly Product[]} products */
  #alternatives(products) {
    const { images, product } = this;
    if (images.kind !== "one" || !images.reference || (product && !images.mismatch)) return [];
    return productsFor(products, images.reference);
  }

  /** What was found in the field, for screen readers. */
  #finding() {
    const { ready, wrong, repeated, fits } = strings.request;
    const { images } = this;
    if (images.kind === "none") return "";
    if (images.kind === "many") {
      return `${ready(images.ready.length)}, ${wrong(images.wrong.length)}, ${repeated(images.repeated.length)}`;
    }
    const error = images.error ?? images.mismatch;
    if (error) {
      const { message, fix } = wordsOf(error);
      return visibleText(`${message} ${fix}`);
    }
    return fits(images.reference?.canonical ?? "");
  }

  /** Another tag is the same image. @returns {import("./request/registry-look.js").LookedAt | undefined} */
  #lookedAt() {
    const { images, registry } = this;
    return images.kind === "one" && images.reference ? [images.reference.canonical, registry] : undefined;
  }

  /** @returns {import("./request/readiness.js").Readiness} */
  #readiness() {
    const { product, operationId, images, details } = this;
    if (this.#isUnchecked())
      return { obstacle: { field: "artifact", text: strings.request.obstacles.checking } };
    return readinessOf({ product, operationId, images, details });
  }

  render() {
    if (!this.client) return this.unconnected();
    return html`<section class="stack" aria-labelledby="heading">
      <h2 id="heading" part="heading">${strings.request.heading}</h2>
      ${this.online.isOffline ? html`<p class="notice warn" role="status">${strings.request.offline}</p>` : nothing}
      ${this.list.jobs.length > 0 ? this.#results() : nothing}
      ${this.taken ? this.#confirmation(this.taken) : this.#form()}
      ${this.liveRegion()}
    </section>`;
  }

  #form() {
    return html`<form class="stack" part="form" ?hidden=${this.list.isRunning} @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <fieldset class="stack" ?disabled=${this.isSending}>
        ${this.#productFields()}
        ${artifactField(this.text, this.images, this.#isUnchecked(), (text) => this.#type(text))}
        ${this.#imageFacts()}
        ${detailsFields(this.details, {
          change: (change) => this.#tell(change),
          addRow: () => this.#addRow(),
          removeRow: (row) => this.#removeRow(row),
        })}
      </fieldset>
      ${this.#preview()} ${this.#sendButton()}
    </form>`;
  }

  #productFields() {
    const { products, error } = this.reading;
    if (error) return noProductPicker(this.problem(error, () => this.#readAgain()));
    if (!products)
      return noProductPicker(html`<div role="status">${busy(strings.request.loadingProducts)}</div>`);
    if (products.length === 0) return noProductPicker(this.#noProducts());
    const { productId, operationId, filter } = this;
    const mayNot = mayRequest(chosenOperation(this.product, operationId), this.identity) === false;
    return productPicker(
      { products, productId, operationId, filter, mayNot },
      {
        product: (id) => this.#choose(id),
        operation: (id) => {
          this.operationId = id || undefined;
        },
        filter: (words) => {
          this.filter = words;
        },
        readAgain: () => this.reading.read(),
      },
    );
  }

  #noProducts() {
    const { noProducts, readAgain } = strings.request;
    return html`<div class="notice stack tight"><p>${noProducts}</p>
      <p><button type="button" class="small" @click=${() => this.#readAgain()}>${readAgain}</button></p></div>`;
  }

  #imageFacts() {
    const { images, product } = this;
    if (images.kind !== "one" || !images.reference) return nothing;
    const { reference, mismatch } = images;
    return html`<div class="panel stack">
      <h3>${strings.request.image}</h3>
      ${imageFacts(reference, {
        isChosen: product !== undefined,
        mismatch,
        others: this.#others,
        copyButton: (what, text) => this.copyButton(what, text),
        onProduct: (id) => {
          this.#choose(id);
          this.focusOn("#product");
        },
      })}
      ${registryFacts(this.look, () => this.#lookAgain())}
    </div>`;
  }

  #preview() {
    const { body } = this.readiness;
    if (!body) return nothing;
    return preview(body, {
      count: this.#count(),
      isOpen: this.isPreviewOpen,
      onToggle: (isOpen) => {
        this.isPreviewOpen = isOpen;
      },
      copyButton: (what, text) => this.copyButton(what, text),
    });
  }

  #sendButton() {
    const { send, sending, sendAgain, inDoubt } = strings.request;
    const { obstacle } = this.readiness;
    const words = this.isInDoubt ? sendAgain : send(this.#count());
    return html`<div class="stack tight">
      ${this.problem(this.error)}
      ${this.isInDoubt ? html`<p class="notice warn">${inDoubt}</p>` : nothing}
      <div class="row">
        <button id="send" part="send" type="button" class="primary ${this.isSending ? "busy" : ""}"
          aria-disabled=${obstacle || this.isSending ? "true" : nothing} aria-describedby=${obstacle ? "obstacle" : nothing}
          @click=${() => this.#sendOrSay()}>${this.isSending ? sending : words}</button>
        ${obstacle ? html`<p id="obstacle" class="hint">${strings.common.notYet} ${visibleText(obstacle.text)}</p>` : nothing}
      </div>
    </div>`;
  }

  /** So many requests it would be. */
  #count() {
    return this.images.kind === "many" ? this.images.ready.length : 1;
  }

  /** @param {{ signing: import("ocisign").Signing, canonical: string }} taken */
  #confirmation({ signing, canonical }) {
    return confirmation(signing, canonical, {
      copyButton: (what, text) => this.copyButton(what, text),
      open: () => this.#open(signing.id),
      another: () => this.#another(),
    });
  }

  #results() {
    return listResults(this.list, {
      open: (id) => this.#open(id),
      stop: () => this.list.stop(),
      goOn: () => this.#goOn(),
      putBack: () => this.#putBack(),
      close: () => this.#close(),
    });
  }

  /** @param {string} id */
  #open(id) {
    this.emit("ocisign-open", { id });
  }

  /** The button that was pressed is gone while it reads, and what took its place is gone afterwards. */
  async #readAgain() {
    const reading = this.reading.read();
    await this.focusOn("#product");
    await reading;
    if (document.activeElement === document.body) await this.focusOn("#product");
  }

  #lookAgain() {
    this.look.again();
    this.focusOn("#registry-heading");
  }

  /** @param {string} id */
  #choose(id) {
    this.productId = id || undefined;
    this.operationId = undefined;
    this.isInDoubt = false;
  }

  /** @param {string} text */
  #type(text) {
    this.artifact = text;
    this.isInDoubt = false;
  }

  /** @param {Partial<import("./request/details.js").Details>} change */
  #tell(change) {
    this.details = { ...this.details, ...change };
  }

  #addRow() {
    this.#rows += 1;
    const row = { key: this.#rows, name: "", value: "" };
    this.#tell({ metadata: [...this.details.metadata, row] });
    this.focusOn(`#name-${row.key}`);
  }

  /** @param {import("./request/details.js").Row} row */
  #removeRow(row) {
    const rows = this.details.metadata;
    const index = rows.findIndex(({ key }) => key === row.key);
    const next = rows[index + 1] ?? rows[index - 1];
    this.#tell({ metadata: rows.filter(({ key }) => key !== row.key) });
    this.say(strings.request.removed(index + 1));
    this.focusOn(next ? `#name-${next.key}` : "#add-row");
  }

  #sendOrSay() {
    if (this.isSending || this.list.isRunning) return;
    if (this.#isUnchecked()) this.#checkNow();
    const { obstacle } = this.#readiness();
    if (obstacle) {
      this.say(visibleText(obstacle.text));
      this.focusOn(obstacle.field === "metadata" ? "#add-row" : `#${obstacle.field}`);
      return;
    }
    if (this.images.kind === "one" && this.images.reference) this.#sendOne(this.images.reference);
    if (this.images.kind === "many") this.#sendList(this.images);
  }

  /** What sends one image of what the form says now, whatever is typed later. @returns {import("./request/list-sending.js").Send} */
  #sender() {
    const { product, operationId, details } = this;
    return async (image, signal) => {
      const { client } = this;
      if (!client || !product) throw new Error("nobody sends without a client and a product");
      try {
        const input = inputOf(product, operationId, details, image);
        const signing = await client.requestSigning(input, { signal });
        this.emit("ocisign-requested", { signing });
        return signing;
      } catch (error) {
        if (codeOf(error) !== "aborted") this.emit("ocisign-error", { error });
        throw error;
      }
    };
  }

  /** @param {import("ocisign").ImageReference} image */
  async #sendOne({ canonical }) {
    this.error = undefined;
    this.isInDoubt = false;
    this.isSending = true;
    try {
      const signing = await this.#sender()(canonical, this.acting.signal);
      this.taken = { signing, canonical };
      this.artifact = "";
      this.details = noDetails;
      this.say(strings.request.requestedSay);
      this.focusOn("#taken-heading");
    } catch (error) {
      this.isInDoubt = mayHaveBeenTaken(error);
      this.error = codeOf(error) === "aborted" ? undefined : error;
    } finally {
      this.isSending = false;
    }
  }

  /** @param {import("./request/images.js").Many} images */
  #sendList(images) {
    this.error = undefined;
    const canonicals = images.ready.map(({ canonical }) => canonical);
    this.list.add(canonicals, this.#sender(), () => this.#listEnded());
    this.artifact = withoutReady(this.text, images);
    this.focusOn("#results-heading");
  }

  #goOn() {
    this.list.goOn(() => this.#listEnded());
    this.focusOn("#results-heading");
  }

  #listEnded() {
    // What was said beside the images stays for those that are still to be sent.
    if (this.text === "" && this.list.isThrough) this.details = noDetails;
    this.say(outcomeInWords(this.list));
    const { activeElement } = /** @type {ShadowRoot} */ (this.shadowRoot);
    if (activeElement?.id === "stop") this.focusOn("#results-heading");
  }

  #putBack() {
    this.artifact = [this.text, ...this.list.takeBack()].filter(Boolean).join("\n");
    this.focusOn("#artifact");
  }

  #close() {
    this.list.clear();
    this.focusOn("#artifact");
  }

  #another() {
    this.taken = undefined;
    this.focusOn("#artifact");
  }
}
