// A format in which signatures are kept, as attaching needs it.
import type { ImageReference } from "../../image/reference.ts";
import type { OpenRegistry } from "../../registry/open.ts";
import type { AttachedFormat } from "./options.ts";
import type { ProvedSignature } from "./proved.ts";

/** What a registry would hold of a signature: what the judge reads. */
export interface Sample {
  readonly manifest: string;
  readonly blob: Uint8Array<ArrayBuffer>;
}

/** Writes one format. */
export interface Writer {
  /** As it would be kept, for the judge. */
  sample(image: ImageReference, signature: Uint8Array<ArrayBuffer>): Promise<Sample>;
  /** Pushes it, unless exactly this signature is there already. Others stay. */
  keep(place: OpenRegistry, image: ImageReference, signature: ProvedSignature): Promise<AttachedFormat>;
}
