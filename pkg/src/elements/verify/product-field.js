import { html, nothing } from "lit";
import { Products } from "../controllers/products.js";
import { Reading } from "../controllers/reading.js";
import { busy } from "../fragments/busy.js";
import { choice, productFilter } from "../fragments/product-choice.js";
import { matching, titleOf, titlesOf } from "../model/product.js";
import { strings } from "../strings/index.ts";
import { keysOfProduct } from "./product-key.js";

/** @typedef {import("ocisign").StoredProduct} StoredProduct */

/**
 * The field for the key of a product. The list is read once a client; the product that is chosen is read by itself, so
 * that its key is today's.
 */
export class ProductField {
  #host;
  /** @type {Products} */
  #products;
  /** @type {Reading<StoredProduct>} */
  #product;
  #words = "";
  #operation = "";
  /** What the chosen product's keys were read from last. @type {{ product: StoredProduct, keys: ReturnType<typeof keysOfProduct> } | undefined} */
  #last = undefined;

  /** @param {import("../verify.js").OcisignVerify} host */
  constructor(host) {
    this.#host = host;
    this.#products = new Products(host);
    this.#product = new Reading(host, ([client, id], signal) => client.product(id, { signal }));
  }

  /** Asks the service for what is not there yet, if it is wanted. */
  read() {
    const { client, keyFrom, productId } = this.#host;
    const isWanted = client !== undefined && keyFrom === "product";
    if (isWanted) this.#products.use(client);
    this.#product.by(isWanted && productId ? [client, productId] : undefined);
  }

  /** The chosen key. @returns {import("./given-key.js").GivenKey} */
  get key() {
    const { operations, problem } = this.#keys();
    const chosen =
      operations.find(({ id }) => id === this.#operation) ??
      (operations.length === 1 ? operations[0] : undefined);
    return { key: chosen?.key, problem };
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

  /** @param {readonly StoredProduct[]} products */
  #picker(products) {
    const words = strings.verify;
    const { product, chooseProduct } = strings.common;
    const { productId = "", tried } = this.#host;
    const isMissing = tried && productId === "";
    if (products.length === 0) return html`<p class="notice">${words.noProducts}</p>`;
    const shown = matching(products, this.#words, productId);
    const titles = titlesOf(products);
    const isListed = products.some(({ id }) => id === productId);
    return html`${productFilter({ words: this.#words, shown: shown.length, all: products.length, onWords: this.#narrow })}
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

  /** @param {import("./product-key.js").OperationWithKey[]} operations */
  #operationPicker(operations) {
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
    // What was pressed goes away.
    /** @type {HTMLElement | null} */ (
      this.#host.renderRoot.querySelector("[name=key-from]:checked")
    )?.focus();
  };

  #narrow = (/** @type {string} */ words) => {
    this.#words = words;
    this.#host.requestUpdate();
  };

  #choose = (/** @type {any} */ { target }) => {
    this.#host.productId = target.value || undefined;
    this.#operation = "";
  };

  #chooseOperation = (/** @type {any} */ { target }) => {
    this.#operation = target.value;
    this.#host.requestUpdate();
  };
}
