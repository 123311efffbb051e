// References that were read stay read: the package's own functions know them again, and do not read them twice.
import * as core from "../core.ts";
import { fieldOf } from "../foreign.ts";
import type { ImageReference } from "./reference.ts";

/** What this module made, and froze so that it stays what was read. */
const read = new WeakSet<ImageReference>();

/**
 * Reads an image reference: `domain[:port]/path[:tag]@digest`, after the grammar of `distribution/reference`.
 * Registry and digest are required.
 *
 * @throws {OcisignError} the first thing that is wrong, read from left to right: a {@link ReferenceErrorCode}, with
 *   its offset.
 * @example
 * ```js
 * import { parseReference } from "ocisign";
 *
 * const image = parseReference(
 *   "Registry.Example:5000/team/app:1.2@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79",
 * );
 * console.log(image.registry, image.repository, image.tag); // registry.example:5000 team/app 1.2
 * ```
 */
export function parseReference(text: string): ImageReference {
  return keepRead(core.parseReference(text));
}

/** Remembers a reference that the module has just read. */
export function keepRead(reference: ImageReference): ImageReference {
  read.add(Object.freeze(reference));
  return reference;
}

/** A reference of a caller's: one that was read before, an equal one, or a text. */
export function asReference(given: unknown): ImageReference {
  if (isRead(given)) return given;
  // The module says what is wrong with anything but a text.
  return parseReference((canonicalOf(given) ?? given) as string);
}

/** A revoked proxy throws at every touch: it names no image. */
function canonicalOf(given: unknown): unknown {
  try {
    return fieldOf(given, "canonical");
  } catch {
    return undefined;
  }
}

function isRead(given: unknown): given is ImageReference {
  return typeof given === "object" && given !== null && read.has(given as ImageReference);
}
