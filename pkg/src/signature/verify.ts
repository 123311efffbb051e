// Verifies the signatures of an image: finds them, has each judged, and gives one answer.
import { bytesOf, toUtf8 } from "../bytes.ts";
import { fail } from "../error.ts";
import { copyOfList } from "../foreign.ts";
import { manifestsIn } from "../image/manifest.ts";
import { asReference } from "../image/read.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { problemsInContent } from "../layout/content.ts";
import { openSource, sourceOptions } from "../layout/open.ts";
import { checkOptions, type Given, isOn } from "../options.ts";
import { missing } from "../registry/content.ts";
import { indexTypes } from "../registry/media-types.ts";
import { beside, Met } from "../registry/members.ts";
import type { OpenSource } from "../registry/source.ts";
import { hasDigest } from "../strict/digest.ts";
import { covered, coveringIndex, severity } from "./covered.ts";
import { findSignatures, type ImageInRegistry } from "./find.ts";
import { allOf, inOrder } from "./in-order.ts";
import { Judge } from "./judge.ts";
import { type KeyChoice, keyOptions, readKeyChoice } from "./keys.ts";
import { type AttestationDemand, asRequired, attestationOptions, readAttestationDemand } from "./required.ts";
import { SignedAs } from "./signed-as.ts";
import type { SeenBeside, Verification, VerificationProblem } from "./verification.ts";
import type { VerifyImageOptions, VerifySignaturesOptions } from "./verify-options.ts";

/** So many manifests of an index are verified at the same time: each asks for four things at once. */
const manifestsAtOnce = 3;

/** No list of manifests or blobs is longer: no more signatures are looked at. */
const mostGiven = 1000;

/** What stays the same for an image and all that its index names. */
interface Walk extends OpenSource {
  readonly keys: KeyChoice;
  readonly recursive: boolean;
  readonly requireRepository: boolean;
  /** Another index of the repository, whose signature counts for what it lists. */
  readonly coveredBy?: ImageReference | undefined;
  readonly signedAs?: SignedAs | undefined;
  /** What is asked of attestations, which are only listed if it is left out. */
  readonly attested?: AttestationDemand | undefined;
  readonly met: Met;
}

/** A manifest in an index, and what the index says it is. */
interface Child {
  readonly reference: ImageReference;
  readonly mediaType: string;
}

/**
 * Verifies the signatures of an image in its registry: found by the `.sig` tag, by OCI 1.1 referrers, and by
 * the referrers fallback tag. For each, first the blob's digest is checked, then the signature, and only then
 * what it says: exact fields, type, digest and repository. What each state means is told in docs/verify.md.
 *
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-url`, `bad-public-key`, as {@link parseReference}),
 *   `no-crypto`, `aborted`. What the registry does is in the result.
 * @example
 * ```js
 * import { verifyImage } from "ocisign";
 *
 * const { state, reason } = await verifyImage(image, {
 *   publicKey: pem, // or keys: [old, current], threshold: 1
 *   // For Amazon ECR: "AWS", and what `aws ecr get-login-password` prints.
 *   registry: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 * });
 * if (state !== "verified") throw new Error(`${state}: ${reason}`);
 * ```
 */
export async function verifyImage(
  reference: string | ImageReference,
  options: VerifyImageOptions,
): Promise<Verification> {
  const known = [...keyOptions, ...sourceOptions, ...demandOptions, ...attestationOptions] as const;
  const given = checkOptions(options, [...known, "coveredBy"]);
  const image = asReference(reference);
  const coveredBy = coveringIndex(image, given);
  const open = openSource(image, given);
  const demand = { ...readDemand(given), attested: readAttestationDemand(given) };
  // What is wrong with the keys is said before anything is fetched for them.
  const keys = await keysFor(image, given);
  const place = await open();
  const verification = await verifyIn(place, image, { ...demand, coveredBy, keys });
  // A registry's clients compare what they pull.
  if (given.layout === undefined) return verification;
  const isImageUnread = verification.problems.some(({ from }) => from === "image");
  return isImageUnread
    ? verification
    : withProblems(verification, await problemsInContent(place.image, image));
}

/** What is damaged or missing is never verified, and says nothing of signatures. */
function withProblems(verification: Verification, problems: readonly VerificationProblem[]): Verification {
  const [first] = problems;
  if (!first) return verification;
  const all = [...verification.problems, ...problems];
  if (verification.state === "invalid") return { ...verification, problems: all };
  // What is not verified is covered by nothing.
  const { coveredBy: _, ...facts } = verification;
  const reason = verification.state === "unreachable" ? verification.reason : first.message;
  return { ...facts, state: "unreachable", problems: all, reason };
}

/** What is asked of an image: by which keys, how much of an index, and of which signatures. */
export type Demand = Pick<
  Walk,
  "keys" | "recursive" | "requireRepository" | "signedAs" | "coveredBy" | "attested"
>;

/** The options that say what is asked of an image, beside the keys. */
export const demandOptions = ["requireRepository", "recursive", "signedAs"] as const;

export function readDemand(given: Given<(typeof demandOptions)[number]>): Omit<Demand, "keys"> {
  return {
    recursive: isOn(given, "recursive"),
    requireRepository: isOn(given, "requireRepository"),
    signedAs: SignedAs.read(given.signedAs),
  };
}

/** Which keys count. Where a trust file has none for the image, that is said before anything is fetched. */
export async function keysFor(
  image: ImageReference,
  given: Given<(typeof keyOptions)[number]>,
): Promise<KeyChoice> {
  const keys = await readKeyChoice(given);
  keys.of(image);
  return keys;
}

/** Verifies an image in sources that were opened. */
export async function verifyIn(
  place: OpenSource,
  image: ImageReference,
  demand: Demand,
): Promise<Verification> {
  const { coveredBy: index, keys } = demand;
  const walkFrom = (one: ImageReference) => ({ ...place, ...demand, met: new Met(one.digest) });
  const own = await verifyManifest(walkFrom(image), image);
  if (!index) return own;
  // What an index attests is about the index: only its signatures count for what it lists.
  const verify = (one: ImageReference) => verifyManifest({ ...walkFrom(one), attested: undefined }, one);
  const revocationOf = (one: ImageReference) => keys.of(one).trust?.revocation;
  return asRequired(await covered(own, { source: place.image, image, index, verify, revocationOf }));
}

/**
 * Verifies signatures that are in hand, without any network.
 *
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-public-key`, as {@link parseReference}), `no-crypto`.
 * @example
 * ```js
 * import { createHash, generateKeyPairSync, sign } from "node:crypto";
 * import { simpleSigningPayload, verifySignatures } from "ocisign";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
 * const payload = simpleSigningPayload(image).text;
 * const layer = {
 *   mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
 *   digest: `sha256:${createHash("sha256").update(payload).digest("hex")}`,
 *   size: payload.length,
 *   annotations: {
 *     "dev.cosignproject.cosign/signature": sign("sha256", Buffer.from(payload), privateKey).toString("base64"),
 *   },
 * };
 * const verification = await verifySignatures({
 *   reference: image,
 *   publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
 *   manifest: JSON.stringify({ schemaVersion: 2, layers: [layer] }),
 *   blob: payload,
 * });
 * console.log(verification.state); // verified
 * ```
 */
export async function verifySignatures(options: VerifySignaturesOptions): Promise<Verification> {
  // Everything is read before the first wait, so that nothing that the caller does meanwhile changes it.
  const given = checkOptions(options, [
    ...keyOptions,
    ...(["requireRepository", "signedAs", "reference", "manifest", "blob"] as const),
  ]);
  const manifests = listOf(given.manifest, "manifest").map((bytes) => ({ from: "given" as const, bytes }));
  const blob = blobSource(given.blob);
  const image = asReference(given.reference);
  const { requireRepository, signedAs } = readDemand(given);
  const identity = signedAs?.of(image);
  const keySet = (await readKeyChoice(given)).of(image);
  const judge = new Judge({ image, identity, requireRepository, blob, keySet });
  await allOf(manifests.map((manifest) => judge.take(manifest)));
  return judge.verdict([]);
}

/**
 * One manifest: the image itself, or one of an index. With `recursive`, an index and everything in it, each
 * manifest once; the worst state is that of the whole.
 */
async function verifyManifest(
  walk: Walk,
  image: ImageReference,
  expectedType?: string,
): Promise<Verification> {
  const { client, repository, requireRepository } = walk;
  const keySet = walk.keys.of(image);
  const blob = shared((digest, size) =>
    client.blob(repository, digest, { maxBytes: size, forVerdict: true }),
  );
  const checkBudget = () => client.checkBudget();
  const identity = walk.signedAs?.of(image);
  const { called } = client;
  const { attested, coveredBy } = walk;
  const judge = new Judge({
    image,
    identity,
    requireRepository,
    blob,
    keySet,
    attested,
    called,
    checkBudget,
  });
  let children: readonly Child[] = [];
  let seen: SeenBeside = {};
  const problems = await findSignatures(walk, image, {
    expectedType,
    image(found) {
      seen = { ...seen, isIndex: indexTypes.includes(found.mediaType) };
      if (walk.recursive) children = childrenOf(walk, image, found);
    },
    referrers(listsReferrers) {
      seen = { ...seen, listsReferrers };
    },
    signatures: (found) => judge.take(found),
    attestations: (bytes) => judge.note(bytes),
    isVerified: () => judge.isVerified,
    isUnsigned: () => judge.isUnsigned,
    wantsAttestations: attested !== undefined,
  });
  await judge.verifyAttestations();
  const verdict: Verification = { ...judge.verdict(problems), seen };
  // With an index that may cover it, its signatures are not all that there is.
  const own = coveredBy ? verdict : asRequired(verdict);
  return children.length === 0 ? own : wholeOf(own, await verifyChildren(walk, children));
}

/** The outcome of each manifest of an index, in its order. */
async function verifyChildren(walk: Walk, children: readonly Child[]): Promise<Verification[]> {
  const verified: Verification[] = [];
  for (const group of groupsOf(children)) {
    const work = ({ reference, mediaType }: Child) => verifyManifest(walk, reference, mediaType);
    const take = (one: Verification) => verified.push(one) > 0;
    await inOrder(group, work, take, manifestsAtOnce);
  }
  return verified;
}

/** Images are verified side by side. An index is not: what it names belongs to it, unless it was met before. */
function groupsOf(children: readonly Child[]): Child[][] {
  const groups: Child[][] = [];
  let images: Child[] = [];
  for (const child of children) {
    if (indexTypes.includes(child.mediaType.toLowerCase())) {
      groups.push(images, [child]);
      images = [];
    } else images.push(child);
  }
  return [...groups, images];
}

/** The outcome of an index: the worst one of all. */
function wholeOf(own: Verification, manifests: readonly Verification[]): Verification {
  const all = [own, ...manifests];
  const isSigned = all.some(({ signatures }) => signatures.length > 0);
  const worst = all
    .map((one) => (isSigned ? asMember(one) : one))
    .reduce((a, b) => (severity(b) > severity(a) ? b : a));
  const { state, digest, reason } = worst;
  // Where the worst is verified, all are: the type cannot say that.
  return { ...own, state, reason: `${digest}: ${reason}`, manifests } as Verification;
}

/** Of a whole that is signed, a revoked manifest is no unsigned part. */
function asMember(one: Verification): Verification {
  return one.trust?.revoked && one.state === "unsigned" ? { ...one, state: "invalid" } : one;
}

/** The manifests in an index that were not met yet; none in an image. */
function childrenOf(
  { met }: Walk,
  image: ImageReference,
  { bytes, mediaType }: ImageInRegistry,
): readonly Child[] {
  const children = met.unmet(manifestsIn(bytes, mediaType));
  return children.map(({ digest, mediaType: type }) => ({
    reference: beside(image, digest),
    mediaType: type,
  }));
}

/** Several keys may have signed one payload: who wants it while it is on its way gets the same. */
function shared<Blob>(read: (digest: Digest, size: number) => Promise<Blob>): typeof read {
  const underWay = new Map<string, Promise<Blob>>();
  return (digest, size) => {
    const name = `${digest} ${size}`;
    const other = underWay.get(name);
    if (other) return other;
    const reading = read(digest, size).finally(() => underWay.delete(name));
    underWay.set(name, reading);
    return reading;
  };
}

/** Finds a blob among bytes in hand. What a caller's function gives, the judge checks. */
function blobSource(blob: unknown): (digest: Digest, size: number) => unknown {
  if (typeof blob === "function") return (digest, size) => blob(digest, size);
  const blobs = listOf(blob, "blob");
  return async (digest) => {
    for (const bytes of blobs) {
      if (await hasDigest(bytes, digest)) return bytes;
    }
    throw missing(`No blob that was given has the digest ${digest}.`);
  };
}

/** Bytes or texts, one or several. */
function listOf(value: unknown, name: string): Uint8Array<ArrayBuffer>[] {
  const given = copyOfList(value, mostGiven) ?? [value];
  const list = given.flatMap((it) => toBytes(it) ?? []);
  if (given.length > 0 && list.length === given.length) return list;
  const fix = "Pass a Uint8Array or a string, or a list of them.";
  throw fail("bad-input", `${name} is neither bytes nor text, nor a list of at most ${mostGiven}.`, fix);
}

/** A copy, or the UTF-8 form of a text; undefined for anything else. */
function toBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  return typeof value === "string" ? toUtf8(value) : bytesOf(value, Number.POSITIVE_INFINITY);
}
