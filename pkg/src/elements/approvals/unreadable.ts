// Requests that the list holds and that cannot be read: a row for each, so that none is missing in silence.
import { html, nothing } from "lit";
import type { Unreadable } from "../../shown/unreadable.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { wordsIn } from "./arranging.ts";
import { briefExact, briefProse } from "./brief.ts";
import { searchable } from "./row.ts";

/** The number of rows that are drawn. */
const most = 20;

/** Those in which a search finds all of its words. */
export function foundUnreadable(all: readonly Unreadable[], search: string) {
  const words = wordsIn(search);
  if (words.length === 0) return all;
  return all.filter(({ id, error }) => {
    const text = searchable(`${id}\n${wordsOf(error).message}`);
    return words.every((word) => text.includes(word));
  });
}

export function unreadableRows(all: readonly Unreadable[]) {
  if (all.length === 0) return nothing;
  const more = all.length - most;
  return html`<tbody role="rowgroup">
    ${all.slice(0, most).map(line)}
    ${
      more > 0
        ? html`<tr role="row" class="unreadable"><td role="cell" colspan="7" class="muted">
            ${strings.approvals.moreUnreadable(more)}</td></tr>`
        : nothing
    }
  </tbody>`;
}

function line({ index, id, error }: Unreadable) {
  const words = strings.approvals;
  const { message } = wordsOf(error);
  return html`<tr role="row" class="unreadable" part="unreadable">
    <th role="rowheader" scope="row" class="in-artifact">
      <p class="bad">${words.unreadable}</p>
      <p class="small">${id === "" ? words.place(index) : briefExact(id)}</p>
    </th>
    <td role="cell" colspan="6">${briefProse(message, 300)}</td>
  </tr>`;
}
