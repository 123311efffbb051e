/** What several elements say. */
export const common = {
  copy: "Copy",
  copied: "Copied.",
  notCopied: "The browser did not allow copying. Select the text and copy it by hand.",
  copyWhat: (what: string) => `Copy ${what}`,
  loading: "Loading…",
  tryAgain: "Try again",
  showMore: (next: number, left: number) =>
    next < left ? `Show ${next} more, of ${left}` : `Show the other ${left}`,
  offline: "You are offline. What is shown may be out of date; it goes on by itself once you are back.",
  failing: (time: string) =>
    `The service cannot be reached. What is shown is from ${time}; it is tried again.`,
  tooDeep: "The service's reply is nested too deeply to be shown.",
  tooDeepFix: "Do not decide about it. Report it to those who run the service.",
  live: (time: string) => `Live, as of ${time}`,
  paused: "Paused while this tab is hidden.",
  noClient: "This element needs its `client` property: a SigningClient.",
  unknownTime: "time unknown",
  /** Beside a registry. */
  productsRegistry: "the product's registry",
  /** Before what is still to be done. */
  notYet: "Not yet:",
  product: "Product",
  chooseProduct: "Choose a product…",
  filterProducts: "Find a product",
  filterHint: "By name, registry or id",
  productsShown: (shown: number, all: number) =>
    `${shown.toLocaleString()} of ${all.toLocaleString()} products`,
  operation: "Operation",
  chooseOperation: "Choose an operation…",
  /** The states of a request, in a word. */
  states: {
    new: "new",
    waiting: "waiting for approval",
    approved: "approved",
    signing: "being signed",
    signed: "signed",
    rejected: "rejected",
    failed: "failed",
  },
  /** A code that nobody explained is shown as it is. */
  unknownState: (code: number) => `status ${code}`,
  /** What a registry says of an image. */
  description: {
    mediaType: "Media type",
    artifactType: "Artifact type",
    platforms: "Platforms",
    size: "Size",
    made: "Made",
    index: "an index of several images",
    packed: (size: string) => `${size}, packed`,
    noPlatform: "none named",
    others: (count: number) => `and ${count} without a platform`,
    attestations: "Attestations",
  },
};
