// What the groups and people of a request are called. Where a name tells them apart, it stands alone, and its id in the
// list of ids, which is folded. An id stays beside its name where the name could deceive: where it belongs to two ids,
// or where it hides something. So does an id that is none, such as one of a thousand characters.
import { html, nothing } from "lit";
import { foldedId } from "../../service/same-id.ts";
import { pieces } from "../../shown/hidden-characters.ts";
import { nameAmong } from "../../shown/names.ts";
import { type Person, personName } from "../../shown/person.ts";
import { groupMark, groupWords, personMark } from "../fragments/named.ts";
import { prose } from "../text/text-element.ts";
import type { SigningPage } from "./page.ts";

/** A name that stands alone, and the id that it stands for. */
export interface Called {
  readonly name: string;
  readonly id: string;
}

/** Nobody reads more, and each drawing looks at all of them. Ids of others stay beside their names. */
const most = 500;

/** Those who may be called by their name alone, by their ids as ids compare. */
export interface Callings {
  readonly groups: ReadonlyMap<string, Called>;
  readonly people: ReadonlyMap<string, Called>;
}

export function callingsIn({ shown, now, names, identity }: SigningPage): Callings {
  const { approvals = [], history = [] } = now ?? {};
  const few = approvals.slice(0, most);
  const groups = [shown?.required, now?.required, now?.missing, ...few.map((it) => it.groups)]
    .flatMap((list) => list?.slice(0, most) ?? [])
    .slice(0, most)
    .map((id) => ({ id, name: nameAmong(names, "groups", id) ?? "" }));
  const people = [
    shown?.requester,
    ...few.map(({ person }) => person),
    ...history.slice(0, most).map(({ by }) => by),
  ]
    .filter((person) => person !== undefined)
    .map((person) => ({ id: person.objectId ?? "", name: personName(person, names) }));
  // Whoever reads knows who they are: another one who calls themselves the same is told apart.
  const { objectId = "", name = "" } = identity ?? {};
  const reader = typeof objectId === "string" && typeof name === "string" ? [{ id: objectId, name }] : [];
  return { groups: apart(groups), people: apart(people, reader) };
}

/** @param others who are not in the list themselves, and have names, too */
function apart(all: readonly Called[], others: readonly Called[] = []): Map<string, Called> {
  const idsOf: Map<string, Set<string>> = new Map();
  for (const { id, name } of [...all, ...others]) {
    const ids = idsOf.get(folded(name)) ?? new Set();
    idsOf.set(folded(name), ids.add(foldedId(id)));
  }
  const alone = all.filter(
    ({ id, name }) =>
      id !== name && isPlainId(id) && isPlainName(name) && idsOf.get(folded(name))?.size === 1,
  );
  return new Map(alone.map((one) => [foldedId(one.id), one]));
}

function folded(name: string) {
  return name.normalize("NFKC").trim().toLowerCase();
}

/** A word in ASCII, of a length that people compare: nothing that one has to see to decide. */
export function isPlainId(id: string): boolean {
  return /^[!-~]{1,64}$/.test(id);
}

function isPlainName(name: string) {
  return name !== "" && name.length <= 100 && pieces(name).every(({ kind }) => kind === "plain");
}

export function calledGroup(group: string, { callings, names }: SigningPage) {
  const known = callings.groups.get(foldedId(group));
  return known ? byName(known) : groupMark(group, names);
}

export function calledPerson(person: Person, { callings, names }: SigningPage) {
  const known = person.objectId === undefined ? undefined : callings.people.get(foldedId(person.objectId));
  return known && known.name === personName(person, names) ? byName(known) : personMark(person, names);
}

/** As a text. */
export function calledGroups(groups: readonly string[], { callings, names }: SigningPage): string {
  const few = groups.slice(0, 20).map((group) => {
    return callings.groups.get(foldedId(group))?.name ?? groupWords([group], names).join();
  });
  return [...few, ...(groups.length > few.length ? ["…"] : [])].join(", ");
}

function byName({ name, id }: Called) {
  return html`<span title=${id}>${prose(name)}</span>${nothing}`;
}
