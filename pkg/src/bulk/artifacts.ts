// What a caller gives as a list of images.
import { hasMethod, isText } from "../foreign.ts";
import { asReference, isRead } from "../image/read.ts";
import type { Artifact, ArtifactSource, Artifacts } from "./sign-options.ts";

/** Can it be walked along again? */
export function isReplayable(artifacts: unknown): boolean {
  return typeof artifacts === "function" || Array.isArray(artifacts);
}

/** A list that a caller may go on to change, or an object in it. Texts cannot be changed, nor can what was read. */
export function copyOfArtifacts(artifacts: Artifacts): Artifacts {
  return Array.isArray(artifacts) ? artifacts.map(copyOf) : artifacts;
}

function copyOf(artifact: Artifact): Artifact {
  if (isText(artifact) || isRead(artifact)) return artifact;
  try {
    return asReference(artifact);
  } catch {
    // It is told at its place.
    return artifact;
  }
}

/** The images of a list, or of a function that gives one. */
export async function sourceOf(artifacts: unknown): Promise<ArtifactSource | undefined> {
  const source: unknown = typeof artifacts === "function" ? await artifacts() : artifacts;
  return isSource(source) ? source : undefined;
}

/** A text can be walked along, too, but its letters are no images. */
function isSource(value: unknown): value is ArtifactSource {
  const kinds: readonly unknown[] = [Symbol.asyncIterator, Symbol.iterator];
  return !isText(value) && kinds.some((kind) => hasMethod(value, kind as string));
}

/** As it was given, where that is text. */
export function textOf(artifact: unknown): string {
  return isText(artifact) ? artifact : "";
}
