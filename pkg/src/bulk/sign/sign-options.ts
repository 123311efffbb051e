// What `signAll` may be given.
import type { OcisignError, OcisignErrorOf } from "../../error.ts";
import type { ImageReference } from "../../image/reference.ts";
import type { RegistryChoice } from "../../registry/open.ts";
import type { OperationId, ProductId } from "../../service/ids.ts";
import type { NamedValue, Product, ProductOperation } from "../../service/product.ts";
import type { VerificationKey } from "../../signature/keys.ts";
import type { BulkProgress } from "../outcome.ts";
import type { Journal } from "./journal.ts";

/** An image of a list: its text, or as {@link parseReference} read it. */
export type Artifact = string | ImageReference;

/** Images one after the other. */
export type ArtifactSource = Iterable<Artifact> | AsyncIterable<Artifact>;

/**
 * The images of {@link SigningClient.signAll}. An array, or a function that gives the same list at each call, is checked
 * as a whole before the first request. What can be walked along only once is checked as it comes.
 */
export type Artifacts = ArtifactSource | (() => ArtifactSource | Promise<ArtifactSource>);

/** What of a list cannot be requested. */
export interface WrongArtifact {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** As it was given; empty where that is no text. */
  readonly given: string;
  /** What is wrong with it. */
  readonly error: OcisignError;
}

/** The error of a list in which something is wrong: nothing was sent. */
export type BadList = OcisignErrorOf<"bad-list"> & {
  /** What is wrong, up to a thousand; the message counts all. */
  readonly wrong: readonly WrongArtifact[];
};

/** Why an image of a list need not be requested. */
export type SkipReason = "verified" | "pending";

/** What {@link SigningClient.signAll} may be told beside the product. Times in milliseconds. */
export interface SignAllDetails {
  /** One of the product's operations, its id or its name. Not needed when there is only one that signs images. */
  operation?: OperationId | ProductOperation | undefined;
  /** The operation's id. With it, a product that may not be read (403) does not stop the run. */
  operationId?: OperationId | undefined;
  /** Of each request. Default `OCI signing`. */
  name?: string | undefined;
  /** Of each request: why, the approvers read it. */
  description?: string | undefined;
  /** Of each request: what else the approvers should know. Two more entries say the batch and the request's own key (`mark`). */
  metadata?: readonly NamedValue[] | undefined;
  /** How many calls go on at the same time. Default 16; less while a host answers that it has too much to do. */
  concurrency?: number | undefined;
  /**
   * Keeps what was done, so that a later run goes on where this one was. `openJournal` of `ocisign/journal` makes one. One
   * run at a time uses it.
   */
  journal?: Journal | undefined;
  /** Ends the run. What is under way is told first. */
  signal?: AbortSignal | undefined;
  /**
   * Called after each image that has come to an end. What it throws ends the run, and so does a promise that it returns
   * and that is rejected. Nobody waits for that promise.
   */
  onProgress?: ((progress: BulkProgress) => void) | undefined;
  /**
   * Which images are not requested: `verified` are those that the registry proves already, `pending` those for which a
   * request of the same product and operation waits. Default both.
   */
  skip?: readonly SkipReason[] | undefined;
  /** Where and how the registry is reached, to skip what it proves already; or a function that says it for an image. */
  registry?: RegistryChoice | undefined;
  /** The keys by which the registry proves an image. Default: the product's, shown or pinned. */
  keys?: readonly VerificationKey[] | undefined;
  /** Wait until each request is final. */
  wait?: boolean | undefined;
  /** How long to wait once all is requested. Without it, until all are final. */
  timeoutMs?: number | undefined;
  /**
   * How long a request may be worked on that brought no answer. Only then a search that does not find it is believed.
   * Default: `timeoutMs` of the client.
   */
  settleMs?: number | undefined;
  /** How long an outage may last before the run ends, and an image fails. Default 900,000: fifteen minutes. */
  patienceMs?: number | undefined;
  /**
   * The batch id that all requests of the run carry. Default: a new one, or the journal's. What an earlier run has
   * requested with the same id is taken up, or told as done, and not requested again.
   */
  batch?: string | undefined;
  /**
   * `false` leaves the two entries out of the metadata of each request. Then no search can tell which request is the
   * run's: an image whose POST brought no answer is `doubtful`. Default `true`.
   */
  mark?: boolean | undefined;
  /** Request the good ones of a list with wrong ones; these are told as `failed`. */
  keepGoing?: boolean | undefined;
}

/** Options of {@link SigningClient.signAll}. */
export type SignAllOptions = SignAllDetails &
  (
    | {
        /** The product, as the service shows it. */
        product: Product;
        /** The product's id, if it is not in the product. */
        productId?: ProductId | undefined;
      }
    | {
        /** Read by its id instead. */
        product?: undefined;
        /** The product's id: it is read once. */
        productId: ProductId;
      }
  );
