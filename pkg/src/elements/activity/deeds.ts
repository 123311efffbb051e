// What happened, and who did it: the latest first.
import { html, nothing } from "lit";
import { foldedId } from "../../service/same-id.ts";
import type { DeedOf } from "../../shown/activity.ts";
import { visibleText } from "../../shown/hidden-characters.ts";
import type { NameSources } from "../../shown/names.ts";
import { type Person, personName } from "../../shown/person.ts";
import { moment } from "../fragments/facts.ts";
import { personMark } from "../fragments/named.ts";
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
  const shared = sharedNames(deeds, names);
  const mark = (by: Person) =>
    shared.has(personName(by, names)) ? personMark(by, names) : nameMark(by, names);
  return inSteps(deeds, (deed) => line(deed, mark, onOpen), step);
}

/** The names that more than one person has: there the id tells who it was. */
function sharedNames(deeds: readonly DeedOf[], names: NameSources): ReadonlySet<string> {
  const ids: Map<string, string> = new Map();
  const shared: Set<string> = new Set();
  for (const { by } of deeds) {
    if (!by) continue;
    const [name, id] = [personName(by, names), foldedId(by.objectId ?? "")];
    if ((ids.get(name) ?? id) !== id) shared.add(name);
    ids.set(name, id);
  }
  return shared;
}

/** A name alone; its id is for those who point at it. */
function nameMark(by: Person, names: NameSources) {
  const { objectId } = by;
  const name = personName(by, names);
  if (objectId === undefined || name === "" || name === objectId) return personMark(by, names);
  return html`<span title=${visibleText(objectId.slice(0, 100), "exact")}>${prose(name)}</span>`;
}

function line(
  { kind, at, by, comment, course }: DeedOf,
  mark: (by: Person) => unknown,
  onOpen: (id: string) => void,
) {
  const words = strings.activity;
  const { id, name, image } = course;
  const title = name || words.unnamed;
  return html`<div class="row deed">
      <span class="small muted when">${moment(at)}</span>
      <span class="state ${tones[kind]}">${words.kinds[kind]}</span>
      <button type="button" class="small plain what" part="open"
        @click=${() => onOpen(id)}><span class="unseen">${words.openOne} </span>${prose(title)}</button>
      ${by ? html`<span class="small">${words.by} ${mark(by)}</span>` : nothing}
    </div>
    ${image ? html`<p class="small muted">${exact(image)}</p>` : nothing}
    ${comment ? html`<blockquote class="small">${prose(comment)}</blockquote>` : nothing}`;
}
