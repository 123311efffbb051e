// Which product signs, and by which operation.
import { html, nothing } from "lit";
import { choice, productFilter } from "../fragments/product-choice.js";
import {
  chosenOperation,
  hindrance,
  matching,
  registriesOf,
  signingOperations,
  titleOf,
  titlesOf,
} from "../model/product.js";
import { strings } from "../strings/index.ts";
import { asText } from "../text/as-text.ts";
import { exact, prose } from "../text/text-element.ts";

/**
 * @param {object} given
 * @param {readonly import("../model/product.js").Product[]} given.products
 * @param {string | undefined} given.productId @param {string | undefined} given.operationId
 * @param {string} given.filter
 * @param {boolean} given.mayNot the person's groups may not request this
 * @param {object} on
 * @param {(id: string) => void} on.product @param {(id: string) => void} on.operation @param {(words: string) => void} on.filter
 * @param {() => void} on.readAgain
 */
export function productPicker({ products, productId, operationId, filter, mayNot }, on) {
  const product = products.find(({ id }) => id === productId);
  const shown = matching(products, filter, productId);
  const titles = titlesOf(products);
  return html`
    ${productFilter({ words: filter, shown: shown.length, all: products.length, onWords: on.filter })}
    <div class="field">
      ${productLabel(on.readAgain)}
      <select id="product" part="field" aria-describedby="product-facts" @change=${(/** @type {any} */ event) => on.product(event.target.value)}>
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

/** While there is nothing to choose from. @param {unknown} state what to say in its place */
export function noProductPicker(state) {
  return html`<div class="field"><p class="label">${strings.common.product}</p><div id="product" tabindex="-1">${state}</div></div>`;
}

/** @param {() => void} readAgain */
function productLabel(readAgain) {
  return html`<div class="row between">
    <label for="product">${strings.common.product}</label>
    <button type="button" class="small plain" @click=${readAgain}>${strings.request.readAgain}</button>
  </div>`;
}

/** @param {import("../model/product.js").Product} product @param {string} title @param {boolean} isChosen */
function productChoice(product, title, isChosen) {
  const { hindered, hindrances } = strings.request;
  const why = hindrance(product);
  return choice(product.id, why ? hindered(title, hindrances[why]) : title, isChosen, why !== undefined);
}

/** @param {string} productId */
function unknownProduct(productId) {
  return html`<p class="warn small">${strings.request.unknownProduct} ${exact(productId)}</p>`;
}

/** @param {import("../model/product.js").Product} product @param {import("../model/product.js").Operation | undefined} operation */
function productFacts(product, operation) {
  const words = strings.request;
  const registries = registriesOf(product);
  const keyType = operation?.token?.keyType;
  const about = asText(product.description);
  return html`<dl class="aside small" part="product">
    <div><dt>${words.registry}</dt>
      <dd>${registries.length > 0 ? registries.map((it) => exact(it)) : words.noRegistry}</dd></div>
    ${keyType ? html`<div><dt>${words.keyType}</dt><dd>${exact(keyType)}</dd></div>` : nothing}
    ${about ? html`<div><dt>${words.about}</dt><dd>${prose(about)}</dd></div>` : nothing}
  </dl>`;
}

/** Only when there is something to choose. @param {import("../model/product.js").Product} product @param {string | undefined} operationId @param {(id: string) => void} onOperation */
function operationField(product, operationId, onOperation) {
  const operations = signingOperations(product);
  const chosen = chosenOperation(product, operationId);
  if (operations.length === 0 || (operations.length === 1 && chosen)) return nothing;
  const { operation, chooseOperation } = strings.common;
  return html`<div class="field">
    <label for="operation">${operation}</label>
    <select id="operation" part="field" @change=${(/** @type {any} */ event) => onOperation(event.target.value)}>
      ${choice("", chooseOperation, !chosen)}
      ${operations.map((it) => operationChoice(it, it === chosen))}
    </select>
    ${chosen?.description ? html`<p class="hint">${prose(chosen.description)}</p>` : nothing}
  </div>`;
}

/** @param {import("../model/product.js").Operation} operation @param {boolean} isChosen */
function operationChoice(operation, isChosen) {
  const { hindered, noOperationId } = strings.request;
  const { id } = operation;
  if (typeof id === "string" && id !== "") return choice(id, titleOf(operation), isChosen);
  return choice("", hindered(titleOf(operation), noOperationId), false, true);
}
