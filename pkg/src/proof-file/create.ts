// Makes a proof file: all that a verification needed, and nothing else.
import { fail } from "../error.ts";
import { asReference } from "../image/read.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { openSource, sourceOptions } from "../layout/open.ts";
import { checkOptions } from "../options.ts";
import type { FoundManifest } from "../registry/source.ts";
import { referrersTag, signatureTag } from "../registry/tags.ts";
import { keyOptions, readKeys, type VerificationKeys } from "../signature/keys.ts";
import { referrersInIndex } from "../signature/proof/manifest.ts";
import type { Verification, Verified } from "../signature/verification.ts";
import { demandOptions, readDemand, verifyIn } from "../signature/verify.ts";
import type { AttestationDemands, VerifyOptions } from "../signature/verify-options.ts";
import { digestOf } from "../strict/digest.ts";
import {
  type Named,
  type NamedManifest,
  type NamedSignatures,
  type Proof,
  type ProofPlace,
  writeProof,
} from "./format.ts";
import { mostProofBytes } from "./limit.ts";
import { type Record, recorded } from "./record.ts";
import { signedBlobs } from "./signed-blobs.ts";

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
  const keySet = await readKeys(given);
  const place = recorded(await open());
  const verification = await verifyIn(place, image, { ...demand, keySet });
  if (verification.state !== "verified") return { verification };
  const proof = await writeProof(await proofOf(image, verification, place.record));
  if (proof.length <= mostProofBytes) return { verification, proof };
  const message = `The proof has ${proof.length} bytes; at most ${mostProofBytes} are read.`;
  throw fail("bad-input", message, "Remove signatures that nobody needs, or leave out `recursive`.");
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
        if (bytes) blobs.set(blob, { digest: blob, bytes });
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
  const add = (digest: Digest, manifest: FoundManifest | undefined, place: ProofPlace) => {
    if (!manifest) return;
    const places = [...(found.get(digest)?.places ?? []), place];
    found.set(digest, { ...manifest, digest, image, places });
  };
  if (byTag) add(await digestOf(byTag.bytes), byTag, "tag");
  const listed = (digests: readonly string[], place: ProofPlace) => {
    // Read by these names, and compared with them.
    for (const digest of new Set(digests)) add(digest as Digest, record.manifests.get(digest), place);
  };
  listed(
    (record.referrers.get(image) ?? []).map(({ digest }) => digest),
    "referrers",
  );
  if (fallback)
    listed(
      referrersInIndex(fallback.bytes).map(({ digest }) => digest),
      "fallback-tag",
    );
  return [...found.values()];
}
