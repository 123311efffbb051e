import { html, nothing, type PropertyValues } from "lit";
import type { ImageDescription, OperationId, ProductId, Signing, SigningClient } from "ocisign";
import type { TaggedImage } from "../image/tagged.ts";
import { asText } from "../shown/as-text.ts";
import { visibleText } from "../shown/hidden-characters.ts";
import { keyFor } from "../shown/product-key.ts";
import { viewOf } from "../shown/request-view.ts";
import { addressBy } from "./approvals/address.ts";
import { OcisignElement } from "./base.ts";
import { Calm } from "./controllers/calm.ts";
import { Online } from "./controllers/online.ts";
import { Products } from "./controllers/products.ts";
import { Reading } from "./controllers/reading.ts";
import { markedReferenceStyles } from "./fragments/marked-reference.ts";
import { busy } from "./fragments/marks.ts";
import { save } from "./fragments/save.ts";
import { codeOf, wordsOf } from "./model/errors.ts";
import { chosenOperation, hindrance, mayRequest, type Product, productsFor } from "./model/offer.ts";
import { property, state } from "./property.ts";
import { artifactField } from "./request/artifact-field.ts";
import { BatchWatch } from "./request/batch-watch.ts";
import { confirmation } from "./request/confirmation.ts";
import { type Details, noDetails, type Row } from "./request/details.ts";
import { detailsFields } from "./request/details-fields.ts";
import { earlierNotice } from "./request/earlier-notice.ts";
import { EarlierReading } from "./request/earlier-reading.ts";
import { imageFacts, registryFacts } from "./request/image-facts.ts";
import { checkImages, type Images, rewritten } from "./request/images.ts";
import { drawNumbers, goToLine } from "./request/line-numbers.ts";
import { isStanding } from "./request/list-check.ts";
import { listResults } from "./request/list-results.ts";
import { prefillOf, type RequestPrefill } from "./request/prefill.ts";
import { preview } from "./request/preview.ts";
import { noProductPicker, productIds, productPicker } from "./request/product-picker.ts";
import { mostUnasked, RegistryChecks } from "./request/registry-checks.ts";
import { type LookedAt, lookIntoRegistry } from "./request/registry-look.ts";
import { type Readiness, readinessOf } from "./request/sendable.ts";
import { Sending } from "./request/sending.ts";
import { requestStyles } from "./request/styles.ts";
import { tagFacts } from "./request/tag-facts.ts";
import { lookAtTag, resolveAll, type TagLookedAt, withDigest } from "./request/tags.ts";
import { strings } from "./strings/index.ts";
import { shared } from "./styles.ts";
import { prose } from "./text/text-element.ts";

/** A request that is to be requested again, and who reads it. */
type AgainKey = [id: string, client: SigningClient];

/** In milliseconds: the pause in typing before something is said, or a long text is checked. */
const calm = { saying: 900, checking: 250 };

/** The check of a text with this number of characters takes so long that typing would stumble. */
const longText = 20_000;

/**
 * `<ocisign-request>`: asks for signatures, of one image or of a list.
 *
 * @fires ocisign-requested - for each request that the service accepted
 * @fires ocisign-open - when the person chooses one of them, or an earlier one of the same image
 * @fires ocisign-batch - when the person sends a list, or closes its results
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
 * @csspart tag - what the registry says that a tag names
 * @csspart asked-before - earlier requests of the same image
 * @csspart list - the check of many lines
 * @csspart results - the outcome of each
 * @csspart batch-link - the link to them in the queue
 * @csspart details - the details for approvers
 * @csspart metadata - the rows of metadata
 * @csspart preview - the exact JSON of the request
 * @csspart confirmation - the request that the service accepted
 * @csspart commands - the commands that go on from there
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
  /**
   * What the fields begin with. It takes the place of what stands there. {@link prefillOf} makes it of another request.
   */
  @property({ attribute: false }) prefill: RequestPrefill | undefined;
  /** The id of a request that is to be requested again: the fields begin with what it says. Attribute `again`. */
  @property() again: string | undefined;
  /** A batch that was sent from here: its results are shown. Attribute `batch`. */
  @property() batch: string | undefined;
  /** The address of a request, for approvers. Without it, no link is offered. */
  @property({ attribute: false }) hrefOf: ((signing: Signing) => string) | undefined;
  /** The address of a batch in the queue. Without it, no link is offered. */
  @property({ attribute: false }) hrefOfBatch: ((batch: string) => string) | undefined;

  /** What the request says beside the image. @internal */
  @state() details: Details = noDetails;
  /** Words that find a product. @internal */
  @state() filter = "";
  /** @internal */
  @state() isPreviewOpen = false;
  /** The person wants the right lines of a list sent, though others are wrong. @internal */
  @state() keepsGoing = false;
  /** What waits or is signed already is left out of a list. @internal */
  @state() leavesOut = true;
  /** Tags of a list are being looked up. @internal */
  @state() isResolving = false;
  /** What stands in the artifact field. */
  #images: Images = { kind: "none" };
  #readiness: Readiness = {};
  #reading: Products = new Products(this);
  #look: Reading<ImageDescription, LookedAt> = new Reading(this, lookIntoRegistry(this));
  #tagLook: Reading<ImageDescription, TagLookedAt> = new Reading(this, lookAtTag(this));
  #again: Reading<Signing, AgainKey> = new Reading(this, ([id, client], signal) =>
    client.signing(id, { signal }),
  );
  #earlier = new EarlierReading(this);
  #checks = new RegistryChecks(this);
  /** By the text of a line: why its tag was not resolved. */
  #unresolved: ReadonlyMap<string, unknown> = new Map();
  #sending = new Sending(this);
  #batches = new BatchWatch(this, (signings) => this.#foundBatch(signings));
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
    this.#beginAgain();
    if (changed.has("prefill") && this.prefill) this.#begin(this.prefill);
    if (!this.productId) this.productId = this.#onlyProduct();
    if (this.#isUnchecked()) this.#check();
    this.#look.by(this.#lookedAt());
    this.#tagLook.by(this.#tagLookedAt());
    this.#askAround();
    this.#batches.by(this.client, this.watchedBatches);
    this.#readiness = this.#readinessNow();
  }

  /** @internal */
  override updated() {
    this.#drawNumbers();
  }

  #drawNumbers = () => {
    const images = this.#images;
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>("#artifact");
    const margin = this.renderRoot.querySelector<HTMLElement>("#line-numbers");
    if (!field || !margin || images.kind !== "many") return;
    drawNumbers(field, margin, new Set(images.wrong.map(({ line }) => line)));
  };

  #toLine(line: number) {
    const field = this.renderRoot.querySelector<HTMLTextAreaElement>("#artifact");
    if (field) goToLine(field, line);
  }

  /** The form as another request was. */
  #beginAgain() {
    const { again, client } = this;
    this.#again.by(again && client ? [again, client] : undefined);
    const { value } = this.#again;
    if (!value || this.#begunWith === value) return;
    this.#begunWith = value;
    this.#begin(prefillOf(value));
  }

  #begunWith: Signing | undefined;

  #begin({ artifact, productId, operationId, name, description, metadata }: RequestPrefill) {
    if (artifact !== undefined) this.artifact = artifact;
    if (productId !== undefined) this.productId = productId;
    if (productId !== undefined || operationId !== undefined) this.operationId = operationId;
    const rows = metadata?.map((row) => ({ ...row, key: this.#newRow() }));
    this.details = {
      ...this.details,
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(rows && { metadata: rows }),
    };
    this.#sending.taken = undefined;
    this.#sending.forgetDoubt();
  }

  /** What the service has of these images, and what their registry has. */
  #askAround() {
    const { client, product, operationId } = this;
    const images = this.#images;
    const canonicals = images.kind === "many" ? images.ready.map(({ canonical }) => canonical) : [];
    const isOne = images.kind === "one" && images.reference && !images.mismatch;
    const operation = chosenOperation(product, operationId);
    const asked = product && { productId: product.id, operationId: operation?.id };
    if (isOne || canonicals.length > 0) this.#earlier.by(client, asked);
    this.#checks.use(this.#keyNow());
    const unasked = isOne && images.reference ? [] : canonicals.slice(0, mostUnasked);
    this.#checks.ask(unasked);
  }

  /** The key whose signatures count: the product's, where it shows one. */
  #keyNow(): string | undefined {
    const { client, product, operationId } = this;
    const { of } = this.#key;
    const isSame = of[0] === client && of[1] === product && of[2] === operationId;
    if (!isSame) this.#key = { of: [client, product, operationId], pem: this.#readKey() };
    return this.#key.pem;
  }

  #key: { of: readonly unknown[]; pem: string | undefined } = { of: [], pem: undefined };

  #readKey(): string | undefined {
    const { client, product, operationId } = this;
    if (!client || !product) return undefined;
    try {
      const { profile } = client;
      const operation = chosenOperation(product, operationId)?.id;
      return keyFor({ product, productId: product.id, unread: undefined, operation, profile }).key.pem;
    } catch {
      // Without a key nothing can be said of signatures; the page says that where it verifies.
      return undefined;
    }
  }

  /** Images of a list that are not sent, since they wait or are signed already. */
  #left(): ReadonlySet<string> {
    const images = this.#images;
    if (images.kind !== "many" || !this.leavesOut) return new Set();
    const canonicals = images.ready.map(({ canonical }) => canonical);
    return new Set(canonicals.filter((it) => isStanding(this.#earlier.of(it))));
  }

  /** @internal */
  sent() {
    this.#earlier.forget();
  }

  /** The batches whose results are shown. @internal */
  get watchedBatches(): readonly string[] {
    const { list } = this.#sending;
    if (list.jobs.length > 0) return list.isRunning ? [] : list.batches;
    return this.batch ? [this.batch] : [];
  }

  #foundBatch(signings: readonly Signing[]) {
    const { list } = this.#sending;
    if (list.jobs.length > 0 || !this.batch || signings.length === 0) return;
    list.show(signings, (signing) => viewOf(signing).image?.canonical ?? "", this.batch);
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
    if (text !== this.#checked.text) Object.assign(this, { keepsGoing: false, leavesOut: true });
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
    return images.reference ? fits(images.reference.canonical) : "";
  }

  /** Another tag is the same image. */
  #lookedAt(): LookedAt | undefined {
    const images = this.#images;
    return images.kind === "one" && images.reference
      ? [images.reference.canonical, this.registry]
      : undefined;
  }

  /** Only a tag of the product's registry is worth a look. */
  #tagLookedAt(): TagLookedAt | undefined {
    const images = this.#images;
    return images.kind === "one" && images.tagged && !images.mismatch
      ? [images.text, this.registry]
      : undefined;
  }

  #takeDigest() {
    const images = this.#images;
    const { value } = this.#tagLook;
    if (images.kind !== "one" || !value) return;
    this.#type(withDigest(images.text, value));
    this.say(strings.request.digestTaken);
    this.focusOn("#artifact");
  }

  /** Writes the digests of all tags of the list beside them. */
  async #resolveTags() {
    const images = this.#images;
    if (images.kind !== "many" || this.isResolving) return;
    const texts = images.wrong.filter(({ isTagged }) => isTagged).map(({ text }) => text.trim());
    this.isResolving = true;
    try {
      const { resolved, failed } = await resolveAll(this, texts, this.#sending.signal);
      this.#unresolved = failed;
      // What was typed meanwhile stays.
      if (resolved.size > 0) this.#type(rewritten(this.text, resolved));
      this.say(strings.request.resolved(resolved.size, failed.size));
    } finally {
      this.isResolving = false;
    }
    this.focusOn("#artifact");
  }

  #readinessNow(): Readiness {
    const { product, productId, operationId, details, keepsGoing } = this;
    if (this.#isUnchecked())
      return { obstacle: { field: "artifact", text: strings.request.obstacles.checking } };
    const isByIds = this.#isByIds();
    const images = this.#images;
    const batch = images.kind === "many" ? this.#sending.batch : undefined;
    const ofProduct = { product, productId, operationId, isByIds };
    return readinessOf({ ...ofProduct, images, details, batch, keepsGoing, left: this.#left() });
  }

  /** @internal */
  override render() {
    if (!this.client) return this.unconnected();
    return html`<section class="stack" aria-labelledby="heading">
      <h2 id="heading" part="heading">${strings.request.heading}</h2>
      ${this.#online.isOffline ? html`<p class="notice warn" role="status">${strings.request.offline}</p>` : nothing}
      ${this.problem(this.#again.error, () => this.#again.again())}
      ${this.#sending.list.jobs.length > 0 ? this.#results() : this.#noResults()}
      ${this.#sending.taken ? this.#confirmation(this.#sending.taken) : this.#form()}
      ${this.liveRegion()}
    </section>`;
  }

  #form() {
    return html`<form class="stack" part="form" ?hidden=${this.#sending.list.isRunning}
      @submit=${(event: Event) => event.preventDefault()}>
      <fieldset class="stack" ?disabled=${this.#sending.isUnderWay}>
        <div class="columns">
          <div class="stack">
            ${this.#productFields()}
            ${this.#artifactField()}
            ${this.#imageFacts()}
          </div>
          ${detailsFields(this.details, this.#repository(), {
            change: (change) => this.#tell(change),
            addRow: () => this.#addRow(),
            removeRow: (row) => this.#removeRow(row),
          })}
        </div>
      </fieldset>
      ${this.#preview()} ${this.#sendButton()}
    </form>`;
  }

  /** What the request is called unless the person names it. */
  #repository() {
    const images = this.#images;
    return images.kind === "one" ? (images.reference ?? images.tagged)?.repository : undefined;
  }

  #artifactField() {
    const { text, keepsGoing, leavesOut, isResolving } = this;
    const list = {
      ...{ keepsGoing, leavesOut, isResolving, unresolved: this.#unresolved },
      earlier: (canonical: string) => this.#earlier.of(canonical),
      held: (canonical: string) => this.#checks.of(canonical),
    };
    const images = this.#images;
    return artifactField(
      { text, images, isChecking: this.#isUnchecked(), list },
      {
        text: (typed) => this.#type(typed),
        scrolled: this.#drawNumbers,
        toLine: (line) => this.#toLine(line),
        resolve: () => this.#resolveTags(),
        checkAll: () => {
          if (images.kind === "many") this.#checks.ask(images.ready.map(({ canonical }) => canonical));
          this.requestUpdate();
          this.focusOn("#artifact");
        },
        leaveOut: (isChosen) => {
          this.leavesOut = isChosen;
        },
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
    if (images.kind !== "one") return nothing;
    if (images.tagged) return this.#tagFacts(images.tagged, images.mismatch);
    if (!images.reference) return nothing;
    const { reference, mismatch } = images;
    return html`<div class="panel stack tight">
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
      ${earlierNotice(this.#earlier.of(reference.canonical), (id) => this.#open(id))}
    </div>`;
  }

  #tagFacts(tagged: TaggedImage, mismatch: unknown) {
    if (mismatch)
      return html`<div class="notice bad" id="mismatch">${prose(wordsOf(mismatch).message)}</div>`;
    return tagFacts(tagged, this.#tagLook, {
      copyButton: (what, text) => this.copyButton(what, text),
      take: () => this.#takeDigest(),
      again: () => this.#tagLook.again(),
    });
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
    const { send, sending, sendAgain, sendOnceMore, inDoubt, earlierUnread } = strings.request;
    const { obstacle } = this.#readiness;
    const usual = this.#isStanding() ? sendOnceMore : send(this.#count());
    const words = this.#sending.isInDoubt ? sendAgain : usual;
    return html`<div class="send stack tight">
      ${this.problem(this.error, undefined, "request")}
      ${this.#sending.isInDoubt ? html`<p class="notice warn">${inDoubt}</p>` : nothing}
      ${this.#earlier.isUnknown ? html`<p class="hint">${earlierUnread}</p>` : nothing}
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

  /** One image, which waits or is signed already. */
  #isStanding() {
    const images = this.#images;
    return (
      images.kind === "one" && !!images.reference && isStanding(this.#earlier.of(images.reference.canonical))
    );
  }

  /** The number of requests that would be sent. */
  #count() {
    return this.#images.kind === "many" ? this.#images.ready.length - this.#left().size : 1;
  }

  #confirmation({ signing, canonical }: NonNullable<Sending["taken"]>) {
    const address = addressBy(this.hrefOf)({ signing });
    const link = address && new URL(address, document.baseURI).href;
    return confirmation(signing, canonical, link, {
      copyButton: (what, text) => this.copyButton(what, text),
      open: () => this.#open(signing.id),
      another: () => this.#sending.another(),
    });
  }

  /** A batch that the address names is being read, or there is none. */
  #noResults() {
    if (!this.batch) return nothing;
    const { readingBatch, noneOfBatch } = strings.request;
    if (this.#batches.error) return this.problem(this.#batches.error, () => this.#batches.again());
    if (!this.#batches.isRead) return html`<div role="status">${busy(readingBatch)}</div>`;
    return html`<p class="notice" role="status">${visibleText(noneOfBatch(this.batch), "exact")}</p>`;
  }

  #results() {
    const addressOf = (batch: string) =>
      addressBy(this.hrefOfBatch && (() => this.hrefOfBatch?.(batch) ?? ""))({ signing: {} as Signing });
    return listResults(
      this.#sending.list,
      { now: this.#batches.now, addressOf },
      {
        copyButton: (what, text) => this.copyButton(what, text),
        save: (text) => save("requests.csv", "text/csv", text),
        open: (id) => this.#open(id),
        stop: () => this.#sending.list.stop(),
        goOn: () => this.#sending.goOn(),
        putBack: () => this.#sending.putBack(),
        close: () => this.#sending.close(),
      },
    );
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
    const row = { key: this.#newRow(), name: "", value: "" };
    this.#tell({ metadata: [...this.details.metadata, row] });
    this.focusOn(`#name-${row.key}`);
  }

  #newRow() {
    this.#rows += 1;
    return this.#rows;
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
      this.focusOn(this.#placeOf(obstacle.field));
      return;
    }
    if (this.#images.kind === "one" && this.#images.reference) this.#sending.one(this.#images.reference);
    if (this.#images.kind === "many") this.#sending.many(this.#images, this.#left());
  }

  /** Where a person removes an obstacle. A digest can be taken only once the registry has named it. */
  #placeOf(field: NonNullable<Readiness["obstacle"]>["field"]) {
    if (field === "metadata") return "#add-row";
    return field === "take-digest" && !this.#tagLook.value ? "#artifact" : `#${field}`;
  }
}
