/** What `<ocisign-activity>` says. */
export const activity = {
  heading: "Activity",
  refresh: "Refresh",
  period: "Period",
  lastWeeks: (weeks: number) => `the last ${weeks} weeks`,
  product: "Product",
  allProducts: "all products",
  noProduct: "no product named",

  reading: (count: number) => `Reading requests: ${count.toLocaleString()} so far…`,
  /** How much of the service's list the figures are of. */
  basis: (count: number, time: string) =>
    `From ${count === 1 ? "1 request" : `${count.toLocaleString()} requests`}, read at ${time}.`,
  unreadable: (count: number) =>
    count === 1
      ? "1 request could not be read, and is not counted."
      : `${count.toLocaleString()} requests could not be read, and are not counted.`,
  undated: (count: number) =>
    count === 1
      ? "The service names no times of 1 request. No week counts it."
      : `The service names no times of ${count.toLocaleString()} requests. No week counts them.`,
  unexplained: (count: number) =>
    count === 1
      ? "The profile does not explain the status of 1 request. It counts as open."
      : `The profile does not explain the status of ${count.toLocaleString()} requests. They count as open.`,
  nothing: "Nothing happened in this period.",

  ended: "Decided and signed, by week",
  waits: "Median time from request to end, by week",
  weeksTable: "The same as a table",
  /** Weeks begin on a Monday, by UTC. */
  weekOf: (date: string) => `week of ${date}`,
  /** */
  columns: {
    week: "Week of",
    product: "Product",
    requested: "Requested",
    signed: "Signed",
    rejected: "Rejected",
    failed: "Failed",
    open: "Open now",
    median: "Median wait",
    longest: "Longest wait",
  },
  none: "none",
  /** What a chart says to those who do not see it. */
  endedSaid: (signed: number, rejected: number, failed: number) =>
    `${signed.toLocaleString()} signed, ${rejected.toLocaleString()} rejected, ${failed.toLocaleString()} failed. ` +
    "The table below has each week.",
  waitsSaid: (longest: string) => `The longest weekly median is ${longest}. The table below has each week.`,

  byProduct: "By product",
  deeds: "What happened",
  /** */
  kinds: {
    requested: "requested",
    approved: "approved",
    signed: "signed",
    rejected: "rejected",
    failed: "failed",
  },
  by: "by",
  unnamed: "a request without a name",
  /** Before the name, in what opens a request. */
  openOne: "Open",

  exportHeading: "Export",
  exportHint: "All requests of the period and the product that are chosen above, with those that are open.",
  asCsv: "Download CSV",
  asJson: "Download JSON",
  exported: (file: string) => `Saved as ${file}.`,
};
