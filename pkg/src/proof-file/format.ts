// What a proof file says, and its one spelling: the same facts are the same bytes. docs/proof.schema.json describes it.
import type { CanonicalReference, Digest } from "../image/reference.ts";
import type { Fingerprint } from "../signature/public-key.ts";
import type { SignaturePlace } from "../signature/verification.ts";
import { digestOf } from "../strict/digest.ts";

export const proofType = "application/vnd.ocisign.proof+json";
export const proofVersion = 1;

/** Where a registry kept a manifest with signatures. */
export type ProofPlace = Exclude<SignaturePlace, "given">;

export const proofPlaces: readonly ProofPlace[] = ["tag", "referrers", "fallback-tag"];

/** Bytes, and the digest that names them. */
export interface Named {
  readonly digest: Digest;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A manifest, as the registry labelled it. */
export interface NamedManifest extends Named {
  readonly mediaType: string;
}

/** A manifest with signatures of an image. */
export interface NamedSignatures extends NamedManifest {
  readonly image: Digest;
  readonly places: readonly ProofPlace[];
}

/** All that a proof says. */
export interface Proof {
  readonly reference: CanonicalReference;
  /** The image's, and those of an index. */
  readonly manifests: readonly NamedManifest[];
  readonly signatures: readonly NamedSignatures[];
  /** What was signed: payloads and bundles. */
  readonly blobs: readonly Named[];
  /** Of the keys that had signed when it was made. A note: whoever verifies brings keys. */
  readonly keys: readonly Fingerprint[];
}

/** Its text, for a file. */
export async function writeProof(proof: Proof): Promise<string> {
  const fields = fieldsOf(proof);
  return `${JSON.stringify({ ...fields, checksum: await checksumOf(proof) }, null, 1)}\n`;
}

/** Tells a file that was damaged on its way. It proves nothing: whoever changes a file can sum it up anew. */
export function checksumOf(proof: Proof): Promise<Digest> {
  return digestOf(new TextEncoder().encode(JSON.stringify(fieldsOf(proof))));
}

function fieldsOf({ reference, manifests, signatures, blobs, keys }: Proof): object {
  const order = (a: Named, b: Named) => (a.digest < b.digest ? -1 : 1);
  return {
    ...{ mediaType: proofType, version: proofVersion, reference },
    manifests: [...manifests]
      .sort(order)
      .map(({ digest, mediaType, bytes }) => ({ digest, mediaType, content: base64(bytes) })),
    signatures: [...signatures]
      .sort((a, b) => (a.image === b.image ? order(a, b) : a.image < b.image ? -1 : 1))
      .map(({ image, places, digest, mediaType, bytes }) => ({
        ...{ image, places: proofPlaces.filter((place) => places.includes(place)) },
        ...{ digest, mediaType, content: base64(bytes) },
      })),
    blobs: [...blobs].sort(order).map(({ digest, bytes }) => ({ digest, content: base64(bytes) })),
    keys: [...keys].sort(),
  };
}

function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // No function takes megabytes of arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(pieces.join(""));
}
