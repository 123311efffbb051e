// An index and all that it lists, also in the indexes within it. Each manifest is read once, and is what its digest says.
import { manifestsIn } from "../image/manifest.ts";
import { parseReference } from "../image/read.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import type { Descriptor } from "../strict/descriptor.ts";
import { refuse } from "../strict/fault.ts";
import { calledManifest } from "./content.ts";
import { indexTypes } from "./media-types.ts";
import type { ContentSource } from "./source.ts";

/** An index of more manifests than this is not walked. */
const mostManifests = 200;

/** A manifest within an index, or the index itself. */
export interface Member {
  readonly image: ImageReference;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In lower case. */
  readonly mediaType: string;
  /** What it lists; of what is no index, nothing. */
  readonly entries: readonly Descriptor[];
  /** The indexes within the whole that lead to it, from outside to inside. */
  readonly through: readonly Digest[];
}

/** Counts the manifests that a walk meets. */
export class Met {
  readonly #digests: Set<Digest>;

  constructor(first: Digest) {
    this.#digests = new Set([first]);
  }

  /** Those of a list that were not met before. They are from now on. */
  unmet<Named extends Pick<Descriptor, "digest">>(listed: readonly Named[]): readonly Named[] {
    const unmet = listed.filter(({ digest }) => !this.#digests.has(digest));
    for (const { digest } of unmet) this.#digests.add(digest);
    // The first one is met, too.
    if (this.#digests.size > mostManifests + 1)
      refuse(`The index names more than ${mostManifests} manifests.`);
    return unmet;
  }
}

/** @param which indexes alone can lead further */
export async function* membersOf(
  source: ContentSource,
  image: ImageReference,
  which: "all" | "indexes" = "all",
): AsyncGenerator<Member, void, void> {
  const met = new Met(image.digest);
  const waiting: { image: ImageReference; mediaType?: string; through: readonly Digest[] }[] = [
    { image, through: [] },
  ];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { image: one, through } = next;
    const { bytes, mediaType } = await calledManifest(source, one, next.mediaType);
    const entries = manifestsIn(bytes, mediaType);
    yield { image: one, bytes, mediaType, entries, through };
    const within = one === image ? [] : [...through, one.digest];
    for (const { digest, mediaType } of met.unmet(entries)) {
      if (which === "indexes" && !indexTypes.includes(mediaType.toLowerCase())) continue;
      waiting.push({ image: beside(image, digest), mediaType, through: within });
    }
  }
}

/** Another manifest of the same repository. */
export function beside({ registry, repository }: ImageReference, digest: Digest): ImageReference {
  return parseReference(`${registry}/${repository}@${digest}`);
}
