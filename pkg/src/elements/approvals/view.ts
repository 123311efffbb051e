// What a person can choose of the queue: which requests, in which order, and which page of them.
import { asText } from "../../shown/as-text.ts";

/**
 * Which requests `<ocisign-approvals>` shows: those that the person may decide about (`review`), those that the person
 * asked for (`requested`), those that are not final yet (`open`), those that are signed, rejected or failed (`closed`),
 * those of which nobody knows how they stand (`unexplained`), or all.
 */
export type ApprovalsFilter = "review" | "requested" | "open" | "closed" | "unexplained" | "all";

/** What the requests of `<ocisign-approvals>` are put together by; nothing for one list of all. */
export type ApprovalsGroup = "" | "repository" | "product" | "requester" | "batch";

/** What one can sort by. */
export type Column = "age" | "requester" | "product" | "artifact" | "state";

/**
 * The order of `<ocisign-approvals>`; `-` reverses it. `age` shows the newest first, `state` what waits first; unknown
 * values go last either way.
 */
export type ApprovalsSort = `${"" | "-"}${"age" | "requester" | "product" | "artifact" | "state"}`;

/** What `ocisign-view` tells: the person's choice, as the element has it now. */
export interface ApprovalsView {
  /** Which requests are shown. */
  readonly filter: ApprovalsFilter;
  /** The words of the search. */
  readonly search: string;
  /** The order. */
  readonly sort: ApprovalsSort;
  /** The page, from 1. */
  readonly page: number;
  /** What the requests are put together by. */
  readonly group: ApprovalsGroup;
}

export interface View extends ApprovalsView {
  readonly pageSize: number;
}

export const defaultPageSize = 50;

/** More rows than that are no page to look at, and take long to draw. */
const largestPage = 500;

/** In the order in which they are offered; the first is the default. */
export const filters = [
  "review",
  "requested",
  "open",
  "closed",
  "unexplained",
  "all",
] as const satisfies readonly ApprovalsFilter[];

/** In the order in which they are offered; the first is the default. */
export const groups = [
  "",
  "repository",
  "product",
  "requester",
  "batch",
] as const satisfies readonly ApprovalsGroup[];

export const columns: readonly Column[] = ["age", "requester", "product", "artifact", "state"];

/** Every order; the first is the default. */
export const sorts: readonly ApprovalsSort[] = columns.flatMap((column) => [column, `-${column}` as const]);

/** The column of an order, and whether it is reversed. */
export function partsOf(sort: ApprovalsSort) {
  const column = columns.find((one) => sort === one || sort === `-${one}`) ?? "age";
  return { column, isReversed: sort.startsWith("-") };
}

/** A view by the properties of an element, which a page may set to anything; other values count as the default. */
export function viewBy({ filter, search, sort, page, pageSize, group }: View): View {
  return {
    filter: filters.includes(filter) ? filter : filters[0],
    search: asText(search),
    sort: sorts.includes(sort) ? sort : "age",
    page: atLeastOne(page, 1),
    group: groups.includes(group) ? group : groups[0],
    pageSize: Math.min(atLeastOne(pageSize, defaultPageSize), largestPage),
  };
}

function atLeastOne(value: unknown, other: number) {
  return Number.isFinite(value) && Number(value) >= 1 ? Math.floor(Number(value)) : other;
}
