import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { Reading } from "../controllers/reading.js";
import { strings } from "../strings/index.js";
import { keysOfProduct, productOptions } from "./product-key.js";

/** With more products than these there is a field to filter them. */
const manyProducts = 12;

/** @typedef {import("ocisign").StoredProduct} StoredProduct */

/**
 * The field for the key of a product. The list is read once a client; the product that is chosen is read by itself, so
 * that its key is today's.
 */
export class ProductField {
  #host;
  /** @type {Reading<StoredProduct[]>} */
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
    this.#products = new Reading(host, ([client], signal) => client.products({ signal }));
    this.#product = new Reading(host, ([client, id], signal) => client.product(id, { signal }));
  }

  /** Asks the service for what is not there yet, if it is wanted. */
  read() {
    const { client, keyFrom, productId } = this.#host;
    const isWanted = client !== undefined && keyFrom === "product";
    if (isWanted) this.#products.by([client]);
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
    if (this.#products.state === "failed") return this.#host.problem(this.#products.error, this.#again);
    if (this.#products.state !== "read") return html`<p class="row busy">${strings.common.loading}</p>`;
    return html`${this.#picker(this.#products.value ?? [])} ${this.#chosen()}`;
  }

  /** @param {readonly StoredProduct[]} products */
  #picker(products) {
    const words = strings.verify;
    const { productId = "", tried } = this.#host;
    const isMissing = tried && productId === "";
    if (products.length === 0) return html`<p class="notice">${words.noProducts}</p>`;
    const options = productOptions(products, this.#words, productId);
    const isListed = products.some(({ id }) => id === productId);
    return html`${products.length > manyProducts ? this.#filter(options.length) : nothing}
      <label for="product">${words.product}</label>
      <select id="product" part="field" aria-required="true" aria-describedby="product-problem"
        aria-invalid=${isMissing ? "true" : nothing} @change=${this.#choose}>
        <option value="" .selected=${live(productId === "")}>${words.chooseProduct}</option>
        ${productId !== "" && !isListed ? html`<option value=${productId} .selected=${live(true)}>${productId}</option>` : nothing}
        ${options.map(({ id, label }) => html`<option value=${id} .selected=${live(id === productId)}>${label}</option>`)}
      </select>
      <p id="product-problem" class="bad">${isMissing ? words.productMissing : nothing}</p>`;
  }

  /** @param {number} count */
  #filter(count) {
    const { filterProducts, productsFound } = strings.verify;
    return html`<label for="product-filter">${filterProducts}</label>
      <input id="product-filter" part="field" type="search" autocomplete="off" aria-describedby="products-found"
        .value=${live(this.#words)} @input=${this.#narrow} />
      <p id="products-found" class="hint">${productsFound(count)}</p>`;
  }

  #chosen() {
    if (this.#product.state === "reading") return html`<p class="row busy">${strings.common.loading}</p>`;
    if (this.#product.state === "failed") return this.#host.problem(this.#product.error, this.#again);
    const { operations, problem } = this.#keys();
    if (problem) return this.#host.problem(problem);
    return operations.length > 1 ? this.#operationPicker(operations) : nothing;
  }

  /** @param {import("./product-key.js").OperationWithKey[]} operations */
  #operationPicker(operations) {
    const { operation, chooseOperation } = strings.verify;
    return html`<label for="operation">${operation}</label>
      <select id="operation" part="field" @change=${this.#chooseOperation}>
        <option value="">${chooseOperation}</option>
        ${operations.map(({ id, name }) => html`<option value=${id} .selected=${live(id === this.#operation)}>${name}</option>`)}
      </select>`;
  }

  #again = () => {
    if (this.#products.state === "failed") this.#products.again();
    if (this.#product.state === "failed") this.#product.again();
  };

  #narrow = (/** @type {any} */ { target }) => {
    this.#words = target.value;
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
