/** What several elements say. */
export const common = {
  copy: "Copy",
  copied: "Copied.",
  notCopied: "The browser did not allow copying. Select the text and copy it by hand.",
  /** @param {string} what */
  copyWhat: (what) => `Copy ${what}`,
  loading: "Loading…",
  tryAgain: "Try again",
  /** @param {number} next @param {number} left */
  showMore: (next, left) => (next < left ? `Show ${next} more, of ${left}` : `Show the other ${left}`),
  offline: "You are offline. What is shown may be out of date; it goes on by itself once you are back.",
  /** @param {string} time */
  failing: (time) => `The service cannot be reached. What is shown is from ${time}; it is tried again.`,
  tooDeep: "The service's reply is nested too deeply to be shown.",
  tooDeepFix: "Do not decide about it. Report it to those who run the service.",
  /** @param {string} time */
  live: (time) => `Live, as of ${time}`,
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
  /** @param {number} shown @param {number} all */
  productsShown: (shown, all) => `${shown.toLocaleString()} of ${all.toLocaleString()} products`,
  operation: "Operation",
  chooseOperation: "Choose an operation…",
  /** The states of a request, in a word. @type {Record<string, string>} */
  states: {
    new: "new",
    waiting: "waiting for approval",
    approved: "approved",
    signing: "being signed",
    signed: "signed",
    rejected: "rejected",
    failed: "failed",
  },
  /** A code that nobody explained is shown as it is. @param {number} code */
  unknownState: (code) => `status ${code}`,
  /** What a registry says of an image. */
  description: {
    mediaType: "Media type",
    artifactType: "Artifact type",
    platforms: "Platforms",
    size: "Size",
    made: "Made",
    index: "an index of several images",
    /** @param {string} size */
    packed: (size) => `${size}, packed`,
    noPlatform: "none named",
    /** @param {number} count */
    others: (count) => `and ${count} without a platform`,
    attestations: "Attestations",
  },
};
