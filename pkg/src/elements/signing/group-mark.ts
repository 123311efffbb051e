// Groups by name, as the portal calls them, or else by their UUID.
import { html } from "lit";
import { visibleText } from "../../shown/hidden-characters.ts";
import { folded } from "../model/groups.ts";
import type { GroupNames } from "../portal.ts";
import { exact, prose } from "../text/text-element.ts";

/** @param group a UUID */
export function groupMark(group: string, names: GroupNames | undefined) {
  const name = nameOf(group, names);
  return name === undefined
    ? exact(group)
    : html`<span title=${visibleText(group, "exact")}>${prose(name)}</span>`;
}

/** The same as plain text. */
export function groupWords(groups: readonly string[], names: GroupNames | undefined) {
  return groups
    .slice(0, 20)
    .map((group) => visibleText((nameOf(group, names) ?? group).slice(0, 100)))
    .join(", ");
}

function nameOf(group: string, names: GroupNames | undefined): string | undefined {
  const key = folded(group);
  const name: unknown = names && Object.hasOwn(names, key) ? names[key] : undefined;
  return typeof name === "string" ? name : undefined;
}
