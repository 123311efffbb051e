// The layers of two images: which are the same, which are new, and which are gone.
import type { LayerDescriptor } from "../image/manifest.ts";
import type { Digest } from "../image/reference.ts";
import type { Layer, LayerChange } from "./changes.ts";
import type { HistoryEntry } from "./config.ts";
import { isPlainType, unreadablePacking } from "./layer/unpacking.ts";

/** The layers of a manifest. @param history of these layers, if it fits them */
export function layersOf(
  descriptors: readonly LayerDescriptor[],
  history: readonly HistoryEntry[] = [],
  contents: readonly Digest[] = [],
): readonly Layer[] {
  return descriptors.map(({ digest, size, mediaType, isForeign }, at) => {
    const [createdBy, content] = [history[at]?.createdBy, contents[at]];
    return {
      ...{ digest, sizeBytes: size, mediaType, foreign: isForeign },
      ...(content !== undefined && { content }),
      ...(createdBy !== undefined && { createdBy }),
    };
  });
}

/**
 * What tells a layer from every other one. Its digest is not enough: the same bytes are another layer where the media
 * type has them unpacked otherwise, and where the config says that they hold something else.
 */
export function identityOf({ digest, mediaType, content }: Layer): string {
  const packing = isPlainType(mediaType) ? "plain" : (unreadablePacking(mediaType) ?? "");
  return [digest, packing, content ?? ""].join(" ");
}

/** Where only one image says what its layers hold, neither is compared by that. */
export function comparable(
  before: readonly Layer[],
  after: readonly Layer[],
): readonly [readonly Layer[], readonly Layer[]] {
  const areSaid = [before, after].every((layers) => layers.every(({ content }) => content !== undefined));
  return areSaid ? [before, after] : [before.map(withoutContent), after.map(withoutContent)];
}

function withoutContent({ content: _, ...layer }: Layer): Layer {
  return layer;
}

/** From bottom to top; what is gone stands where it was, below what stands there now. */
export function layerChanges(before: readonly Layer[], after: readonly Layer[]): readonly LayerChange[] {
  const [old, now] = [before.map(identityOf), after.map(identityOf)];
  const isSame = (at: number) => old[at] !== undefined && old[at] === now[at];
  // The same layer may be there several times, such as an empty one.
  const elsewhere = new Map<string, number>();
  for (const [at, identity] of old.entries()) {
    if (!isSame(at)) elsewhere.set(identity, (elsewhere.get(identity) ?? 0) + 1);
  }
  const states = now.map((identity, at): LayerChange["state"] => {
    if (isSame(at)) return "same";
    const left = elsewhere.get(identity) ?? 0;
    if (left === 0) return "new";
    elsewhere.set(identity, left - 1);
    return "moved";
  });
  const changes: LayerChange[] = [];
  for (let at = 0; at < Math.max(before.length, after.length); at++) {
    const [was, is] = [before[at], after[at]];
    const identity = old[at] ?? "";
    const left = was && !isSame(at) ? (elsewhere.get(identity) ?? 0) : 0;
    if (was && left > 0) {
      elsewhere.set(identity, left - 1);
      changes.push({ state: "gone", layer: was });
    }
    if (is) changes.push({ state: states[at] ?? "new", layer: is });
  }
  return changes;
}

/** How many of the lowest layers are the same. */
export function sharedBelow(before: readonly Layer[], after: readonly Layer[]): number {
  const differs = before.findIndex((layer, at) => {
    const other = after[at];
    return other === undefined || identityOf(layer) !== identityOf(other);
  });
  return differs < 0 ? before.length : differs;
}
