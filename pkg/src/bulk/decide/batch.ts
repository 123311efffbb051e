// What is shown of several requests that are decided together, and what comes of each.
import type { OcisignError } from "../../error.ts";
import type { OperationId, ProductId, SigningId } from "../../service/ids.ts";
import type { StoredProduct } from "../../service/product.ts";
import type { Signing } from "../../service/signing.ts";
import type { Refusal } from "../../shown/refusals.ts";
import type { FoundKey } from "../../signature/key-rule.ts";
import type { BulkProgress } from "../outcome.ts";

/** Which requests: those of one run by their batch id, or some by their ids. */
export type BatchWanted = WantedBatch | WantedRequests;

/** The requests of one run. */
export interface WantedBatch {
  /** Its batch id. */
  readonly batch: string;
  /** Not beside a batch id. */
  readonly ids?: undefined;
}

/** Some requests. */
export interface WantedRequests {
  /** Their ids; one that comes twice counts once. */
  readonly ids: readonly SigningId[];
  /** Not beside ids. */
  readonly batch?: undefined;
}

/** Options of {@link readBatch}. */
export interface ReadBatchOptions {
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
  /** How long an outage may last before what is missing is told as unread, in milliseconds. Default one minute. */
  readonly patienceMs?: number | undefined;
  /** Called when nobody is answered any more, once for each outage: the reading waits for the service. */
  readonly onOutage?: ((error: OcisignError) => void) | undefined;
}

/** Several requests as they are shown together, before a person decides about them. */
export interface ShownBatch {
  /** The batch id, where they were read by it. */
  readonly batch: string | undefined;
  /** Each once, sorted by id. */
  readonly requests: readonly BatchRequest[];
  /** Their products, one for each operation that they name, in the order of the requests. */
  readonly products: readonly BatchProduct[];
  /** What all requests say alike, of what a decision is bound to. */
  readonly same: readonly BatchValue[];
  /** The places in which they differ. */
  readonly differences: readonly BatchDifference[];
  /** What the service has and could not be read: it is not in `requests`, and nothing is decided about it. */
  readonly unread: readonly UnreadRequest[];
  /**
   * SHA-256 in 64 hexadecimal digits over all that a decision is bound to: over the canonical JSON (RFC 8785) of
   * `["ocisign-batch/1", [{ "product", "request" }, …]]`, with an entry for each request, sorted by id in lower case.
   * `request` is the request without {@link liveParts}. `product` is null where no product was read; else it has what
   * {@link productChanges} finds between `{}` and the product: each `path` with what stands there.
   */
  readonly hash: string;
  /** What a person types to decide: the number of requests and the last 8 characters of the hash. */
  readonly words: string;
}

/** One of them. */
export interface BatchRequest {
  /** As it was read. */
  readonly signing: Signing;
  /** Where it is not as most of them are. */
  readonly differs: readonly BatchValue[];
  /** Why it cannot be approved, however long a person reads it. */
  readonly refusals: readonly BatchRefusal[];
}

/** A value and its place, such as `payload.metadata[0].value`. */
export interface BatchValue {
  /** Where it stands. */
  readonly path: string;
  /** What stands there; undefined where nothing does. */
  readonly value: unknown;
}

/** A place in which the requests differ. */
export interface BatchDifference {
  /** Where. */
  readonly path: string;
  /** How many values there are, an absent one included. */
  readonly values: number;
  /** What more than half of the requests say there. */
  readonly usual: UsualValue | undefined;
}

/** What more than half of the requests say in one place. */
export interface UsualValue {
  /** The value; undefined where most of them have nothing there. */
  readonly value: unknown;
  /** How many of them say it. */
  readonly count: number;
}

/** Why a request cannot be approved. */
export interface BatchRefusal {
  /** For programs. */
  readonly refusal: Refusal;
  /** The same in words. */
  readonly error: OcisignError;
}

/** The product of some of the requests. */
export interface BatchProduct {
  /** Its id. */
  readonly id: ProductId;
  /** The operation that the requests name. */
  readonly operationId: OperationId | undefined;
  /** The product as it was read, once for all of them. */
  readonly product: StoredProduct | undefined;
  /** Why it was not read. A person who may not read products (403) decides without it. */
  readonly error: OcisignError | undefined;
  /** Its key. */
  readonly key: FoundKey | undefined;
  /** Why there is none. */
  readonly keyError: OcisignError | undefined;
}

/** A request that could not be read. */
export interface UnreadRequest {
  /** Its id, if it is known. */
  readonly id: string | undefined;
  /** It was named by its id, or the list shows its batch. Of any other one, nobody can say which batch it is of. */
  readonly isWanted: boolean;
  /** Why. */
  readonly error: OcisignError;
}

/** Options of {@link approveBatch}. Times in milliseconds. */
export interface ApproveBatchOptions {
  /** The deliberate act: exactly {@link ShownBatch.words}. */
  readonly confirm: string;
  /** Why, for the records of each request. */
  readonly comment?: string | undefined;
  /**
   * Who decides, by the object id in the token. With it, a request that shows this person's approval counts as approved:
   * after a lost answer, and where it was given before. Without it, a lost answer to an approval stays `doubtful`. A
   * rejection is told by who is named in the request's history, or else by its reason.
   */
  readonly by?: Decider | undefined;
  /**
   * Ends it: nothing more is sent, and each request still has its outcome. A decision that is out already is waited for,
   * 3 seconds at most.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called after each outcome. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** How many requests are under way at the same time. Default 4. */
  readonly concurrency?: number | undefined;
  /**
   * How long after a lost answer the request is read again. Default: as long as a call may take, the client's
   * `timeoutMs`.
   */
  readonly settleMs?: number | undefined;
  /**
   * How long an outage may last before no more requests are tried. Default 15 minutes. A service that asks for a longer
   * rest (`Retry-After`) ends it at once.
   */
  readonly patienceMs?: number | undefined;
}

/** Who decides. */
export interface Decider {
  /** The object id, as the token names it and the service shows it in approvals. */
  readonly objectId?: string | undefined;
}

/** Options of {@link rejectBatch}. */
export interface RejectBatchOptions extends ApproveBatchOptions {
  /** Why: each requester has to know. */
  readonly comment: string;
}

/**
 * What came of one request:
 *
 * - `approved` or `rejected`: decided, by this person.
 * - `changed`: it is not as it was shown, or its product is not. Nothing was decided.
 * - `conflict`: somebody else decided about it meanwhile.
 * - `forbidden`: the service does not let this person decide about it.
 * - `doubtful`: the answer was lost, and the request does not show the decision. It is never sent again.
 * - `failed`: the service refused it, for the reason in `error`.
 * - `notTried`: nothing was sent; `error` says why.
 */
export interface DecisionOutcome<Decided extends "approved" | "rejected" = "approved" | "rejected"> {
  /** The request's id. */
  readonly id: SigningId;
  /** What came of it. */
  readonly state: Decided | "changed" | "conflict" | "forbidden" | "doubtful" | "failed" | "notTried";
  /** The request as it was seen last, if it was seen since it was shown. */
  readonly signing?: Signing;
  /** Why it is not decided. */
  readonly error?: OcisignError;
}
