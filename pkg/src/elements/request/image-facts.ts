// What one image is: as its reference says, and as its registry says.

import { html, nothing } from "lit";
import type { ImageDescription, ImageReference } from "ocisign";
import type { Reading } from "../controllers/reading.ts";
import { copyable } from "../fragments/facts.ts";
import { imageDescription } from "../fragments/image-description.ts";
import { busy, registryMark } from "../fragments/marks.ts";
import { codeOf, wordsOf } from "../model/errors.ts";
import { type Product, titleOf } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

/** The number of products that are offered for an image of another registry. */
const mostOffered = 3;

export function imageFacts(
  image: ImageReference,
  {
    isChosen,
    mismatch,
    others,
    copyButton,
    onProduct,
  }: {
    /** A product is chosen. */
    isChosen: boolean;
    /** Why that does not sign for the image's registry. */
    mismatch: unknown;
    /** Products that do. */
    others: readonly Product[];
    copyButton: (what: string, text: string) => unknown;
    onProduct: (id: string) => void;
  },
) {
  const words = strings.request;
  // The image says repository and digest: they are not said once more.
  return html`<dl class="facts inner" part="image">
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
    ${image.ecr ? html`<dt>${words.ecr}</dt><dd>${words.ecrPlace(image.ecr.account, image.ecr.region)}</dd>` : nothing}
  </dl>`;
}

function otherRegistry(error: unknown) {
  const { message, fix } = wordsOf(error);
  return html`<div class="notice bad stack tight" id="mismatch">
    <p>${prose(message)}</p>
    <p>${prose(fix)}</p>
  </div>`;
}

function offered(products: readonly Product[], onProduct: (id: string) => void) {
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

/** Of the reading, whatever it depends on. */
type Looked = Pick<Reading<ImageDescription, readonly unknown[]>, "state" | "value" | "error">;

/** @param isOpen nothing else speaks against sending the request */
export function registryFacts(look: Looked, isOpen: boolean, again: () => void) {
  const { inRegistry, looking } = strings.request;
  if (look.state === "none") return nothing;
  return html`<div class="stack tight" part="registry">
    <h3 id="registry-heading" tabindex="-1">${inRegistry}</h3>
    ${look.state === "reading" ? busy(looking) : nothing}
    ${look.value ? imageDescription(look.value) : nothing}
    ${look.state === "failed" ? unread(look.error, isOpen, again) : nothing}
  </div>`;
}

function unread(error: unknown, isOpen: boolean, again: () => void) {
  const isMissing = codeOf(error) === "not-found";
  const { message } = wordsOf(error);
  const { noSuchImage, registryUnread, youCanSend, lookAgain } = strings.request;
  const button = html`<button type="button" class="small" @click=${again}>${lookAgain}</button>`;
  if (isMissing)
    return html`<div class="notice warn stack tight"><p>${noSuchImage}</p>
      <p class="small">${prose(message)}</p><p>${button}</p></div>`;
  return html`<p class="hint">${registryUnread} ${isOpen ? youCanSend : nothing} ${prose(message)}</p><p>${button}</p>`;
}
