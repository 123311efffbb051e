// Compares two images of one platform, or tells what one of them is where the other side has none.
import type { ImagePlatform } from "../image/description.ts";
import type { ImageManifest, IndexManifest } from "../image/manifest.ts";
import { parseReference } from "../image/read.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { baseChange } from "./base.ts";
import type { BlobStore } from "./blob-store.ts";
import { changeOf, namedChanges, type Read, reading } from "./change.ts";
import type {
  Change,
  FileChanges,
  Layer,
  PackageChanges,
  PlatformChange,
  PlatformChanges,
} from "./changes.ts";
import { noVariable } from "./environment.ts";
import { type Facts, factsOf, noFacts } from "./facts.ts";
import { compareFiles, costOfFiles } from "./files/index.ts";
import { comparable, layerChanges, layersOf } from "./layers.ts";
import { comparePackages } from "./packages/index.ts";
import type { Member, Pair } from "./pairs.ts";
import { type Place, type ReadConfig, type ReadManifest, readConfig, readEntry } from "./read.ts";
import type { How, Side } from "./side.ts";
import { unknownBecause } from "./unknown.ts";

/** One of the two images that a caller named. */
export interface Given extends Place {
  /** The image or the index. */
  readonly image: ImageReference;
  readonly index?: IndexManifest | undefined;
}

/** An image of one platform, as far as it was read to find out which one that is. */
export interface PartlyRead extends Member {
  readonly given: Given;
  readonly manifest?: ReadManifest<ImageManifest> | undefined;
  readonly config?: Read<ReadConfig> | undefined;
}

/** What is compared beside manifests and configs. */
export interface Wanted {
  readonly packages: "none" | "sbom" | "layers";
  readonly files: boolean;
  readonly signal: AbortSignal | undefined;
  readonly blobs: BlobStore;
  /** Of two images that were asked for themselves, what is inside: it was begun before their platforms were known. */
  readonly begun?: Promise<Inside> | undefined;
}

/** What was compared, and what was told of either image. */
export interface Compared {
  readonly change: PlatformChange;
  readonly before: Facts;
  readonly after: Facts;
}

export async function comparePlatform(pair: Pair<PartlyRead>, wanted: Wanted): Promise<Compared> {
  const platform = platformOf(pair);
  const read = await Promise.all([leafOf(pair.before), leafOf(pair.after)]).catch((error: unknown) =>
    unknownBecause(namesOf(pair), error),
  );
  if ("state" in read) return { change: { ...read, platform }, before: noFacts, after: noFacts };
  const [was, is] = read;
  const facts = Promise.all([factsIn(was), factsIn(is)]).then(([before, after]) => {
    if (!was || !is) return { before, after };
    const [old, now] = comparable(before.layers, after.layers);
    return { before: { ...before, layers: old }, after: { ...after, layers: now } };
  });
  // What is inside of layers is compared by what the configs say of them; lists of packages need no config.
  const sides = async () => {
    const { before, after } = await facts;
    return [was && sideOf(was, before.layers), is && sideOf(is, after.layers)] as const;
  };
  const isDeep = wanted.files || wanted.packages === "layers";
  const [{ before, after }, inside] = await Promise.all([
    facts,
    wanted.begun && was && is
      ? wanted.begun
      : insideOf(...(isDeep ? await sides() : ([was && sideOf(was), is && sideOf(is)] as const)), wanted),
  ]);
  const changes = { platform, ...changesOf(before, after), ...withCost(inside, await sides()) };
  return { change: { platform, ...inState(changes, pair) }, before, after };
}

/** An image of one platform, and its manifest. */
interface Leaf extends Begun {
  readonly member: PartlyRead;
}

async function leafOf(member: PartlyRead | undefined): Promise<Leaf | undefined> {
  if (!member) return undefined;
  const { given, entry, digest, manifest } = member;
  const { registry, repository } = given.image;
  if (manifest) return { ...manifest, member };
  const image = parseReference(`${registry}/${repository}@${digest}`);
  return { ...(await readEntry(given, image, entry)), member };
}

async function factsIn(leaf: Leaf | undefined): Promise<Facts> {
  if (!leaf) return noFacts;
  const { image, manifest, member } = leaf;
  const config =
    member.config ?? (await reading(image.canonical, () => readConfig(member.given, image, manifest)));
  return factsOf(leaf, config);
}

/**
 * Begins to compare what is inside of two images before it is known whether they are of one platform, which they mostly
 * are: lists of packages then take no rounds of their own. Layers are read only for what is sure to be compared.
 */
export function beginInside(
  before: Begun | undefined,
  after: Begun | undefined,
  wanted: Wanted,
): Promise<Inside> | undefined {
  if (!before || !after || wanted.files || wanted.packages !== "sbom") return undefined;
  const inside = insideOf(sideOf(before), sideOf(after), wanted);
  // Whoever compares them hears of a failure; if nobody does, nobody needs to.
  inside.catch(() => {});
  return inside;
}

/** An image whose manifest was read. */
interface Begun extends ReadManifest<ImageManifest> {
  readonly member: Pick<PartlyRead, "given">;
}

/** What it would take to read the layers, which only the configs tell apart for sure. */
function withCost(inside: Inside, [before, after]: readonly [Side | undefined, Side | undefined]): Inside {
  if (inside.files.state !== "notAsked" || !before || !after) return inside;
  return { ...inside, files: { state: "notAsked", costBytes: costOfFiles(before, after) } };
}

/** @param known its layers, with what the config says of them */
function sideOf({ image, manifest, member: { given } }: Begun, known?: readonly Layer[]): Side {
  const { client, index } = given;
  const { repository, digest: manifestDigest } = image;
  const layers = known ?? layersOf(manifest.layers);
  return { client, repository, image: given.image, manifestDigest, layers, ...(index && { index }) };
}

/** What is inside the layers, as far as the caller wants to know it. */
export interface Inside {
  readonly packages: PackageChanges;
  readonly files: FileChanges;
}

/** Of a platform that only one image has, nothing inside is compared. */
async function insideOf(
  before: Side | undefined,
  after: Side | undefined,
  { packages: list, files: areFilesWanted, blobs, signal }: Wanted,
): Promise<Inside> {
  if (!before || !after) {
    return { packages: { state: "notAsked" }, files: { state: "notAsked", costBytes: 0 } };
  }
  const how: How = { signal, packages: list === "layers" ? list : "sbom", blobs };
  // Who reads the layers for the files finds the databases by the way.
  const files = areFilesWanted
    ? await compareFiles(before, after, how)
    : ({ state: "notAsked", costBytes: costOfFiles(before, after) } as const);
  const packages: PackageChanges =
    list === "none" ? { state: "notAsked" } : await comparePackages(before, after, how);
  return { packages, files };
}

function changesOf(before: Facts, after: Facts): Omit<PlatformChanges, "platform" | keyof Inside> {
  const text = (name: "user" | "workingDirectory" | "stopSignal" | "healthCheck" | "created") =>
    changeOf(before[name], after[name], "");
  const words = (name: "entrypoint" | "command") =>
    changeOf<readonly string[]>(before[name], after[name], []);
  const set = (name: "ports" | "volumes") => namedChanges<true>(before[name], after[name], true);
  const texts = (name: "labels" | "annotations" | "others") => namedChanges(before[name], after[name], "");
  const isThere = (facts: Facts) => (facts === noFacts ? undefined : facts);
  return {
    manifest: changeOf(before.manifest, after.manifest, noDigest),
    layers: layerChanges(before.layers, after.layers),
    base: baseChange(isThere(before), isThere(after)),
    entrypoint: words("entrypoint"),
    command: words("command"),
    environment: namedChanges(before.environment, after.environment, noVariable),
    user: text("user"),
    workingDirectory: text("workingDirectory"),
    ports: set("ports"),
    volumes: set("volumes"),
    stopSignal: text("stopSignal"),
    healthCheck: text("healthCheck"),
    labels: texts("labels"),
    annotations: texts("annotations"),
    others: texts("others").filter(({ state }) => state !== "same"),
    created: text("created"),
    sizeBytes: changeOf(before.sizeBytes, after.sizeBytes, 0),
  };
}

/** At least one of the two images is there, and has one. */
const noDigest: Digest = "sha256:";

function inState(changes: PlatformChanges, { before, after }: Pair<PartlyRead>): Change<PlatformChanges> {
  if (before && after) return { state: "same", value: changes };
  return after ? { state: "added", after: changes } : { state: "removed", before: changes };
}

/** The platform as `after` has it, or else `before`. */
export function platformOf({ before, after }: Pair<PartlyRead>): ImagePlatform | undefined {
  const [first, second] = [after, before].map((member) => {
    return member?.platform && { ...member.platform, digest: member.digest, mediaType: member.mediaType };
  });
  return first ?? second;
}

/** For a message. */
function namesOf({ before, after }: Pair<PartlyRead>): string {
  const named = [before, after].map((it) => it && `${it.given.image.repository}@${it.digest}`);
  return [...new Set(named.filter((name) => name !== undefined))].join(" and ");
}
