// Says what an image is, by its own manifest and config, so that it can be seen before anything is signed.
import { fail } from "../error.ts";
import { openSource, sourceOptions } from "../layout/open.ts";
import { checkOptions, isOn } from "../options.ts";
import { imageManifest, taggedManifest } from "../registry/content.ts";
import { membersOf } from "../registry/members.ts";
import type { ContentSource } from "../registry/source.ts";
import { subtleCrypto } from "../strict/cryptography.ts";
import type { Descriptor } from "../strict/descriptor.ts";
import { Fault } from "../strict/fault.ts";
import { configBytes } from "./config-bytes.ts";
import type { DescribeOptions, DescriptionFacts, ImageDescription, ListedManifest } from "./description.ts";
import { type Entry, type ImageConfig, readConfig, readManifest } from "./manifest.ts";
import { isUnknown } from "./platform.ts";
import { asReference, parseReference } from "./read.ts";
import type { ImageReference } from "./reference.ts";
import { type TaggedImage, taggedIn } from "./tagged.ts";

/**
 * Says what an image is, before anything is signed: kind, size and platforms, from its manifest and its config. Both
 * must have their digests, and at most 4 MiB each are read. It says nothing of signatures; see {@link verifyImage}.
 *
 * With `resolveTag`, a text without a digest may name a tag. `reference` and `digest` of the description then are those
 * of the manifest that the registry sent. Show both to a person before you request a signature: the tag may name
 * another image tomorrow.
 *
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-url`, as {@link parseReference}); `not-found`;
 *   `bad-reply` when what is there is neither an image nor an index, or not what its digest says; the registry's
 *   `unauthorized`, `forbidden`, `bad-request`, `rate-limited`, `redirected`, `server-error`; `network`, in a browser
 *   also when the registry does not allow the page's origin; `timeout`, `aborted`, `no-crypto`.
 * @example
 * ```js
 * import { describeImage } from "ocisign";
 *
 * const description = await describeImage(image, {
 *   registry: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 * });
 * console.log(description.platforms.map(({ os, architecture }) => `${os}/${architecture}`).join()); // linux/amd64
 * if (!description.isIndex) console.log(description.sizeBytes.toLocaleString());
 * ```
 */
export async function describeImage(
  reference: string | ImageReference,
  options: DescribeOptions = {},
): Promise<ImageDescription> {
  const given = checkOptions(options, [...sourceOptions, "resolveTag", "recursive"]);
  const isWhole = isOn(given, "recursive");
  const tagged = isOn(given, "resolveTag") ? taggedIn(reference, parseReference) : undefined;
  const place = tagged ?? asReference(reference);
  const open = openSource(place, given);
  // What cannot be checked is not fetched.
  subtleCrypto();
  const { image: client } = await open();
  try {
    const image = await found(client, place);
    const description = await describe(client, image);
    return isWhole ? { ...description, manifests: await listed(client, image) } : description;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const name = "canonical" in place ? place.canonical : nameOf(place);
    throw fail("bad-reply", `${name}: ${error.message}`, "Look at what was pushed there.");
  }
}

/** An image, and the manifest that its digest names. */
interface Found {
  readonly image: ImageReference;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

async function found(client: ContentSource, place: ImageReference | TaggedImage): Promise<Found> {
  if ("canonical" in place) return { image: place, ...(await imageManifest(client, place)) };
  const { digest, ...manifest } = await taggedManifest(client, place);
  return { image: parseReference(`${place.registry}/${place.repository}@${digest}`), ...manifest };
}

/** All that an index lists, and the indexes within it. */
async function listed(client: ContentSource, { image }: Found): Promise<ListedManifest[]> {
  const all: ListedManifest[] = [];
  for await (const { image: one, mediaType } of membersOf(client, image)) {
    all.push({ reference: one.canonical, digest: one.digest, mediaType });
  }
  return all.slice(1);
}

function nameOf({ registry, repository, tag }: TaggedImage): string {
  return `${registry}/${repository}:${tag}`;
}

async function describe(
  client: ContentSource,
  { image, bytes, mediaType }: Found,
): Promise<ImageDescription> {
  const { canonical: reference, digest, repository } = image;
  const manifest = readManifest(bytes, mediaType);
  const { artifactType, annotations } = manifest;
  const facts = { reference, digest, mediaType, ...present({ artifactType, annotations }) };
  if (manifest.isIndex) return { ...facts, isIndex: true, ...inIndex(manifest.entries) };
  const { created, platform } = await configOf(client, repository, manifest.config);
  const platforms = platform ? [{ ...platform, digest, mediaType }] : [];
  const counts = { sizeBytes: manifest.size, platforms, attestations: 0, others: 0 };
  return { ...facts, isIndex: false, ...counts, ...present({ created }) };
}

/** What the image's config says; nothing of what is no image and has none. */
async function configOf(
  client: ContentSource,
  repository: string,
  config: Descriptor | undefined,
): Promise<Partial<ImageConfig>> {
  if (!config) return {};
  return readConfig(await configBytes(client, repository, config));
}

/** The platforms of an index, and how many manifests there are beside them. */
function inIndex(entries: readonly Entry[]): Pick<DescriptionFacts, "platforms" | "attestations" | "others"> {
  const platforms = entries.flatMap(({ platform, digest, mediaType }) =>
    platform && !isUnknown(platform) ? [{ ...platform, digest, mediaType }] : [],
  );
  const attestations = entries.filter(({ isAttestation }) => isAttestation).length;
  return { platforms, attestations, others: entries.length - platforms.length - attestations };
}

/** Without the fields that have no value. */
function present<T extends object>(fields: T): Present<T> {
  const entries: [string, unknown][] = Object.entries(fields);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Present<T>;
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };
