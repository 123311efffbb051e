// That an image was requested before: who asks for it by mistake gives the approvers the same work twice.
import { html, nothing } from "lit";
import type { Earlier } from "../../shown/earlier.ts";
import { viewOf } from "../../shown/request-view.ts";
import { moment } from "../fragments/facts.ts";
import { stateMark } from "../fragments/marks.ts";
import { titleOf } from "../model/offer.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import { ago } from "../text/time.ts";

/** So many are named. */
const mostNamed = 3;

export function earlierNotice(earlier: readonly Earlier[], open: (id: string) => void) {
  const [first] = earlier;
  if (!first) return nothing;
  const { earlierWords, more } = strings.request;
  const left = earlier.length - mostNamed;
  return html`<div class="notice warn stack tight" part="asked-before">
    <p>${earlierWords[first.standing]}</p>
    <ul class="plain-list stack tight" role="list">
      ${earlier.slice(0, mostNamed).map((it) => html`<li>${one(it, open)}</li>`)}
    </ul>
    ${left > 0 ? html`<p class="small">${more(left)}</p>` : nothing}
  </div>`;
}

function one({ signing }: Earlier, open: (id: string) => void) {
  const { createdAt, requester, reason } = viewOf(signing);
  const { openOne, openWhich } = strings.request;
  return html`<div class="row small">${stateMark(signing)}
    ${createdAt ? moment(createdAt, ago(createdAt)) : nothing}
    ${requester ? prose(requester.name) : nothing}
    ${reason ? prose(reason) : nothing}
    <button type="button" class="small" aria-label=${openWhich(titleOf({ id: signing.id }))}
      @click=${() => open(signing.id)}>${openOne}</button></div>`;
}
