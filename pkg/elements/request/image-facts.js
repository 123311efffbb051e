// What one image is: as its reference says, and as its registry says.
import { html, nothing } from "lit";
import { codeOf } from "../base.js";
import { strings } from "../strings/index.js";
import { exact, prose } from "../text/text-element.js";
import { dateOf, fullTime } from "../time.js";
import { inSteps } from "../unfolding.js";
import { titleOf } from "./product.js";

/** So many products are offered for an image of another registry. */
const mostOffered = 3;
/** So many platforms are shown at once. */
const platformStep = 12;

/**
 * @param {import("./images.js").ImageReference} image
 * @param {object} given
 * @param {boolean} given.isChosen a product is chosen
 * @param {unknown} given.mismatch why that does not sign for the image's registry
 * @param {readonly import("./product.js").Product[]} given.others products that do
 * @param {(what: string, text: string) => unknown} given.copyButton
 * @param {(id: string) => void} given.onProduct
 */
export function imageFacts(image, { isChosen, mismatch, others, copyButton, onProduct }) {
  const words = strings.request;
  return html`<dl class="facts" part="image">
    <dt>${words.canonical}</dt>
    <dd class="stack tight">
      <div>${exact(image.canonical)} ${copyButton(words.canonical, image.canonical)}</div>
      ${image.tag ? html`<p class="hint">${words.tagBefore} ${exact(image.tag)} ${words.tagAfter}</p>` : nothing}
    </dd>
    <dt>${words.imageRegistry}</dt>
    <dd class="stack tight">
      <div>${exact(image.registry)} ${isChosen && !mismatch ? html`<span class="state good">✓ ${words.matches}</span>` : nothing}</div>
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
  const { message, fix } = /** @type {import("ocisign").OcisignError} */ (error);
  return html`<div class="notice bad stack tight" id="mismatch">
    <p>${prose(message)}</p>
    <p>${prose(fix)}</p>
  </div>`;
}

/** @param {readonly import("./product.js").Product[]} products @param {(id: string) => void} onProduct */
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

/** @param {import("./registry-look.js").Seen} seen @param {() => void} again */
export function registryFacts(seen, again) {
  const { inRegistry, looking } = strings.request;
  if (seen.state === "idle") return nothing;
  return html`<div class="stack tight" part="registry">
    <h3 id="registry-heading" tabindex="-1">${inRegistry}</h3>
    ${seen.state === "looking" ? html`<p class="hint">${looking}</p>` : nothing}
    ${seen.state === "known" ? description(seen.description) : nothing}
    ${seen.state === "failed" ? unread(seen.error, again) : nothing}
  </div>`;
}

/** @param {unknown} error @param {() => void} again */
function unread(error, again) {
  const isMissing = codeOf(error) === "not-found";
  const { message = String(error) } = /** @type {Partial<Error>} */ (Object(error));
  const { noSuchImage, registryUnread, lookAgain } = strings.request;
  const button = html`<button type="button" class="small" @click=${again}>${lookAgain}</button>`;
  if (isMissing)
    return html`<div class="notice warn stack tight"><p>${noSuchImage}</p><p class="small">${prose(message)}</p><p>${button}</p></div>`;
  return html`<p class="hint">${registryUnread} ${prose(message)}</p><p>${button}</p>`;
}

/** @param {import("ocisign").ImageDescription} description */
function description({ mediaType, artifactType, sizeBytes, created, platforms, attestations, others }) {
  const words = strings.request;
  const date = dateOf(created);
  return html`<dl class="facts">
    <dt>${words.mediaType}</dt><dd>${exact(mediaType)}</dd>
    ${artifactType ? html`<dt>${words.artifactType}</dt><dd>${exact(artifactType)}</dd>` : nothing}
    ${sizeBytes === undefined ? nothing : html`<dt>${words.size}</dt><dd>${inBytes(sizeBytes)}</dd>`}
    ${date ? html`<dt>${words.created}</dt><dd>${fullTime(date)}</dd>` : nothing}
    ${
      platforms.length > 0
        ? html`<dt>${words.platforms}</dt>
            <dd class="stack tight">${platforms.length > 1 ? html`<p>${words.platformCount(platforms.length)}</p>` : nothing}
              ${inSteps(platforms, platform, platformStep)}
              ${attestations ? html`<p class="hint">${words.attestations(attestations)}</p>` : nothing}
              ${others ? html`<p class="hint">${words.others(others)}</p>` : nothing}</dd>`
        : nothing
    }
  </dl>`;
}

/** @param {import("ocisign").ImageDescription["platforms"][number]} platform */
function platform({ os, architecture, variant, osVersion }) {
  const name = [os, architecture, variant].filter(Boolean).join("/");
  return html`${exact(name)}${osVersion ? html` ${exact(osVersion)}` : nothing}`;
}

/** As registries count: in powers of ten, and the exact number beside it. @param {number} bytes */
function inBytes(bytes) {
  const exactly = new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: "byte",
    unitDisplay: "long",
  }).format(bytes);
  if (bytes < 1000) return exactly;
  const units = /** @type {const} */ (["kilobyte", "megabyte", "gigabyte", "terabyte"]);
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  const shortly = new Intl.NumberFormat(undefined, {
    ...{ style: "unit", unit: units[power - 1], maximumFractionDigits: 1 },
  }).format(bytes / 1000 ** power);
  return `${shortly} (${exactly})`;
}
