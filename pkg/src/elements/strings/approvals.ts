/** What `<ocisign-approvals>` says. */
export const approvals = {
  heading: "Signing requests",
  refresh: "Refresh",
  refreshing: "Reloading all requests.",

  filters: "Which requests",
  /** */
  filterNames: {
    review: "Needs your review",
    requested: "Requested by me",
    open: "Open",
    closed: "Closed",
    unexplained: "Unexplained",
    all: "All",
  },
  /** What each filter shows, for those who point at it. */
  filterHints: {
    review: "Requests that you may decide on",
    requested: "Requests that you made",
    open: "Requests that are not final yet",
    closed: "Requests that are signed, rejected or failed",
    unexplained: "Requests whose status the profile does not explain, and those that cannot be read",
    all: "All requests that the service shows you",
  },
  /** `more` while not all is read yet. */
  count: (count: number, more: boolean) => `${count.toLocaleString()}${more ? "+" : ""}`,

  search: "Search",
  searchHint: "Search, or product: by: state: …",
  unknownCondition: (name: string) =>
    `The search knows no condition “${name}:”, and looks for these words. Press ? for the conditions.`,
  wrongDate: (value: string) => `“${value}” is no date. Write it as 2026-11-30. It counts for nothing yet.`,
  wrongState: (value: string, states: string) =>
    `“${value}” is no state. Use ${states}, or a status code. It counts for nothing yet.`,

  sortBy: "Sort by",
  /** */
  orders: {
    age: "Newest first",
    "-age": "Oldest first",
    requester: "Requester, A to Z",
    "-requester": "Requester, Z to A",
    product: "Product, A to Z",
    "-product": "Product, Z to A",
    artifact: "Image, A to Z",
    "-artifact": "Image, Z to A",
    state: "State, waiting first",
    "-state": "State, final first",
  },
  groupBy: "Group by",
  /** */
  groups: {
    "": "No groups",
    repository: "By repository",
    product: "By product",
    requester: "By requester",
    batch: "By batch",
  },
  /** Before the name of a group. */
  groupNames: { repository: "Repository", product: "Product", requester: "Requester", batch: "Batch" },
  /** Of requests that are of no group. */
  noGroup: {
    repository: "No valid image",
    product: "No product named",
    requester: "Requester unknown",
    batch: "No batch",
  },

  /** Before what is the same in all rows. */
  common: "All:",
  /** What a row says, for those who point at it or listen to it. */
  facts: {
    registry: "Registry",
    name: "Name",
    version: "Version",
    state: "State",
    you: "You",
    missing: "Approvals",
    requester: "Requester",
    product: "Product",
    batch: "Batch",
    reason: "Reason",
    digest: "Digest",
  },
  /** The states, as short as there is room for. */
  states: {
    new: "new",
    waiting: "waiting",
    approved: "approved",
    signing: "signing",
    signed: "signed",
    rejected: "rejected",
    failed: "failed",
  },
  missingGroups: (groups: string) => `Missing: ${groups}`,

  pick: (image: string) => `Select ${image}`,
  pickAll: "Select all on this page",
  pickGroup: (count: number, group: string) => `Select all ${count.toLocaleString()} of ${group}`,
  unpickGroup: (group: string) => `Clear ${group}`,
  pickShort: (count: number) => `Select all ${count.toLocaleString()}`,
  pickedAll: "Selected",
  picked: (count: number) => `${count.toLocaleString()} selected`,
  pickMatching: (count: number) => `Select all ${count.toLocaleString()}`,
  pickingTools: "What is selected",
  review: (count: number) => `Review ${count.toLocaleString()}`,
  clearPicked: "Clear",

  help: "Help",
  helpTitle: "Help with this list",
  searchTitle: "What the search understands",
  /** What each condition finds. */
  conditions: {
    product: "the product's name or id",
    by: "who requested it; by:me for yourself",
    repo: "registry and repository",
    state: "waiting, signed, rejected, failed …, or a status code",
    batch: "the batch id",
    digest: "a part of the digest",
    after: "on this day or later, as 2026-11-30",
    before: "before this day",
  },
  keysTitle: "Keys",
  /** What each key does. */
  keys: {
    "/": "search",
    "j k": "next and previous request",
    Enter: "open the request",
    x: "select the request",
    a: "select all of the page or group",
    "?": "this help",
    Esc: "leave the search or the list",
  },
  shortcuts: "Single keys do this",
  shortcutsHint: "Turn it off if you dictate, or if the keys get in your way.",
  closeHelp: "Close",

  exportAll: (count: number) => `Save ${count === 1 ? "this request" : `all ${count.toLocaleString()}`} as`,
  csv: "CSV",
  json: "JSON",
  exportAs: (format: string) => `Save the list as ${format}`,
  exported: (file: string) => `Saved as ${file}.`,

  caption: (filter: string, order: string, range: string) => `${filter}, ${order}: ${range}`,
  /** Before the image, in the name of what opens a request. */
  open: "Open",
  noImage: "no image named",
  severalImages: "names several images",
  badImage: "no valid image",
  noRequester: "requester unknown",
  noProduct: "no product named",
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

  emptyMine: "Nothing needs your review.",
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
