// What no decision needs: how the request came to be where it is, the ids behind the names, and all that the service
// sent. It is folded, and does not have to be opened: every part that a decision is bound to stands above, unfolded,
// and these only say it again. A long text in the timeline is said nowhere else, and has to be opened as any other.
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { asText } from "../../shown/as-text.ts";
import { dateOf } from "../../shown/date.ts";
import { visibleText } from "../../shown/hidden-characters.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { isPlainId } from "../fragments/called.ts";
import { copyable, fact } from "../fragments/facts.ts";
import { drawnOnceOpened } from "../fragments/unfolding.ts";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";
import { time } from "./origin.ts";
import type { SigningPage } from "./page.ts";
import { timeline } from "./timeline.ts";

export function technical(element: SigningPage) {
  const { now } = element;
  if (!now) return nothing;
  return html`<div class="folds">
    ${timeline(element)} ${ids(element)}
    <div class="repeated">${drawnOnceOpened(strings.signing.everything, () => guard([now], () => everything(now)))}</div>
  </div>`;
}

/** The ids that stand here alone: of the request, of its product, and of those who are called by their names. */
function ids(element: SigningPage) {
  const words = strings.signing;
  const { shown, now, callings } = element;
  if (!shown || !now) return nothing;
  const { id } = now.signing;
  const { productId, idProductOperation } = shown.signing;
  return html`<details class="repeated" part="ids">
    <summary>${words.ids}</summary>
    <dl class="facts">
      ${fact(words.requestId, copyable(id, element.copyButton(words.idOfRequest, id)))}
      ${hiddenId(words.productId, productId)} ${hiddenId(words.operationId, idProductOperation)}
      ${callings.all.map(({ name, id }) => fact(visibleText(name), exact(id)))}
      ${dateOf(shown.signing.createdAt) ? fact(words.created, time(shown.signing.createdAt)) : nothing}
      ${dateOf(now.signing.updatedAt) ? fact(words.updated, time(now.signing.updatedAt)) : nothing}
    </dl>
  </details>`;
}

/** Other than a plain one stands where its product stands. */
function hiddenId(name: string, given: unknown) {
  const id = asText(given);
  return isPlainId(id) ? fact(name, exact(id)) : nothing;
}

/** Most are plain ASCII, and there may be hundreds of thousands. */
function visibleLine(line: string) {
  return /[^\x20-\x7e]/.test(line) ? visibleText(line) : line;
}

function everything({ signing }: RequestView) {
  const lines = JSON.stringify(signing, null, 2).split("\n");
  const { everything } = strings.signing;
  return html`<pre tabindex="0" role="region" aria-label=${everything}>${lines.map(visibleLine).join("\n")}</pre>`;
}
