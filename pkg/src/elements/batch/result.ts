// What came of it: counted, with the ways to go on, and a receipt to be kept.
import { html, nothing } from "lit";
import type { DecisionOutcome } from "ocisign";
import { save } from "../fragments/save.ts";
import { strings } from "../strings/index.ts";
import type { BatchPage } from "./page.ts";
import { asCsv, asJson, receiptOf } from "./receipt.ts";

export function result(element: BatchPage) {
  const words = strings.batch;
  const { run, selection } = element;
  const { sending } = run;
  const receipt = receiptOf(run, selection, element.compared);
  if (!sending || !run.isDone) return nothing;
  const { decision } = sending;
  const done = decision === "approve" ? "approved" : "rejected";
  const total = sending.batch.requests.length;
  const counts = Object.entries(run.counts).filter(([state]) => state !== done);
  const isWhole = counts.length === 0 && run.error === undefined;
  const parts = counts.map(([state, count]) => `${count} ${words.outcomes[state] ?? state}`);
  return html`<section class="notice stack tight ${isWhole ? "good" : "warn"}" aria-labelledby="receipt" part="receipt">
    <h3 id="receipt" tabindex="-1">${words.result[decision](run.counts[done] ?? 0, total)}</h3>
    ${parts.length > 0 ? html`<p>${words.counts(parts.join(", "))}</p>` : nothing}
    ${run.error === undefined ? nothing : html`${element.problem(run.error, undefined, "decide")}<p>${words.didGoWrong}</p>`}
    ${doubt(element)}
    <div class="row">
      ${goOn(element)} ${others(element)}
      ${
        receipt
          ? html`<button type="button" class="small" id="json"
              @click=${() => save(`${nameOf(receipt.hash)}.json`, "application/json", asJson(receipt))}>${words.json}</button>
            <button type="button" class="small" id="csv"
              @click=${() => save(`${nameOf(receipt.hash)}.csv`, "text/csv", asCsv(receipt))}>${words.csv}</button>
            ${element.copyButton(words.receiptAsJson, asJson(receipt))}`
          : nothing
      }
    </div>
    ${
      element.hasOther
        ? html`<p>${words.otherWaits}
          <button type="button" class="small" id="other" @click=${() => element.showWaiting()}>${words.showOther}</button></p>`
        : nothing
    }
  </section>`;
}

function nameOf(hash: string) {
  return `ocisign-batch-${hash.slice(-8)}`;
}

function doubt({ run }: BatchPage) {
  const words = strings.batch;
  if (!run.counts.doubtful) return nothing;
  return html`<p data-doubt=${run.isLooking ? "open" : "left"}>${run.isLooking ? words.doubt : words.doubtLeft}</p>`;
}

/** What was not sent, as it was shown. */
function goOn(element: BatchPage) {
  const words = strings.batch;
  const { run, client } = element;
  const left = run.unsent.length;
  if (left === 0 || !client) return nothing;
  return html`<button type="button" class="primary" id="go-on" title=${words.goOnHint}
    @click=${() => element.goOn()}>${words.goOn(left)}</button>`;
}

const undecided: ReadonlySet<DecisionOutcome["state"]> = new Set([
  ...(["changed", "conflict", "forbidden", "doubtful", "failed", "notTried"] as const),
]);

/** A new look at what was not decided, and a new act. */
function others(element: BatchPage) {
  const { run } = element;
  const ids = run.idsThat((state) => undecided.has(state));
  if (ids.length === 0) return nothing;
  return html`<button type="button" id="review-others" @click=${() => element.reviewOthers(ids)}>${strings.batch.reviewOthers(ids.length)}</button>`;
}
