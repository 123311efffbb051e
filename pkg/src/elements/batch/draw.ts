// A fact, as a person reads it.
import { html } from "lit";
import type { NameSources } from "../../shown/names.ts";
import { moment, fact as row } from "../fragments/facts.ts";
import { groupMark, personMark } from "../fragments/named.ts";
import { strings } from "../strings/index.ts";
import { lightText as text } from "../text/light-text.ts";
import type { Fact } from "./facts.ts";

/** So much of a value is shown in a row; the person opens the rest. */
export const inRow = 200;
const whole = 2000;

export function drawn(fact: Fact, names: NameSources, limit: number = whole) {
  switch (fact.shows) {
    case "time":
      return moment(fact.value);
    case "person":
      return personMark(fact.value, names);
    case "group":
      return groupMark(fact.value, names);
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
export function asRow(fact: Fact, names: NameSources) {
  return row(title(fact.title), drawn(fact, names));
}
