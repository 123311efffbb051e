// The image that an image was made of. Labels and annotations are the builder's word for it; layers that two images
// share are a fact.
import { isDigest } from "../core.ts";
import type { Digest } from "../image/reference.ts";
import type { BaseImage, Change, Layer } from "./changes.ts";
import { sharedBelow } from "./layers.ts";

/** What is said of an image's base, and its layers. */
export interface BaseFacts {
  /** Labels and annotations, by name. */
  readonly said: (name: string) => string | undefined;
  readonly layers: readonly Layer[];
}

/** As the OCI image spec names it ("Annotations"). */
const [nameKey, digestKey] = ["org.opencontainers.image.base.name", "org.opencontainers.image.base.digest"];

/** @param before nothing if there is no such image */
export function baseChange(before: BaseFacts | undefined, after: BaseFacts | undefined): Change<BaseImage> {
  if (!before || !after) {
    const [was, is] = [before, after].map((facts) => facts && baseOf(facts, 0));
    if (is) return { state: "added", after: is };
    return { state: "removed", before: was ?? { layers: 0 } };
  }
  const layers = sharedBelow(before.layers, after.layers);
  const [was, is] = [baseOf(before, layers), baseOf(after, layers)];
  const shares = layers > 0 || (before.layers.length === 0 && after.layers.length === 0);
  // Whatever is said, images without a common layer below have no common base.
  if (!shares || differs(was.digest, is.digest) || differs(was.name, is.name)) {
    return { state: "changed", before: was, after: is };
  }
  return { state: "same", value: { ...was, ...is } };
}

function differs(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function baseOf({ said }: BaseFacts, layers: number): BaseImage {
  const [name, digest] = [said(nameKey), said(digestKey)];
  return {
    ...(name !== undefined && name !== "" && { name }),
    // Only what is a digest is told as one.
    ...(digest !== undefined && isDigest(digest) && { digest: digest as Digest }),
    layers,
  };
}
