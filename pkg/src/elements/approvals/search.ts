// What a person searches for: words that a request has to hold, and conditions such as `product:firmware` or
// `after:2026-11-01`. A condition that cannot be understood is told, and counts for nothing.
import { strings } from "../strings/index.ts";
import type { ProductNames } from "./arranging.ts";
import { type Row, searchable } from "./row.ts";

/** Each with what it asks of a row, for a value as `searchable` makes it. */
const conditions = {
  product: (value, names) => {
    const products = searchedNames(names);
    return (row) => `${products.get(row.productKey) ?? ""}\n${row.productKey}`.includes(value);
  },
  by: (value) =>
    value === "me" ? ({ isOwn }) => isOwn : ({ searchedPerson }) => searchedPerson.includes(value),
  repo: (value) => (row) => row.searchedRepository.includes(value),
  state: (value) => {
    if (!/^[0-9]+$/.test(value) && !states.some((state) => state.startsWith(value))) return undefined;
    return ({ signing }) => signing.state.startsWith(value) || String(signing.code) === value;
  },
  batch: (value) => (row) => row.batch?.toLowerCase().startsWith(value) === true,
  digest: (value) => {
    const parts = value.replace(/^sha\d+:/, "").split("…");
    return ({ image }) => image !== undefined && parts.every((part) => image.digest.includes(part));
  },
  after: (value) => {
    const from = dayOf(value);
    return from && (({ createdAt }) => createdAt !== undefined && createdAt >= from);
  },
  before: (value) => {
    const to = dayOf(value);
    return to && (({ createdAt }) => createdAt !== undefined && createdAt < to);
  },
} satisfies Record<string, (value: string, names: ProductNames) => Test | undefined>;

type Test = (row: Row) => boolean;
export type Condition = keyof typeof conditions;

/** In the order in which they are explained. */
export const conditionNames = Object.keys(conditions) as Condition[];

const states = ["new", "waiting", "approved", "signing", "signed", "rejected", "failed", "unknown"];

export interface Search {
  isFound: Test;
  /** What could not be understood, in words. */
  problems: string[];
  /** The words that are searched for, which requests that cannot be read are looked through for, too. */
  words: string[];
  /** Is anything asked for that only a request that was read can answer? */
  hasConditions: boolean;
}

/** The last search, since a list is drawn more often than it is searched. */
let last: { text: string; names: ProductNames; search: Search } | undefined;

export function searchFor(text: string, names: ProductNames): Search {
  if (last?.text !== text || last.names !== names) last = { text, names, search: read(text, names) };
  return last.search;
}

function read(text: string, names: ProductNames): Search {
  const tests: Test[] = [];
  const problems: string[] = [];
  const words: string[] = [];
  const { unknownCondition, wrongDate, wrongState } = strings.approvals;
  for (const { text: part, name, value } of partsOf(text)) {
    const condition = isCondition(name) ? conditions[name] : undefined;
    if (!condition) {
      if (name !== undefined && isMeant(value)) problems.push(unknownCondition(name));
      words.push(...(name === undefined && value !== "" ? [value] : wordsIn(part)));
      continue;
    }
    // It is still being typed.
    if (value === "") continue;
    const test = condition(value, names);
    if (test) tests.push(test);
    else problems.push(name === "state" ? wrongState(value, states.join(", ")) : wrongDate(value));
  }
  const isInName = finder(words, names);
  return {
    isFound: (row) => tests.every((test) => test(row)) && isInName(row),
    ...{ problems, words, hasConditions: tests.length > 0 },
  };
}

interface Part {
  text: string;
  /** What stands before its colon. */
  name?: string | undefined;
  /** What stands behind it, or in quotation marks, which hold words together. */
  value: string;
}

function partsOf(text: string): Part[] {
  return [...searchable(text).matchAll(/(?:[a-z]+:)?"[^"]*"?|\S+/g)].map(([part]) => {
    const [, name, quoted, plain = ""] = /^(?:([a-z]+):)?(?:"([^"]*)"?|(.*))$/.exec(part) ?? [];
    return { text: part, name, value: quoted ?? (name === undefined ? "" : plain) };
  });
}

function isCondition(name: string | undefined): name is Condition {
  return name !== undefined && Object.hasOwn(conditions, name);
}

/** `localhost:5000/app` and `https://…` ask for no condition. */
function isMeant(value: string) {
  return !/^[\d/]/.test(value);
}

/** The words of a text. */
export function wordsIn(text: string) {
  return searchable(text)
    .split(/[\s…]+/)
    .filter(Boolean);
}

function finder(words: readonly string[], names: ProductNames): Test {
  const products = searchedNames(names);
  return ({ searched, productKey }) => {
    const product = products.get(productKey) ?? "";
    return words.every((word) => searched.includes(word) || product.includes(word));
  };
}

/** What a search looks at of the products' names; a queue has few products. */
function searchedNames(names: ProductNames): ReadonlyMap<string, string> {
  return new Map([...names].map(([key, name]) => [key, searchable(name)]));
}

/** The beginning of a day, where the person is; nothing for what is no day, such as 30 February. */
function dayOf(text: string): Date | undefined {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date : undefined;
}
