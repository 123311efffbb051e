// The outcome of each image of a list.

import { html, nothing } from "lit";
import { scrollingList } from "../fragments/unfolding.ts";
import { wordsOf } from "../model/errors.ts";
import { titleOf } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import type { Job, ListSending } from "./list-sending.ts";

/** In the order in which a person has to look at them. */
const groups = ["inDoubt", "failed", "open", "requested"] as const;

export function listResults(
  list: ListSending,
  on: {
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
    <div class="row">${list.isRunning ? stopButton(list, on.stop) : endButtons(list, on)}</div>
    ${groups.map((group) => groupOf(list, group, on.open))}
  </section>`;
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
  onOpen: (id: string) => void,
) {
  // Which images are left changes with every answer; it says nothing before the end.
  if (jobs[group].length === 0 || (group === "open" && isRunning)) return nothing;
  const title = strings.request.groups[group];
  return html`<div class="stack tight"><p class="label">${title}</p>
    ${scrollingList(title, jobs[group], (job) => outcome(job, onOpen))}</div>`;
}

function outcome({ canonical, signing, error }: Job, onOpen: (id: string) => void) {
  return html`<div class="stack tight"><p>${exact(canonical)}</p>
    ${signing ? taken(signing.id, onOpen) : nothing}
    ${error ? why(error) : nothing}</div>`;
}

function taken(id: string, onOpen: (id: string) => void) {
  const { requestId, openOne, openWhich } = strings.request;
  return html`<div class="row small"><span>${requestId} ${exact(id)}</span>
    <button type="button" class="small"
      aria-label=${openWhich(titleOf({ id }))} @click=${() => onOpen(id)}>${openOne}</button></div>`;
}

function why(error: unknown) {
  const { message, fix } = wordsOf(error);
  return html`<p class="bad small">${prose(message)}</p>${fix ? html`<p class="hint">${prose(fix)}</p>` : nothing}`;
}
