import { html, nothing, type PropertyValues } from "lit";
import type { ImageDescription, OperationId, ProductId } from "ocisign";
import { asText } from "../shown/as-text.ts";
import { visibleText } from "../shown/hidden-characters.ts";
import { OcisignElement } from "./base.ts";
import { Calm } from "./controllers/calm.ts";
import { Online } from "./controllers/online.ts";
import { Products } from "./controllers/products.ts";
import { Reading } from "./controllers/reading.ts";
import { markedReferenceStyles } from "./fragments/marked-reference.ts";
import { busy } from "./fragments/marks.ts";
import { codeOf, wordsOf } from "./model/errors.ts";
import { chosenOperation, hindrance, mayRequest, type Product, productsFor } from "./model/offer.ts";
import { property, state } from "./property.ts";
import { artifactField } from "./request/artifact-field.ts";
import { confirmation } from "./request/confirmation.ts";
import { type Details, noDetails, type Row } from "./request/details.ts";
import { detailsFields } from "./request/details-fields.ts";
import { imageFacts, registryFacts } from "./request/image-facts.ts";
import { checkImages, type Images } from "./request/images.ts";
import { listResults } from "./request/list-results.ts";
import { preview } from "./request/preview.ts";
import { noProductPicker, productIds, productPicker } from "./request/product-picker.ts";
import { type LookedAt, lookIntoRegistry } from "./request/registry-look.ts";
import { type Readiness, readinessOf } from "./request/sendable.ts";
import { Sending } from "./request/sending.ts";
import { requestStyles } from "./request/styles.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";

/** In milliseconds: the pause in typing before something is said, or a long text is checked. */
const calm = { saying: 900, checking: 250 };

/** The check of a text with this number of characters takes so long that typing would stumble. */
const longText = 20_000;

/**
 * `<ocisign-request>`: asks for signatures, of one image or of a list.
 *
 * @fires ocisign-requested - for each request that the service accepted
 * @fires ocisign-open - when the person chooses one of them
 * @fires ocisign-error - also for each request that failed
 *
 * @csspart heading - the element's own heading
 * @csspart form - the form
 * @csspart field - one field of the form
 * @csspart send - the button that sends
 * @csspart product - facts of the chosen product
 * @csspart warning - that the person may not request by it
 * @csspart image - the image that would be signed
 * @csspart registry - its description by the registry
 * @csspart list - the check of many lines
 * @csspart results - the outcome of each
 * @csspart details - the details for approvers
 * @csspart metadata - the rows of metadata
 * @csspart preview - the exact JSON of the request
 * @csspart confirmation - the request that the service accepted
 * @csspart reference-error - the place of an error in a reference, and its reason
 * @csspart state - a state of a request, in words, with its code
 */
export class OcisignRequest extends OcisignElement {
  /** @internal */
  static override styles = [shared, markedReferenceStyles, requestStyles];

  /** The product that is chosen. Attribute `product-id`. */
  @property({ attribute: "product-id" }) productId: ProductId | undefined;
  /** The operation that is chosen. Attribute `operation-id`. */
  @property({ attribute: "operation-id" }) operationId: OperationId | undefined;
  /** What stands in the artifact field. Attribute `artifact`. */
  @property() artifact = "";

  /** What the request says beside the image. @internal */
  @state() details: Details = noDetails;
  /** Words that find a product. @internal */
  @state() filter = "";
  /** @internal */
  @state() isPreviewOpen = false;
  /** The person wants the right lines of a list sent, though others are wrong. @internal */
  @state() keepsGoing = false;
  /** What stands in the artifact field. */
  #images: Images = { kind: "none" };
  #readiness: Readiness = {};
  #reading: Products = new Products(this);
  #look: Reading<ImageDescription, LookedAt> = new Reading(this, lookIntoRegistry(this));
  #sending = new Sending(this);
  #online = new Online(this);
  #saying = new Calm(this, calm.saying);
  #checking = new Calm(this, calm.checking);
  /** What `#images` was found in. */
  #checked: { text?: string; product?: Product | undefined; products?: readonly Product[] | undefined } = {};
  /** Other products that sign for the image. */
  #others: readonly Product[] = [];
  #rows = 0;

  /** The product that is chosen, as the service shows it. @internal */
  get product(): Product | undefined {
    return this.#reading.products?.find(({ id }) => id === this.productId);
  }

  /** @internal */
  override willUpdate(changed: PropertyValues) {
    if (changed.has("client")) this.#useClient();
    if (!this.productId) this.productId = this.#onlyProduct();
    if (this.#isUnchecked()) this.#check();
    this.#look.by(this.#lookedAt());
    this.#readiness = this.#readinessNow();
  }

  #useClient() {
    this.#sending.abort();
    this.error = undefined;
    this.#reading.use(this.client);
  }

  /** Where there is only one product, the person need not choose it. */
  #onlyProduct() {
    const usable = this.#reading.products?.filter((product) => !hindrance(product)) ?? [];
    return usable.length === 1 ? usable[0]?.id : undefined;
  }

  #isUnchecked() {
    const { text, product, products } = this.#checked;
    return text !== this.text || product !== this.product || products !== this.#reading.products;
  }

  /** What stands in the artifact field, also when a page removed the attribute. @internal */
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
    const { products } = this.#reading;
    // The choice was made for the list as it was.
    if (text !== this.#checked.text) this.keepsGoing = false;
    this.#checked = { text, product, products };
    this.#images = checkImages(text, product);
    this.#others = products ? this.#alternatives(products) : [];
    this.#saying.soon(() => this.say(this.#finding()));
  }

  /** Products that sign for the image, unless the one that is chosen does. */
  #alternatives(products: readonly Product[]) {
    const { product } = this;
    const images = this.#images;
    if (images.kind !== "one" || !images.reference || (product && !images.mismatch)) return [];
    return productsFor(products, images.reference);
  }

  /** What was found in the field, for screen readers. */
  #finding() {
    const { ready, wrong, repeated, fits } = strings.request;
    const images = this.#images;
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

  /** Another tag is the same image. */
  #lookedAt(): LookedAt | undefined {
    const images = this.#images;
    return images.kind === "one" && images.reference
      ? [images.reference.canonical, this.registry]
      : undefined;
  }

  #readinessNow(): Readiness {
    const { product, productId, operationId, details, keepsGoing } = this;
    if (this.#isUnchecked())
      return { obstacle: { field: "artifact", text: strings.request.obstacles.checking } };
    const isByIds = this.#isByIds();
    const images = this.#images;
    const batch = images.kind === "many" ? this.#sending.batch : undefined;
    const ofProduct = { product, productId, operationId, isByIds };
    return readinessOf({ ...ofProduct, images, details, batch, keepsGoing });
  }

  /** @internal */
  override render() {
    if (!this.client) return this.unconnected();
    return html`<section class="stack" aria-labelledby="heading">
      <h2 id="heading" part="heading">${strings.request.heading}</h2>
      ${this.#online.isOffline ? html`<p class="notice warn" role="status">${strings.request.offline}</p>` : nothing}
      ${this.#sending.list.jobs.length > 0 ? this.#results() : nothing}
      ${this.#sending.taken ? this.#confirmation(this.#sending.taken) : this.#form()}
      ${this.liveRegion()}
    </section>`;
  }

  #form() {
    return html`<form class="stack" part="form" ?hidden=${this.#sending.list.isRunning}
      @submit=${(event: Event) => event.preventDefault()}>
      <fieldset class="stack" ?disabled=${this.#sending.isUnderWay}>
        ${this.#productFields()}
        ${this.#artifactField()}
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

  #artifactField() {
    const { text, keepsGoing } = this;
    return artifactField(
      { text, images: this.#images, isChecking: this.#isUnchecked(), keepsGoing },
      {
        text: (typed) => this.#type(typed),
        keepGoing: (isChosen) => {
          this.keepsGoing = isChosen;
        },
      },
    );
  }

  #productFields() {
    const { products, error } = this.#reading;
    if (error) {
      return html`${noProductPicker(this.problem(error, () => this.#readAgain()))}
        ${this.#isByIds() ? this.#productIds() : nothing}`;
    }
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
        readAgain: () => this.#reading.read(),
      },
    );
  }

  /** The service lists no products to the person, who may still be allowed to request. */
  #isByIds() {
    return !this.#reading.products && codeOf(this.#reading.error) === "forbidden";
  }

  #productIds() {
    const { productId, operationId } = this;
    return productIds(
      { productId, operationId },
      {
        product: (id) => this.#name({ productId: id }),
        operation: (id) => this.#name({ operationId: id }),
      },
    );
  }

  #name(ids: { productId?: string; operationId?: string }) {
    Object.assign(this, ids);
    this.#sending.forgetDoubt();
  }

  #noProducts() {
    const { noProducts, readAgain } = strings.request;
    return html`<div class="notice stack tight"><p>${noProducts}</p>
      <p><button type="button" class="small" @click=${() => this.#readAgain()}>${readAgain}</button></p></div>`;
  }

  #imageFacts() {
    const { product } = this;
    const images = this.#images;
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
      ${registryFacts(this.#look, mismatch === undefined, () => this.#lookAgain())}
    </div>`;
  }

  #preview() {
    const { body } = this.#readiness;
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
    const { obstacle } = this.#readiness;
    const words = this.#sending.isInDoubt ? sendAgain : send(this.#count());
    return html`<div class="stack tight">
      ${this.problem(this.error, undefined, "request")}
      ${this.#sending.isInDoubt ? html`<p class="notice warn">${inDoubt}</p>` : nothing}
      <div class="row">
        <button id="send" part="send" type="button" class="primary ${this.#sending.isUnderWay ? "busy" : ""}"
          aria-disabled=${obstacle || this.#sending.isUnderWay ? "true" : nothing}
          aria-describedby=${obstacle ? "obstacle" : nothing}
          @click=${() => this.#sendOrSay()}>${this.#sending.isUnderWay ? sending : words}</button>
        ${
          obstacle
            ? html`<p id="obstacle" class="hint">${strings.common.notYet} ${visibleText(obstacle.text)}</p>`
            : nothing
        }
      </div>
    </div>`;
  }

  /** The number of requests that would be sent. */
  #count() {
    return this.#images.kind === "many" ? this.#images.ready.length : 1;
  }

  #confirmation({ signing, canonical }: NonNullable<Sending["taken"]>) {
    return confirmation(signing, canonical, {
      copyButton: (what, text) => this.copyButton(what, text),
      open: () => this.#open(signing.id),
      another: () => this.#sending.another(),
    });
  }

  #results() {
    return listResults(this.#sending.list, {
      open: (id) => this.#open(id),
      stop: () => this.#sending.list.stop(),
      goOn: () => this.#sending.goOn(),
      putBack: () => this.#sending.putBack(),
      close: () => this.#sending.close(),
    });
  }

  #open(id: string) {
    this.emit("ocisign-open", { id });
  }

  /** The pressed button is gone while it reads, and what took its place is gone afterwards. */
  async #readAgain() {
    const reading = this.#reading.read();
    await this.focusOn("#product");
    await reading;
    if (document.activeElement === document.body) await this.focusOn("#product");
  }

  #lookAgain() {
    this.#look.again();
    this.focusOn("#registry-heading");
  }

  #choose(id: string) {
    this.productId = id || undefined;
    this.operationId = undefined;
    this.#sending.forgetDoubt();
  }

  #type(text: string) {
    this.artifact = text;
    this.#sending.forgetDoubt();
  }

  #tell(change: Partial<Details>) {
    this.details = { ...this.details, ...change };
  }

  #addRow() {
    this.#rows += 1;
    const row = { key: this.#rows, name: "", value: "" };
    this.#tell({ metadata: [...this.details.metadata, row] });
    this.focusOn(`#name-${row.key}`);
  }

  #removeRow(row: Row) {
    const rows = this.details.metadata;
    const index = rows.findIndex(({ key }) => key === row.key);
    const next = rows[index + 1] ?? rows[index - 1];
    this.#tell({ metadata: rows.filter(({ key }) => key !== row.key) });
    this.say(strings.request.removed(index + 1));
    this.focusOn(next ? `#name-${next.key}` : "#add-row");
  }

  #sendOrSay() {
    if (this.#sending.isBusy) return;
    if (this.#isUnchecked()) this.#checkNow();
    const { obstacle } = this.#readinessNow();
    if (obstacle) {
      this.say(visibleText(obstacle.text));
      this.focusOn(obstacle.field === "metadata" ? "#add-row" : `#${obstacle.field}`);
      return;
    }
    if (this.#images.kind === "one" && this.#images.reference) this.#sending.one(this.#images.reference);
    if (this.#images.kind === "many") this.#sending.many(this.#images);
  }
}
