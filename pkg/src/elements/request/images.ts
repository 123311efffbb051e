// What stands in the artifact field: nothing, one image, or a list of them.

import { type ImageReference, parseReference, scanReferences } from "ocisign";
import { mismatch } from "../../shown/product-view.ts";
import { withoutBlankEnds } from "../model/blank-ends.ts";
import type { Product } from "../model/offer.ts";

export interface One {
  kind: "one";
  /** Without the white space around it. */
  text: string;
  reference?: ImageReference;
  /** Why there is no reference. */
  error?: unknown;
  /** Why the product does not sign for its registry. */
  mismatch?: unknown;
}

export type Ready = { line: number; canonical: string };

export type Wrong = { line: number; text: string; error: unknown; isElsewhere: boolean };

/** The image stands in line `first` already. */
export type Repeated = { line: number; canonical: string; first: number };

export interface Many {
  kind: "many";
  /** What can be asked for, each image once. */
  ready: Ready[];
  /** `isElsewhere`: an image, but not of the product's registry. */
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
    return { kind: "one", text, error };
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
    found.wrong.push({ line: error.line, text: error.text, error, isElsewhere: false });
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
  return says ? left.join("\n").replace(/^\n+|\n+$/g, "") : "";
}

/** Pasted lines bring white space along, which is not the person's mistake. */
function linesOf(text: string) {
  return text.split(/\r\n|\r|\n/).map(withoutBlankEnds);
}
