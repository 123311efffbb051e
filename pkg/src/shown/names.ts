// What people call groups and people: by the settings of a page, and by the profile. A name stands beside the id and
// never replaces it: the service decides by ids.
import type { Names } from "ocisign";
import { fieldOf, isRecord } from "../foreign.ts";
import { foldedId } from "../service/same-id.ts";

/** What an id stands for. */
export type Named = "groups" | "people";

/** Places where a name may be found, the first one first; a page may leave any of them out. */
export type NameSources = readonly (Names | undefined)[];

/** The names of a table, by their ids as ids are compared; and those ids, by the names as people compare names. */
interface Table {
  readonly names: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Made once for each table. */
const read: WeakMap<object, Table> = new WeakMap();

/**
 * What people call a group or a person, if anybody named it. Ids compare without case. A name is foreign text: whoever
 * shows it writes out what it hides.
 */
export function nameOf(names: Names | undefined, kind: Named, id: string | undefined): string | undefined {
  return id === undefined ? undefined : tableOf(names, kind)?.names.get(foldedId(id));
}

/** The same, by the first of several places that has a name. */
export function nameAmong(sources: NameSources, kind: Named, id: string | undefined): string | undefined {
  for (const names of sources) {
    const name = nameOf(names, kind, id);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** Do these places call somebody else than `id` by this name? */
export function isNameOfAnother(sources: NameSources, kind: Named, name: string, id: string): boolean {
  const folded = foldedName(name);
  return sources.some((names) =>
    [...(tableOf(names, kind)?.ids.get(folded) ?? [])].some(
      // One place may call by another name whom a later place calls by this one.
      (other) => other !== foldedId(id) && foldedName(nameAmong(sources, kind, other) ?? "") === folded,
    ),
  );
}

/** A name for comparing: people do not tell its spellings apart. */
export function foldedName(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}

function tableOf(source: Names | undefined, kind: Named): Table | undefined {
  // A table is what a portal or a profile passed, and may be anything.
  const table = fieldOf(source, kind);
  if (!isRecord(table)) return undefined;
  const known = read.get(table);
  if (known) return known;
  const [names, ids] = [new Map<string, string>(), new Map<string, Set<string>>()];
  for (const [id, name] of Object.entries(table)) {
    // A blank name would hide the id's meaning instead of telling it.
    if (typeof name !== "string" || name.trim() === "") continue;
    names.set(foldedId(id), name);
    const called = ids.get(foldedName(name)) ?? new Set();
    ids.set(foldedName(name), called.add(foldedId(id)));
  }
  const made = { names, ids };
  read.set(table, made);
  return made;
}
