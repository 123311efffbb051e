// The requests as a table; in a narrow column each row becomes a card, by CSS alone. The roles are named because a
// table that is laid out in another way loses them.
import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { repeat } from "lit/directives/repeat.js";
import type { RequestedArtifact } from "ocisign";
import { visibleText } from "../../shown/hidden-characters.ts";
import type { Unreadable } from "../../shown/unreadable.ts";
import { stateMark } from "../fragments/marks.ts";
import { strings } from "../strings/index.ts";
import { ago, fullTime } from "../text/time.ts";
import { nameOf, type ProductNames } from "./arranging.ts";
import { beginning, briefExact, briefProse } from "./brief.ts";
import type { Row } from "./row.ts";
import { unreadableRows } from "./unreadable.ts";
import { type ApprovalsSort, type Column, isColumn } from "./view.ts";

export interface Table {
  /** Those to draw. */
  rows: Row[];
  /** What could not be read. */
  unreadable: readonly Unreadable[];
  names: ProductNames;
  sort: ApprovalsSort;
  caption: string;
  /** The key of the request that is open elsewhere. */
  current: string | undefined;
  hrefOf: (row: Row) => string | undefined;
  onSort: (column: Column) => void;
  onOpen: (event: MouseEvent, row: Row) => void;
}

type Heading = keyof typeof strings.approvals.columns;

const order: readonly Heading[] = ["artifact", "product", "requester", "reason", "age", "state", "you"];

export function table({ rows, unreadable, caption, ...rest }: Table) {
  return html`<table role="table" part="table">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${order.map((column) => heading(column, rest))}
      </tr>
    </thead>
    ${unreadableRows(unreadable)}
    <tbody role="rowgroup">
      ${repeat(
        rows,
        ({ key }) => key,
        (row) => line(row, rest),
      )}
    </tbody>
  </table>`;
}

function heading(column: Heading, { sort, onSort }: Pick<Table, "sort" | "onSort">) {
  const name = strings.approvals.columns[column];
  if (!isColumn(column)) {
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

function line(
  row: Row,
  { names, current, hrefOf, onOpen }: Pick<Table, "names" | "current" | "hrefOf" | "onOpen">,
) {
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

/** @param content nothing for a cell that stays empty */
function cell(column: Heading, content: unknown) {
  const name = strings.approvals.columns[column];
  if (content === nothing) return html`<td role="cell" class="in-${column}"></td>`;
  return html`<td role="cell" class="in-${column}">
    <span class="label" aria-hidden="true">${name}</span>
    <div>${content}</div>
  </td>`;
}

/** The one control of a row: a link where the portal has an address for it. */
function opener(row: Row, isCurrent: boolean, href: string | undefined, onOpen: Table["onOpen"]) {
  const current = ifDefined(isCurrent ? "true" : undefined);
  const open = (event: MouseEvent) => onOpen(event, row);
  const content = html`<span class="unseen">${strings.approvals.open} </span>${image(row)}`;
  return href === undefined
    ? html`<button type="button" class="plain open" part="open" aria-current=${current}
      @click=${open}>${content}</button>`
    : html`<a class="open" part="open" href=${href} aria-current=${current} @click=${open}>${content}</a>`;
}

/** The image, whole for screen readers. */
function image({ artifact, image }: Row) {
  const { text } = artifact;
  if (!image) return html`${text ? briefExact(text) : problem(artifact)}`;
  const { registry, repository, digest } = image;
  return html`${briefExact(`${registry}/${repository}`, 600)}<span class="unseen"> ${digest}</span>`;
}

function problem({ state }: RequestedArtifact) {
  const { noImage, severalImages, badImage } = strings.approvals;
  return state === "none" ? noImage : state === "several" ? severalImages : badImage;
}

/** The first and last digits of the digest, which the opener names whole. */
function digest({ artifact, image }: Row) {
  if (!image) return artifact.text ? html`<p class="small bad">${problem(artifact)}</p>` : nothing;
  const [algorithm, hex = ""] = image.digest.split(":");
  return html`<code class="digest" aria-hidden="true" title=${image.digest}
    >${algorithm}:${hex.slice(0, 12)}…${hex.slice(-8)}</code
  >`;
}

function currentMark() {
  return html`<p class="small muted">${strings.approvals.current}</p>`;
}

function product(row: Row, names: Table["names"]) {
  const { productId } = row;
  if (!productId) return html`<span class="muted">${strings.approvals.noProduct}</span>`;
  const name = nameOf(row, names);
  const title = visibleText(beginning(productId), "exact");
  return html`<span title=${title}>${name === productId ? briefExact(name, 80) : briefProse(name, 80)}</span>`;
}

function requester({ requester }: Row) {
  if (!requester) return html`<span class="muted">${strings.approvals.noRequester}</span>`;
  const { name, objectId = "" } = requester;
  // Without a name there is only the id, which is ASCII.
  const who = name === objectId ? briefExact(name, 80) : briefProse(name, 80);
  return html`<span title=${visibleText(beginning(objectId), "exact")}>${who}</span>`;
}

function reason({ reason }: Row) {
  return reason ? briefProse(reason) : html`<span class="muted">${strings.approvals.noReason}</span>`;
}

function age({ createdAt }: Row) {
  if (!createdAt) return html`<span class="muted">${strings.common.unknownTime}</span>`;
  return html`<time datetime=${createdAt.toISOString()} title=${fullTime(createdAt)}>${ago(createdAt)}</time>`;
}

function state({ signing, missing, required }: Row) {
  const isOpen = !signing.final && missing !== undefined && missing.length > 0;
  const groups = isOpen ? strings.approvals.missing(missing.length, required?.length) : nothing;
  return html`${stateMark(signing)}
    ${isOpen ? html`<p class="small muted">${groups}</p>` : nothing}`;
}

function you({ foresight }: Row) {
  const { known, obstacle } = foresight;
  if (obstacle === "not-waiting") return nothing;
  const what = obstacle ?? (known ? "yes" : "perhaps");
  return html`<span class=${what === "yes" ? "yes" : "muted"}>${strings.approvals.you[what]}</span>`;
}

/** A click anywhere in a row opens it, unless it hit another control or ended a selection. */
function openByRow(event: MouseEvent) {
  const row = event.currentTarget;
  if (!(row instanceof Element)) return;
  const path = event.composedPath();
  const within = path.slice(0, path.indexOf(row));
  const isOther = within.some((it) => it instanceof Element && it.matches("a, button"));
  if (event.defaultPrevented || isOther || getSelection()?.toString()) return;
  row.querySelector<HTMLElement>(".open")?.click();
}
