// What happens when this person decides, counted over all requests.
import { html, nothing } from "lit";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";
import { type BatchPage, partOf } from "./page.ts";

export function consequences(element: BatchPage) {
  const words = strings.batch;
  const { arranged, decision, run } = element;
  const part = partOf(element);
  if (!arranged || !part || run.sending || arranged.rows.every((row) => element.blockOf(row))) return nothing;
  const inside =
    decision === "approve"
      ? ofApproving(element)
      : html`<p>${words.rejectConsequence(arranged.rows.length)}</p>`;
  return html`<div class="notice warn stack tight" part="consequence">
    ${inside}
    <p class="small">${words.hash}: <span class="hash">${exact(part.hash)}</span></p>
  </div>`;
}

function ofApproving(element: BatchPage) {
  const words = strings.batch;
  const rows = element.arranged?.rows ?? [];
  const { now, unforeseen, waiting } = foreseen(element);
  return html`<ul class="outlook" role="list">
      ${now > 0 ? html`<li data-now=${now}><strong>${words.signedNow(now, rows.length)}</strong></li>` : nothing}
      ${[...waiting].map(([groups, count]) => html`<li data-waits=${count}>${words.waitsFor(count, rows.length, groups)}</li>`)}
      ${unforeseen > 0 ? html`<li data-unforeseen=${unforeseen}>${words.unforeseen(unforeseen, rows.length)}</li>` : nothing}
    </ul>
    ${now + unforeseen > 0 ? html`<p>${words.noWayBack}</p>` : nothing}`;
}

/** Of those that the person may decide about: the others are to be left out. */
function foreseen(element: BatchPage) {
  let [now, unforeseen] = [0, 0];
  const waiting = new Map<string, number>();
  for (const row of element.arranged?.rows ?? []) {
    if (element.blockOf(row)) continue;
    const { leaves, known } = element.foresightOf(row);
    if (!leaves || !known) unforeseen += 1;
    else if (leaves.length === 0) now += 1;
    else {
      const groups = element.callings.groupWords(leaves);
      waiting.set(groups, (waiting.get(groups) ?? 0) + 1);
    }
  }
  return { now, unforeseen, waiting };
}
