// What a page and its worker say to each other.
import type { FileDifference, Shared } from "../files/difference.ts";
import type { Into } from "./engine.ts";
import type { LayerFacts } from "./facts.ts";
import type { LayerToRead } from "./reading.ts";

export type Request =
  | { readonly act: "begin"; readonly layer: LayerToRead; readonly into: Into | undefined }
  | { readonly act: "write"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly act: "end" }
  | { readonly act: "difference"; readonly before: Shared; readonly after: Shared };

/** One for each request, in order; and one at the beginning. */
export type Reply =
  | { readonly ready: true }
  | { readonly done: LayerFacts | FileDifference | undefined }
  /** Something is wrong with what was read. */
  | { readonly fault: string; readonly kind: "Fault" | "Beyond" | "InParts" }
  /** Something is wrong with us. */
  | { readonly bug: string };
