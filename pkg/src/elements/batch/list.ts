// The requests, one row each: which image, and what the request says otherwise than the others.
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { DecisionOutcome } from "ocisign";
import { visibleText } from "../../shown/hidden-characters.ts";
import { mismatch } from "../../shown/product-view.ts";
import "../changes.ts";
import { Callings } from "../fragments/called.ts";
import { stateMark } from "../fragments/marks.ts";
import { accessOf, withoutSignIn } from "../model/access.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { lightText as text } from "../text/light-text.ts";
import { prose } from "../text/text-element.ts";
import type { Own, Row } from "./arranged.ts";
import { type Block, blockWords } from "./blocks.ts";
import { asRow, drawn, inRow, title } from "./draw.ts";
import type { BatchPage } from "./page.ts";
import type { Moves } from "./turns.ts";

export function list(element: BatchPage) {
  const words = strings.batch;
  const rows = element.arranged?.rows ?? [];
  const turns = element.turns.take(rows.slice(0, element.drawn), (row) => whatMoves(element, row));
  if (rows.length === 0) return nothing;
  const isDrawing = element.drawn < rows.length;
  return html`<section class="stack tight" aria-labelledby="list" part="list">
    <h3 id="list" tabindex="-1">${words.list(rows.length)}</h3>
    ${notable(element, rows)}
    <ol class="rows" role="list">
      ${repeat(
        turns,
        ({ row }) => row.key,
        ({ row, moves }) => guard(moves, () => drawRow(element, row)),
      )}
    </ol>
    ${isDrawing ? html`<p class="hint">${words.drawing(element.drawn, rows.length)}</p>` : nothing}
  </section>`;
}

/** Those that are left out, each of which can come back. */
export function leftOut(element: BatchPage) {
  const words = strings.batch;
  const { selection, run } = element;
  const rows = selection.outRows;
  if (rows.length === 0 || run.sending) return nothing;
  return html`<section class="stack tight" aria-labelledby="left-out-title" part="left-out">
    <h3 id="left-out-title" tabindex="-1">${words.leftOut(rows.length)}</h3>
    <ol class="rows" role="list">
      ${rows.map((row) => {
        const name = nameOf(row);
        const block = element.blockOf(row);
        return html`<li class="request out">
          <p class="line">
            ${imageName(row)}
            ${block ? html`<span class="muted small">${blockWords(block)}</span>` : nothing}
            <span class="actions"><button type="button" class="small plain" aria-label=${words.takeInWhich(name)}
              @click=${() => element.takeIn([row.key])}>${words.takeIn}</button></span>
          </p>
        </li>`;
      })}
    </ol>
  </section>`;
}

/** All that a drawn row depends on. */
function whatMoves(element: BatchPage, row: Row): Moves {
  const { run, expanded, opened, groupNames, peopleNames, identity, client, registry } = element;
  const { key } = row;
  return {
    own: [run.outcomes.get(key), expanded.has(key), opened.has(key), element.selection.changed.get(key)],
    shared: [
      ...[row, run.isSending, run.sending, element.blockOf(row)],
      ...[groupNames, peopleNames, identity, client, ...accessOf(registry)],
    ],
  };
}

function drawRow(element: BatchPage, row: Row) {
  const words = strings.batch;
  const { run, expanded, opened } = element;
  const { key, request, own } = row;
  const name = nameOf(row);
  const isExpanded = expanded.has(key);
  const isUnopened = row.isHiding && !opened.has(key);
  const block = run.sending ? undefined : element.blockOf(row);
  const outcome = run.outcomes.get(key);
  const unusual = own.filter(({ isUnusual }) => isUnusual).length;
  return html`<li class="request" part="row" data-key=${key} data-outcome=${outcome?.state ?? ""}
    data-block=${block ?? ""}>
    <div class="line">
      ${imageName(row)} ${version(row, element)}
      ${unusual > 0 ? html`<span class="state warn">≠ ${words.hasUnusual(unusual)}</span>` : nothing}
      ${state(row, block, outcome, element)}
      <span class="actions">
        <button type="button" class="small plain" aria-expanded=${isExpanded ? "true" : "false"} data-fields
          aria-label=${words.fieldsOf(name)} @click=${() => element.toggle(key)}>${words.allFields}</button>
        <button type="button" class="small plain" aria-label=${words.openWhich(name)} data-open
          @click=${() => element.openRequest(request.signing.id)}>${words.openRequest}</button>
        ${
          run.sending
            ? nothing
            : html`<button type="button" class="small plain" aria-label=${words.leaveOutWhich(name)} data-leave-out
              @click=${() => element.leaveOut([key])}>${words.leaveOut}</button>`
        }
      </span>
    </div>
    <ul class="own" role="list">${digest(row)} ${own.map((one) => drawOwn(one, element))}</ul>
    ${row.view.image ? whatChanged(row, element) : nothing}
    ${isUnopened ? html`<p class="warn small"><strong>⚠ ${words.hiding}</strong></p>` : nothing}
    ${changes(row, element)}
    ${why(request.refusals[0]?.error, block, outcome)}
    ${isExpanded ? fields(row, element) : nothing}
  </li>`;
}

/** Its repository; what stands in the image's place where there is none. */
function imageName({ facts }: Row) {
  const repository = facts.get("repository");
  if (repository)
    return html`<strong class="name">${text(String(repository.value), "exact", inRow)}</strong>`;
  return html`<strong class="name bad">${strings.batch.noImage}</strong>`;
}

function nameOf({ view, request }: Row) {
  return visibleText((view.image?.repository ?? request.signing.id).slice(0, inRow), "exact");
}

function version({ version }: Row, { callings }: BatchPage) {
  if (!version?.fact) return nothing;
  const { fact, isUnusual } = version;
  return html`<span class="version ${isUnusual ? "unusual" : ""}"><span class="muted small">${title(fact.title)}</span> ${drawn(fact, callings, inRow)}</span>`;
}

function digest({ facts }: Row) {
  const digest = facts.get("digest");
  if (!digest) return nothing;
  const value = String(digest.value);
  // Nothing may stand between the tags: it would be part of what is copied.
  return html`<li class="digest"><code>${value.slice(0, -tailLength)}<span class="end">${value.slice(-tailLength)}</span></code></li>`;
}

const tailLength = 8;

function state(row: Row, block: Block | undefined, outcome: DecisionOutcome | undefined, element: BatchPage) {
  const words = strings.batch;
  if (outcome) return outcomeMark(outcome);
  if (element.run.isSending) return html`<span class="muted small">${words.pending}</span>`;
  if (block && block !== "not-waiting") return html`<span class="state bad">${blockWords(block)}</span>`;
  const { signing } = row.request;
  return signing.state === "waiting" ? nothing : stateMark(signing);
}

const tones: Readonly<Partial<Record<DecisionOutcome["state"], string>>> = {
  approved: "good",
  rejected: "good",
  doubtful: "warn",
  notTried: "",
};

function outcomeMark({ state }: DecisionOutcome) {
  const { outcomes } = strings.batch;
  const tone = tones[state] ?? "bad";
  const sign = { good: "✓ ", warn: "? ", bad: "✕ " }[tone] ?? "– ";
  return html`<span class="state ${tone}" data-state=${state}><span aria-hidden="true">${sign}</span>${outcomes[state] ?? state}</span>`;
}

/** How many rows have changes that must be seen: a person may decide without coming to each. */
function notable({ compared }: BatchPage, rows: readonly Row[]) {
  const count = rows.filter(({ key }) => compared.get(key)?.changes.notable.length).length;
  if (count === 0) return nothing;
  return html`<p class="warn small" data-notable=${count}><strong>⚠ ${strings.batch.notable(count, rows.length)}</strong></p>`;
}

/** Rows that are compared unasked; the others once they are in sight. */
const comparedAtOnce = 50;

function whatChanged(row: Row, element: BatchPage) {
  const { client, groupNames, peopleNames, arranged } = element;
  const { request, product, view } = row;
  // Whoever made the request has named the image.
  const isOfProduct = product?.product && view.image && !mismatch(product.product, view.image);
  const registry = isOfProduct ? element.registry : withoutSignIn(element.registry);
  const isSeen = (arranged?.rows.indexOf(row) ?? -1) < comparedAtOnce;
  return html`<ocisign-changes brief .isSeen=${isSeen} .client=${client} .registry=${registry} .signing=${request.signing}
    .groupNames=${groupNames} .peopleNames=${peopleNames} @ocisign-error=${toldThere}></ocisign-changes>`;
}

/** What could not be compared is told in its row. */
function toldThere(event: Event) {
  event.stopPropagation();
}

function drawOwn({ title: name, fact, isUnusual }: Own, { callings }: BatchPage) {
  const words = strings.batch;
  const value = fact ? drawn(fact, callings, inRow) : html`<span class="muted">${words.none}</span>`;
  const mark = isUnusual
    ? html`<span aria-hidden="true">≠ </span><span class="unseen">${words.unusual} </span>`
    : nothing;
  return html`<li class=${isUnusual ? "unusual" : ""}>${mark}<span class="muted">${title(name)}</span> ${value}</li>`;
}

/** The places that changed since the person looked at it before; what stands there now is in its row. */
function changes({ key }: Row, { selection }: BatchPage) {
  const changes = selection.changed.get(key);
  if (!changes) return nothing;
  const paths = changes.slice(0, mostChanges).map(({ path }) => path);
  return html`<p class="warn small">${prose(strings.batch.changed(paths.join(", ")))}</p>`;
}

const mostChanges = 10;

/** Why it cannot be approved, or was not. */
function why(refusal: unknown, block: Block | undefined, outcome: DecisionOutcome | undefined) {
  const isDone = outcome?.state === "approved" || outcome?.state === "rejected";
  const error = outcome ? (isDone ? undefined : outcome.error) : block ? refusal : undefined;
  if (error === undefined) return nothing;
  const { message, fix } = wordsOf(error, outcome ? "decide" : undefined);
  return html`<p class="small why ${outcome?.state === "doubtful" ? "warn" : "bad"}">${prose(message)} ${fix ? prose(fix) : nothing}</p>`;
}

/** Every field, as one decision about it alone would show it; and how it stands. */
function fields({ facts, view, request }: Row, { names }: BatchPage) {
  const words = strings.batch;
  const { approvals, signing } = view;
  // Here every name has its id.
  const spelled = Callings.withIds(names);
  return html`<div class="fields stack tight repeated" data-all-fields>
    <dl class="facts">${[...facts.values()].map((fact) => asRow(fact, spelled))}</dl>
    <p class="hint">${words.live}</p>
    <dl class="facts">
      <dt>${words.state}</dt><dd>${stateMark(request.signing)}</dd>
      ${
        approvals.length > 0
          ? html`<dt>${words.approvedBy}</dt>
            <dd>${approvals.slice(0, mostApprovals).map(({ person }) => html`<p>${spelled.person(person)}</p>`)}</dd>`
          : nothing
      }
    </dl>
    <details>
      <summary>${strings.signing.everything}</summary>
      <pre tabindex="0" role="region" aria-label=${strings.signing.everything}>${JSON.stringify(
        signing,
        null,
        2,
      )
        .split("\n")
        .map((line) => (/[^\x20-\x7e]/.test(line) ? visibleText(line) : line))
        .join("\n")}</pre>
    </details>
  </div>`;
}

const mostApprovals = 50;
