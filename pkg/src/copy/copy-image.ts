// Copies an image with all that belongs to it: each part is checked by its digest, what is there is not sent again, and
// nothing is overwritten. So a copy that was stopped goes on where it was.
import { fail } from "../error.ts";
import { asReference, parseReference } from "../image/read.ts";
import type { CanonicalReference, ImageReference } from "../image/reference.ts";
import { anyDigest } from "../image/tagged.ts";
import { openSource } from "../layout/open.ts";
import { checkOptions, type Given, isOn, optionalFunction, optionalSignal } from "../options.ts";
import type { RegistryClient } from "../registry/client.ts";
import { imageManifest } from "../registry/content.ts";
import { beside } from "../registry/members.ts";
import { type OpenRegistry, openRegistry } from "../registry/open.ts";
import { asRevoked } from "../signature/image-rule.ts";
import { keyOptions } from "../signature/keys.ts";
import { type Demand, demandOptions, keysFor, readDemand, verifyIn } from "../signature/verify.ts";
import { Fault } from "../strict/fault.ts";
import type { CopiedImage, CopiedManifest, CopyImageOptions, CopyProgress } from "./copied.ts";
import { onlyVerified } from "./only-verified.ts";
import { type Part, partsOf } from "./parts.ts";
import { Sender } from "./sender.ts";
import { underTag } from "./tag.ts";

const known = [
  ...(["from", "layout", "to", "keys", "dryRun", "onProgress", "signal"] as const),
  ...(["timeoutMs", "totalTimeoutMs", "totalBytes"] as const),
  ...demandOptions,
] as const;

/** Where the copy goes. */
interface Destination extends Pick<ImageReference, "registry" | "repository"> {
  readonly tag: string | undefined;
}

/**
 * Copies an image to another repository or registry: of an index, every image in it; and what is kept beside each, such
 * as signatures, attestations and bills of materials, under their tags and as referrers. Blobs are checked as they pass,
 * and never kept whole.
 *
 * Nothing is overwritten. Where other signatures of the image are, these are added; a tag that names something else is a
 * conflict. Simple signing names the repository: in its new place, the image is verified with `signedAs`.
 *
 * @param source by its digest
 * @param destination `registry/repository`, with a tag if the image is to have one there
 * @throws {OcisignError} for wrong arguments, and `conflict` if the destination's tag names another image: then nothing
 *   was sent. `not-found` and `bad-reply` when something is not there, or not what its digest says; those of registries.
 * @example
 * ```js
 * import { copyImage } from "ocisign";
 *
 * const { state, blobs } = await copyImage(image, "registry.example/copies/app:1.2", {
 *   from: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 *   to: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 *   keys: { publicKey: pem }, // only what this key signed
 *   dryRun: true,
 * });
 * console.log(state, blobs.sent.bytes);
 * ```
 */
export async function copyImage(
  source: string | ImageReference,
  destination: string,
  options: CopyImageOptions = {},
): Promise<CopiedImage> {
  const given = checkOptions(options, known);
  const image = asReference(source);
  const to = readDestination(destination, image);
  const open = openSource(image, { ...reach(given, "from"), layout: given.layout });
  const target = openRegistry(to, reach(given, "to"));
  return copyFrom(open, image, { to, target, given });
}

/** Where it is copied to, and how. */
interface Task {
  readonly to: Destination;
  readonly target: OpenRegistry;
  readonly given: Given<(typeof known)[number]>;
}

async function copyFrom(
  open: ReturnType<typeof openSource>,
  image: ImageReference,
  task: Task,
): Promise<CopiedImage> {
  const { to, target, given } = task;
  // All of it goes beside the image.
  const { image: client } = target;
  const told = optionalFunction<(progress: CopyProgress) => void>(given, "onProgress");
  const demand = await readDemandOf(given, image);
  const destination = canonicalIn(to, image);
  const isDry = isOn(given, "dryRun");
  const place = await open();
  try {
    if (to.tag !== undefined) await checkTag(client, { ...to, tag: to.tag }, image, true);
    const verification = demand && (await verifyIn(place, image, demand));
    const facts = { source: image.canonical, destination, ...(verification && { verification }) };
    if (verification && verification.state !== "verified") return notVerified(facts);
    const all = await partsOf(place, image);
    const revocation = demand && revocationIn(all, image, demand);
    if (verification && revocation !== undefined) {
      return notVerified({ ...facts, verification: asRevoked(verification, revocation) });
    }
    const { parts, left } = demand ? await onlyVerified(all, image, demand) : { parts: all, left: [] };
    const sender = new Sender({
      ...{ target: { ...target, client, repository: to.repository }, isDry, told },
      signal: optionalSignal(given, "signal"),
    });
    const sent = await sender.send(parts);
    const manifests: CopiedManifest[] = [...sent, ...left];
    const { blobs } = sender;
    if (isDry) return { ...facts, state: "planned", manifests, blobs, ...tagOf(to) };
    await giveTag(client, to, image);
    const state = manifests.some((one) => one.state === "conflict") ? "conflict" : "copied";
    return { ...facts, state, manifests, blobs, ...tagOf(to) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw fail("bad-reply", `${image.canonical}: ${error.message}`, "Look at what was pushed there.");
  }
}

/** Why one of the images that are copied is revoked by a trust file: the whole is not copied then. */
function revocationIn(parts: readonly Part[], image: ImageReference, { keys }: Demand): string | undefined {
  const images = parts.filter(({ role }) => role === "image" || role === "index");
  const reasons = images.map(({ digest }) => keys.of(beside(image, digest)).trust?.revocation);
  return reasons.find((it) => it !== undefined);
}

function notVerified(facts: Pick<CopiedImage, "source" | "destination" | "verification">): CopiedImage {
  const none = { count: 0, bytes: 0 };
  const blobs = { sent: none, there: none, mounted: none };
  return { ...facts, state: "not-verified", manifests: [], blobs };
}

function tagOf({ tag }: Destination) {
  return tag === undefined ? {} : { tag };
}

async function readDemandOf(given: Task["given"], image: ImageReference): Promise<Demand | undefined> {
  const demand = readDemand(given);
  if (given.keys === undefined) {
    const asked = (["requireRepository", "signedAs"] as const).find((name) => given[name] !== undefined);
    if (asked === undefined) return undefined;
    throw fail(
      "bad-input",
      `${asked} says what signatures have to say, and there is no key.`,
      "Pass keys, too.",
    );
  }
  const keys = await keysFor(image, checkOptions(given.keys, keyOptions, "keys"));
  return { ...demand, keys, recursive: false };
}

/** A copy may take as long, and as much, as it needs. */
function reach(given: Task["given"], name: "from" | "to") {
  const most = Number.POSITIVE_INFINITY;
  const { [name]: registry, signal, timeoutMs, totalTimeoutMs = most, totalBytes = most } = given;
  return { registry, signal, timeoutMs, totalTimeoutMs, totalBytes };
}

/** @throws {OcisignError} as {@link parseReference}; `bad-input` when it names another digest */
function readDestination(text: string, { digest }: ImageReference): Destination {
  const whole = typeof text === "string" && !text.includes("@") ? `${text}${anyDigest}` : text;
  const { registry, repository, tag, digest: named } = parseReference(whole);
  if (whole === text && named !== digest) {
    const message = "The destination names another digest than the source.";
    throw fail("bad-input", message, "Leave the destination's digest out: it is that of the source.");
  }
  return { registry, repository, tag };
}

function canonicalIn({ registry, repository }: Destination, { digest }: ImageReference): CanonicalReference {
  return parseReference(`${registry}/${repository}@${digest}`).canonical;
}

/** Does the tag name the image? @throws {OcisignError} `conflict` if it names something else */
async function checkTag(
  client: RegistryClient,
  to: Destination & { readonly tag: string },
  { digest }: ImageReference,
  isNew: boolean,
): Promise<boolean> {
  const there = await underTag(client, to.repository, to.tag, isNew);
  if (!there || there.digest === digest) return there !== undefined;
  const message = `${to.registry}/${to.repository}:${to.tag} names another image: ${there.digest}.`;
  const fix = "Choose another tag, or leave it out; a copy overwrites nothing.";
  throw fail("conflict", message, fix);
}

/** Last of all: who finds the image by its tag finds its signatures, too. */
async function giveTag(client: RegistryClient, to: Destination, { digest }: ImageReference): Promise<void> {
  const { registry, repository, tag } = to;
  const image = parseReference(`${registry}/${repository}@${digest}`);
  // What the registry shows now is what counts. It has shown the repository, too: its word on the tag is its own.
  const { bytes, mediaType } = await imageManifest(client, image);
  if (tag === undefined || (await checkTag(client, { ...to, tag }, image, false))) return;
  await client.pushManifest(repository, tag, bytes, mediaType);
}
