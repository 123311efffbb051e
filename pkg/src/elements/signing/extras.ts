// Fields of a request that have no place of their own, each by its path.
import { html, nothing } from "lit";
import { asText } from "../../shown/as-text.ts";
import type { Extra } from "../../shown/extras.ts";
import { fact } from "../fragments/facts.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

/** The number of rows that are drawn as rows. The others are one folded text, which the person has to open. */
export const mostRows = 100;

export function extras(title: string, all: readonly Extra[]) {
  const words = strings.signing;
  if (all.length === 0) return nothing;
  return html`<div class="stack tight" part="extras">
    <h4>${title}</h4>
    <dl class="facts">
      ${all.slice(0, mostRows).map(({ path, text }) => fact(exact(path), filled(text)))}
      ${all.length > mostRows ? fact(words.furtherRows, prose(asText(all.slice(mostRows)))) : nothing}
    </dl>
  </div>`;
}

/** A text, or a word for an empty one. */
export function filled(text: string) {
  return text === "" ? html`<span class="muted">${strings.signing.empty}</span>` : prose(text);
}
