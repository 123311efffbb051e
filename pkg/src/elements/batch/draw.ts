// A fact, as a person reads it.
import { html } from "lit";
import type { Kind } from "../../shown/hidden-characters.ts";
import type { Callings } from "../fragments/called.ts";
import { moment, fact as row } from "../fragments/facts.ts";
import { strings } from "../strings/index.ts";
import type { Fact } from "./facts.ts";

/** So much of a value is shown in a row; the person opens the rest. */
export const inRow = 200;
const whole = 2000;

export function drawn(fact: Fact, callings: Callings, limit: number = whole) {
  switch (fact.shows) {
    case "time":
      return moment(fact.value);
    case "person":
      return callings.person(fact.value);
    case "group":
      return callings.group(fact.value);
    case "words":
      return html`<span class=${fact.isWarning ? "warn" : "muted"}>${text(fact.value, "prose", limit)}</span>`;
    case "exact":
    case "prose": {
      if (fact.value === "") return html`<span class="muted">${strings.signing.empty}</span>`;
      const drawn = text(fact.value, fact.shows, limit);
      return fact.isWarning ? html`<span class="warn">${drawn}</span>` : drawn;
    }
  }
}

export function title(of: Fact["title"]) {
  return "own" in of ? of.own : text(of.foreign || strings.signing.empty, "prose", inRow);
}

/** A row of a list of facts. */
export function asRow(fact: Fact, callings: Callings) {
  return row(title(fact.title), drawn(fact, callings));
}

/**
 * Most texts hide nothing, and hundreds of rows have some of them each: an element for each would take seconds to draw.
 */
export function text(value: string, kind: Kind, limit: number) {
  if (value.length <= limit && plain.test(value)) return html`<span class="plain-${kind}">${value}</span>`;
  return html`<ocisign-text .kind=${kind} .limit=${limit} .value=${value}></ocisign-text>`;
}

/** Printable ASCII, without a blank that a browser does not draw. */
const plain = /^[!-~]+(?: [!-~]+)*$/;
