// Groups by name, as the portal calls them, or else by their UUID.
import { html } from "lit";
import { folded } from "../model/groups.js";
import { visibleText } from "../text/hidden-characters.ts";
import { exact, prose } from "../text/text-element.ts";

/** @param {string} group a UUID @param {import("../index.js").GroupNames | undefined} names */
export function groupMark(group, names) {
  const name = nameOf(group, names);
  return name === undefined
    ? exact(group)
    : html`<span title=${visibleText(group, "exact")}>${prose(name)}</span>`;
}

/** The same as plain text. @param {readonly string[]} groups @param {import("../index.js").GroupNames | undefined} names */
export function groupWords(groups, names) {
  return groups
    .slice(0, 20)
    .map((group) => visibleText((nameOf(group, names) ?? group).slice(0, 100)))
    .join(", ");
}

/** @param {string} group @param {import("../index.js").GroupNames | undefined} names @returns {string | undefined} */
function nameOf(group, names) {
  const key = folded(group);
  /** @type {unknown} */
  const name = names && Object.hasOwn(names, key) ? names[key] : undefined;
  return typeof name === "string" ? name : undefined;
}
