// Which files differ between two images.
import { alone } from "../alone.ts";
import type { FileChanges, Layer } from "../changes.ts";
import type { Engine, Into } from "../layer/engine.ts";
import { checkReadable, readLayer } from "../layer/read-layer.ts";
import { openEngine } from "../layer/remote-engine.ts";
import { identityOf } from "../layers.ts";
import type { How, Side } from "../side.ts";
import { unknownBecause } from "../unknown.ts";
import type { Shared } from "./difference.ts";
import { type Split, splitLayers } from "./split.ts";

/** What {@link compareFiles} would fetch, in bytes: the layers that differ. */
export function costOfFiles(before: Side, after: Side): number {
  return splitOf(before, after)
    .flatMap(({ own }) => own)
    .reduce((sum, { layer }) => sum + layer.sizeBytes, 0);
}

/**
 * Compares the files of the layers that differ. Where packages of layers are wanted, too, call this first: it reads the
 * package databases by the way, and keeps them in `how.blobs`. What cannot be read is told as `unknown`; only the
 * caller's abort is thrown.
 */
export async function compareFiles(before: Side, after: Side, how: How): Promise<FileChanges> {
  const [old, now] = splitOf(before, after);
  try {
    for (const { layer } of [...old.own, ...now.own]) checkReadable(layer);
    // Of the same layers, nothing is read.
    if (old.own.length + now.own.length === 0) return { state: "compared", changes: [], total: 0 };
    return await alone(async () => {
      const engine = await openEngine();
      try {
        await readOwn(engine, before, "before", old, how);
        await readOwn(engine, after, "after", now, how);
        const { changes, total } = await engine.difference(sharedIn(old), sharedIn(now));
        return { state: "compared", changes, total };
      } finally {
        engine.close();
      }
    }, how.signal);
  } catch (error) {
    return unknownBecause("The files cannot be compared", error);
  }
}

/** From the bottom, as they lie over each other. */
async function readOwn(
  engine: Engine,
  side: Side,
  name: Into["side"],
  { own }: Split<Layer>,
  how: How,
): Promise<void> {
  for (const { layer, at } of own) await readLayer(engine, side, layer, how, { side: name, at });
}

function splitOf(before: Side, after: Side): readonly [Split<Layer>, Split<Layer>] {
  return splitLayers(before.layers, after.layers, identityOf);
}

function sharedIn({ shared }: Split<Layer>): Shared {
  return { lowest: shared[0], highest: shared.at(-1) };
}
