// What the elements tell a page.
import type {
  CanonicalReference,
  ImageChanges,
  OcisignError,
  Signing,
  SigningId,
  Verification,
} from "ocisign";
import type { ApprovalsView } from "./approvals/view.ts";
import type { BatchReceipt } from "./batch/receipt.ts";

/** What an event tells of a request. */
export interface SigningDetail {
  /** The request, as the service shows it. */
  readonly signing: Signing;
}

/** What `ocisign-open`, `ocisign-next` and `ocisign-previous` tell. */
export interface OpenDetail {
  /** The request that the person chose. */
  readonly id: SigningId;
}

/** What `ocisign-batch` tells. */
export interface BatchDetail {
  /** The batch id that all requests of a list carry; none once the person closed its results. */
  readonly batch: string | undefined;
}

/** What `ocisign-review` tells. */
export interface ReviewDetail {
  /** The requests that the person wants to decide about together. */
  readonly ids: readonly SigningId[];
}

/** What `ocisign-count` tells. */
export interface CountDetail {
  /** How many requests need the person's review. */
  readonly review: number;
  /** False while the requests are read for the first time: then the number grows by reading. */
  readonly isComplete: boolean;
}

/** What `ocisign-shortcuts` tells. */
export interface ShortcutsDetail {
  /** Whether single keys do something. */
  readonly shortcuts: "on" | "off";
}

/** What `ocisign-decided` tells. */
export interface DecidedDetail extends SigningDetail {
  /** The person's decision. */
  readonly decision: "approve" | "reject";
}

/** What `ocisign-batch-decided` tells. */
export interface BatchDecidedDetail {
  /** What was decided, and what came of each request. */
  readonly receipt: BatchReceipt;
}

/** What `ocisign-image` tells. */
export interface ImageDetail {
  /** The image, as `registry/repository@digest`. */
  readonly image: CanonicalReference;
}

/** What `ocisign-period` tells. */
export interface PeriodDetail {
  /** How many weeks are looked at. */
  readonly weeks: number;
  /** The product whose requests are looked at, by its id; empty for all. */
  readonly product: string;
}

/** What `ocisign-verified` tells. */
export interface VerifiedDetail {
  /** The outcome: `state` is not `verified` in every case. */
  readonly verification: Verification;
}

/** What `ocisign-compared` tells. */
export interface ComparedDetail {
  /** What differs. */
  readonly changes: ImageChanges;
  /** The same in one line, without foreign text. */
  readonly summary: string;
  /** A signature proves the image that was compared with. */
  readonly isVerified: boolean;
}

/** What `ocisign-error` tells. */
export interface ErrorDetail {
  /** What went wrong. */
  readonly error: OcisignError;
}

/**
 * The events of the elements, all of which bubble and leave shadow trees.
 *
 * @example
 * ```ts
 * import "ocisign/elements";
 *
 * document.addEventListener("ocisign-verified", ({ detail }) => console.log(detail.verification.state));
 * ```
 */
export interface OcisignEvents {
  /** The service accepted a request. */
  "ocisign-requested": CustomEvent<SigningDetail>;
  /** The person sent a list of requests, or closed its results. */
  "ocisign-batch": CustomEvent<BatchDetail>;
  /** The person wants the request once more, such as a rejected one: {@link prefillOf} says what to begin with. */
  "ocisign-request-again": CustomEvent<SigningDetail>;
  /** The person chose a request. `preventDefault()` keeps the browser from following its link. */
  "ocisign-open": CustomEvent<OpenDetail>;
  /** The person wants to decide about several requests together. */
  "ocisign-review": CustomEvent<ReviewDetail>;
  /** The number of requests that need the person's review is another. */
  "ocisign-count": CustomEvent<CountDetail>;
  /** The requests stand in another order: ask `next()` and `previous()` again. */
  "ocisign-order": CustomEvent<undefined>;
  /** The person turned the queue's single keys on or off. */
  "ocisign-shortcuts": CustomEvent<ShortcutsDetail>;
  /** The person wants to go on to the next request, or back to the one before. The element itself stays where it is. */
  "ocisign-next": CustomEvent<OpenDetail>;
  /** See `ocisign-next`. */
  "ocisign-previous": CustomEvent<OpenDetail>;
  /** Another image stands in the field, which can be verified: for the page's address. */
  "ocisign-image": CustomEvent<ImageDetail>;
  /** The person changed filter, search, sort, group or page. */
  "ocisign-view": CustomEvent<ApprovalsView>;
  /** The person chose another period or product of the activity: for the page's address. */
  "ocisign-period": CustomEvent<PeriodDetail>;
  /** The element saw the status for the first time, or the status changed. */
  "ocisign-status": CustomEvent<SigningDetail>;
  /** The service accepted a decision. */
  "ocisign-decided": CustomEvent<DecidedDetail>;
  /** The sending of a decision about several requests ended; once more when a doubt of it ended. */
  "ocisign-batch-decided": CustomEvent<BatchDecidedDetail>;
  /** The person is done with several requests. */
  "ocisign-close": CustomEvent<undefined>;
  /** Two images are compared. */
  "ocisign-compared": CustomEvent<ComparedDetail>;
  /** A verification ended, and its answer is one to what is asked now: none comes of what was overtaken meanwhile. */
  "ocisign-verified": CustomEvent<VerifiedDetail>;
  /** Something went wrong; the element shows it, too. */
  "ocisign-error": CustomEvent<ErrorDetail>;
}
