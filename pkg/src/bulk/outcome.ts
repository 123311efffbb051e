// What comes of each image of many.
import type { OcisignError } from "../error.ts";
import type { CanonicalReference } from "../image/reference.ts";
import type { Signing } from "../service/signing.ts";
import type { Verification } from "../signature/verification.ts";

/** Which image it is about. */
export interface BulkItem {
  /** Its place in what was given, from 0. */
  readonly index: number;
  /** As it was read; what was given, where it is no reference. */
  readonly reference: CanonicalReference | string;
}

/** The request as it was seen last. */
export interface RequestedItem extends BulkItem {
  /**
   * `signed`, `rejected` and `failed` as the service says; `waiting` for every other state that the profile explains;
   * `unexplained` for a code that it does not, and for a request that the service does not show any more (`error`).
   */
  readonly state: "signed" | "waiting" | "rejected" | "failed" | "unexplained";
  /** The request. */
  readonly signing: Signing;
  /**
   * It was not posted now: a request for the same image, product and operation was waiting, or an earlier run of the
   * same batch id has made it.
   */
  readonly takenUp?: true;
  /** Why its state could not be read any more, if that is so. */
  readonly error?: OcisignError;
}

/** Nothing was posted. */
export interface SkippedItem extends BulkItem {
  /** It was not requested. */
  readonly state: "skipped";
  /** The registry proves it already, an earlier item names the same image, or an earlier run has finished it. */
  readonly why: "verified" | "repeated" | "done";
  /** What the registry proves, if this run has asked it. */
  readonly verification?: Verification;
  /** The state of the request in the earlier run. */
  readonly was?: RequestedItem["state"];
  /** Of the request in the earlier run. */
  readonly id?: string;
}

/** The service has no request of it. */
export interface FailedItem extends BulkItem {
  /** It was refused, or could not be requested. */
  readonly state: "failed";
  /** Only where the service has a request. */
  readonly signing?: undefined;
  /** Why. */
  readonly error: OcisignError;
}

/** Whether the service has a request of it could not be found out; `error` says why. Nothing is posted in doubt. */
export interface DoubtfulItem extends BulkItem {
  /** The service may have a request of it. */
  readonly state: "doubtful";
  /** What the POST failed with, and why a search did not settle it. */
  readonly error: OcisignError;
}

/** What came of one image; `state` tells which it is. */
export type SignOutcome = RequestedItem | SkippedItem | FailedItem | DoubtfulItem;

/** What was found out about one image, or why nothing was. */
export type VerifyOutcome = BulkItem &
  (
    | {
        /** What was found out. */
        readonly verification: Verification;
        /** Only where nothing was found out. */
        readonly error?: undefined;
      }
    | {
        /** Only where something was found out. */
        readonly verification?: undefined;
        /** Why nothing was found out. */
        readonly error: OcisignError;
      }
  );

/** How far it is. */
export interface BulkProgress {
  /** How many there are, once that is known. */
  readonly total: number | undefined;
  /** How many have come to an end. */
  readonly done: number;
  /** How many of these by outcome, such as `signed`. */
  readonly counts: Readonly<Record<string, number>>;
}
