// The index of a layout: which manifests there are, and what the tools that made it call them.
import { fieldOf, isText } from "../foreign.ts";
import { parseReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { taggedIn } from "../image/tagged.ts";
import { ociIndex } from "../registry/media-types.ts";
import { type Descriptor, descriptorAt } from "../strict/descriptor.ts";
import { refuse } from "../strict/fault.ts";
import { listAt } from "../strict/fields.ts";
import { manifestAt } from "../strict/manifest.ts";

/** A manifest that the layout's index names. */
export interface LayoutEntry extends Descriptor {
  /** What it is called there: a tag, or a name with a tag. */
  readonly names: readonly string[];
  /** The name of the image, as containerd writes it. */
  readonly fullName: string | undefined;
  /** What `cosign save` says that it is. */
  readonly kind: string | undefined;
}

/** No layout that is carried from place to place holds more. */
const mostEntries = 10_000;

/** Where it names an image (OCI image spec, "Annotations"); skopeo, oras, crane and regctl write it, too. */
const refName = "org.opencontainers.image.ref.name";
/** BuildKit and containerd write the whole name here, and the tag there. */
const containerdName = "io.containerd.image.name";

const place = "index.json";

export function entriesIn(bytes: Uint8Array): readonly LayoutEntry[] {
  const index = manifestAt(bytes, "The layout's index.json", place, ociIndex);
  if (index.schemaVersion !== 2) refuse("The layout's index.json is not of schema version 2.");
  const list = listAt(index.manifests, `${place}.manifests`);
  if (list.length > mostEntries) {
    refuse(`The layout's index.json names ${list.length} manifests; at most ${mostEntries} are read.`);
  }
  return list.map((value, at) => entryAt(value, `${place}.manifests[${at}]`));
}

function entryAt(value: unknown, at: string): LayoutEntry {
  const annotations = fieldOf(value, "annotations");
  const [name, fullName, kind] = [refName, containerdName, "kind"].map((key) => {
    const text = fieldOf(annotations, key);
    return isText(text) && text !== "" ? text : undefined;
  });
  const names = [name, fullName].filter(isText);
  return { ...descriptorAt(value, at), names, fullName, kind };
}

/** Is it the image itself, and nothing that `cosign save` put beside it? */
export function isImage({ kind }: LayoutEntry): boolean {
  return kind === undefined || !/^dev\.cosignproject\.cosign\/(sigs|atts|sboms?)$/.test(kind);
}

/**
 * Those that carry a tag. A name that is whole says of which repository it is: these go before bare tags, and what is
 * another repository's is never meant.
 */
export function taggedEntries(
  entries: readonly LayoutEntry[],
  { registry, repository }: Pick<ImageReference, "registry" | "repository">,
  tag: string,
): readonly LayoutEntry[] {
  const isWhole = (name: string) => {
    const whole = taggedIn(name, parseReference);
    return whole?.registry === registry && whole.repository === repository && whole.tag === tag;
  };
  const whole = entries.filter(({ names }) => names.some(isWhole));
  if (whole.length > 0) return whole;
  return entries.filter(({ names, fullName }) => fullName === undefined && names.includes(tag));
}

/** Those that carry a tag which is made of a digest, whatever the repository that it came from is called. */
export function derivedEntries(entries: readonly LayoutEntry[], tag: string): readonly LayoutEntry[] {
  return entries.filter(({ names }) => names.some((name) => name === tag || name.endsWith(`:${tag}`)));
}

/**
 * The signatures that `cosign save` put beside an image: they carry the image's name, or stand behind it. Nothing in
 * them says of which image they are, but what is signed.
 */
export function savedBeside(entries: readonly LayoutEntry[], digest: string): readonly LayoutEntry[] {
  const images = imagesByName(entries);
  let last: LayoutEntry | undefined;
  return entries.filter((entry) => {
    if (isImage(entry)) last = entry;
    if (entry.kind !== "dev.cosignproject.cosign/sigs") return false;
    const named = entry.names.flatMap((name) => images.get(name) ?? []);
    return named.length > 0 ? named.some((digests) => digests.has(digest)) : last?.digest === digest;
  });
}

/** Looked up, since a stranger chooses how many entries there are. */
function imagesByName(entries: readonly LayoutEntry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const images = new Map<string, Set<string>>();
  for (const { names, digest } of entries.filter(isImage)) {
    for (const name of names) images.set(name, (images.get(name) ?? new Set()).add(digest));
  }
  return images;
}
