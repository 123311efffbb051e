// Pushes a signature that was made elsewhere, such as by a DigestSigning operation of the same service.
import { toUtf8 } from "../bytes.ts";
import { simpleSigningPayload } from "../core.ts";
import { fail, type OcisignErrorOf } from "../error.ts";
import { type Fields, fieldOf, isList, isRecord } from "../foreign.ts";
import { asReference } from "../image/read.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { checkOptions, type Given } from "../options.ts";
import type { RegistryLimits } from "../registry/budget.ts";
import { ociImage } from "../registry/media-types.ts";
import { type OpenRegistry, openRegistry, type RegistryOptions, reachOptions } from "../registry/open.ts";
import { signatureTag } from "../registry/tags.ts";
import { Fault } from "../strict/fault.ts";
import { manifestAt } from "../strict/manifest.ts";
import { type ByteContainer, readings } from "./given-signature.ts";
import { readKeys, type VerificationKey } from "./keys.ts";
import { simpleSigningType } from "./proof/candidate.ts";
import { annotation } from "./proof/manifest.ts";
import { verifySignatures } from "./verify.ts";

const configType = "application/vnd.oci.image.config.v1+json";

/** A tag is read, extended and written. When another writer does the same meanwhile, it is done again. */
const attempts = 3;

/** Options of {@link attachSignature}. */
export interface AttachOptions extends RegistryLimits {
  /**
   * RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA in DER or with r and s side by side, as Azure Key Vault, PKCS #11 and
   * `crypto.subtle.sign` give it. Bytes, or text: base64, base64url or hexadecimal.
   */
  signature: string | ByteContainer;
  /** The key that made it. */
  publicKey: VerificationKey;
  /** Where and how the registry is reached. */
  registry?: RegistryOptions | undefined;
  /** Ends it; what was pushed stays. */
  signal?: AbortSignal | undefined;
}

/** What {@link attachSignature} did. */
export interface AttachedSignature {
  /** The tag that holds the image's signatures: `sha256-<hex>.sig`. */
  readonly tag: string;
  /** How many there are now. */
  readonly signatures: number;
}

/** A signature as a manifest names it. */
interface SignatureLayer {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations: { readonly [annotation]: string };
}

/** A manifest of signatures; what else it holds is kept. */
interface SignatureManifest extends Fields {
  readonly schemaVersion: unknown;
  readonly layers: readonly unknown[];
}

/**
 * Pushes a signature that was made elsewhere over {@link simpleSigningPayload}, and keeps those that are there.
 * It is verified first; what does not verify is not pushed.
 *
 * @throws {OcisignError} `bad-signature`; `conflict`; `bad-input`; those of the registry, such as `unauthorized`.
 * @example
 * ```js
 * import { generateKeyPairSync, sign } from "node:crypto";
 * import { attachSignature, simpleSigningPayload } from "ocisign";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * const { tag } = await attachSignature(image, {
 *   signature: sign("sha256", Buffer.from(simpleSigningPayload(image).text), privateKey),
 *   publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
 *   registry: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 * });
 * console.log(`the image's signatures are under the tag ${tag}`);
 * ```
 */
export async function attachSignature(
  reference: string | ImageReference,
  options: AttachOptions,
): Promise<AttachedSignature> {
  const given = checkOptions(options, ["signature", "publicKey", ...reachOptions]);
  const image = asReference(reference);
  const { text, sha256 } = simpleSigningPayload(image);
  const payload = toUtf8(text);
  const layers = readings(given.signature).map(
    (bytes): SignatureLayer => ({
      mediaType: simpleSigningType,
      digest: `sha256:${sha256}`,
      size: payload.length,
      annotations: { [annotation]: btoa(String.fromCharCode(...bytes)) },
    }),
  );
  // Opened before anything is awaited: meanwhile, the caller may go on to change what was passed.
  const place = openRegistry(image, given);
  const layer = await holding(image, layers, payload, given);
  return attach(place, tagOf(image), layer, payload);
}

function tagOf({ digest }: ImageReference): string {
  const tag = signatureTag(digest);
  if (tag) return tag;
  const message = "An image with a sha512 digest has no tag for signatures: it would be too long.";
  throw fail("bad-input", message, "Sign it by its sha256 digest.");
}

async function attach(
  place: OpenRegistry,
  tag: string,
  layer: SignatureLayer,
  payload: Uint8Array<ArrayBuffer>,
): Promise<AttachedSignature> {
  const { client, repository } = place;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const existing = await readManifest(place, tag);
    if (holds(existing, layer)) return { tag, signatures: existing.layers.length };
    const layers = [...existing.layers, layer];
    try {
      await client.pushBlob(repository, payload);
      await pushManifest(place, tag, { ...existing, layers });
    } catch (error) {
      // A failure is told by what is there, not by how the answer came: a proxy may have given up waiting for it.
      const now = await readManifest(place, tag).catch(() => undefined);
      if (now && holds(now, layer)) return { tag, signatures: now.layers.length };
      throw error;
    }
  }
  const now = await readManifest(place, tag);
  if (holds(now, layer)) return { tag, signatures: now.layers.length };
  if (now.layers.length === 0) throw notShown();
  const message = "Another writer keeps replacing the image's signatures.";
  throw fail("conflict", message, "Try again when that writer is done.");
}

/** Replicas and caches may follow later; a registry that keeps nothing answers just so. */
function notShown(): OcisignErrorOf {
  const message = "The registry took the signature, and does not show it.";
  return fail(
    "bad-reply",
    message,
    "Verify the image in a while; push it again only if it is still unsigned.",
  );
}

/** The first that verifies. A signature that does not is not pushed. */
async function holding(
  reference: ImageReference,
  layers: readonly SignatureLayer[],
  blob: Uint8Array,
  { signature, publicKey }: Given<"signature" | "publicKey">,
): Promise<SignatureLayer> {
  // verifySignatures checks the key, whatever it is.
  const key = publicKey as VerificationKey;
  let why: string | undefined;
  for (const layer of layers) {
    const manifest = JSON.stringify({ schemaVersion: 2, layers: [layer] });
    const { state, reason } = await verifySignatures({ reference, publicKey: key, manifest, blob });
    if (state === "verified") return layer;
    why ??= reason;
  }
  if (why === undefined) throw await unreadable(signature, key);
  const fix = "Sign the bytes of simpleSigningPayload(reference) with the key that publicKey names.";
  throw fail("bad-signature", `The signature is not pushed: ${why}`, fix);
}

async function unreadable(signature: unknown, publicKey: VerificationKey): Promise<Error> {
  // A key that cannot be used is said first.
  await readKeys({ publicKey });
  const fix = "Pass what the signing operation returned.";
  if (typeof signature !== "string") return fail("bad-input", "signature is neither text nor bytes.", fix);
  return fail("bad-signature", "signature is neither base64, base64url nor hexadecimal.", fix);
}

/** The manifest of signatures that is there, or an empty one. */
async function readManifest({ client, repository }: OpenRegistry, tag: string): Promise<SignatureManifest> {
  const found = await client.manifest(repository, tag);
  if (!found) return { schemaVersion: 2, mediaType: ociImage, layers: [] };
  const existing = parsed(found.bytes, found.mediaType);
  if (isSignatureManifest(existing)) return existing;
  const message = "The tag for signatures holds something that is not a manifest of signatures.";
  throw fail("conflict", message, "Find out what it is before you remove it.");
}

function parsed(bytes: Uint8Array, mediaType: string): unknown {
  try {
    return manifestAt(bytes, "The manifest", "manifest", mediaType);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function isSignatureManifest(value: unknown): value is SignatureManifest {
  if (!isRecord(value) || !isList(value.layers)) return false;
  return value.layers.every((layer) => fieldOf(layer, "mediaType") === simpleSigningType);
}

/** Everything of the manifest stays but its config, which lists the layers once more. */
async function pushManifest(
  { client, repository }: OpenRegistry,
  tag: string,
  manifest: SignatureManifest,
): Promise<void> {
  const { schemaVersion, mediaType = ociImage, config: _, layers, ...rest } = manifest;
  const rootfs = { type: "layers", diff_ids: layers.map((layer) => fieldOf(layer, "digest")) };
  const config = toUtf8(JSON.stringify({ architecture: "", os: "", config: {}, rootfs }));
  const digest = await client.pushBlob(repository, config);
  const described = { mediaType: configType, digest, size: config.length };
  const bytes = toUtf8(JSON.stringify({ schemaVersion, mediaType, config: described, layers, ...rest }));
  await client.pushManifest(repository, tag, bytes, String(mediaType));
}

function holds({ layers }: SignatureManifest, wanted: SignatureLayer): boolean {
  const signature = wanted.annotations[annotation];
  return layers.some(
    (layer) =>
      fieldOf(layer, "digest") === wanted.digest &&
      fieldOf(fieldOf(layer, "annotations"), annotation) === signature,
  );
}
