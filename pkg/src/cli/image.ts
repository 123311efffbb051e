// The image of a command line.

import type { ImageReference } from "ocisign";
import { libraryError, pointer } from "./library-error.ts";
import { usage } from "./problem.ts";

export async function readImage(text: string): Promise<ImageReference> {
  const { parseReference } = await import("ocisign");
  return refusedAsUsage(text, "", () => parseReference(text));
}

/** An image as the reference client takes it: base64, perhaps with a line break, perhaps without padding. */
export async function readArtifactUri(encoded: string): Promise<ImageReference> {
  const { decodeArtifactUri } = await import("ocisign");
  return readImage(refusedAsUsage(encoded, "-A: ", () => decodeArtifactUri(encoded)));
}

/** What the library refuses is wrong usage here, and is pointed at. */
function refusedAsUsage<T>(text: string, from: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const refused = libraryError(error);
    if (!refused) throw error;
    throw usage(`${from}${refused.message}`, refused.fix, pointer(refused, text));
  }
}
