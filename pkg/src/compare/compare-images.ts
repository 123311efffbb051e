// What differs between two images, read from their registries.
import { fail } from "../error.ts";
import { isList, isText } from "../foreign.ts";
import type { Entry } from "../image/manifest.ts";
import { isUnknown, type Platform } from "../image/platform.ts";
import { asReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { checkOptions, isOn, optionalSignal, positive } from "../options.ts";
import { Budget } from "../registry/budget.ts";
import { openRegistry, reachOptions } from "../registry/open.ts";
import { subtleCrypto } from "../strict/cryptography.ts";
import { Fault } from "../strict/fault.ts";
import type { BlobStore } from "./blob-store.ts";
import { reading } from "./change.ts";
import type { CompareOptions, ImageChanges } from "./changes.ts";
import {
  beginInside,
  type Compared,
  comparePlatform,
  type Given,
  type PartlyRead,
  platformOf,
  type Wanted,
} from "./compare-platform.ts";
import { noFacts } from "./facts.ts";
import { notableOf } from "./notable.ts";
import { isNamed, isPlatformName, type Pair, pairsOf } from "./pairs.ts";
import { type ReadManifest, readConfig, readTop } from "./read.ts";
import { storeFor } from "./session.ts";
import { unknown } from "./unknown.ts";

/** An index of more platforms is not compared whole. */
const mostPlatforms = 16;
/** What may be read where nothing inside of layers is, and where it is: in bytes. */
const [usualBytes, bytesWithLayers] = [64 * 1024 * 1024, 1024 * 1024 * 1024];

const known = [...reachOptions, "registryBefore", "packages", "files", "platforms"] as const;

/**
 * Compares two images: their layers, what their configs say, their packages, and on demand the files of the layers that
 * differ. Each manifest, config and blob must have its digest before anything in it is believed.
 *
 * What is wrong with one part is told there, as `unknown`, and the rest is compared. Only what was asked for itself has
 * to be there. An index is compared platform by platform. Manifests and configs take two rounds of requests, and an index
 * one more; images with the same digest take none.
 *
 * docs/changes.md says what is compared, what is notable, and what it proves.
 *
 * @param before the image to compare with, such as what {@link lastSigned} found.
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-url`, as {@link parseReference}); `not-found`;
 *   `bad-reply` when one of them is not what its digest says; the registry's `unauthorized`, `forbidden`, `bad-request`,
 *   `rate-limited`, `redirected`, `server-error`; `network`, `timeout`, `aborted`, `no-crypto`.
 * @example
 * ```js
 * import { compareImages } from "ocisign";
 *
 * const { identical, platforms, notable } = await compareImages(previous, image);
 * console.log(identical); // false
 * for (const { code, subject } of notable) console.log(code, subject ?? "");
 * for (const platform of platforms) {
 *   if (platform.state !== "same") continue; // only one of the images has it, or it could not be read
 *   const { layers, entrypoint } = platform.value;
 *   console.log(layers.filter(({ state }) => state === "new").length, entrypoint.state); // 1 same
 * }
 * ```
 */
export async function compareImages(
  before: string | ImageReference,
  after: string | ImageReference,
  options: CompareOptions = {},
): Promise<ImageChanges> {
  const given = checkOptions(options, known);
  const [was, is] = [asReference(before), asReference(after)];
  const wanted = wantedIn(given);
  const platforms = platformsIn(given.platforms);
  const places = open(was, is, given, wanted);
  // What cannot be checked is not fetched.
  subtleCrypto();
  const images = { before: was.canonical, after: is.canonical };
  if (was.digest === is.digest) {
    return { ...images, identical: true, platforms: [], samePlatforms: [], notable: [] };
  }
  const [oldTop, nowTop] = await Promise.all([topOf(places.before), topOf(places.after)]);
  const all = { ...wanted, blobs: places.blobs };
  const begun = beginInside(begunOf(places.before, oldTop), begunOf(places.after, nowTop), all);
  const [old, now] = await Promise.all([membersOf(places.before, oldTop), membersOf(places.after, nowTop)]);
  const pairs = pairsOf(old, now).filter((pair) => isWanted(pair, platforms));
  const sames = pairs.filter(isOneImage);
  const others = pairs.filter((pair) => !isOneImage(pair));
  const compared = await Promise.all([
    ...others.slice(0, mostPlatforms).map((pair) => comparePlatform(pair, { ...all, begun })),
    ...others.slice(mostPlatforms).map(oneTooMany),
    ...platforms.filter((name) => !pairs.some((pair) => isWanted(pair, [name]))).map(nowhere),
  ]);
  return {
    ...images,
    identical: false,
    platforms: compared.map(({ change }) => change),
    samePlatforms: sames.flatMap((pair) => platformOf(pair) ?? []),
    notable: notableOf(compared, sames.length),
  };
}

type GivenOptions = ReturnType<typeof checkOptions<(typeof known)[number]>>;

function wantedIn(given: GivenOptions): Omit<Wanted, "blobs"> {
  const { packages = "sbom" } = given;
  if (packages !== "none" && packages !== "sbom" && packages !== "layers") {
    throw fail("bad-input", "packages is none of its values.", 'Pass "none", "sbom" or "layers".');
  }
  return { packages, files: isOn(given, "files"), signal: optionalSignal(given, "signal") };
}

function platformsIn(platforms: unknown): readonly string[] {
  if (platforms === undefined) return [];
  const isName = (name: unknown) => isText(name) && isPlatformName(name);
  if (
    isList(platforms) &&
    platforms.length > 0 &&
    platforms.length <= mostPlatforms &&
    platforms.every(isName)
  ) {
    // Each was seen to be one.
    return [...new Set(platforms as readonly string[])];
  }
  const what = `platforms is no list of 1 to ${mostPlatforms} platforms.`;
  throw fail("bad-input", what, 'Name each as in "linux/amd64" or "linux/arm64/v8", or leave it out.');
}

function open(
  before: ImageReference,
  after: ImageReference,
  given: GivenOptions,
  { packages, files }: Omit<Wanted, "blobs">,
): { readonly before: Given; readonly after: Given; readonly blobs: BlobStore } {
  const { registryBefore, ...reach } = given;
  const most = packages === "layers" || files ? bytesWithLayers : usualBytes;
  const budget = new Budget(positive(given, "totalTimeoutMs"), positive(given, "totalBytes") ?? most);
  const isOneRegistry = registryBefore === undefined && before.registry === after.registry;
  const now = openRegistry(after, reach, { budget });
  const old = isOneRegistry ? now : openRegistry(before, { ...reach, registry: registryBefore }, { budget });
  const blobs = storeFor([before, isOneRegistry ? reach.registry : registryBefore], [after, reach.registry]);
  return {
    before: { client: old.image, blobs, image: before },
    after: { client: now.image, blobs, image: after },
    blobs,
  };
}

/** What was asked for itself. */
async function topOf(given: Given): Promise<ReadManifest> {
  try {
    return await readTop(given, given.image);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw fail("bad-reply", `${given.image.canonical}: ${error.message}`, "Look at what was pushed there.");
  }
}

function begunOf(given: Given, top: ReadManifest) {
  const { manifest } = top;
  return manifest.isIndex ? undefined : { ...top, manifest, member: { given } };
}

/** The images of one side, one for each platform. */
async function membersOf(given: Given, top: ReadManifest): Promise<readonly PartlyRead[]> {
  const { image, manifest, mediaType } = top;
  if (manifest.isIndex) {
    const index = { ...given, index: manifest };
    const entries = manifest.entries.filter(({ isAttestation }) => !isAttestation);
    return entries.map((entry) => ({ ...entry, platform: realPlatform(entry), entry, given: index }));
  }
  const config = await reading(image.canonical, () => readConfig(given, image, manifest));
  const platform = config.value?.platform;
  const read = { image, mediaType, manifest };
  return [{ platform, digest: image.digest, mediaType, given, manifest: read, config }];
}

function realPlatform({ platform }: Entry): Platform | undefined {
  return platform && !isUnknown(platform) ? platform : undefined;
}

/** Is it the same image on both sides? Of what was asked for itself, the digests differ. */
function isOneImage({ before, after }: Pair<PartlyRead>): boolean {
  return before !== undefined && before.digest === after?.digest;
}

function isWanted({ before, after }: Pair<PartlyRead>, platforms: readonly string[]): boolean {
  const isOf = (name: string) => isNamed(name, after?.platform) || isNamed(name, before?.platform);
  return platforms.length === 0 || platforms.some(isOf);
}

function oneTooMany(pair: Pair<PartlyRead>): Compared {
  const what = `There are more than ${mostPlatforms} platforms, and the first ${mostPlatforms} were compared.`;
  const told = unknown("bad-reply", what, "Name the platforms to compare.");
  return { change: { ...told, platform: platformOf(pair) }, before: noFacts, after: noFacts };
}

function nowhere(name: string): Compared {
  const told = unknown("not-found", `Neither image has the platform ${name}.`, "Name one that it has.");
  return { change: { ...told, platform: undefined }, before: noFacts, after: noFacts };
}
