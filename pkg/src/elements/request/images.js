// What stands in the artifact field: nothing, one image, or a list of them.
import { parseReference, scanReferences } from "ocisign";
import { mismatch } from "../model/product.js";

/**
 * @typedef {import("ocisign").ImageReference} ImageReference
 * @typedef {import("../model/product.js").Product} Product
 *
 * @typedef {object} One
 * @property {"one"} kind
 * @property {string} text without the white space around it
 * @property {ImageReference} [reference]
 * @property {unknown} [error] why there is no reference
 * @property {unknown} [mismatch] why the product does not sign for its registry
 *
 * @typedef {{ line: number, canonical: string }} Ready
 * @typedef {{ line: number, text: string, error: unknown, isElsewhere: boolean }} Wrong
 * @typedef {{ line: number, canonical: string, first: number }} Repeated the image stands in line `first` already
 *
 * @typedef {object} Many
 * @property {"many"} kind
 * @property {Ready[]} ready what can be asked for, each image once
 * @property {Wrong[]} wrong `isElsewhere`: an image, but not of the product's registry
 * @property {Repeated[]} repeated
 *
 * @typedef {{ kind: "none" } | One | Many} Images
 */

/** @param {string} text @param {Product | undefined} product @returns {Images} */
export function checkImages(text, product) {
  const lines = linesOf(text);
  const filled = lines.filter((line) => line !== "");
  if (filled.length === 0) return { kind: "none" };
  return filled.length === 1 ? checkOne(filled[0], product) : checkMany(lines, product);
}

/** @param {string} text @param {Product | undefined} product @returns {One} */
function checkOne(text, product) {
  try {
    const reference = parseReference(text);
    return { kind: "one", text, reference, mismatch: product && mismatch(product, reference) };
  } catch (error) {
    return { kind: "one", text, error };
  }
}

/** @param {string[]} lines @param {Product | undefined} product @returns {Many} */
function checkMany(lines, product) {
  const { references, errors } = scanReferences(lines.join("\n"));
  const mismatchOf = product ? mismatches(product) : () => undefined;
  /** @type {Map<string, number>} */
  const seen = new Map();
  /** @type {Many} */
  const found = { kind: "many", ready: [], wrong: [], repeated: [] };
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

/** Asks once for each registry, of which ten thousand images have few. @param {Product} product */
function mismatches(product) {
  /** @type {Map<string, unknown>} */
  const known = new Map();
  return (/** @type {string} */ canonical) => {
    const registry = canonical.slice(0, canonical.indexOf("/"));
    if (!known.has(registry)) known.set(registry, mismatch(product, canonical));
    return known.get(registry);
  };
}

/** What stays in the field once the images that are ready were taken from it. @param {string} text @param {Many} images */
export function withoutReady(text, { ready, repeated }) {
  const taken = new Set(ready.map(({ line }) => line));
  for (const { line, first } of repeated) if (taken.has(first)) taken.add(line);
  const left = linesOf(text).filter((_, index) => !taken.has(index + 1));
  const says = left.some((line) => line !== "" && !line.startsWith("#"));
  return says ? left.join("\n").replace(/^\n+|\n+$/g, "") : "";
}

/** Pasted lines bring white space along, which is nobody's mistake. @param {string} text */
function linesOf(text) {
  return text.split(/\r\n|\r|\n/).map((line) => {
    let [start, end] = [0, line.length];
    while (isBlank(line[start])) start += 1;
    while (end > start && isBlank(line[end - 1])) end -= 1;
    return line.slice(start, end);
  });
}

/** No other white space is passed over: what cannot be seen must not be there. @param {string | undefined} character */
function isBlank(character) {
  return character === " " || character === "\t";
}
