// What `verifyAll` may be given.
import type { ImageReference } from "../../image/reference.ts";
import type { RegistryOptions } from "../../registry/open.ts";
import type { VerificationKeys } from "../../signature/keys.ts";
import type { VerifyOptions } from "../../signature/verify-options.ts";
import type { BulkProgress } from "../outcome.ts";

/** Options of {@link verifyAll} beside the keys. `timeoutMs`, `totalTimeoutMs` and `totalBytes` are for each image. */
export interface VerifyAllDetails extends Omit<VerifyOptions, "registry" | "layout"> {
  /**
   * Where and how the registry is reached. With `url`, `username` or `password`, all images have to be of one registry:
   * nobody else's gets a password. For several, a function that says it for the registry of an image; it is called for
   * each image.
   */
  registry?: RegistryOptions | ((image: ImageReference) => RegistryOptions | undefined) | undefined;
  /**
   * How many images of one registry are verified at the same time. Default 16; less while the registry has too much to
   * do. Of all registries together, four times as many.
   */
  concurrency?: number | undefined;
  /** Verify the good ones of a list with wrong ones; these are outcomes with an error. */
  keepGoing?: boolean | undefined;
  /** Called after each image that has come to an end. What it throws ends the run. */
  onProgress?: ((progress: BulkProgress) => void) | undefined;
}

/** Options of {@link verifyAll}. */
export type VerifyAllOptions = VerificationKeys & VerifyAllDetails;
