// A fact, as a person reads it.
import { html } from "lit";
import type { Callings } from "../fragments/called.ts";
import { moment, fact as row } from "../fragments/facts.ts";
import { strings } from "../strings/index.ts";
import { lightText as text } from "../text/light-text.ts";
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

/** What the request itself calls a field stands in quotation marks: it could imitate what we call one. */
export function title(of: Fact["title"]) {
  if ("own" in of) return of.own;
  const name = text(of.foreign || strings.signing.empty, "prose", inRow);
  return html`“${name}”<span class="unseen"> ${strings.batch.namedByRequest}</span>`;
}

/** A row of a list of facts. */
export function asRow(fact: Fact, callings: Callings) {
  return row(title(fact.title), drawn(fact, callings));
}
