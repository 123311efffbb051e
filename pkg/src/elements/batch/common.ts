// What all requests say alike, once; and what most of them say, with how many.
import { html, nothing } from "lit";
import { Callings } from "../fragments/called.ts";
import { registryMark } from "../fragments/marks.ts";
import { drawnOnceOpened } from "../fragments/unfolding.ts";
import { strings } from "../strings/index.ts";
import { asRow, drawn, title } from "./draw.ts";
import { type Fact, hides } from "./facts.ts";
import type { BatchPage } from "./page.ts";

export function common(element: BatchPage) {
  const words = strings.batch;
  const { arranged, callings, names } = element;
  if (!arranged || arranged.common.length === 0) return nothing;
  const { rows } = arranged;
  // Ids and types that nobody decides by, unless they deceive: they hide nothing, and all requests have them alike.
  const isFolded = (fact: Fact) => fact.isTechnical === true && !hides(fact) && isShort(fact);
  const shown = arranged.common.filter((fact) => !isFolded(fact));
  // Nor are the ids of those who are called by their names.
  const folded = arranged.common.filter((fact) => isFolded(fact) || callings.hasAlone(idIn(fact)));
  const spelled = Callings.withIds(names);
  return html`<section class="panel stack tight" aria-labelledby="same" part="common">
    <h3 id="same">${words.same(rows.length)}</h3>
    <dl class="grid">
      ${byTitle(shown).map((facts) => {
        const [first] = facts;
        return first
          ? pair(
              title(first.title),
              html`<dd>${facts.map((fact) => html`<div>${drawn(fact, callings)} ${registry(fact, element)}</div>`)}</dd>`,
            )
          : nothing;
      })}
    </dl>
    ${
      folded.length === 0
        ? nothing
        : html`<div class="small">${drawnOnceOpened(
            words.technical(folded.length),
            () => html`<dl class="facts">${folded.map((fact) => asRow(fact, spelled))}</dl>`,
          )}</div>`
    }
  </section>`;
}

export function usual({ arranged, callings }: BatchPage) {
  const words = strings.batch;
  if (!arranged || arranged.usual.length === 0) return nothing;
  const { rows } = arranged;
  return html`<section class="panel stack tight" aria-labelledby="usual" part="usual">
    <h3 id="usual">${words.usual}</h3>
    <dl class="grid">
      ${arranged.usual.map(({ fact, count }) =>
        pair(
          title(fact.title),
          html`<dd>${drawn(fact, callings)} <span class="muted small">${words.usualCount(count, rows.length)}</span></dd>`,
        ),
      )}
    </dl>
  </section>`;
}

/** Of a person or a group. */
function idIn({ shows, value }: Fact): string {
  if (shows === "person") return value.objectId ?? "";
  return shows === "group" ? value : "";
}

function pair(name: unknown, values: unknown) {
  return html`<div><dt>${name}</dt>${values}</div>`;
}

/** What follows each other under one title of ours, such as several groups. */
function byTitle(facts: readonly Fact[]): Fact[][] {
  const found: Fact[][] = [];
  for (const fact of facts) {
    const last = found.at(-1)?.[0]?.title;
    const isSame = last && "own" in last && "own" in fact.title && last.own === fact.title.own;
    if (isSame) found.at(-1)?.push(fact);
    else found.push([fact]);
  }
  return found;
}

const longest = 120;

function isShort(fact: Fact) {
  return typeof fact.value !== "string" || fact.value.length <= longest;
}

/** Of the registry: is it the product's? */
function registry({ title, value }: Fact, { arranged }: BatchPage) {
  if (!("own" in title) || title.own !== strings.signing.registry) return nothing;
  const rows = arranged?.rows ?? [];
  const isMatched = rows.every(
    ({ product, request }) =>
      product?.product !== undefined && !request.refusals.some(({ refusal }) => refusal === "mismatch"),
  );
  return html`${isMatched ? registryMark() : nothing}${punycode(String(value))}`;
}

function punycode(registry: string) {
  const isSuspect = registry.split(".").some((part) => part.startsWith("xn--"));
  return isSuspect ? html`<p class="notice warn" part="warning">${strings.signing.punycode}</p>` : nothing;
}
