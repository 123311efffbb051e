// The layers of two images: which are the same, which are new, and which are gone.
import type { LayerDescriptor } from "../image/manifest.ts";
import type { Layer, LayerChange } from "./changes.ts";
import type { HistoryEntry } from "./config.ts";

/** The layers of a manifest. @param history of these layers, if it fits them */
export function layersOf(
  descriptors: readonly LayerDescriptor[],
  history: readonly HistoryEntry[] = [],
): readonly Layer[] {
  return descriptors.map(({ digest, size, mediaType, isForeign }, at) => {
    const createdBy = history[at]?.createdBy;
    const layer = { digest, sizeBytes: size, mediaType, foreign: isForeign };
    return createdBy === undefined ? layer : { ...layer, createdBy };
  });
}

/** From bottom to top; what is gone stands where it was, below what stands there now. */
export function layerChanges(before: readonly Layer[], after: readonly Layer[]): readonly LayerChange[] {
  const isSame = (at: number) => before[at] !== undefined && before[at].digest === after[at]?.digest;
  // The same layer may be there several times, such as an empty one.
  const elsewhere = new Map<string, number>();
  for (const [at, { digest }] of before.entries()) {
    if (!isSame(at)) elsewhere.set(digest, (elsewhere.get(digest) ?? 0) + 1);
  }
  const states = after.map(({ digest }, at): LayerChange["state"] => {
    if (isSame(at)) return "same";
    const left = elsewhere.get(digest) ?? 0;
    if (left === 0) return "new";
    elsewhere.set(digest, left - 1);
    return "moved";
  });
  const changes: LayerChange[] = [];
  for (let at = 0; at < Math.max(before.length, after.length); at++) {
    const [was, is] = [before[at], after[at]];
    const left = was && !isSame(at) ? (elsewhere.get(was.digest) ?? 0) : 0;
    if (was && left > 0) {
      elsewhere.set(was.digest, left - 1);
      changes.push({ state: "gone", layer: was });
    }
    if (is) changes.push({ state: states[at] ?? "new", layer: is });
  }
  return changes;
}

/** How many of the lowest layers are the same. */
export function sharedBelow(before: readonly Layer[], after: readonly Layer[]): number {
  const differs = before.findIndex(({ digest }, at) => digest !== after[at]?.digest);
  return differs < 0 ? before.length : differs;
}
