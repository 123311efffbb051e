// What a caller gives as a list of images.
import { fail, OcisignError } from "../error.ts";
import { hasMethod, isText } from "../foreign.ts";
import { asReference, isRead } from "../image/read.ts";
import type { Artifact, ArtifactSource, Artifacts } from "./sign/sign-options.ts";

/** Between so many, an abort is heard. */
const blockLength = 1024;

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

/** Something of a list that is no image, or none that this run can work on. */
export interface WrongItem {
  readonly index: number;
  /** As it was given, where that is text. */
  readonly given: string;
  readonly wrong: OcisignError;
}

/**
 * Walks along a list once.
 *
 * @param name the list's, in messages
 * @param read makes an item of what stands at a place; an {@link OcisignError} that it throws makes it a wrong one
 * @param look is called now and then, and may throw: a long list must hear of an abort
 */
export async function* walk<T>(
  artifacts: Artifacts,
  name: string,
  read: (artifact: Artifact, index: number) => T | Promise<T>,
  look: () => void = () => {},
): AsyncGenerator<T | WrongItem, void, undefined> {
  const source = await sourceOf(artifacts);
  if (!source) {
    const fix = "Pass an array, an iterable, or a function that returns one.";
    throw fail("bad-input", `${name} is no list of images.`, fix);
  }
  let index = 0;
  for await (const artifact of source) {
    if (index % blockLength === 0) look();
    yield orWrong(artifact, index, read);
    index += 1;
  }
}

/** Without a promise where there is none. */
function orWrong<T>(
  artifact: Artifact,
  index: number,
  read: (artifact: Artifact, index: number) => T | Promise<T>,
): T | WrongItem | Promise<T | WrongItem> {
  const wrong = (error: unknown): WrongItem => {
    if (!(error instanceof OcisignError)) throw error;
    return { index, given: textOf(artifact), wrong: error };
  };
  try {
    const item = read(artifact, index);
    return item instanceof Promise ? item.catch(wrong) : item;
  } catch (error) {
    return wrong(error);
  }
}

/** The images of a list, or of a function that gives one. */
async function sourceOf(artifacts: unknown): Promise<ArtifactSource | undefined> {
  const source: unknown = typeof artifacts === "function" ? await artifacts() : artifacts;
  return isSource(source) ? source : undefined;
}

/** A text can be walked along, too, but its letters are no images. */
function isSource(value: unknown): value is ArtifactSource {
  const kinds: readonly unknown[] = [Symbol.asyncIterator, Symbol.iterator];
  return !isText(value) && kinds.some((kind) => hasMethod(value, kind as string));
}

/** As it was given, where that is text. */
function textOf(artifact: unknown): string {
  return isText(artifact) ? artifact : "";
}
