// What differs, as a person reads it: the line, what has to be seen, and all parts in folds. It is loaded when there is
// something to show.
import { html, nothing } from "lit";
import type { ImageChanges } from "ocisign";
import {
  type ChangesView,
  type ChangeWords,
  changesView,
  type Noticed,
  type Part,
  type PlatformView,
  type Row,
  type Told,
} from "../../shown/changes.ts";
import { dateOf } from "../../shown/date.ts";
import { moment } from "../fragments/facts.ts";
import { hostIn, linkTo } from "../fragments/link.ts";
import { drawnOnceOpened, inSteps } from "../fragments/unfolding.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { lightText } from "../text/light-text.ts";
import { prose } from "../text/text-element.ts";

/** So many rows of a part are shown at once. */
const step = 50;
/** A part with no more rows that differ is open from the start. */
const fewRows = 12;
/** Of what has to be seen, so many characters are shown at once; of what is in a fold, so many. */
const [inSight, inFold] = [300, 1000];

/** The same while neither the changes nor the words are others, so that an unfolded list stays unfolded. */
const views: WeakMap<ImageChanges, { view: ChangesView; words: readonly unknown[] }> = new WeakMap();

export function viewIn(changes: ImageChanges): ChangesView {
  const words = Object.values(strings.changes);
  const known = views.get(changes);
  if (known?.words.every((word, at) => word === words[at])) return known.view;
  const view = changesView(changes, strings.changes satisfies ChangeWords);
  views.set(changes, { view, words });
  return view;
}

/** What nobody may miss. */
export function notable({ notable }: ChangesView, isBrief: boolean): unknown {
  const words = strings.changes;
  if (notable.length === 0) return nothing;
  return html`<ul class="noticed" role="list" aria-label=${words.mustSee} part="notable">
    ${notable.map((one) => html`<li data-code=${one.code}>${noticed(one, isBrief)}</li>`)}
  </ul>`;
}

function noticed({ text, subject, before, after, platforms }: Noticed, isBrief: boolean) {
  const words = strings.changes;
  const about = subject ? html`: ${told(subject, inSight)}` : nothing;
  const sides =
    isBrief || (!before && !after)
      ? nothing
      : html`${subject ? ", " : ": "}${told(before ?? notSet(), inSight)}<span
          aria-hidden="true"> → </span><span class="unseen"> ${words.after} </span>${told(after ?? notSet(), inSight)}`;
  const where = platforms.length > 0 ? html` (${words.onlyOn(platforms.join(", "))})` : nothing;
  return html`<span aria-hidden="true">⚠ </span><strong>${text}</strong>${about}${sides}${where}`;
}

function notSet(): Told {
  return { kind: "words", text: strings.changes.notSet };
}

/** All that was compared, by platform where there are several. */
export function details({ platforms }: ChangesView): unknown {
  const words = strings.changes;
  const [first] = platforms;
  if (!first) return nothing;
  const isOne = platforms.length === 1 && first.state === "both";
  return drawnOnceOpened(
    words.details,
    () => html`<div class="parts" part="details">
      ${isOne ? parts(first) : inSteps(platforms, platformPart, step)}
    </div>`,
  );
}

function platformPart(platform: PlatformView) {
  const { name, summary, state } = platform;
  const words = strings.changes;
  const title = state === "both" ? words.showPlatform(name || words.noPlatform, summary) : summary;
  if (platform.parts.length === 0) return html`<p>${title}</p>${failure(platform.error)}`;
  return html`<details data-platform=${name}>
    <summary><strong>${title}</strong></summary>
    <div class="parts">${state === "both" ? nothing : html`<p class="hint">${words.describes}</p>`} ${parts(platform)}</div>
  </details>`;
}

function parts({ parts, state }: PlatformView) {
  const same =
    state === "both" ? parts.filter((part) => part.state === "same" && part.rows.length === 0) : [];
  const others = parts.filter((part) => !same.includes(part));
  return html`${others.map(onePart)}
    ${
      same.length > 0
        ? html`<p class="muted small">${strings.changes.same}: ${same.map(({ title }) => title).join(", ")}</p>`
        : nothing
    }`;
}

function onePart(part: Part) {
  const { key, title, brief, rows, state, note, error } = part;
  const heading = html`<strong>${title}</strong> <span class=${state === "unknown" ? "warn" : "muted"}>${brief}</span>`;
  const differing = rows.filter((row) => row.state !== "same").length;
  const inside = html`${note ? html`<p class="hint">${note}</p>` : nothing} ${failure(error)}
    ${rows.length > 0 ? inSteps(rows, (row: Row) => oneRow(row, key), step) : nothing}`;
  if (rows.length === 0 && !error) return html`<div data-part=${key}><p>${heading}</p>${inside}</div>`;
  const isOpen = state === "unknown" || (differing > 0 && differing <= fewRows);
  return html`<details data-part=${key} ?open=${isOpen}>
    <summary>${heading}</summary>
    <div class="rows">${inside}</div>
  </details>`;
}

/** A text of ours, and what could not be read instead of it. */
function failure(error: unknown): unknown {
  if (error === undefined) return nothing;
  const { message, fix } = wordsOf(error);
  return html`<p class="warn small">${prose(message)} ${fix ? prose(fix) : nothing} ${strings.changes.unknownAdvice}</p>`;
}

function oneRow(row: Row, part: Part["key"]) {
  const words = strings.changes;
  const { state, name, remarks, error } = row;
  const isLayer = part === "layers" && row.key !== "base";
  const main = isLayer ? layer(row) : html`<span>${told(name, inFold)}</span>`;
  return html`<div class="row" data-state=${state}>
    <span class="tag ${state}">${words.states[state]}</span> ${main}
    ${remarks.map((remark) => html`<span class="muted small">${told(remark, inFold)}</span>`)}
    ${isLayer ? nothing : sides(row)} ${failure(error)}
  </div>`;
}

/** By the command that made it; its digest tells it from the others. */
function layer({ name, before, after }: Row) {
  const made = after ?? before;
  const short = name.text.replace(/^sha256:/, "").slice(0, 12);
  return html`<code class="muted" title=${name.text}>${short}</code>
    ${made && made.text !== "" ? html`<span>${told(made, inFold)}</span>` : nothing}`;
}

function sides({ state, before, after }: Row) {
  const words = strings.changes;
  if (!before && !after) return nothing;
  if (state === "same") return html`<span>${told(after ?? before ?? notSet(), inFold)}</span>`;
  if (before && after && before.text.length + after.text.length <= short) {
    return html`<span>${told(before, inFold)}<span aria-hidden="true"> → </span><span
      class="unseen"> ${words.after} </span>${told(after, inFold)}</span>`;
  }
  // What is new or gone has one side, and the mark before it says which.
  if (!before || !after) return html`<span>${told(after ?? before ?? notSet(), inFold)}</span>`;
  return html`<dl class="sides">
    <dt>${words.before}</dt><dd>${told(before, inFold)}</dd>
    <dt>${words.after}</dt><dd>${told(after, inFold)}</dd>
  </dl>`;
}

/** Two sides of no more characters stand in one line. */
const short = 60;

/** A value; foreign text with all that it hides, and a web address with a way to it. */
function told({ kind, text }: Told, limit: number): unknown {
  if (kind === "words") return html`<span class="muted">${text}</span>`;
  if (kind === "time") {
    const date = dateOf(text);
    return date ? moment(date) : lightText(text, "exact", limit);
  }
  return html`${lightText(text, kind, limit)}${hostIn(text) === undefined ? nothing : linkTo(text)}`;
}
