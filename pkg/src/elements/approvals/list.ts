// The requests, each in two lines: which image it is, and what else tells it from the others.
import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { ImageReference, RequestedArtifact } from "ocisign";
import { asText } from "../../shown/as-text.ts";
import type { Unreadable } from "../../shown/unreadable.ts";
import { stateTone, stateWords } from "../fragments/marks.ts";
import { strings } from "../strings/index.ts";
import { beginning, lineText, oneLine } from "../text/one-line.ts";
import { ago, fullTime } from "../text/time.ts";
import { groupOf, nameOf } from "./arranging.ts";
import { type Common, type FactName, factOf, missingNames, type Reading, stateWord } from "./facts.ts";
import type { Row } from "./row.ts";
import type { Selection } from "./selection.ts";
import { unreadableRows } from "./unreadable.ts";
import type { ApprovalsGroup } from "./view.ts";

export interface List {
  /** Those to draw. */
  rows: readonly Row[];
  /** What could not be read. */
  unreadable: readonly Unreadable[];
  caption: string;
  group: ApprovalsGroup;
  /** What is said above all of them. */
  common: Common;
  reading: Reading;
  /** The key of the request that is open elsewhere. */
  current: string | undefined;
  selection: Selection;
  hrefOf: (row: Row) => string | undefined;
  /** All of a row's group, on all pages. */
  groupOf: (row: Row) => readonly Row[];
  onOpen: (event: MouseEvent, row: Row) => void;
  onPick: (event: MouseEvent, row: Row) => void;
  onPickAll: (rows: readonly Row[], isPicked: boolean) => void;
}

export function list(given: List) {
  const { rows, unreadable, caption, group } = given;
  return html`<div part="table">
    ${unreadableRows(unreadable)}
    ${group === "" ? lines(rows, caption, given) : groupsOf(rows, group).map((some) => groupPart(some, given))}
  </div>`;
}

/** What all of them say. */
export function commonLine(common: Common) {
  if (common.size === 0) return nothing;
  const { common: before, facts } = strings.approvals;
  return html`<p class="common" part="common">
    <span>${before}</span>
    ${[...common].map(
      ([name, said]) => html`<span class="fact">${oneLine(said, { label: facts[name] })}</span>`,
    )}
  </p>`;
}

function lines(rows: readonly Row[], caption: string, given: List) {
  if (rows.length === 0) return nothing;
  return html`<ul class="rows" aria-label=${caption}>
    ${repeat(
      rows,
      ({ key }) => key,
      (row) => line(row, given),
    )}
  </ul>`;
}

/** Those that stand together. */
function groupsOf(rows: readonly Row[], group: ApprovalsGroup): (readonly Row[])[] {
  const found: Map<string | undefined, Row[]> = new Map();
  for (const row of rows) {
    const name = groupOf(row, group);
    const some = found.get(name) ?? [];
    found.set(name, some);
    some.push(row);
  }
  return [...found.values()];
}

function groupPart(rows: readonly Row[], given: List) {
  const [first] = rows;
  if (!first || given.group === "") return nothing;
  const all = given.groupOf(first);
  const name = groupName(first, given.group, given.reading);
  const spoken = `${strings.approvals.groupNames[given.group]} ${lineText(beginning(name, 100))}`;
  const isNone = groupOf(first, given.group) === undefined;
  const title = isNone ? strings.approvals.noGroup[given.group] : spoken;
  return html`<section class="group" part="group">
    <div class="row group-head">
      <h3>${
        isNone
          ? title
          : html`<span class="muted">${strings.approvals.groupNames[given.group]}</span>
              ${oneLine(name, { kind: given.group === "repository" || given.group === "batch" ? "exact" : "prose" })}`
      } <span class="count">${all.length.toLocaleString()}</span></h3>
      ${groupPicker(all, title, given)}
    </div>
    ${lines(rows, title, given)}
  </section>`;
}

function groupName(row: Row, group: Exclude<ApprovalsGroup, "">, { names }: Reading): string {
  switch (group) {
    case "repository":
      return row.image ? `${row.image.registry}/${row.image.repository}` : row.artifact.text;
    case "product":
      return nameOf(row, names);
    case "requester":
      return row.requester?.name ?? "";
    case "batch":
      return row.batch ?? "";
  }
}

/** Picks all of a group, or none of it when all are picked. */
function groupPicker(all: readonly Row[], title: string, { selection, onPickAll }: List) {
  const { able, picked } = selection.among(all);
  if (able === 0) return nothing;
  const { pickGroup, pickShort, unpickGroup, clearPicked } = strings.approvals;
  const isWhole = picked === able;
  return html`<button
    type="button"
    class="small plain"
    aria-label=${isWhole ? unpickGroup(title) : pickGroup(able, title)}
    title=${isWhole ? unpickGroup(title) : pickGroup(able, title)}
    @click=${() => onPickAll(all, !isWhole)}
  >
    ${isWhole ? clearPicked : pickShort(able)}
  </button>`;
}

function line(row: Row, given: List) {
  const isCurrent = row.key === given.current;
  // A link is the one thing to press for those who use the keyboard; a pointer may hit anywhere.
  return html`<li class=${isCurrent ? "item current" : "item"} part=${isCurrent ? "row current" : "row"} data-key=${row.key} @click=${openByRow}>
    <label class="pick">${picker(row, given)}</label>
    <div class="first">
      <div class="facts">
        ${opener(row, isCurrent, given)} ${fact("name", row, given)} ${fact("version", row, given, "exact")}
      </div>
      <div class="age">${age(row)}</div>
    </div>
    <div class="second">
      <div class="facts">
        ${digest(row)} ${you(row, given)} ${missing(row, given)} ${fact("requester", row, given)}
        ${fact("product", row, given)} ${fact("batch", row, given, "exact")} ${fact("reason", row, given)}
      </div>
      ${badge(row, given)}
    </div>
  </li>`;
}

function picker(row: Row, { selection, onPick }: List) {
  if (!selection.canTake(row)) return nothing;
  const name = strings.approvals.pick(lineText(beginning(imageText(row), 300), "exact"));
  // By click, since only that tells which keys were held.
  return html`<input
    type="checkbox"
    class="picker"
    aria-label=${name}
    .checked=${live(selection.has(row))}
    @click=${(event: MouseEvent) => onPick(event, row)}
  />`;
}

/** The one control that opens a row: a link where the portal has an address for it. */
function opener(row: Row, isCurrent: boolean, { hrefOf, onOpen, common }: List) {
  const current = ifDefined(isCurrent ? "true" : undefined);
  const open = (event: MouseEvent) => onOpen(event, row);
  // An image is ASCII, and its name is longer than what is drawn. Any other text is heard as it is drawn.
  const name = ifDefined(row.image && `${strings.approvals.open} ${imageText(row)}`);
  const href = hrefOf(row);
  const content = row.image
    ? image(row.image, common)
    : html`<span class="unseen">${strings.approvals.open} </span>${noImage(row)}`;
  return href === undefined
    ? html`<button type="button" class="plain open" part="open" aria-label=${name} aria-current=${current}
        @click=${open}>${content}</button>`
    : html`<a class="open" part="open" href=${href} aria-label=${name} aria-current=${current}
        @click=${open}>${content}</a>`;
}

/** The image as whoever cannot see the row hears it, whole. */
function imageText({ artifact, image, signing }: Row) {
  if (image) return `${image.registry}/${image.repository} ${image.digest}`;
  return artifact.text || `${problem(artifact)} ${signing.id}`;
}

/** Without the registry, where all have the same. */
function image({ registry, repository }: ImageReference, common: Common) {
  return oneLine(common.has("registry") ? repository : `${registry}/${repository}`, { kind: "exact" });
}

function noImage({ artifact }: Row) {
  return artifact.text ? oneLine(artifact.text, { kind: "exact" }) : problem(artifact);
}

function problem({ state }: RequestedArtifact) {
  const { noImage, severalImages, badImage } = strings.approvals;
  return state === "none" ? noImage : state === "several" ? severalImages : badImage;
}

/** What is said above all of them, or above a group, is not said again. */
function fact(name: FactName, row: Row, { reading, common, group }: List, kind: "prose" | "exact" = "prose") {
  if (common.has(name) || name === group) return nothing;
  const said = factOf(name, row, reading);
  if (said === "") return absent(name);
  const label = strings.approvals.facts[name];
  return html`<span class="fact in-${name}">${oneLine(said, { kind, label, id: idBehind(name, row) })}</span>`;
}

/** The service knows people and products by ids, whatever they are called. */
function idBehind(name: FactName, { requester, productId }: Row) {
  return name === "requester" ? requester?.objectId : name === "product" ? productId : undefined;
}

/** Whoever decides should know that nobody is named; of the other facts nothing is missing. */
function absent(name: FactName) {
  const { noRequester, noProduct } = strings.approvals;
  const words = name === "requester" ? noRequester : name === "product" ? noProduct : undefined;
  return words === undefined ? nothing : html`<span class="fact in-${name}">${words}</span>`;
}

/** The end of the digest, which is what one types to approve. */
function digest({ artifact, image }: Row) {
  if (!image) return artifact.text ? html`<span class="fact bad">${problem(artifact)}</span>` : nothing;
  return html`<code class="fact digest" title=${image.digest}
    ><span class="unseen">${strings.approvals.facts.digest}: </span>…${image.digest.slice(-8)}</code
  >`;
}

function missing(row: Row, { reading, common }: List) {
  const said = common.has("missing") ? "" : factOf("missing", row, reading);
  if (said === "") return nothing;
  const groups = missingNames(row, reading).map((group) => lineText(group));
  const title = strings.approvals.missingGroups(groups.join(", "));
  return html`<span class="fact in-missing"><span class="line" title=${title}>${said}</span></span>`;
}

function you(row: Row, { reading, common }: List) {
  const said = common.has("you") ? "" : factOf("you", row, reading);
  const isMine = row.foresight.obstacle === undefined;
  return said === "" ? nothing : html`<span class="fact in-you ${isMine ? "yes" : ""}">${said}</span>`;
}

function badge(row: Row, { reading, common }: List) {
  if (common.has("state") || factOf("state", row, reading) === "") return nothing;
  const { signing } = row;
  return html`<span class="state ${stateTone(signing)}" part="state" title=${stateWords(signing)}
    >${stateWord(row)}</span
  >`;
}

function age({ createdAt, signing }: Row) {
  if (!createdAt) {
    const text = asText(signing.createdAt);
    return html`<span class="muted">${text === "" ? strings.common.unknownTime : oneLine(text, { kind: "exact" })}</span>`;
  }
  return html`<time datetime=${createdAt.toISOString()} title=${fullTime(createdAt)}
    >${ago(createdAt, Date.now(), "narrow")}</time
  >`;
}

/** A click anywhere in a row opens it, unless it hit another control or ended a selection of text. */
function openByRow(event: MouseEvent) {
  const row = event.currentTarget;
  if (!(row instanceof Element)) return;
  const path = event.composedPath();
  const within = path.slice(0, path.indexOf(row));
  const isOther = within.some((it) => it instanceof Element && it.matches("a, button, .pick"));
  if (event.defaultPrevented || isOther || getSelection()?.toString()) return;
  row.querySelector<HTMLElement>(".open")?.click();
}
