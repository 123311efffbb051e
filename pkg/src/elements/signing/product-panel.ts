// The product and the key that would sign.

import { html, nothing } from "lit";
import { asText } from "../../shown/as-text.ts";
import { lifeOf } from "../../shown/product-life.ts";
import { operationOf } from "../../shown/product-view.ts";
import { refusalOfKey } from "../../shown/refusals.ts";
import { isPlainId } from "../fragments/called.ts";
import { copyable, fact, wideFact } from "../fragments/facts.ts";
import { busy } from "../fragments/marks.ts";
import { wordsOf } from "../model/errors.ts";
import type { Operation } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import type { SigningPage } from "./page.ts";

export function productPanel(element: SigningPage) {
  const { shown } = element;
  if (!shown) return nothing;
  return html`<section class="part stack tight" aria-labelledby="product" part="product">
    <h3 id="product" tabindex="-1">${strings.signing.product}</h3>
    ${reading(element)}
    <dl class="facts">${ofProduct(element)}${ofKey(element)}</dl>
  </section>`;
}

function reading(element: SigningPage) {
  const words = strings.signing;
  const { findings, shown } = element;
  const { state, error, value } = findings.shownProduct;
  if (!asText(shown?.signing.productId)) return html`<p class="notice warn">${words.noProduct}</p>`;
  if (state === "reading") return busy(words.readingProduct);
  if (value?.enabled === false) return html`<p class="notice warn">${words.productDisabled}</p>`;
  if (value && lifeOf(value)?.problem)
    return html`<p class="notice warn" data-product-state>${words.productNotReady}</p>`;
  if (state !== "failed") return nothing;
  const { message } = wordsOf(error);
  const again = () => {
    findings.showAgain();
    // The pressed button goes away.
    element.focusOn("#product");
  };
  return html`<div class="notice warn stack tight">
    <p>${words.productUnread}</p>
    <p class="small">${prose(message)}</p>
    <p><button type="button" class="small" @click=${again}>${strings.common.tryAgain}</button></p>
  </div>`;
}

/** Product, operation and state, as far as the request names them. */
function ofProduct(element: SigningPage) {
  const { findings, shown } = element;
  const id = asText(shown?.signing.productId);
  const { value } = findings.shownProduct;
  const name = asText(value?.name);
  const state = value && lifeOf(value)?.text;
  const { productName, productState } = strings.signing;
  const product = id
    ? html`<span>${name ? html`<strong>${prose(name)}</strong> ` : nothing}${beside(id, name !== "")}</span>`
    : nothing;
  const life = state
    ? html`<span><span class="muted">${productState}</span> ${exact(state)}</span>`
    : nothing;
  return fact(productName, html`<p class="dots">${product}${ofOperation(element)}${life}</p>`);
}

function ofOperation({ findings, shown }: SigningPage) {
  const words = strings.signing;
  const given = shown?.signing.idProductOperation;
  const id = asText(given);
  if (!id) return nothing;
  const operation = operationOf(findings.shownProduct.value, given);
  const isMissing = findings.shownProduct.value && !operation;
  return html`<span><span class="muted">${words.operation}</span> ${operation ? nameAndType(operation) : nothing}
    ${isMissing ? html`<span class="warn">${words.noOperation}</span>` : nothing}
    ${beside(id, operation !== undefined)}</span>`;
}

function nameAndType({ name, operationType }: Operation) {
  return html`${prose(asText(name))} <span class="muted">${exact(asText(operationType))}</span>`;
}

/** A plain id whose name is known stands among the other ids. */
function beside(id: string, isNamed: boolean) {
  return isNamed && isPlainId(id) ? nothing : html`<span class="small muted">${exact(id)}</span>`;
}

function ofKey(element: SigningPage) {
  const words = strings.signing;
  const { key, keyProblem, found } = element.findings;
  if (keyProblem !== undefined) {
    const { message, fix } = wordsOf(keyProblem);
    if (refusalOfKey(keyProblem)) return wideFact(words.fingerprint, refusedKey(message, fix));
    return wideFact(words.fingerprint, html`<span class="warn">${words.keyUnread}</span> ${prose(message)}`);
  }
  if (!key) return nothing;
  const { keyType, fingerprint } = key;
  const copied = html`<div class="fingerprint">${copyable(fingerprint, element.copyButton(words.theFingerprint, fingerprint))}</div>`;
  const pinned = found?.from === "pinned" ? words.keyOnlyPinned : words.keyPinned;
  const shown = found?.pin
    ? html`${copied}<p class="small muted" data-pinned=${found.from}>${pinned}</p>`
    : copied;
  return fingerprint ? wideFact(words.keyOf(keyType), shown) : nothing;
}

/** The error names both fingerprints. */
function refusedKey(message: string, fix: string) {
  return html`<div class="notice bad stack tight" data-key="refused">
    <p>${prose(message)}</p><p>${prose(fix)}</p></div>`;
}
