// The requests as a table; in a narrow column each row becomes a card, by CSS alone. The roles are named because a
// table that is laid out in another way loses them.
import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { repeat } from "lit/directives/repeat.js";
import { stateMark } from "../fragments/state-mark.js";
import { strings } from "../strings/index.ts";
import { visibleText } from "../text/hidden-characters.ts";
import { ago, fullTime } from "../text/time.ts";
import { columns, nameOf } from "./arranging.js";
import { beginning, briefExact, briefProse } from "./brief.js";

/**
 * @typedef {import("./row.js").Row} Row
 *
 * @typedef {object} Table
 * @property {Row[]} rows those to draw
 * @property {import("./arranging.js").ProductNames} names
 * @property {import("../index.js").ApprovalsSort} sort
 * @property {string} caption
 * @property {string | undefined} current the key of the request that is open elsewhere
 * @property {(row: Row) => string | undefined} hrefOf
 * @property {(column: string) => void} onSort
 * @property {(event: MouseEvent, row: Row) => void} onOpen
 */

const order = ["artifact", "product", "requester", "reason", "age", "state", "you"];

/** @param {Table} table */
export function table({ rows, caption, ...rest }) {
  return html`<table role="table" part="table">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${order.map((column) => heading(column, rest))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${repeat(
        rows,
        ({ key }) => key,
        (row) => line(row, rest),
      )}
    </tbody>
  </table>`;
}

/** @param {string} column @param {Pick<Table, "sort" | "onSort">} table */
function heading(column, { sort, onSort }) {
  const name = strings.approvals.columns[column];
  if (!columns.includes(column)) {
    return html`<th role="columnheader" scope="col" class="in-${column}">${name}</th>`;
  }
  const direction = sort === column ? "ascending" : sort === `-${column}` ? "descending" : undefined;
  const arrow = { ascending: "▲", descending: "▼", none: "" }[direction ?? "none"];
  return html`<th role="columnheader" scope="col" class="in-${column}" aria-sort=${ifDefined(direction)}>
    <button type="button" class="plain" @click=${() => onSort(column)}>
      ${name}<span class="arrow" aria-hidden="true">${arrow}</span>
    </button>
  </th>`;
}

/** @param {Row} row @param {Pick<Table, "names" | "current" | "hrefOf" | "onOpen">} table */
function line(row, { names, current, hrefOf, onOpen }) {
  const isCurrent = row.key === current;
  return html`<tr
    role="row"
    part=${isCurrent ? "row current" : "row"}
    class=${isCurrent ? "current" : ""}
    @click=${openByRow}
  >
    <th role="rowheader" scope="row" class="in-artifact">
      ${opener(row, isCurrent, hrefOf(row), onOpen)} ${digest(row)} ${isCurrent ? currentMark() : nothing}
    </th>
    ${cell("product", product(row, names))} ${cell("requester", requester(row))} ${cell("reason", reason(row))}
    ${cell("age", age(row))} ${cell("state", state(row))} ${cell("you", you(row))}
  </tr>`;
}

/** @param {string} column @param {unknown} content nothing for a cell that stays empty */
function cell(column, content) {
  const name = strings.approvals.columns[column];
  if (content === nothing) return html`<td role="cell" class="in-${column}"></td>`;
  return html`<td role="cell" class="in-${column}">
    <span class="label" aria-hidden="true">${name}</span>
    <div>${content}</div>
  </td>`;
}

/** The one control of a row: a link where the portal has an address for it. @param {Row} row @param {boolean} isCurrent @param {string | undefined} href @param {Table["onOpen"]} onOpen */
function opener(row, isCurrent, href, onOpen) {
  const current = ifDefined(isCurrent ? "true" : undefined);
  const open = (/** @type {MouseEvent} */ event) => onOpen(event, row);
  const content = html`<span class="unseen">${strings.approvals.open} </span>${image(row)}`;
  return href === undefined
    ? html`<button type="button" class="plain open" part="open" aria-current=${current} @click=${open}>${content}</button>`
    : html`<a class="open" part="open" href=${href} aria-current=${current} @click=${open}>${content}</a>`;
}

/** The image, whole for screen readers. @param {Row} row */
function image({ artifact }) {
  const { reference, text } = artifact;
  if (!reference) return html`${text ? briefExact(text) : problem(artifact)}`;
  const { registry, repository, digest } = reference;
  return html`${briefExact(`${registry}/${repository}`, 600)}<span class="unseen"> ${digest}</span>`;
}

/** @param {import("../model/artifact.js").Artifact} artifact */
function problem({ problem }) {
  const { noImage, severalImages, badImage } = strings.approvals;
  return { none: noImage, several: severalImages }[String(problem)] ?? badImage;
}

/** The first and last digits of the digest, which the opener names whole. @param {Row} row */
function digest({ artifact }) {
  const { reference, text } = artifact;
  if (!reference) return text ? html`<p class="small bad">${problem(artifact)}</p>` : nothing;
  const [algorithm, hex] = reference.digest.split(":");
  return html`<code class="digest" aria-hidden="true" title=${reference.digest}
    >${algorithm}:${hex.slice(0, 12)}…${hex.slice(-8)}</code
  >`;
}

function currentMark() {
  return html`<p class="small muted">${strings.approvals.current}</p>`;
}

/** @param {Row} row @param {Table["names"]} names */
function product(row, names) {
  const { productId } = row;
  if (!productId) return html`<span class="muted">${strings.approvals.noProduct}</span>`;
  const name = nameOf(row, names);
  const title = visibleText(beginning(productId), "exact");
  return html`<span title=${title}>${name === productId ? briefExact(name, 80) : briefProse(name, 80)}</span>`;
}

/** @param {Row} row */
function requester({ requester }) {
  if (!requester) return html`<span class="muted">${strings.approvals.noRequester}</span>`;
  const { name, objectId = "" } = requester;
  return html`<span title=${visibleText(beginning(objectId), "exact")}>${briefProse(name, 80)}</span>`;
}

/** @param {Row} row */
function reason({ reason }) {
  return reason ? briefProse(reason) : html`<span class="muted">${strings.approvals.noReason}</span>`;
}

/** @param {Row} row */
function age({ createdAt }) {
  if (!createdAt) return html`<span class="muted">${strings.common.unknownTime}</span>`;
  return html`<time datetime=${createdAt.toISOString()} title=${fullTime(createdAt)}>${ago(createdAt)}</time>`;
}

/** @param {Row} row */
function state({ signing, missing, required }) {
  const isOpen = !signing.final && missing !== undefined && missing.length > 0;
  const groups = isOpen ? strings.approvals.missing(missing.length, required?.length) : nothing;
  return html`${stateMark(signing)}
    ${isOpen ? html`<p class="small muted">${groups}</p>` : nothing}`;
}

/** @param {Row} row */
function you({ foresight }) {
  const { known, obstacle } = foresight;
  if (obstacle === "not-waiting") return nothing;
  const what = obstacle ?? (known ? "yes" : "perhaps");
  return html`<span class=${what === "yes" ? "yes" : "muted"}>${strings.approvals.you[what]}</span>`;
}

/** A click anywhere in a row opens it, unless it hit something else or ended a selection. @param {MouseEvent} event */
function openByRow(event) {
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  const path = event.composedPath();
  const within = path.slice(0, path.indexOf(row));
  const isOther = within.some((it) => it instanceof Element && it.matches("a, button"));
  if (event.defaultPrevented || isOther || getSelection()?.toString()) return;
  /** @type {HTMLElement | null} */ (row.querySelector(".open"))?.click();
}
