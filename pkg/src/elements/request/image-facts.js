// What one image is: as its reference says, and as its registry says.

import { html, nothing } from "lit";
import { busy } from "../fragments/busy.js";
import { copyable } from "../fragments/facts.js";
import { imageDescription } from "../fragments/image-description.js";
import { registryMark } from "../fragments/registry-mark.js";
import { codeOf, wordsOf } from "../model/errors.js";
import { titleOf } from "../model/product.js";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

/** So many products are offered for an image of another registry. */
const mostOffered = 3;

/**
 * @param {import("./images.js").ImageReference} image
 * @param {object} given
 * @param {boolean} given.isChosen a product is chosen
 * @param {unknown} given.mismatch why that does not sign for the image's registry
 * @param {readonly import("../model/product.js").Product[]} given.others products that do
 * @param {(what: string, text: string) => unknown} given.copyButton
 * @param {(id: string) => void} given.onProduct
 */
export function imageFacts(image, { isChosen, mismatch, others, copyButton, onProduct }) {
  const words = strings.request;
  return html`<dl class="facts" part="image">
    <dt>${words.canonical}</dt>
    <dd class="stack tight">
      ${copyable(image.canonical, copyButton(words.canonical, image.canonical))}
      ${image.tag ? html`<p class="hint">${words.tagBefore} ${exact(image.tag)} ${words.tagAfter}</p>` : nothing}
    </dd>
    <dt>${words.imageRegistry}</dt>
    <dd class="stack tight">
      <div>${exact(image.registry)} ${isChosen && !mismatch ? registryMark() : nothing}</div>
      ${mismatch ? otherRegistry(mismatch) : nothing}
      ${isChosen && !mismatch ? nothing : offered(others, onProduct)}
    </dd>
    <dt>${words.repository}</dt>
    <dd>${exact(image.repository)}</dd>
    <dt>${words.digest}</dt>
    <dd>${exact(image.digest)}</dd>
    ${image.ecr ? html`<dt>${words.ecr}</dt><dd>${words.ecrPlace(image.ecr.account, image.ecr.region)}</dd>` : nothing}
  </dl>`;
}

/** @param {unknown} error */
function otherRegistry(error) {
  const { message, fix } = wordsOf(error);
  return html`<div class="notice bad stack tight" id="mismatch">
    <p>${prose(message)}</p>
    <p>${prose(fix)}</p>
  </div>`;
}

/** @param {readonly import("../model/product.js").Product[]} products @param {(id: string) => void} onProduct */
function offered(products, onProduct) {
  if (products.length === 0) return nothing;
  const { signedHereBy, more } = strings.request;
  const left = products.length - mostOffered;
  return html`<div class="row"><span class="hint">${signedHereBy}</span>
    ${products
      .slice(0, mostOffered)
      .map(
        (product) =>
          html`<button type="button" class="small" @click=${() => onProduct(product.id)}>${titleOf(product)}</button>`,
      )}
    ${left > 0 ? html`<span class="hint">${more(left)}</span>` : nothing}
  </div>`;
}

/** @param {import("../controllers/reading.js").Reading<import("ocisign").ImageDescription>} look @param {() => void} again */
export function registryFacts(look, again) {
  const { inRegistry, looking } = strings.request;
  if (look.state === "none") return nothing;
  return html`<div class="stack tight" part="registry">
    <h3 id="registry-heading" tabindex="-1">${inRegistry}</h3>
    ${look.state === "reading" ? busy(looking) : nothing}
    ${look.value ? imageDescription(look.value) : nothing}
    ${look.state === "failed" ? unread(look.error, again) : nothing}
  </div>`;
}

/** @param {unknown} error @param {() => void} again */
function unread(error, again) {
  const isMissing = codeOf(error) === "not-found";
  const { message } = wordsOf(error);
  const { noSuchImage, registryUnread, lookAgain } = strings.request;
  const button = html`<button type="button" class="small" @click=${again}>${lookAgain}</button>`;
  if (isMissing)
    return html`<div class="notice warn stack tight"><p>${noSuchImage}</p><p class="small">${prose(message)}</p><p>${button}</p></div>`;
  return html`<p class="hint">${registryUnread} ${prose(message)}</p><p>${button}</p>`;
}
