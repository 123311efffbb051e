// Finds the lists of packages (SBOMs) that belong to an image: those of BuildKit in the index, those that refer to the
// image, and those that cosign 2 kept under a tag. One of another image is none of this one.
import { OcisignError } from "../../error.ts";
import { fieldOf, isA, isText } from "../../foreign.ts";
import { checked } from "../../registry/content.ts";
import { indexTypes, ociIndex } from "../../registry/media-types.ts";
import { referrersIn } from "../../registry/referrers-index.ts";
import { attestationTag, referrersTag } from "../../registry/tags.ts";
import { isBillType } from "../../signature/attestation-types.ts";
import { predicateAnnotations } from "../../signature/proof/manifest.ts";
import { type Descriptor, descriptorAt } from "../../strict/descriptor.ts";
import { checkDigest, hasDigest } from "../../strict/digest.ts";
import { Fault, refuse } from "../../strict/fault.ts";
import { listAt, optionalTextAt } from "../../strict/fields.ts";
import { manifestAt } from "../../strict/manifest.ts";
import { alone } from "../alone.ts";
import type { Package, PackageSource } from "../changes.ts";
import type { How, Side } from "../side.ts";
import type { Installed } from "./databases.ts";
import { readBlob } from "./read-blob.ts";
import { checkSubject, type Opened, openBill, type Wrapping } from "./statement.ts";

/** The largest SBOM that is read, in bytes. */
const mostBytes = 32 * 1024 * 1024;
/** More of them one image has not. */
const mostManifests = 16;
/** So much is read side by side, in bytes. */
const mostAtOnce = 8 * 1024 * 1024;
const mostBlobs = 16;
/** About what a package costs in memory. */
const costOfPackage = 200;

type Source = PackageSource & { readonly from: "sbom" };
type Place = Source["place"];

/** A list that was read, and is of this image. */
interface Found {
  readonly source: Source;
  readonly packages: readonly Package[];
}

/** A blob that may be a list. */
interface Candidate {
  readonly blob: Descriptor;
  readonly wrapping: Wrapping;
  readonly place: Place;
}

/**
 * The lists of both images: from the same place and of the same format where both have such. Nothing of a side that has
 * none.
 *
 * @throws when the only lists of a side cannot be read, or are not of this image
 */
export async function billsOf(
  before: Side,
  after: Side,
  how: How,
): Promise<readonly [Installed | undefined, Installed | undefined]> {
  const [first, second] = [new Search(before, how), new Search(after, how)];
  await Promise.all([first.look(), second.look()]);
  // Each may have megabytes: what is large is read one after the other.
  if (first.sizeBytes + second.sizeBytes <= mostAtOnce) await Promise.all([first.read(), second.read()]);
  else {
    await alone(async () => {
      for (const search of [first, second]) await search.read();
    }, how.signal);
  }
  const [old, now] = [first.result(), second.result()];
  const shared = preference.find((kind) =>
    [old, now].every((found) => found.some((it) => kindOf(it) === kind)),
  );
  return [chosen(old, shared), chosen(now, shared)];
}

/** The most telling first: cosign attests what a builder has looked at, a referrer may be put there by anybody. */
const places: readonly Place[] = ["attestation", "buildkit", "referrer"];
const preference = places.flatMap((place) => [`${place} spdx`, `${place} cyclonedx`]);

function kindOf({ source: { place, format } }: Found): string {
  return `${place} ${format}`;
}

/** All lists of one kind, as one. */
function chosen(found: readonly Found[], shared: string | undefined): Installed | undefined {
  const kind = shared ?? preference.find((it) => found.some((one) => kindOf(one) === it));
  const lists = found.filter((one) => kindOf(one) === kind);
  if (lists.length === 0) return undefined;
  return { packages: lists.flatMap(({ packages }) => packages), sources: lists.map(({ source }) => source) };
}

/** The search for all lists of an image. What cannot be read is told if there is no other. */
class Search {
  #side: Side;
  #how: How;
  #candidates: Candidate[] = [];
  #found: Found[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(side: Side, how: How) {
    this.#side = side;
    this.#how = how;
  }

  /** Looks at all places for what may be a list. */
  async look(): Promise<void> {
    await Promise.all([
      this.#noted(() => this.#inIndex()),
      this.#noted(() => this.#amongReferrers()),
      this.#noted(() => this.#underTag()),
    ]);
    const distinct = new Map(this.#candidates.map((candidate) => [candidate.blob.digest, candidate]));
    this.#candidates = [...distinct.values()]
      .sort((one, other) => places.indexOf(one.place) - places.indexOf(other.place))
      .slice(0, mostBlobs);
  }

  get sizeBytes(): number {
    return this.#candidates.reduce((sum, { blob }) => sum + blob.size, 0);
  }

  async read(): Promise<void> {
    for (const candidate of this.#candidates) await this.#noted(() => this.#read(candidate));
  }

  result(): Found[] {
    if (this.#found.length === 0 && this.#failure) throw this.#failure.error;
    return this.#found;
  }

  /** Notes what goes wrong: one that cannot be read must not hide the others. The caller's abort ends all. */
  async #noted(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isFinding = error instanceof Fault || (isA(error, OcisignError) && error.code !== "aborted");
      if (!isFinding) throw error;
      this.#failure ??= { error };
    }
  }

  /** BuildKit puts a manifest of attestations beside each image ("Image attestation storage"). */
  async #inIndex(): Promise<void> {
    const { index, manifestDigest } = this.#side;
    const entries = index?.entries.filter(({ attests }) => attests === manifestDigest) ?? [];
    for (const { digest } of entries.slice(0, mostManifests)) {
      const { bytes, mediaType } = await this.#manifest(digest);
      this.#takeLayers(bytes, mediaType, "buildkit");
    }
  }

  async #amongReferrers(): Promise<void> {
    const promising = (await this.#referrers()).filter(isPromising).slice(0, mostManifests);
    for (const { digest } of promising) {
      await this.#noted(async () => {
        const { bytes, mediaType } = await this.#manifest(digest);
        this.#takeLayers(bytes, mediaType, "referrer", this.#side.manifestDigest);
      });
    }
  }

  async #referrers() {
    const { client, repository, manifestDigest } = this.#side;
    const listed = await client.referrers(repository, manifestDigest);
    if (listed) return listed.manifests;
    const index = await client.manifest(repository, referrersTag(manifestDigest));
    // GitLab answers with the image itself, as if the tag were its digest.
    if (!index || index.mediaType !== ociIndex || (await hasDigest(index.bytes, manifestDigest))) return [];
    return referrersIn(index.bytes);
  }

  async #underTag(): Promise<void> {
    const { client, repository, manifestDigest } = this.#side;
    const tag = attestationTag(manifestDigest);
    const manifest = tag === undefined ? undefined : await client.manifest(repository, tag);
    if (manifest) this.#takeLayers(manifest.bytes, manifest.mediaType, "attestation");
  }

  async #manifest(text: string) {
    const { client, repository } = this.#side;
    const digest = checkDigest(text);
    const manifest = await client.manifest(repository, digest, { anyType: true });
    if (!manifest) return refuse(`The manifest ${digest} is listed, but is not there.`);
    return { bytes: await checked(manifest.bytes, digest), mediaType: manifest.mediaType };
  }

  /** @param subject what a manifest must say that it refers to, if it must: the list of referrers is not believed */
  #takeLayers(bytes: Uint8Array, mediaType: string, place: Place, subject?: string): void {
    const manifest = manifestAt(bytes, "The SBOM's manifest", "manifest", mediaType);
    if (indexTypes.includes(mediaType)) return;
    const refersTo = fieldOf(manifest.subject, "digest");
    if (subject !== undefined && refersTo !== subject) refuse("The SBOM's manifest refers to another image.");
    const type =
      optionalTextAt(manifest.artifactType, "manifest.artifactType") ?? fieldOf(manifest.config, "mediaType");
    for (const [at, value] of listAt(manifest.layers ?? [], "manifest.layers").entries()) {
      const blob = descriptorAt(value, `manifest.layers[${at}]`);
      const wrapping = wrappingOf(blob.mediaType, type);
      if (wrapping === undefined || !isBillsPredicate(predicateIn(value) ?? predicateIn(manifest))) continue;
      // What carries a statement is an attestation, wherever it was found.
      const told = place === "referrer" && wrapping !== "none" ? "attestation" : place;
      this.#candidates.push({ blob, wrapping, place: told });
    }
  }

  async #read({ blob, wrapping, place }: Candidate): Promise<void> {
    const opened = await this.#opened(blob, wrapping);
    if (!opened) return;
    const { bill, subjects } = opened;
    if (subjects) checkSubject(subjects, this.#side.manifestDigest);
    const { format, version, packages } = bill;
    this.#found.push({ source: { from: "sbom", format, version, place, digest: blob.digest }, packages });
  }

  /** What a digest names stays the same: it is read once in a session. */
  async #opened({ digest, size }: Descriptor, wrapping: Wrapping): Promise<Opened | undefined> {
    const { client, repository } = this.#side;
    const { blobs } = this.#how;
    const name = `bill ${wrapping} ${digest}`;
    // Only this function puts something there.
    const known = blobs.get(name) as { readonly opened: Opened | undefined } | undefined;
    if (known) return known.opened;
    if (size > mostBytes) refuse(`The SBOM ${digest} has ${size} bytes; at most ${mostBytes} are read.`);
    const opened = await openBill(await readBlob(client, repository, digest, size), wrapping);
    blobs.put(name, { opened }, costOfPackage * (1 + (opened?.bill.packages.length ?? 0)));
    return opened;
  }
}

/** Types under which referrers carry lists of packages, or statements that may. */
const promising = /spdx|cyclonedx|sbom|in-toto|dsse|sigstore\.bundle/i;

/** Is it worth reading? A registry may give the type of a config, or none at all. */
function isPromising(listed: { readonly artifactType?: string; readonly annotations?: unknown }): boolean {
  const { artifactType } = listed;
  const type = predicateIn(listed);
  if (type !== undefined) return isBillType(type);
  return artifactType === undefined || artifactType === "" || promising.test(artifactType);
}

function predicateIn(value: unknown): string | undefined {
  const annotations = fieldOf(value, "annotations");
  return predicateAnnotations.map((name) => fieldOf(annotations, name)).find(isText);
}

/** Without a word, a statement has to be read to know. */
function isBillsPredicate(type: string | undefined): boolean {
  return type === undefined || isBillType(type);
}

/** How a layer is to be read; nothing if it is no list of packages. @param artifactType of its manifest */
function wrappingOf(mediaType: string, artifactType: unknown): Wrapping | undefined {
  const type = mediaType.toLowerCase();
  if (/^application\/vnd\.dev\.sigstore\.bundle/.test(type)) return "bundle";
  if (type === "application/vnd.dsse.envelope.v1+json") return "envelope";
  // As Docker stores what it has signed.
  if (/^application\/vnd\.in-toto(\.[\w.-]+)?\+dsse$/.test(type)) return "envelope";
  if (/^application\/vnd\.in-toto(\.[\w.-]+)?\+json$/.test(type)) return "statement";
  const isBill =
    /spdx|cyclonedx/.test(type) || (isText(artifactType) && /spdx|cyclonedx/i.test(artifactType));
  if (!isBill) return undefined;
  if (/spdx|cyclonedx/.test(type) && !/json/.test(type)) {
    return refuse(`The SBOM is stored as ${type.slice(0, 100)}; only JSON is read.`);
  }
  return "none";
}
