// What stays in sight: the one deliberate act for all requests; while they are sent, how far it is, and the way to stop.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";
import { type Hindrance, hindrances, hindranceWords, isNamed } from "./hindrances.ts";
import { type BatchPage, partOf } from "./page.ts";

export function bar(element: BatchPage) {
  const { arranged, run } = element;
  if (run.isSending) return progress(element);
  if (run.sending || !arranged || arranged.rows.length === 0) return nothing;
  if (arranged.rows.every((row) => element.blockOf(row))) return onlyOther(element);
  return form(element);
}

/** Nothing can be approved; perhaps it can be rejected. */
function onlyOther(element: BatchPage) {
  const rows = element.arranged?.rows ?? [];
  const mayReject = rows.some((row) => element.foresightOf(row).mayReject);
  const isRejecting = element.decision === "reject";
  if (isRejecting) return html`<div class="bar">${back(element)}</div>`;
  return mayReject ? html`<div class="bar">${toReject(element)}</div>` : nothing;
}

function form(element: BatchPage) {
  const words = strings.batch;
  const { arranged, decision, isInsisting, draft } = element;
  const count = arranged?.rows.length ?? 0;
  const found = hindrances(element);
  const isWrong = !isNamed(element) && (isInsisting || isTooLong(element)) && draft.words.trim() !== "";
  const isMissing = isInsisting && found.includes("words");
  const isRejecting = decision === "reject";
  const submit = (event: Event) => {
    event.preventDefault();
    element.decide();
  };
  return html`<form class="bar" novalidate @submit=${submit} part="act" aria-label=${words.act}>
    ${isRejecting ? reason(element) : element.isCommenting ? comment(element) : nothing}
    <div class="act">
      <div class="named-act">
        <label for="words">${words.words}</label>
        <p class="tail" id="tail">${tail(element)}</p>
      </div>
      <input id="words" type="text" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
        aria-describedby="tail words-error" aria-invalid=${isWrong || isMissing ? "true" : "false"}
        .value=${live(draft.words)} @input=${(event: Event) => element.type({ words: valueIn(event) })} />
      <button type="submit" id="decide" class=${isRejecting ? "danger" : "primary"}
        aria-disabled=${found.length === 0 ? "false" : "true"} aria-describedby="not-ready">
        ${isRejecting ? words.reject(count) : words.approve(count)}
      </button>
      <div class="others">
        ${
          isRejecting
            ? back(element)
            : html`${
                element.isCommenting
                  ? nothing
                  : html`<button type="button" class="small plain" id="to-comment"
                    @click=${() => element.comment()}>${words.addComment}</button>`
              }${toReject(element)}`
        }
      </div>
    </div>
    <p class="bad small" id="words-error">${isWrong ? words.wordsWrong : nothing}</p>
    <div class="hint" id="not-ready">${reasons(element, found)}</div>
  </form>`;
}

/** Not at each key: half of it is not wrong yet. */
function isTooLong(element: BatchPage) {
  const part = partOf(element);
  return part !== undefined && element.draft.words.trim().length >= part.words.length;
}

/** What is to be typed. It is copied by reading it: the number and the end stand apart. */
function tail(element: BatchPage) {
  const part = partOf(element);
  if (!part) return html`<span class="muted">…</span>`;
  const { hash, requests } = part;
  return html`<mark>${requests.length}</mark> <mark>${hash.slice(-8)}</mark>`;
}

function comment({ draft, type }: BatchPage) {
  return html`<div class="stack tight">
    <label for="comment">${strings.batch.comment}</label>
    <textarea id="comment" rows="2" .value=${live(draft.comment)}
      @input=${(event: Event) => type({ comment: valueIn(event) })}></textarea>
  </div>`;
}

function reason({ draft, isInsisting, type }: BatchPage) {
  const words = strings.batch;
  const isMissing = isInsisting && draft.reason.trim() === "";
  return html`<div class="stack tight">
    <label for="reason">${words.reason}</label>
    <textarea id="reason" rows="2" aria-required="true" aria-invalid=${isMissing ? "true" : "false"}
      aria-describedby="reason-hint reason-error" .value=${live(draft.reason)}
      @input=${(event: Event) => type({ reason: valueIn(event) })}></textarea>
    <p class="hint" id="reason-hint">${words.reasonHint}</p>
    <p class="bad small" id="reason-error">${isMissing ? words.reasonMissing : nothing}</p>
  </div>`;
}

function toReject(element: BatchPage) {
  return html`<button type="button" class="small danger" id="to-rejection"
    @click=${() => element.turn("reject")}>${strings.batch.toReject}</button>`;
}

function back(element: BatchPage) {
  return html`<button type="button" class="small" id="back"
    @click=${() => element.turn("approve")}>${strings.batch.back}</button>`;
}

/** What is missing, but for what the field itself asks for. */
function reasons(element: BatchPage, found: readonly Hindrance[]) {
  const told = found.filter((one) => one !== "words" && one !== "reason");
  if (told.length === 0) return nothing;
  const go: Partial<Record<Hindrance, () => void>> = {
    unopened: () => element.goToUnopened(),
    folded: () => element.goToFolded(),
  };
  return html`<ul class="reasons" role="list">
    ${told.map((one) => {
      const way = go[one];
      return html`<li data-hindrance=${one}>${strings.common.notYet} ${hindranceWords(one, element)}
        ${way ? html`<button type="button" class="small plain" @click=${way}>${strings.batch.showNext}</button>` : nothing}
      </li>`;
    })}
  </ul>`;
}

function progress(element: BatchPage) {
  const words = strings.batch;
  const { run } = element;
  const { sending } = run;
  if (!sending) return nothing;
  const total = sending.batch.requests.length;
  const done = run.outcomes.size;
  return html`<div class="bar" part="progress">
    <div class="row between">
      <p><strong>${run.isStopping ? words.stopping : words.sending[sending.decision]}</strong> ${words.sent(done, total)}
        <span class="muted small">${words.keepOpen}</span></p>
      <button type="button" id="stop" class="danger" ?disabled=${run.isStopping}
        @click=${() => run.stop()}>${words.stop}</button>
    </div>
    <progress max=${total} value=${done} aria-label=${words.sending[sending.decision]}></progress>
  </div>`;
}
