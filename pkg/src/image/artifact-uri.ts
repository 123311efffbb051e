// The artifact URI of a signing request: base64 of `registry/repository@digest`.
import * as core from "../core.ts";
import { ask, put, written } from "../texts.ts";
import { isRead, parseReference } from "./read.ts";
import type { ImageReference } from "./reference.ts";

/**
 * Writes a reference as the artifact URI of a request: canonical base64, padded, without a newline.
 *
 * @throws {OcisignError} as {@link parseReference}.
 * @example
 * ```js
 * import { decodeArtifactUri, encodeArtifactUri } from "ocisign";
 *
 * console.log(decodeArtifactUri(encodeArtifactUri(image)) === image); // true
 * ```
 */
export function encodeArtifactUri(reference: string | ImageReference): string {
  const read = typeof reference === "string" ? parseReference(reference) : reference;
  // The module writes the same; it is slower, and for what was not read yet, or where a realm has no `btoa`.
  return isRead(read) && typeof btoa === "function" ? btoa(read.canonical) : core.encodeArtifactUri(read);
}

/**
 * Reads an artifact URI into the text that it holds: with or without padding, with line breaks, and with
 * one line break at the end of the text, as in the service's own examples. The text is not checked to be a
 * reference; show it, or pass it to {@link parseReference}.
 *
 * @throws {OcisignError} `bad-base64`, with the offset in what was given; `bad-utf8`, with the offset in the
 *   decoded bytes.
 * @example
 * ```js
 * import { decodeArtifactUri } from "ocisign";
 *
 * console.log(decodeArtifactUri("bG9jYWxob3N0L2FwcAo")); // localhost/app
 * ```
 */
export function decodeArtifactUri(encoded: string): string {
  const bytes = typeof encoded === "string" ? put(encoded) : undefined;
  const length = bytes && ask("readArtifact", bytes);
  // The module has the words for what is wrong.
  return length ? written(length - 1) : core.decodeArtifactUri(encoded);
}
