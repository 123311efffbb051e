// Makes a proof file: all that a verification needed, and nothing else.
import { toUtf8 } from "../bytes.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { asReference } from "../image/read.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { openSource, sourceOptions } from "../layout/open.ts";
import { checkOptions } from "../options.ts";
import type { FoundManifest } from "../registry/source.ts";
import { referrersTag, signatureTag } from "../registry/tags.ts";
import { keyOptions, type VerificationKeys } from "../signature/keys.ts";
import { referrersInIndex } from "../signature/proof/manifest.ts";
import type { Verification, Verified } from "../signature/verification.ts";
import { type Demand, demandOptions, keysFor, readDemand, verifyIn } from "../signature/verify.ts";
import type { AttestationDemands, VerifyOptions } from "../signature/verify-options.ts";
import { digestOf, hasDigest } from "../strict/digest.ts";
import { Fault } from "../strict/fault.ts";
import {
  type Named,
  type NamedManifest,
  type NamedSignatures,
  type Proof,
  type ProofPlace,
  writeProof,
} from "./format.ts";
import { mostProofBytes } from "./limit.ts";
import { readProof } from "./read.ts";
import { type Record, recorded } from "./record.ts";
import { signedBlobs } from "./signed-blobs.ts";
import { ProofSource } from "./source.ts";

/** Options of {@link createProof}: those of {@link verifyImage}, for an image that is signed itself. */
export type CreateProofOptions = VerificationKeys &
  Omit<VerifyOptions, "coveredBy" | keyof AttestationDemands>;

/** What {@link createProof} found out, and made. */
export interface CreatedProof {
  /** The outcome of the verification, as of {@link verifyImage}. */
  readonly verification: Verification;
  /** The proof file's text; only of an image that is verified. */
  readonly proof?: string;
}

/**
 * Verifies an image, as {@link verifyImage} does, and writes down what proved it: manifests, signatures, payloads and the
 * keys' fingerprints. {@link verifyProof} checks that without a network. The same image and signatures give the same
 * text. Of an image that is not verified, there is no proof.
 *
 * @throws {OcisignError} as {@link verifyImage}; `bad-input` for an image with more signatures than a proof holds.
 * @example
 * ```js
 * import { createProof, verifyProof } from "ocisign";
 *
 * const { proof, verification } = await createProof(image, { publicKey: pem });
 * if (proof === undefined) throw new Error(verification.reason);
 * const { state } = await verifyProof(proof, { reference: image, publicKey: pem });
 * console.log(state); // verified
 * ```
 */
export async function createProof(
  reference: string | ImageReference,
  options: CreateProofOptions,
): Promise<CreatedProof> {
  const given = checkOptions(options, [...keyOptions, ...sourceOptions, ...demandOptions]);
  const image = asReference(reference);
  const open = openSource(image, given);
  const demand = readDemand(given);
  const keys = await keysFor(image, given);
  const place = recorded(await open());
  const verification = await verifyIn(place, image, { ...demand, keys });
  if (verification.state !== "verified") return { verification };
  const proof = await writeProof(await proofOf(image, verification, place.record));
  if (proof.length > mostProofBytes) {
    throw unusable(`The proof has ${proof.length} bytes; at most ${mostProofBytes} are read.`);
  }
  await checkProof(proof, image, { ...demand, keys });
  return { verification, proof };
}

/** Whoever gets a proof has nothing else: one that cannot be read, or does not prove, is not handed out. */
async function checkProof(proof: string, image: ImageReference, demand: Demand): Promise<void> {
  const source = new ProofSource(await readAgain(proof));
  const place = { image: source, client: source, repository: image.repository };
  const { state, reason } = await verifyIn(place, image, demand);
  if (state !== "verified") throw unusable(`What was found makes no proof: ${reason}`);
}

async function readAgain(proof: string): Promise<Proof> {
  try {
    return await readProof(toUtf8(proof));
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    throw unusable(`What was found makes no proof that can be read: ${error.message}`, error);
  }
}

function unusable(message: string, cause?: unknown): OcisignErrorOf {
  return fail("bad-input", message, "Remove signatures that nobody needs, or leave out `recursive`.", cause);
}

async function proofOf(image: ImageReference, whole: Verified, record: Record): Promise<Proof> {
  const manifests: NamedManifest[] = [];
  const signatures: NamedSignatures[] = [];
  const blobs = new Map<Digest, Named>();
  const all = withInner(whole);
  for (const one of all) {
    const { digest } = one;
    const own = record.manifests.get(digest);
    if (own && !manifests.some((known) => known.digest === digest)) manifests.push({ ...own, digest });
    const proving = new Set(one.signatures.flatMap(({ verified, blob }) => (verified ? [blob] : [])));
    for (const found of await signaturesOf(digest, record)) {
      const named = signedBlobs(found.bytes);
      if (!named.some((blob) => proving.has(blob))) continue;
      signatures.push(found);
      for (const blob of named) {
        const bytes = record.blobs.get(blob);
        if (bytes && (await hasDigest(bytes, blob))) blobs.set(blob, { digest: blob, bytes });
      }
    }
  }
  const keys = all.flatMap((one) => one.keys);
  return {
    ...{ reference: image.canonical, manifests, signatures },
    blobs: [...blobs.values()],
    keys: [...new Set(keys)],
  };
}

/** An outcome, and those that it stands for. */
function withInner(one: Verified): readonly Verified[] {
  return [one, ...(one.manifests ?? []).flatMap(withInner)];
}

/** The manifests that were read of an image's signatures, each once, and where they were. */
async function signaturesOf(image: Digest, record: Record): Promise<readonly NamedSignatures[]> {
  const tag = signatureTag(image);
  const byTag = tag === undefined ? undefined : record.manifests.get(tag);
  const fallback = record.manifests.get(referrersTag(image));
  const found = new Map<Digest, NamedSignatures>();
  const add = async (digest: Digest, manifest: FoundManifest | undefined, place: ProofPlace) => {
    // A registry may have sent something else, which proved nothing.
    if (!manifest || !(await hasDigest(manifest.bytes, digest))) return;
    const places = [...(found.get(digest)?.places ?? []), place];
    found.set(digest, { ...manifest, digest, image, places });
  };
  if (byTag) await add(await digestOf(byTag.bytes), byTag, "tag");
  const listed = async (digests: readonly string[], place: ProofPlace) => {
    // Read by these names, and compared with them.
    for (const digest of new Set(digests)) await add(digest as Digest, record.manifests.get(digest), place);
  };
  await listed(
    (record.referrers.get(image) ?? []).map(({ digest }) => digest),
    "referrers",
  );
  if (fallback) await listed(digestsIn(fallback), "fallback-tag");
  return [...found.values()];
}

/** What an index under the fallback tag lists. What is none, as where GitLab names the image itself, led to nothing. */
function digestsIn({ bytes }: FoundManifest): readonly string[] {
  try {
    return referrersInIndex(bytes).map(({ digest }) => digest);
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}
