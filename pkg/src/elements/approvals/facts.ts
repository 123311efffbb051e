// What tells requests apart, and what is the same in all of a list: that is said once above it, and not in each row.
import { type NameSources, nameAmong } from "../../shown/names.ts";
import { needsOf } from "../../shown/needs.ts";
import { personKey } from "../../shown/person.ts";
import { strings } from "../strings/index.ts";
import { isMine, isOpen, nameOf, type ProductNames } from "./arranging.ts";
import type { Row } from "./row.ts";
import type { ApprovalsFilter } from "./view.ts";

/** In the order in which they are said of all. */
const factNames = [
  "registry",
  "name",
  "version",
  "state",
  "you",
  "missing",
  "requester",
  "product",
  "batch",
  "reason",
] as const;

export type FactName = (typeof factNames)[number];

/** What a row has in common with all others of its list. */
export type Common = ReadonlyMap<FactName, string>;

/** What facts are read by. */
export interface Reading {
  filter: ApprovalsFilter;
  /** Of products. */
  names: ProductNames;
  /** Of groups. */
  groupNames: NameSources;
}

/** What a row says; nothing where it has nothing to say, or where the filter says it. */
const facts: Record<FactName, (row: Row, reading: Reading) => string> = {
  registry: ({ image }) => image?.registry ?? "",
  name: ({ name }) => name,
  // Many names end with it.
  version: ({ name, version }) => (name.includes(version) ? "" : version),
  state: (row, { filter }) => (saysState(row, filter) ? stateWord(row) : ""),
  you: (row, { filter }) => you(row, filter),
  missing: (row) => missingWords(row),
  requester: ({ requester }) => requester?.name ?? "",
  product: (row, { names }) => nameOf(row, names),
  batch: ({ batch }) => batch ?? "",
  reason: ({ name, reason }) => (reason === name ? "" : reason),
};

export function factOf(name: FactName, row: Row, reading: Reading): string {
  return facts[name](row, reading);
}

/** Two people, or two products, may have one name. */
function keyBehind(name: FactName, { requester, productKey }: Row): string | undefined {
  if (name === "product") return productKey;
  return name === "requester" && requester ? personKey(requester.objectId ?? requester.name) : undefined;
}

/** The names of the groups that are still missing, as far as they have any. */
export function missingNames({ missing = [] }: Row, { groupNames }: Reading): string[] {
  return missing.slice(0, 20).map((group) => nameAmong(groupNames, "groups", group) ?? group.slice(0, 100));
}

/** What all rows of a list say; nothing of a single row, which says it itself. */
export function commonOf(rows: readonly Row[], reading: Reading): Common {
  const [first, ...others] = rows;
  if (!first || others.length === 0) return new Map();
  const same = factNames.flatMap((name): [FactName, string][] => {
    const said = facts[name](first, reading);
    const id = keyBehind(name, first);
    const isSame =
      said !== "" && others.every((row) => facts[name](row, reading) === said && keyBehind(name, row) === id);
    return isSame ? [[name, said]] : [];
  });
  return new Map(same);
}

/** In a word; its code where nobody explained it. */
export function stateWord({ signing }: Row) {
  const { state, code } = signing;
  return state === "unknown" ? strings.common.unknownState(code) : (strings.approvals.states[state] ?? state);
}

/** Whoever asked for what waits knows that it waits. */
function saysState({ signing }: Row, filter: ApprovalsFilter) {
  if (filter !== "review" && filter !== "open") return true;
  return signing.state !== "waiting" && signing.state !== "new";
}

/** Whether it is this person's to decide, and else why not. */
function you(row: Row, filter: ApprovalsFilter) {
  const { known, obstacle } = row.foresight;
  const words = strings.approvals.you;
  if (obstacle === "not-waiting") return "";
  if (!isMine(row))
    return filter === "requested" && obstacle === "own-request" ? "" : words[obstacle ?? "perhaps"];
  if (!known) return words.perhaps;
  return filter === "review" ? "" : words.yes;
}

function missingWords(row: Row) {
  const { missing, required, signing } = row;
  if (!isOpen(row) || missing === undefined || missing.length === 0) return "";
  if (needsOf(signing) === "any") return strings.approvals.missing(1, undefined);
  return strings.approvals.missing(missing.length, required?.length);
}
