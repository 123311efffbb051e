// The outcome of each image of a list.

import { html, nothing } from "lit";
import type { Signing } from "ocisign";
import { csvRow } from "../../shown/csv.ts";
import { visibleText } from "../../shown/hidden-characters.ts";
import { visible } from "../../shown/visible.ts";
import { stateMark, stateWords } from "../fragments/marks.ts";
import { scrollingList } from "../fragments/unfolding.ts";
import { wordsOf } from "../model/errors.ts";
import { titleOf } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import type { Job, ListSending } from "./list-sending.ts";

/** In the order in which a person has to look at them. */
const groups = ["inDoubt", "failed", "open", "requested"] as const;

/** What is known of the requests beside what came of sending them. */
export interface Afterwards {
  /** How a request stands now. */
  readonly now: (signing: Signing) => Signing;
  /** Where the page shows a batch in its queue. */
  readonly addressOf: (batch: string) => string | undefined;
}

export function listResults(
  list: ListSending,
  after: Afterwards,
  on: {
    copyButton: (what: string, text: string) => unknown;
    save: (text: string) => void;
    open: (id: string) => void;
    stop: () => void;
    goOn: () => void;
    putBack: () => void;
    close: () => void;
  },
) {
  const words = strings.request;
  return html`<section class="panel stack" part="results" aria-labelledby="results-heading">
    <h3 id="results-heading" tabindex="-1">${words.results}</h3>
    ${progress(list)} ${counts(list)}
    ${list.stopped ? html`<p class="notice warn">${whyStopped(list)}</p>` : nothing}
    ${list.groups.inDoubt.length > 0 ? html`<p class="notice warn">${words.inDoubt}</p>` : nothing}
    <div class="row">${list.isRunning ? stopButton(list, on.stop) : endButtons(list, on)}
      ${list.isRunning ? nothing : takeAway(list, after, on)}</div>
    ${list.batches.map((batch) => inQueue(batch, after.addressOf(batch)))}
    ${groups.map((group) => groupOf(list, group, after, on.open))}
  </section>`;
}

function inQueue(batch: string, address: string | undefined) {
  if (address === undefined) return nothing;
  return html`<p><a part="batch-link" href=${address}>${visibleText(strings.request.inQueue(batch), "exact")}</a></p>`;
}

function takeAway(
  list: ListSending,
  after: Afterwards,
  { copyButton, save }: { copyButton: (what: string, text: string) => unknown; save: (text: string) => void },
) {
  const { copyAll, asCsv } = strings.request;
  const cells = list.jobs.map((job) => cellsOf(job, after));
  const columns = ["image", "id", "state", "code", "error"];
  const lines = cells.map(([image, id, state]) => [image, id, state].join("\t"));
  return html`${copyButton(copyAll, lines.join("\n"))}
    <button type="button" class="small" id="save-csv"
      @click=${() => save([columns, ...cells].map(csvRow).join(""))}>${asCsv}</button>`;
}

/** What is foreign is written so that no table and no terminal takes it for something else. */
function cellsOf({ canonical, signing, error, outcome }: Job, { now }: Afterwards): string[] {
  const { groups } = strings.request;
  const code = String(Object(error).code ?? "");
  const state = signing ? stateWords(now(signing)) : groups[outcome];
  return [canonical, signing?.id ?? "", state, code, error ? wordsOf(error).message : ""].map((text) =>
    visible(text),
  );
}

function progress({ settled, jobs, isRunning }: ListSending) {
  if (!isRunning) return nothing;
  const words = strings.request;
  return html`<div class="row"><progress aria-label=${words.results} max=${jobs.length} .value=${settled}></progress>
    <span>${words.progress(settled, jobs.length)}</span></div>`;
}

function counts({ groups: { requested, failed, inDoubt, open }, isRunning }: ListSending) {
  const { counts } = strings.request;
  return html`<div class="row" id="results-counts">
    ${requested.length > 0 ? html`<span class="state good">✓ ${counts.requested(requested.length)}</span>` : nothing}
    ${failed.length > 0 ? html`<span class="state bad">✕ ${counts.failed(failed.length)}</span>` : nothing}
    ${inDoubt.length > 0 ? html`<span class="state warn">? ${counts.inDoubt(inDoubt.length)}</span>` : nothing}
    ${!isRunning && open.length > 0 ? html`<span class="state">${counts.open(open.length)}</span>` : nothing}
  </div>`;
}

/** In words, for screen readers. */
export function outcomeInWords({ groups: { requested, failed, inDoubt, open } }: ListSending) {
  const { counts } = strings.request;
  return [
    counts.requested(requested.length),
    ...(failed.length > 0 ? [counts.failed(failed.length)] : []),
    ...(inDoubt.length > 0 ? [counts.inDoubt(inDoubt.length)] : []),
    ...(open.length > 0 ? [counts.open(open.length)] : []),
  ].join(", ");
}

function whyStopped({ stopped, isRunning }: ListSending) {
  const { stopping, stoppedByPerson, stoppedByTrouble } = strings.request;
  if (isRunning) return stopping;
  return stopped === "trouble" ? stoppedByTrouble : stoppedByPerson;
}

function stopButton({ stopped }: ListSending, stop: () => void) {
  const isStopping = stopped !== undefined;
  return html`<button id="stop" type="button" aria-disabled=${isStopping ? "true" : nothing}
    @click=${stop}>${strings.request.stop}</button>`;
}

function endButtons(
  { groups: { failed, open } }: ListSending,
  { goOn, putBack, close }: { goOn: () => void; putBack: () => void; close: () => void },
) {
  const words = strings.request;
  const left = failed.length + open.length;
  return html`
    ${
      left > 0
        ? html`<button type="button" class="primary" @click=${goOn}>${words.goOn(left)}</button>
            <button type="button" @click=${putBack}>${words.putBack(left)}</button>`
        : nothing
    }
    <button type="button" @click=${close}>${words.close}</button>`;
}

function groupOf(
  { groups: jobs, isRunning }: ListSending,
  group: (typeof groups)[number],
  after: Afterwards,
  onOpen: (id: string) => void,
) {
  // Which images are left changes with every answer; it says nothing before the end.
  if (jobs[group].length === 0 || (group === "open" && isRunning)) return nothing;
  const title = strings.request.groups[group];
  return html`<div class="stack tight"><p class="label">${title}</p>
    ${scrollingList(title, jobs[group], (job) => outcome(job, after, onOpen))}</div>`;
}

function outcome({ canonical, signing, error }: Job, after: Afterwards, onOpen: (id: string) => void) {
  return html`<div class="stack tight"><p>${exact(canonical)}</p>
    ${signing ? taken(after.now(signing), onOpen) : nothing}
    ${error ? why(error) : nothing}</div>`;
}

function taken(signing: Signing, onOpen: (id: string) => void) {
  const { id } = signing;
  const { requestId, openOne, openWhich } = strings.request;
  return html`<div class="row small">${stateMark(signing)}<span>${requestId} ${exact(id)}</span>
    <button type="button" class="small"
      aria-label=${openWhich(titleOf({ id }))} @click=${() => onOpen(id)}>${openOne}</button></div>`;
}

function why(error: unknown) {
  const { message, fix } = wordsOf(error);
  return html`<p class="bad small">${prose(message)}</p>${fix ? html`<p class="hint">${prose(fix)}</p>` : nothing}`;
}
