// An image that is named by a tag and no digest. A signature binds only a digest, so that a tag says where to look for
// one, and nothing more.
import type { ImageReference } from "./reference.ts";

/** What `parseReference` tells of a text; a page has its own copy of the type. */
type TaggedImageParts = Pick<ImageReference, "registry" | "repository" | "tag">;

/** A place in a registry that may hold another image tomorrow. */
export interface TaggedImage extends Pick<ImageReference, "registry" | "repository"> {
  readonly tag: string;
}

/** In place of the digest, so that the grammar reads all that stands before it: the digest of nothing that exists. */
export const anyDigest = `@sha256:${"0".repeat(64)}`;

/**
 * Reads `registry/repository:tag`. Undefined: the text has a digest, or is something else. `latest` is never meant
 * where no tag stands.
 *
 * @param parse `parseReference`
 */
export function taggedIn(text: unknown, parse: (text: string) => TaggedImageParts): TaggedImage | undefined {
  if (typeof text !== "string" || text.includes("@")) return undefined;
  try {
    const { registry, repository, tag } = parse(`${text}${anyDigest}`);
    return tag === undefined ? undefined : { registry, repository, tag };
  } catch {
    // What is wrong with it, the caller says of the text as it was given.
    return undefined;
  }
}
