// What groups and people are called. Where a name tells them apart, it stands alone, and its id elsewhere, folded. An id
// stays beside its name where the name could deceive: where it belongs to two ids, or where it hides something. So does
// an id that is none, such as one of a thousand characters. Two ids have a name also where only one of them stands here,
// and the page or the profile calls the other one so.
import { html } from "lit";
import { foldedId } from "../../service/same-id.ts";
import { pieces } from "../../shown/hidden-characters.ts";
import { foldedName, isNameOfAnother, type NameSources, nameAmong } from "../../shown/names.ts";
import { type Person, personKey, personName } from "../../shown/person.ts";
import { prose } from "../text/text-element.ts";
import { groupMark, groupWords, personMark } from "./named.ts";

/** A name that stands alone, and the id that it stands for. */
export interface Called {
  readonly name: string;
  readonly id: string;
}

/** Nobody reads more, and each drawing looks at all of them. Ids of others stay beside their names. */
export const mostCalled = 500;

/** Whose names stand side by side. */
export interface Named {
  /** The ids of groups. */
  readonly groups: Iterable<string | undefined>;
  readonly people: Iterable<Person | undefined>;
  /** Whoever reads knows who they are: another one who calls themselves the same is told apart. */
  readonly reader?: { readonly objectId?: unknown; readonly name?: unknown } | undefined;
}

/** Those who may be called by their name alone. */
export class Callings {
  /** Each name with its id. */
  static withIds(names: NameSources): Callings {
    return new Callings({ groups: [], people: [] }, names);
  }

  readonly #names: NameSources;
  readonly #groups: ReadonlyMap<string, Called>;
  readonly #people: ReadonlyMap<string, Called>;

  constructor(named: Named, names: NameSources) {
    this.#names = names;
    const groups = distinct(named.groups, (id) => ({ id, name: nameAmong(names, "groups", id) ?? "" }));
    const people = distinct(named.people, (person) => ({
      id: person.objectId ?? "",
      name: personName(person, names),
    }));
    const { objectId = "", name = "" } = named.reader ?? {};
    const reader = typeof objectId === "string" && typeof name === "string" ? [{ id: objectId, name }] : [];
    const isAlone =
      (kind: "groups" | "people") =>
      ({ id, name }: Called) =>
        !isNameOfAnother(names, kind, name, id);
    this.#groups = apart(groups.filter(isAlone("groups")), foldedId);
    this.#people = apart(people.filter(isAlone("people")), personKey, [...people, ...reader]);
  }

  /** Whose ids do not stand beside their names. */
  get all(): readonly Called[] {
    return [...this.#people.values(), ...this.#groups.values()];
  }

  /** Does this id stand elsewhere than beside a name? */
  hasAlone(id: string): boolean {
    return this.#people.has(personKey(id)) || this.#groups.has(foldedId(id));
  }

  group(id: string) {
    const known = this.#groups.get(foldedId(id));
    return known ? byName(known) : groupMark(id, this.#names);
  }

  person(person: Person) {
    const known = person.objectId === undefined ? undefined : this.#people.get(personKey(person.objectId));
    return known && known.name === personName(person, this.#names)
      ? byName(known)
      : personMark(person, this.#names);
  }

  /** Groups as a text. */
  groupWords(groups: readonly string[]): string {
    const few = groups.slice(0, 20).map((group) => {
      return this.#groups.get(foldedId(group))?.name ?? groupWords([group], this.#names).join();
    });
    return [...few, ...(groups.length > few.length ? ["…"] : [])].join(", ");
  }
}

/** Each id and name once, and not too many. */
function distinct<T>(all: Iterable<T | undefined>, calledAs: (one: T) => Called): readonly Called[] {
  const found = new Map<string, Called>();
  for (const one of all) {
    if (found.size >= mostCalled) break;
    if (one === undefined) continue;
    const called = calledAs(one);
    found.set(JSON.stringify([called.id, called.name]), called);
  }
  return [...found.values()];
}

/** @param keyOf an id for comparing @param others who are not in the list themselves, and have names, too */
function apart(
  all: readonly Called[],
  keyOf: (id: string) => string,
  others: readonly Called[] = [],
): Map<string, Called> {
  const idsOf: Map<string, Set<string>> = new Map();
  for (const { id, name } of [...all, ...others]) {
    const ids = idsOf.get(foldedName(name)) ?? new Set();
    idsOf.set(foldedName(name), ids.add(keyOf(id)));
  }
  const alone = all.filter(
    ({ id, name }) =>
      id !== name && isPlainId(id) && isPlainName(name) && idsOf.get(foldedName(name))?.size === 1,
  );
  return new Map(alone.map((one) => [keyOf(one.id), one]));
}

/** A word in ASCII, of a length that people compare: nothing that one has to see to decide. */
export function isPlainId(id: string): boolean {
  return /^[!-~]{1,64}$/.test(id);
}

function isPlainName(name: string) {
  return name !== "" && name.length <= 100 && pieces(name).every(({ kind }) => kind === "plain");
}

function byName({ name, id }: Called) {
  return html`<span title=${id}>${prose(name)}</span>`;
}
