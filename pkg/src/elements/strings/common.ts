import { byName } from "./by-name.ts";

/** What several elements say. */
export const common = {
  copy: "Copy",
  copied: "Copied.",
  notCopied: "The browser did not allow copying. Select the text and copy it by hand.",
  copyWhat: (what: string) => `Copy ${what}`,
  /** Beside a web address in a text: the host to which it leads. */
  open: (host: string) => `Open ${host} ↗`,
  openIn: (address: string) => `Open ${address} in a new tab`,
  loading: "Loading…",
  tryAgain: "Try again",
  showMore: (next: number, left: number) =>
    next < left ? `Show ${next} more, of ${left}` : `Show the other ${left}`,
  offline: "You are offline, and this view may be out of date. Reconnecting automatically…",
  failing: (time: string) =>
    `The service is unreachable. This view is from ${time}. Reconnecting automatically…`,
  tooDeep: "The service's reply is nested too deeply to show.",
  tooDeepFix: "Do not decide on it. Report it to the service's operators.",
  /** Of a call that the service refused, for the person who sees it. */
  advice: {
    mayNotRead: "Ask the service's operators for access, or sign in as another person.",
    mayNotDecide: "The service decides who may approve. If it should be you, ask the product's owner.",
    mayNotRequest: "Ask the product's owner which groups may request signatures.",
    notFound: "It does not exist, or you have no access to it. Check the link that you opened.",
    serverError: "Try again later. If it lasts, tell the service's operators.",
  },
  policy: (origin: string) => `This page's Content-Security-Policy blocks ${origin}.`,
  policyFix: (origin: string) => `Tell the page's operator to add ${origin} to connect-src.`,
  live: (time: string) => `Live, as of ${time}`,
  paused: "Paused while this tab is hidden.",
  noClient: "This element needs its `client` property: a SigningClient.",
  unknownTime: "time unknown",
  /** Beside a registry. */
  productsRegistry: "the product's registry",
  /** Before what is still to be done. */
  notYet: "Not ready:",
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
  /** A code that the profile does not explain is shown as it is. */
  unknownState: (code: number) => `status ${code}`,
  /** Behind the codes that the profile does not explain. */
  whereToExplain: "Explain each code in the client's profile, as profile.statuses.",
  /** What a registry says of an image. */
  description: {
    mediaType: "Media type",
    artifactType: "Artifact type",
    /** What images are, by their media types. */
    kinds: byName({
      "application/vnd.oci.image.manifest.v1+json": "OCI image",
      "application/vnd.oci.image.index.v1+json": "OCI index",
      "application/vnd.docker.distribution.manifest.v2+json": "Docker image",
      "application/vnd.docker.distribution.manifest.list.v2+json": "Docker manifest list",
    }),
    platforms: "Platforms",
    size: "Size",
    made: "Created",
    index: "an index of several images",
    packed: (size: string) => `${size}, compressed`,
    noPlatform: "none named",
    others: (count: number) => `and ${count} without a platform`,
    attestations: "Attestations",
  },
};
