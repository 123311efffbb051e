// What happened, and who did it: the latest first.
import { html, nothing } from "lit";
import type { DeedOf } from "../../shown/activity.ts";
import type { NameSources } from "../../shown/names.ts";
import { Callings } from "../fragments/called.ts";
import { moment } from "../fragments/facts.ts";
import { inSteps } from "../fragments/unfolding.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

/** So many are drawn at once. */
const step = 25;

const tones = { requested: "", approved: "good", signed: "good", rejected: "bad", failed: "bad" } as const;

export function deedsList(
  deeds: readonly DeedOf[],
  names: NameSources,
  onOpen: (id: string) => void,
): unknown {
  const callings = new Callings({ groups: [], people: deeds.map(({ by }) => by) }, names);
  return inSteps(deeds, (deed) => line(deed, callings, onOpen), step);
}

function line({ kind, at, by, comment, course }: DeedOf, callings: Callings, onOpen: (id: string) => void) {
  const words = strings.activity;
  const { id, name, image } = course;
  const title = name || words.unnamed;
  return html`<div class="row deed">
      <span class="small muted when">${moment(at)}</span>
      <span class="state ${tones[kind]}">${words.kinds[kind]}</span>
      <button type="button" class="small plain what" part="open"
        @click=${() => onOpen(id)}><span class="unseen">${words.openOne} </span>${prose(title)}</button>
      ${by ? html`<span class="small">${words.by} ${callings.person(by)}</span>` : nothing}
    </div>
    ${image ? html`<p class="small muted">${exact(image)}</p>` : nothing}
    ${comment ? html`<blockquote class="small">${prose(comment)}</blockquote>` : nothing}`;
}
