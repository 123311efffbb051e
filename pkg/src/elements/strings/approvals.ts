import { byName } from "./by-name.ts";

/** What `<ocisign-approvals>` says. */
export const approvals = {
  heading: "Signing requests",
  refresh: "Refresh",
  refreshing: "Reloading all requests.",

  filters: "Which requests",
  /** */
  filterNames: {
    mine: "For you",
    waiting: "Waiting",
    signed: "Signed",
    ended: "Rejected or failed",
    unexplained: "Unexplained",
    all: "All",
  },
  /** What each filter shows, for those who point at it. */
  filterHints: {
    mine: "Requests that you may decide on",
    waiting: "Requests that are not final yet",
    signed: "Requests whose signature is in the registry",
    ended: "Requests that were rejected or failed",
    unexplained: "Requests whose status the profile does not explain, and those that cannot be read",
    all: "All requests that the service shows you",
  },
  /** `more` while not all is read yet. */
  count: (count: number, more: boolean) => `${count.toLocaleString()}${more ? "+" : ""}`,

  search: "Search",
  searchHint: "Image, digest, requester, product, reason, id",
  sortBy: "Sort by",
  /** */
  columns: byName({
    artifact: "Image",
    product: "Product",
    requester: "Requester",
    reason: "Reason",
    age: "Age",
    state: "State",
    you: "You",
  }),
  /** Each order, for where there are no columns to click. */
  orders: {
    age: "newest first",
    "-age": "oldest first",
    requester: "requester, A to Z",
    "-requester": "requester, Z to A",
    product: "product, A to Z",
    "-product": "product, Z to A",
    artifact: "image, A to Z",
    "-artifact": "image, Z to A",
    state: "state, waiting first",
    "-state": "state, final first",
  },

  caption: (filter: string, order: string, range: string) => `${filter}, ${order}: ${range}`,
  /** Before the image, in the name of what opens a request. */
  open: "Open",
  noImage: "no image named",
  severalImages: "names several images",
  badImage: "no valid image",
  noRequester: "requester unknown",
  noProduct: "no product named",
  noReason: "no reason given",
  cut: (length: number) => `${length.toLocaleString()} characters in total`,
  missing: (missing: number, required: number | undefined) =>
    `${missing}${required === undefined ? "" : ` of ${required}`} ` +
    `${(required ?? missing) === 1 ? "group" : "groups"} missing`,
  /** Whether it is yours to decide, and else why not. */
  you: {
    yes: "needs your review",
    perhaps: "may need your review",
    "own-request": "you requested it",
    "already-approved": "you approved it",
    "not-an-approver": "you are in none of its groups",
    "group-already-approved": "your group approved it",
  },
  current: "open now",

  /** @param codes as `codeSeen` and `moreCodes` write them */
  unexplained: (codes: string) =>
    `The profile does not explain these status codes: ${codes}. ` +
    "Such requests count neither as waiting nor as ended.",
  codeSeen: (code: number, times: number) =>
    `${code} (${times === 1 ? "1 request" : `${times.toLocaleString()} requests`})`,
  moreCodes: (count: number) =>
    count === 1 ? "and 1 more code" : `and ${count.toLocaleString()} more codes`,

  unreadable: "Cannot be read",
  /** Of a request without an id, from 1. */
  place: (index: number) => `Element ${index} of the service's list`,
  moreUnreadable: (count: number) =>
    count === 1
      ? "1 more request cannot be read."
      : `${count.toLocaleString()} more requests cannot be read.`,
  unreadableCount: (count: number) =>
    count === 1
      ? "This page cannot read 1 request of the service's list."
      : `This page cannot read ${count.toLocaleString()} requests of the service's list.`,
  showUnreadable: "Show what cannot be read",
  andUnreadable: (count: number) => `and ${count.toLocaleString()} that cannot be read`,

  range: (first: number, last: number, total: number, more: boolean) =>
    total === 0
      ? "no requests"
      : `${first.toLocaleString()}–${last.toLocaleString()} of ${total.toLocaleString()}${more ? "+" : ""}`,
  pages: "Pages",
  pagesBelow: "Pages, below the list",
  page: (page: number, pages: number) => `Page ${page.toLocaleString()} of ${pages.toLocaleString()}`,
  first: "First page",
  previous: "Previous page",
  next: "Next page",
  last: "Last page",

  reading: "Reading requests…",
  readingOlder: (count: number) => `Reading older requests: ${count.toLocaleString()} so far…`,
  allRead: (count: number) => (count === 1 ? "Read 1 request." : `Read ${count.toLocaleString()} requests.`),
  news: (count: number) => (count === 1 ? "1 new request" : `${count.toLocaleString()} new requests`),
  showNews: (count: number) => (count === 1 ? "Show it" : "Show them"),
  noNames: "The product names could not be read. The list shows their ids.",

  emptyMine: "No request waits for your decision.",
  emptyMineHint: "New requests appear here automatically.",
  emptyFilter: "No requests match this filter.",
  emptyAll: "The service has no requests for you yet.",
  emptyAllHint: "The first one appears here automatically.",
  /** While not all is read yet. */
  emptySoFar: "No matches so far. Older requests are still loading.",
  noMatch: "No requests match your search.",
  clearSearch: "Clear the search",
  searchAll: (count: number) =>
    count === 1 ? "Show 1 match among all" : `Show ${count.toLocaleString()} matches among all`,
  showAll: "Show all requests",
};
