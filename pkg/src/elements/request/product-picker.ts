// Which product signs, and by which operation.
import { html, nothing } from "lit";
import { registriesOf, signingOperations } from "ocisign";
import { asText } from "../../shown/as-text.ts";
import { lifeOf } from "../../shown/product-life.ts";
import { valueIn } from "../fragments/event-values.ts";
import { choice, productFilter } from "../fragments/product-choice.ts";
import {
  chosenOperation,
  hindrance,
  matching,
  type Operation,
  type Product,
  titleOf,
  titlesOf,
} from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

export function productPicker(
  {
    products,
    productId,
    operationId,
    filter,
    mayNot,
  }: {
    products: readonly Product[];
    productId: string | undefined;
    operationId: string | undefined;
    filter: string;
    /** The person's groups may not request this. */
    mayNot: boolean;
  },
  on: {
    product: (id: string) => void;
    operation: (id: string) => void;
    filter: (words: string) => void;
    readAgain: () => void;
  },
) {
  const product = products.find(({ id }) => id === productId);
  const shown = matching(products, filter, productId);
  const titles = titlesOf(products);
  return html`
    ${productFilter({ words: filter, shown: shown.length, all: products.length, onWords: on.filter })}
    <div class="field">
      ${productLabel(on.readAgain)}
      <select id="product" part="field" aria-describedby="product-facts"
        @change=${(event: Event) => on.product(valueIn(event))}>
        ${choice("", strings.common.chooseProduct, !product)}
        ${shown.map((it) => productChoice(it, titles.get(it) ?? "", it === product))}
      </select>
      <div id="product-facts" class="stack tight">
        ${productId && !product ? unknownProduct(productId) : nothing}
        ${product ? productFacts(product, chosenOperation(product, operationId)) : nothing}
      </div>
    </div>
    ${product ? operationField(product, operationId, on.operation) : nothing}
    ${mayNot ? html`<p class="notice warn" part="warning">${strings.request.mayNot}</p>` : nothing}`;
}

/**
 * While there is nothing to choose from.
 *
 * @param state what to say in its place
 */
export function noProductPicker(state: unknown) {
  return html`<div class="field"><p class="label">${strings.common.product}</p>
    <div id="product" tabindex="-1">${state}</div></div>`;
}

/**
 * Where the service lists no products to the person: the ids, as the product's owner gives them.
 */
export function productIds(
  { productId, operationId }: { productId: string | undefined; operationId: string | undefined },
  on: { product: (id: string) => void; operation: (id: string) => void },
) {
  const words = strings.request;
  return html`<p class="notice warn" part="warning">${words.productsWithheld}</p>
    ${idField("product-id", words.productId, productId, on.product)}
    ${idField("operation-id", words.operationId, operationId, on.operation)}`;
}

function idField(name: string, label: string, id: string | undefined, onInput: (id: string) => void) {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input id=${name} part="field" autocomplete="off" spellcheck="false" .value=${id ?? ""}
      @input=${(event: Event) => onInput(valueIn(event).trim())}>
  </div>`;
}

function productLabel(readAgain: () => void) {
  return html`<div class="row between">
    <label for="product">${strings.common.product}</label>
    <button type="button" class="small plain" @click=${readAgain}>${strings.request.readAgain}</button>
  </div>`;
}

function productChoice(product: Product, title: string, isChosen: boolean) {
  const { hindered, hindrances } = strings.request;
  const why = hindrance(product);
  const reason =
    why === "notReady"
      ? hindrances.notReady(titleOf({ name: lifeOf(product)?.text }))
      : why && hindrances[why];
  return choice(product.id, reason ? hindered(title, reason) : title, isChosen, reason !== undefined);
}

function unknownProduct(productId: string) {
  return html`<p class="warn small">${strings.request.unknownProduct} ${exact(productId)}</p>`;
}

function productFacts(product: Product, operation: Operation | undefined) {
  const words = strings.request;
  const registries = registriesOf(product);
  const keyType = operation?.token?.keyType;
  const about = asText(product.description);
  const state = lifeOf(product)?.text;
  return html`<dl class="aside small" part="product">
    <div><dt>${words.registry}</dt>
      <dd>${registries.length > 0 ? registries.map((it) => exact(it)) : words.noRegistry}</dd></div>
    ${keyType ? html`<div><dt>${words.keyType}</dt><dd>${exact(keyType)}</dd></div>` : nothing}
    ${state ? html`<div><dt>${words.productState}</dt><dd>${exact(state)}</dd></div>` : nothing}
    ${about ? html`<div><dt>${words.about}</dt><dd>${prose(about)}</dd></div>` : nothing}
  </dl>`;
}

/** Only when there is something to choose. */
function operationField(
  product: Product,
  operationId: string | undefined,
  onOperation: (id: string) => void,
) {
  const operations = signingOperations(product);
  const chosen = chosenOperation(product, operationId);
  if (operations.length === 0 || (operations.length === 1 && chosen)) return nothing;
  const { operation, chooseOperation } = strings.common;
  return html`<div class="field">
    <label for="operation">${operation}</label>
    <select id="operation" part="field" @change=${(event: Event) => onOperation(valueIn(event))}>
      ${choice("", chooseOperation, !chosen)}
      ${operations.map((it) => operationChoice(it, it === chosen))}
    </select>
    ${chosen?.description ? html`<p class="hint">${prose(chosen.description)}</p>` : nothing}
  </div>`;
}

function operationChoice(operation: Operation, isChosen: boolean) {
  const { hindered, noOperationId } = strings.request;
  const { id } = operation;
  if (typeof id === "string" && id !== "") return choice(id, titleOf(operation), isChosen);
  return choice("", hindered(titleOf(operation), noOperationId), false, true);
}
