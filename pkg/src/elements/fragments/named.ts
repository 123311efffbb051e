// Groups and people: the name that people use, and the id that the service decides by behind it.
import { html } from "lit";
import { visibleText } from "../../shown/hidden-characters.ts";
import { type NameSources, nameAmong } from "../../shown/names.ts";
import { type Person, personName } from "../../shown/person.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

/** @param group a UUID */
export function groupMark(group: string, names: NameSources) {
  const name = nameAmong(names, "groups", group);
  return name === undefined ? exact(group) : withId(name, group);
}

/** The same as plain text. */
export function groupWords(groups: readonly string[], names: NameSources) {
  return groups
    .slice(0, 20)
    .map((group) => groupWord(group.slice(0, 100), nameAmong(names, "groups", group)));
}

function groupWord(group: string, name: string | undefined) {
  const id = visibleText(group, "exact");
  return name === undefined ? id : `${visibleText(name.slice(0, 100))} (${id})`;
}

export function personMark(person: Person, names: NameSources) {
  const name = personName(person, names);
  if (name === "") return html`${strings.signing.unknownPerson}`;
  const id = person.objectId ?? person.name;
  if (name === id) return person.objectId === undefined ? prose(name) : exact(name);
  return person.objectId === undefined && name === person.name ? prose(name) : withId(name, id);
}

function withId(name: string, id: string) {
  return html`<span class="named">${prose(name)} <span class="small muted">${exact(id)}</span></span>`;
}
