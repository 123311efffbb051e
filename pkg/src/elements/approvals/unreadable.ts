// Requests that the list holds and that cannot be read: a row for each, so that none is missing in silence.
import { html, nothing } from "lit";
import type { Unreadable } from "../../shown/unreadable.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { briefExact, briefProse } from "./brief.ts";
import { searchable } from "./row.ts";
import type { Search } from "./search.ts";

/** The number of rows that are drawn. */
const most = 20;

/** Those in which a search finds all of its words. Whether a condition holds for one, nobody knows. */
export function foundUnreadable(all: readonly Unreadable[], { words, hasConditions }: Search) {
  if (hasConditions) return [];
  if (words.length === 0) return all;
  return all.filter(({ id, error }) => {
    const text = searchable(`${id}\n${wordsOf(error).message}`);
    return words.every((word) => text.includes(word));
  });
}

export function unreadableRows(all: readonly Unreadable[]) {
  if (all.length === 0) return nothing;
  const more = all.length - most;
  return html`<ul class="rows">
    ${all.slice(0, most).map(line)}
    ${more > 0 ? html`<li class="unreadable muted">${strings.approvals.moreUnreadable(more)}</li>` : nothing}
  </ul>`;
}

function line({ index, id, error }: Unreadable) {
  const words = strings.approvals;
  const { message } = wordsOf(error);
  return html`<li class="unreadable" part="unreadable">
    <p><strong class="bad">${words.unreadable}</strong> ${id === "" ? words.place(index) : briefExact(id)}</p>
    <p class="small">${briefProse(message, 300)}</p>
  </li>`;
}
