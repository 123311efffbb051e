// Reads a proof file: exactly its fields, nothing twice, nothing that does not belong to it, and each piece compared
// with its digest. What passes is whole; that it proves something, only its signatures can say.
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { type Fields, isText } from "../foreign.ts";
import { parseReference } from "../image/read.ts";
import type { CanonicalReference, Digest } from "../image/reference.ts";
import { manifestTypes, mostManifestBytes } from "../registry/media-types.ts";
import type { Fingerprint } from "../signature/public-key.ts";
import { fromBase64 } from "../strict/base64.ts";
import { checkDigest, hasDigest } from "../strict/digest.ts";
import { Fault, quoted, refuse } from "../strict/fault.ts";
import { listAt, objectAt, textAt } from "../strict/fields.ts";
import { parseStrictly } from "../strict/json.ts";
import { proofShape } from "../strict/shapes.ts";
import {
  checksumOf,
  type Named,
  type NamedManifest,
  type NamedSignatures,
  type Proof,
  type ProofPlace,
  proofPlaces,
  proofType,
  proofVersion,
} from "./format.ts";
import { mostProofBytes } from "./limit.ts";
import { signedBlobs } from "./signed-blobs.ts";

/** As many manifests as are walked in an index, and it; signatures and blobs as many as are looked at. */
const [mostManifests, mostSignatures, mostBlobs, mostKeys] = [201, 1000, 1000, 100] as const;

const fields = ["mediaType", "version", "reference", "manifests", "signatures", "blobs", "keys", "checksum"];

/** @throws {OcisignError} `bad-input` for what is no proof file; `bad-signature` for one that is not what was written */
export async function readProof(bytes: Uint8Array<ArrayBuffer>): Promise<Proof> {
  try {
    if (bytes.length > mostProofBytes) {
      refuse(`The proof file has ${bytes.length} bytes; at most ${mostProofBytes} are read.`);
    }
    return await proofIn(headOf(parseStrictly(bytes, "The proof file", proofShape)));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw fail("bad-signature", error.message, "Get the proof file anew from the one who made it.");
  }
}

/** Is it a proof file at all, and of the version that is known here? */
function headOf(value: unknown): Fields {
  const head = objectAt(value, "proof");
  if (head.mediaType !== proofType) throw noProof(`its mediaType is not ${proofType}`);
  if (head.version !== proofVersion) {
    throw noProof(`its version is not ${proofVersion}, the only one that is read`);
  }
  return objectAt(head, "proof", fields);
}

function noProof(why: string): OcisignErrorOf {
  return fail("bad-input", `This is no proof file: ${why}.`, "Choose what `ocisign bundle` wrote.");
}

async function proofIn(head: Fields): Promise<Proof> {
  const reference = referenceAt(textAt(head.reference, "proof.reference"));
  const manifests = await each(head.manifests, "manifests", mostManifests, manifestAt);
  const signatures = await each(head.signatures, "signatures", mostSignatures, signaturesAt);
  const blobs = await each(head.blobs, "blobs", mostBlobs, blobAt);
  const keys = await each(head.keys, "keys", mostKeys, async (key, place) => keyAt(key, place));
  const proof: Proof = { reference, manifests, signatures, blobs, keys };
  checkWhole(proof);
  const told = textAt(head.checksum, "proof.checksum");
  if (told !== (await checksumOf(proof))) refuse("The proof file was changed: its checksum does not match.");
  return proof;
}

function referenceAt(text: string): CanonicalReference {
  try {
    const { canonical } = parseReference(text);
    if (canonical === text) return canonical;
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
  }
  return refuse(`proof.reference is ${quoted(text)}, which is no image in its one spelling.`);
}

async function each<T>(
  value: unknown,
  name: string,
  most: number,
  read: (item: unknown, place: string) => Promise<T>,
): Promise<readonly T[]> {
  const list = listAt(value, `proof.${name}`);
  if (list.length === 0 || list.length > most) {
    refuse(`proof.${name} has ${list.length} entries; it may have 1 to ${most}.`);
  }
  const items: T[] = [];
  for (const [index, item] of list.entries()) items.push(await read(item, `proof.${name}[${index}]`));
  return items;
}

async function manifestAt(value: unknown, place: string): Promise<NamedManifest> {
  const one = objectAt(value, place, ["digest", "mediaType", "content"]);
  return { ...(await contentAt(one, place, mostManifestBytes)), mediaType: typeAt(one, place) };
}

async function signaturesAt(value: unknown, place: string): Promise<NamedSignatures> {
  const one = objectAt(value, place, ["image", "places", "digest", "mediaType", "content"]);
  const image = checkDigest(textAt(one.image, `${place}.image`));
  const places = listAt(one.places, `${place}.places`);
  const isPlace = (it: unknown): it is ProofPlace => proofPlaces.some((known) => known === it);
  if (places.length === 0 || !places.every(isPlace) || new Set(places).size < places.length) {
    return refuse(`${place}.places does not say where the signatures were.`);
  }
  return {
    ...(await contentAt(one, place, mostManifestBytes)),
    ...{ mediaType: typeAt(one, place), image, places },
  };
}

async function blobAt(value: unknown, place: string): Promise<Named> {
  return contentAt(objectAt(value, place, ["digest", "content"]), place, mostManifestBytes);
}

function typeAt({ mediaType }: Fields, place: string): string {
  const type = textAt(mediaType, `${place}.mediaType`);
  return manifestTypes.includes(type)
    ? type
    : refuse(`${place}.mediaType is ${quoted(type)}, which is no manifest's.`);
}

async function contentAt({ digest: text, content }: Fields, place: string, most: number): Promise<Named> {
  const digest = checkDigest(textAt(text, `${place}.digest`));
  const bytes = fromBase64(textAt(content, `${place}.content`));
  if (!bytes) return refuse(`${place}.content is not base64.`);
  if (bytes.length > most) refuse(`${place}.content has more than ${most} bytes.`);
  if (!(await hasDigest(bytes, digest))) refuse(`${place}.content is something else than its digest names.`);
  return { digest, bytes };
}

function keyAt(value: unknown, place: string): Fingerprint {
  if (isText(value) && /^sha256:[0-9a-f]{64}$/.test(value)) return value as Fingerprint;
  return refuse(`${place} is no fingerprint.`);
}

/** Nothing is missing, nothing is there twice, and nothing is there that nothing leads to. */
function checkWhole({ reference, manifests, signatures, blobs, keys }: Proof): void {
  const images = manifests.map(({ digest }) => digest);
  const { digest } = parseReference(reference);
  if (!images.includes(digest)) refuse("The proof file lacks the manifest of its image.");
  checkOnce(images, "manifests");
  checkOnce(
    blobs.map((blob) => blob.digest),
    "blobs",
  );
  checkOnce(keys, "keys");
  checkOnce(
    signatures.map((one) => `${one.image} ${one.digest}`),
    "signatures",
  );
  const stray = signatures.find(({ image }) => !images.includes(image));
  if (stray) refuse(`The proof file has signatures of ${stray.image}, and not its manifest.`);
  const byTag = signatures.filter(({ places }) => places.includes("tag")).map(({ image }) => image);
  checkOnce(byTag, "signatures under the tag");
  const named = new Set<Digest>(signatures.flatMap(({ bytes }) => signedBlobs(bytes)));
  const unnamed = blobs.find((blob) => !named.has(blob.digest));
  if (unnamed) refuse(`The proof file has the blob ${unnamed.digest}, which no signature names.`);
}

function checkOnce(names: readonly string[], what: string): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) refuse(`The proof file's ${what} name ${twice} twice.`);
}
