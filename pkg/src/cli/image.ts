// The image of a command line.

import type { ImageReference } from "ocisign";
import { libraryError, pointer } from "./library-error.ts";
import { usage } from "./problem.ts";
import type { Parse } from "./reference-problems.ts";

export async function readImage(text: string): Promise<ImageReference> {
  const { parseReference } = await import("ocisign");
  try {
    return parseReference(text);
  } catch (error) {
    throw await refusedReference(text, error, parseReference);
  }
}

/** An image as the reference client takes it: base64, perhaps with a line break, perhaps without padding. */
export async function readArtifactUri(encoded: string): Promise<ImageReference> {
  const { decodeArtifactUri } = await import("ocisign");
  let text: string;
  try {
    text = decodeArtifactUri(encoded);
  } catch (error) {
    const refused = libraryError(error);
    if (!refused) throw error;
    throw usage(`-A: ${refused.message}`, refused.fix, pointer(refused, encoded));
  }
  return readImage(text);
}

/** What the library refuses is wrong usage here, with all that is wrong, and is pointed at. */
async function refusedReference(text: string, error: unknown, parse: Parse): Promise<unknown> {
  const refused = libraryError(error);
  if (!refused) return error;
  const { allOf, problemsOf } = await import("./reference-problems.ts");
  const { message, fix, ...more } = allOf(problemsOf(text, refused, parse), text);
  return usage(message, fix, more);
}
