import { html, nothing } from "lit";
import type { ProductId, SigningClient, StoredProduct } from "ocisign";
import type { OcisignElement } from "../base.ts";
import { Products } from "../controllers/products.ts";
import { Reading } from "../controllers/reading.ts";
import { valueIn } from "../fragments/event-values.ts";
import { busy } from "../fragments/marks.ts";
import { choice, productFilter } from "../fragments/product-choice.ts";
import { matching, titleOf, titlesOf } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import type { GivenKey } from "./given-key.ts";
import { keysOfProduct, type OperationWithKey } from "./product-key.ts";

/** The element that the field belongs to. */
interface Host extends OcisignElement {
  productId: ProductId | undefined;
  readonly keyFrom: "given" | "product";
  readonly tried: boolean;
}

/** The field for a product's key. It reads the list once a client, and the chosen product each time it is chosen. */
export class ProductField {
  #host;
  #products: Products;
  #product: Reading<StoredProduct, readonly [SigningClient, ProductId]>;
  #words = "";
  #operation = "";
  /** What the chosen product's keys were read from last. */
  #last: { product: StoredProduct; keys: ReturnType<typeof keysOfProduct> } | undefined = undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#products = new Products(host);
    this.#product = new Reading(host, ([client, id], signal) => client.product(id, { signal }));
  }

  /** Reads the products and the chosen product, where that is wanted and not done yet. */
  read() {
    const { client, keyFrom, productId } = this.#host;
    const isWanted = client !== undefined && keyFrom === "product";
    if (isWanted) this.#products.use(client);
    this.#product.by(isWanted && productId ? [client, productId] : undefined);
  }

  /** The chosen key. */
  get key(): GivenKey {
    const { operations } = this.#keys();
    const chosen =
      operations.find(({ id }) => id === this.#operation) ??
      (operations.length === 1 ? operations[0] : undefined);
    return { key: chosen?.key };
  }

  #keys() {
    const { client } = this.#host;
    const { value: product } = this.#product;
    if (!product || !client) return { operations: [], problem: undefined };
    if (this.#last?.product !== product)
      this.#last = { product, keys: keysOfProduct(product, client.profile) };
    return this.#last.keys;
  }

  template() {
    const { products, error } = this.#products;
    if (error !== undefined) return this.#host.problem(error, this.#again);
    if (!products) return busy(strings.common.loading);
    return html`${this.#picker(products)} ${this.#chosen()}`;
  }

  #picker(products: readonly StoredProduct[]) {
    const words = strings.verify;
    const { product, chooseProduct } = strings.common;
    const { productId = "", tried } = this.#host;
    const isMissing = tried && productId === "";
    if (products.length === 0) return html`<p class="notice">${words.noProducts}</p>`;
    const shown = matching(products, this.#words, productId);
    const titles = titlesOf(products);
    const isListed = products.some(({ id }) => id === productId);
    const counts = { shown: shown.length, all: products.length };
    return html`${productFilter({ words: this.#words, ...counts, onWords: this.#narrow })}
      <label for="product">${product}</label>
      <select id="product" part="field" aria-required="true" aria-describedby="product-problem"
        aria-invalid=${isMissing ? "true" : nothing} @change=${this.#choose}>
        ${choice("", chooseProduct, productId === "")}
        ${productId !== "" && !isListed ? choice(productId, titleOf({ id: productId }), true) : nothing}
        ${shown.map((it) => choice(it.id, titles.get(it) ?? "", it.id === productId))}
      </select>
      <p id="product-problem" class="bad">${isMissing ? words.productMissing : nothing}</p>`;
  }

  #chosen() {
    if (this.#product.state === "reading") return busy(strings.common.loading);
    if (this.#product.state === "failed") return this.#host.problem(this.#product.error, this.#again);
    const { operations, problem } = this.#keys();
    if (problem) return this.#host.problem(problem);
    return operations.length > 1 ? this.#operationPicker(operations) : nothing;
  }

  #operationPicker(operations: OperationWithKey[]) {
    const { operation, chooseOperation } = strings.common;
    return html`<label for="operation">${operation}</label>
      <select id="operation" part="field" @change=${this.#chooseOperation}>
        ${choice("", chooseOperation, this.#operation === "")}
        ${operations.map(({ id, name }) => choice(id, name, id === this.#operation))}
      </select>`;
  }

  #again = () => {
    if (this.#products.error !== undefined) this.#products.read();
    if (this.#product.state === "failed") this.#product.again();
    // The pressed button goes away.
    this.#host.renderRoot.querySelector<HTMLElement>("[name=key-from]:checked")?.focus();
  };

  #narrow = (words: string) => {
    this.#words = words;
    this.#host.requestUpdate();
  };

  #choose = (event: Event) => {
    this.#host.productId = valueIn(event) || undefined;
    this.#operation = "";
  };

  #chooseOperation = (event: Event) => {
    this.#operation = valueIn(event);
    this.#host.requestUpdate();
  };
}
