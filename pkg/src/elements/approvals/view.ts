// What a person can choose of the queue: which requests, in which order, and which page of them.
import { asText } from "../../shown/as-text.ts";

/**
 * Which requests `<ocisign-approvals>` shows: those that the person may decide about (`mine`), those that are not final
 * yet (`waiting`), those that are signed, those that were rejected or failed (`ended`), those of which nobody knows how
 * they stand (`unexplained`), or all.
 */
export type ApprovalsFilter = "mine" | "waiting" | "signed" | "ended" | "unexplained" | "all";

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
}

export interface View extends ApprovalsView {
  readonly pageSize: number;
}

export const defaultPageSize = 50;

/** More rows than that are no page to look at, and take long to draw. */
const largestPage = 500;

/** In the order in which they are offered; the first is the default. */
export const filters = [
  "mine",
  "waiting",
  "signed",
  "ended",
  "unexplained",
  "all",
] as const satisfies readonly ApprovalsFilter[];

export const columns: readonly Column[] = ["age", "requester", "product", "artifact", "state"];

/** Every order; the first is the default. */
export const sorts: readonly ApprovalsSort[] = columns.flatMap((column) => [column, `-${column}` as const]);

export function isColumn(name: string): name is Column {
  return columns.some((column) => column === name);
}

/** The order by a column, or its reverse when the list is in that order already. */
export function turned(sort: ApprovalsSort, column: Column): ApprovalsSort {
  return sort === column ? `-${column}` : column;
}

/** The column of an order, and whether it is reversed. */
export function partsOf(sort: ApprovalsSort) {
  const column = columns.find((one) => sort === one || sort === `-${one}`) ?? "age";
  return { column, isReversed: sort.startsWith("-") };
}

/** A view by the properties of an element, which a page may set to anything; other values count as the default. */
export function viewBy({ filter, search, sort, page, pageSize }: View): View {
  return {
    filter: filters.includes(filter) ? filter : filters[0],
    search: asText(search),
    sort: sorts.includes(sort) ? sort : "age",
    page: atLeastOne(page, 1),
    pageSize: Math.min(atLeastOne(pageSize, defaultPageSize), largestPage),
  };
}

function atLeastOne(value: unknown, other: number) {
  return Number.isFinite(value) && Number(value) >= 1 ? Math.floor(Number(value)) : other;
}
