// What came of each image of a list.

import { html, nothing } from "lit";
import { wordsOf } from "../model/errors.js";
import { titleOf } from "../model/product.js";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { scrollingList } from "./scrolling-list.js";

/** @typedef {import("./list-sending.js").ListSending} ListSending @typedef {import("./list-sending.js").Job} Job */

/** In the order in which one has to look at them. */
const groups = /** @type {const} */ (["inDoubt", "failed", "open", "requested"]);

/**
 * @param {ListSending} list
 * @param {{ open: (id: string) => void, stop: () => void, goOn: () => void, putBack: () => void, close: () => void }} on
 */
export function listResults(list, on) {
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

/** @param {ListSending} list */
function progress({ settled, jobs, isRunning }) {
  if (!isRunning) return nothing;
  const words = strings.request;
  return html`<div class="row"><progress aria-label=${words.results} max=${jobs.length} .value=${settled}></progress>
    <span>${words.progress(settled, jobs.length)}</span></div>`;
}

/** @param {ListSending} list */
function counts({ groups: { requested, failed, inDoubt, open }, isRunning }) {
  const { counts } = strings.request;
  return html`<div class="row" id="results-counts">
    ${requested.length > 0 ? html`<span class="state good">✓ ${counts.requested(requested.length)}</span>` : nothing}
    ${failed.length > 0 ? html`<span class="state bad">✕ ${counts.failed(failed.length)}</span>` : nothing}
    ${inDoubt.length > 0 ? html`<span class="state warn">? ${counts.inDoubt(inDoubt.length)}</span>` : nothing}
    ${!isRunning && open.length > 0 ? html`<span class="state">${counts.open(open.length)}</span>` : nothing}
  </div>`;
}

/** In words, for screen readers. @param {ListSending} list */
export function outcomeInWords({ groups: { requested, failed, inDoubt, open } }) {
  const { counts } = strings.request;
  return [
    counts.requested(requested.length),
    ...(failed.length > 0 ? [counts.failed(failed.length)] : []),
    ...(inDoubt.length > 0 ? [counts.inDoubt(inDoubt.length)] : []),
    ...(open.length > 0 ? [counts.open(open.length)] : []),
  ].join(", ");
}

/** @param {ListSending} list */
function whyStopped({ stopped, isRunning }) {
  const { stopping, stoppedByPerson, stoppedByTrouble } = strings.request;
  if (isRunning) return stopping;
  return stopped === "trouble" ? stoppedByTrouble : stoppedByPerson;
}

/** @param {ListSending} list @param {() => void} stop */
function stopButton({ stopped }, stop) {
  const isStopping = stopped !== undefined;
  return html`<button id="stop" type="button" aria-disabled=${isStopping ? "true" : nothing} @click=${stop}>${strings.request.stop}</button>`;
}

/** @param {ListSending} list @param {{ goOn: () => void, putBack: () => void, close: () => void }} on */
function endButtons({ groups: { failed, open } }, { goOn, putBack, close }) {
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

/** @param {ListSending} list @param {typeof groups[number]} group @param {(id: string) => void} onOpen */
function groupOf({ groups: jobs, isRunning }, group, onOpen) {
  // Which images are left changes with every answer; it says nothing before the end.
  if (jobs[group].length === 0 || (group === "open" && isRunning)) return nothing;
  const title = strings.request.groups[group];
  return html`<div class="stack tight"><p class="label">${title}</p>
    ${scrollingList(title, jobs[group], (job) => outcome(job, onOpen))}</div>`;
}

/** @param {Job} job @param {(id: string) => void} onOpen */
function outcome({ canonical, signing, error }, onOpen) {
  return html`<div class="stack tight"><p>${exact(canonical)}</p>
    ${signing ? taken(signing.id, onOpen) : nothing}
    ${error ? why(error) : nothing}</div>`;
}

/** @param {string} id @param {(id: string) => void} onOpen */
function taken(id, onOpen) {
  const { requestId, openOne, openWhich } = strings.request;
  return html`<div class="row small"><span>${requestId} ${exact(id)}</span>
    <button type="button" class="small" aria-label=${openWhich(titleOf({ id }))} @click=${() => onOpen(id)}>${openOne}</button></div>`;
}

/** @param {unknown} error */
function why(error) {
  const { message, fix } = wordsOf(error);
  return html`<p class="bad small">${prose(message)}</p>${fix ? html`<p class="hint">${prose(fix)}</p>` : nothing}`;
}
