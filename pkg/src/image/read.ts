// References that were read stay read: the package's own functions know them again, and do not read them twice.
import * as core from "../core.ts";
import { OcisignError } from "../error.ts";
import { fieldOf } from "../foreign.ts";
import { ask, at, put, whyWrong, written } from "../texts.ts";
import type { CanonicalReference, Digest, EcrRegistry, ImageReference } from "./reference.ts";

class Itself {
  constructor(it: object) {
    // biome-ignore lint/correctness/noConstructorReturn: so that a class adds its private name to an object of another's
    return it;
  }
}

/** Marks what this module made, and froze so that it stays what was read. No copy has the mark, and no proxy. */
class Read extends Itself {
  // A set of all of them would cost more than to read one.
  readonly #isRead = true;

  static has(it: object): boolean {
    return #isRead in it;
  }
}

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
  const bytes = typeof text === "string" ? put(text) : undefined;
  if (bytes === undefined) throw core.wrongReference(text, "reference");
  const reference = readPut(text, bytes);
  if (reference) return keepRead(reference);
  const { code, message, fix, offset } = whyWrong(bytes);
  throw new OcisignError(code, message, fix, offset);
}

/** Reads a text that was put into the module's room; nothing if it is wrong. */
export function readPut(text: string, bytes: number): ImageReference | undefined {
  const length = ask("readReference", bytes);
  if (!length) return undefined;
  const pathEnd = at(1);
  const name = length > 1 ? written(length) : text;
  const registry = name.slice(0, at(0));
  const repository = name.slice(at(0) + 1, pathEnd);
  const sign = at(3) - 1;
  // The module has checked them: these are a digest and a canonical form.
  const digest = text.slice(at(3)) as Digest;
  const tag = at(2) < sign ? text.slice(at(2), sign) : undefined;
  const canonical = (
    tag === undefined && length === 1 ? text : name.slice(0, pathEnd) + text.slice(sign)
  ) as CanonicalReference;
  const reference: ImageReference & { ecr?: EcrRegistry } =
    tag === undefined
      ? { registry, repository, digest, canonical }
      : { registry, repository, tag, digest, canonical };
  if (at(5)) reference.ecr = { account: registry.slice(0, 12), region: registry.slice(at(4), at(5)) };
  return reference;
}

/** Remembers a reference that the module has just read. */
function keepRead(reference: ImageReference): ImageReference {
  new Read(reference);
  return Object.freeze(reference);
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

/** Was this read by the package, and is it that very object? */
export function isRead(given: unknown): given is ImageReference {
  return typeof given === "object" && given !== null && Read.has(given);
}
