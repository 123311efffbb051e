// Opens where an image is read from: its registry, or an OCI layout that a caller has at hand.
import { fail } from "../error.ts";
import { hasMethod } from "../foreign.ts";
import type { ImageReference } from "../image/reference.ts";
import { type Given, optionalSignal, positive } from "../options.ts";
import { Budget } from "../registry/budget.ts";
import { openRegistry, reachOptions } from "../registry/open.ts";
import type { OpenSource } from "../registry/source.ts";
import type { LayoutFiles } from "./files.ts";
import { type LayoutOptions, OciLayout } from "./layout.ts";

/** The options that say where an image is read from. */
export const sourceOptions = [...reachOptions, "layout"] as const;

/**
 * Reads the options at once, since a caller may go on to change what was passed. Opening a layout reads files, which is
 * done once the returned function is called.
 */
export function openSource(
  image: Pick<ImageReference, "registry" | "repository">,
  given: Given<(typeof sourceOptions)[number]>,
): () => OpenSource | Promise<OpenSource> {
  const { layout } = given;
  if (layout === undefined) {
    const registry = openRegistry(image, given);
    return () => registry;
  }
  if (given.registry !== undefined) {
    throw fail("bad-input", "registry and layout are both given.", "Pass one of the two.");
  }
  if (!isLayout(layout)) {
    const fix = "Pass an object whose method read gives the content of a file, piece by piece.";
    throw fail("bad-input", "layout is no object with a method read.", fix);
  }
  const budget = new Budget(positive(given, "totalTimeoutMs"), positive(given, "totalBytes"));
  const options = { image, files: layout, budget, signal: optionalSignal(given, "signal") };
  return () => openLayout(options);
}

async function openLayout(options: LayoutOptions): Promise<OpenSource> {
  const layout = await OciLayout.open(options);
  return { image: layout, client: layout, repository: options.image.repository };
}

function isLayout(value: unknown): value is LayoutFiles {
  return hasMethod(value, "read");
}
