// What a request shows of itself: a list may leave parts of its requests out.
import { isList, isRecord } from "../../foreign.ts";
import { artifactOf } from "../../service/artifact.ts";
import type { Signing } from "../../service/signing.ts";

/** The image that it names, if it names one. */
export function imageOf(signing: Signing): string | undefined {
  const artifact = artifactOf(signing);
  return artifact.state === "image" ? artifact.reference.canonical : undefined;
}

export function showsMetadata({ payload }: Signing): boolean {
  return isRecord(payload) && isList(payload.metadata);
}

export function hasMetadata({ payload }: Signing): boolean {
  return isRecord(payload) && isList(payload.metadata) && payload.metadata.length > 0;
}

/** Of several with the same key, one that is signed counts most, then one that may become so. */
export function rank(signing: Signing): number {
  if (signing.state === "signed") return 2;
  return signing.final ? 0 : 1;
}
