// What people call groups and people: by the settings of a page, and by the profile. A name stands beside the id and
// never replaces it: the service decides by ids.
import type { Names } from "ocisign";
import { fieldOf, isRecord } from "../foreign.ts";
import { foldedId } from "../service/same-id.ts";

/** What an id stands for. */
export type Named = "groups" | "people";

/** Places where a name may be found, the first one first; a page may leave any of them out. */
export type NameSources = readonly (Names | undefined)[];

/** The names of a table, by their ids as ids are compared: made once for each table. */
const read: WeakMap<object, ReadonlyMap<string, string>> = new WeakMap();

/**
 * What people call a group or a person, if anybody named it. Ids compare without case. A name is foreign text: whoever
 * shows it writes out what it hides.
 */
export function nameOf(names: Names | undefined, kind: Named, id: string | undefined): string | undefined {
  // A table is what a portal or a profile passed, and may be anything.
  const table = fieldOf(names, kind);
  if (id === undefined || !isRecord(table)) return undefined;
  return tableOf(table).get(foldedId(id));
}

/** The same, by the first of several places that has a name. */
export function nameAmong(sources: NameSources, kind: Named, id: string | undefined): string | undefined {
  for (const names of sources) {
    const name = nameOf(names, kind, id);
    if (name !== undefined) return name;
  }
  return undefined;
}

function tableOf(table: { readonly [id: string]: unknown }): ReadonlyMap<string, string> {
  const known = read.get(table);
  if (known) return known;
  const made: Map<string, string> = new Map();
  for (const [id, name] of Object.entries(table)) {
    // A blank name would hide the id's meaning instead of telling it.
    if (typeof name === "string" && name.trim() !== "") made.set(foldedId(id), name);
  }
  read.set(table, made);
  return made;
}
