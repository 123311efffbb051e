// Where the elements of a list stand in a reply, and how more of them are asked for.
import { isRecord } from "../../foreign.ts";
import { parseLinks } from "../../http/link.ts";
import type { Seen } from "./look.ts";
import { placesIn } from "./places.ts";

export interface ListForm {
  /** The path of the list; empty if the reply is the list. */
  readonly items: string;
  readonly elements: readonly unknown[];
}

/** As a profile writes it. */
export type Paging = Readonly<Record<string, string | number>>;

/** The outermost list of objects; an empty one only if there is no other. */
export function listIn(value: unknown): ListForm | undefined {
  let empty: ListForm | undefined;
  for (const { path, value: found } of placesIn(value)) {
    if (!Array.isArray(found)) continue;
    const elements: readonly unknown[] = found;
    if (elements.length > 0 && elements.some(isRecord)) return { items: path, elements };
    if (elements.length === 0) empty ??= { items: path, elements };
  }
  return empty;
}

/** What the reply tells of further pages; nothing if it tells nothing. */
export function pagingIn(seen: Seen): Paging | undefined {
  const told = [...placesIn(seen.value)].filter(({ path }) => path !== "");
  const named = (names: ReadonlySet<string>, fits: (value: unknown) => boolean) =>
    told.find(({ path, value }) => names.has(plain(path)) && fits(value));
  const size = named(sizeNames, Number.isSafeInteger);
  const limit = size && { limit: lastName(size.path) };
  const next =
    named(nextNames, isLink) ??
    told.find(({ path, value }) => !otherPages.has(plain(path)) && isSameList(value, seen.url));
  if (next) return { ...limit, next: next.path };
  const page = named(pageNames, (value) => value === 0 || value === 1);
  if (page && typeof page.value === "number") {
    return { ...limit, page: lastName(page.path), first: page.value };
  }
  const offset = named(offsetNames, (value) => value === 0);
  if (offset) return { ...limit, offset: lastName(offset.path) };
  return linksTo(seen.header("link")) ? { header: "Link" } : undefined;
}

function isLink(value: unknown): boolean {
  return value === null || (typeof value === "string" && /^(https?:\/\/|\/|\?|[\w-]+[/?])/.test(value));
}

/** Is it the address of the same list, asked for in another way? */
function isSameList(value: unknown, listed: string): boolean {
  if (typeof value !== "string" || !URL.canParse(value, listed)) return false;
  const [there, here] = [new URL(value, listed), new URL(listed)];
  return there.origin + there.pathname === here.origin + here.pathname && there.search !== here.search;
}

function linksTo(header: string | undefined): boolean {
  return parseLinks(header ?? "")?.some(({ relations }) => relations.includes("next")) === true;
}

/** The last name of a path, without case and signs; with the one before it if that is a link's. */
function plain(path: string): string {
  const names = path.split(".").map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
  const last = names.at(-1) ?? "";
  return last === "href" ? (names.at(-2) ?? "") : last;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

const nextNames = new Set([
  "next",
  "nextlink",
  "nexturl",
  "nexturi",
  "nextpage",
  "nextpageurl",
  "odatanextlink",
]);
const otherPages = new Set(["self", "prev", "previous", "prevpage", "previouspage", "first", "last"]);
const sizeNames = new Set(["size", "pagesize", "perpage", "limit", "pagelimit", "maxresults", "top"]);
const pageNames = new Set(["page", "pageno", "pagenumber", "pageindex", "currentpage"]);
const offsetNames = new Set(["offset", "skip", "start", "startindex"]);
