// What stands in the artifact field: nothing, one image, or a list of them.

import { type ImageReference, parseReference, scanReferences } from "ocisign";
import { anyDigest, type TaggedImage, taggedIn } from "../../image/tagged.ts";
import { mismatch } from "../../shown/product-view.ts";
import { withoutTrailing } from "../../trailing.ts";
import { withoutBlankEnds } from "../model/blank-ends.ts";
import type { Product } from "../model/offer.ts";

export interface One {
  kind: "one";
  /** Without the white space around it. */
  text: string;
  reference?: ImageReference;
  /** A tag in place of a digest: the registry says which digest that is now. */
  tagged?: TaggedImage;
  /** Why there is no reference. */
  error?: unknown;
  /** Why the product does not sign for its registry. */
  mismatch?: unknown;
}

export type Ready = { line: number; canonical: string };

/** `isElsewhere`: an image, but not of the product's registry. `isTagged`: one with a tag in place of a digest. */
export type Wrong = { line: number; text: string; error: unknown; isElsewhere: boolean; isTagged?: boolean };

/** The image stands in line `first` already. */
export type Repeated = { line: number; canonical: string; first: number };

export interface Many {
  kind: "many";
  /** What can be asked for, each image once. */
  ready: Ready[];
  wrong: Wrong[];
  repeated: Repeated[];
}

export type Images = { kind: "none" } | One | Many;

export function checkImages(text: string, product: Product | undefined): Images {
  const lines = linesOf(text);
  const [first, ...others] = lines.filter((line) => line !== "");
  if (first === undefined) return { kind: "none" };
  return others.length === 0 ? checkOne(first, product) : checkMany(lines, product);
}

function checkOne(text: string, product: Product | undefined): One {
  try {
    const reference = parseReference(text);
    return { kind: "one", text, reference, mismatch: product && mismatch(product, reference) };
  } catch (error) {
    const tagged = taggedIn(text, parseReference);
    if (!tagged) return { kind: "one", text, error };
    return { kind: "one", text, tagged, mismatch: product && mismatch(product, `${text}${anyDigest}`) };
  }
}

function checkMany(lines: string[], product: Product | undefined): Many {
  const { references, errors } = scanReferences(lines.join("\n"));
  const mismatchOf = product ? mismatches(product) : () => undefined;
  const seen: Map<string, number> = new Map();
  const found: Many = { kind: "many", ready: [], wrong: [], repeated: [] };
  for (const { line, canonical } of references) {
    const first = seen.get(canonical);
    const error = mismatchOf(canonical);
    seen.set(canonical, first ?? line);
    if (first !== undefined) found.repeated.push({ line, canonical, first });
    else if (error) found.wrong.push({ line, text: canonical, error, isElsewhere: true });
    else found.ready.push({ line, canonical });
  }
  for (const error of errors) {
    const isTagged = error.code === "digest-missing" && taggedIn(error.text, parseReference) !== undefined;
    found.wrong.push({ line: error.line, text: error.text, error, isElsewhere: false, isTagged });
  }
  found.wrong.sort((a, b) => a.line - b.line);
  return found;
}

/** Asks once for each registry, of which ten thousand images have few. */
function mismatches(product: Product) {
  const known: Map<string, unknown> = new Map();
  return (canonical: string) => {
    const registry = canonical.slice(0, canonical.indexOf("/"));
    if (!known.has(registry)) known.set(registry, mismatch(product, canonical));
    return known.get(registry);
  };
}

/** What stays in the field once the images that are ready were taken from it. */
export function withoutReady(text: string, { ready, repeated }: Many) {
  const taken = new Set(ready.map(({ line }) => line));
  for (const { line, first } of repeated) if (taken.has(first)) taken.add(line);
  const left = linesOf(text).filter((_, index) => !taken.has(index + 1));
  const says = left.some((line) => line !== "" && !line.startsWith("#"));
  return says ? withoutTrailing(left.join("\n").replace(/^\n+/, ""), "\n") : "";
}

/** The text with lines that a person wrote in another way, such as tags with their digests. */
export function rewritten(text: string, lines: ReadonlyMap<string, string>) {
  return linesOf(text)
    .map((line) => lines.get(line) ?? line)
    .join("\n");
}

/** Pasted lines bring white space along, which is not the person's mistake. */
function linesOf(text: string) {
  return text.split(/\r\n|\r|\n/).map(withoutBlankEnds);
}
