// Cosign's simple signing: the image's signatures are layers of one manifest under the `.sig` tag.
import { toUtf8 } from "../../bytes.ts";
import type { Attachable } from "../../certificates/index.ts";
import { isDigest } from "../../core.ts";
import { fail } from "../../error.ts";
import { type Fields, fieldOf, isList, isRecord, isText } from "../../foreign.ts";
import type { Digest, ImageReference } from "../../image/reference.ts";
import { ociImage } from "../../registry/media-types.ts";
import type { OpenRegistry } from "../../registry/open.ts";
import { signatureTag } from "../../registry/tags.ts";
import { toBase64 } from "../../strict/base64.ts";
import { digestOf } from "../../strict/digest.ts";
import { Fault } from "../../strict/fault.ts";
import { manifestAt } from "../../strict/manifest.ts";
import { simpleSigningType } from "../proof/candidate.ts";
import { annotation, certificateAnnotation, chainAnnotation } from "../proof/manifest.ts";
import { signedBytes } from "../signing-payload.ts";
import type { Writer } from "./format.ts";
import { keepBlobs } from "./kept-blobs.ts";
import { until } from "./until.ts";

const configType = "application/vnd.oci.image.config.v1+json";

/** A signature as a manifest names it. */
export interface SignatureLayer {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations: { readonly [name: string]: string };
}

/** A manifest of signatures; what else it holds is kept. */
interface SignatureManifest extends Fields {
  readonly schemaVersion: unknown;
  readonly layers: readonly unknown[];
}

export const simpleSigning: Writer = {
  async sample(image, signature) {
    const payload = signedBytes(image, "simple-signing");
    const layer = await layerOf(payload, signature);
    return { manifest: JSON.stringify({ schemaVersion: 2, layers: [layer] }), blob: payload };
  },

  async keep(place, image, { bytes, certificates }) {
    const tag = tagOf(image);
    const payload = signedBytes(image, "simple-signing");
    const layer = await layerOf(payload, bytes, certificates);
    const look = async () => {
      const { manifest, digest } = await readManifest(place, tag);
      const signatures = manifest.layers.length;
      const found = holds(manifest, layer) ? { digest, signatures } : undefined;
      return { manifest, found, others: signatures };
    };
    const { found, wasThere } = await until(look, async ({ manifest }) => {
      await place.client.pushBlob(place.repository, payload);
      await pushManifest(place, tag, { ...manifest, layers: [...manifest.layers, layer] });
    });
    const isWhole = wasThere && (await keepBlobs(place, [payload]));
    return { format: "simple-signing", place: "tag", tag, ...found, wasThere: isWhole };
  },
};

/**
 * Adds layers of another manifest of signatures to those that are there; their payloads are there already.
 *
 * @returns how many of them were not there
 */
export async function keepLayers(
  place: OpenRegistry,
  tag: string,
  layers: readonly SignatureLayer[],
): Promise<number> {
  let added = 0;
  await until(
    async () => {
      const { manifest } = await readManifest(place, tag);
      const missing = layers.filter((layer) => !holds(manifest, layer));
      return { manifest, missing, found: missing.length === 0 || undefined, others: manifest.layers.length };
    },
    async ({ manifest, missing }) => {
      added = missing.length;
      await pushManifest(place, tag, { ...manifest, layers: [...manifest.layers, ...missing] });
    },
  );
  return added;
}

/** The signatures that a manifest names, if it is one of signatures alone: the well-formed ones, and how many there are. */
export function signatureLayersIn(
  bytes: Uint8Array,
  mediaType: string,
): { readonly layers: readonly SignatureLayer[]; readonly count: number } | undefined {
  const manifest = parsed(bytes, mediaType);
  if (!isSignatureManifest(manifest)) return undefined;
  return { layers: manifest.layers.filter(isSignatureLayer), count: manifest.layers.length };
}

function isSignatureLayer(layer: unknown): layer is SignatureLayer {
  const { digest, size } = { digest: fieldOf(layer, "digest"), size: fieldOf(layer, "size") };
  const signature = fieldOf(fieldOf(layer, "annotations"), annotation);
  return isText(digest) && isDigest(digest) && typeof size === "number" && isText(signature);
}

async function layerOf(
  payload: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
  certificates?: Attachable,
): Promise<SignatureLayer> {
  return {
    mediaType: simpleSigningType,
    digest: await digestOf(payload),
    size: payload.length,
    annotations: { [annotation]: toBase64(signature), ...annotationsOf(certificates) },
  };
}

/** As cosign writes them. */
function annotationsOf(certificates: Attachable | undefined): SignatureLayer["annotations"] {
  if (!certificates) return {};
  const { certificate, chain } = certificates;
  const above = chain.map(({ pem }) => pem).join("");
  return { [certificateAnnotation]: certificate.pem, ...(above !== "" && { [chainAnnotation]: above }) };
}

function tagOf({ digest }: ImageReference): string {
  const tag = signatureTag(digest);
  if (tag) return tag;
  const message = "An image with a sha512 digest has no tag for signatures: it would be too long.";
  throw fail(
    "bad-input",
    message,
    'Sign it by its sha256 digest, or attach a signature in the format "bundle".',
  );
}

/** The manifest of signatures that is there, or an empty one. */
async function readManifest(
  { client, repository }: OpenRegistry,
  tag: string,
): Promise<{ readonly manifest: SignatureManifest; readonly digest: Digest }> {
  const found = await client.manifest(repository, tag);
  const bytes = found?.bytes ?? toUtf8(JSON.stringify({ schemaVersion: 2, mediaType: ociImage, layers: [] }));
  const manifest = parsed(bytes, found?.mediaType ?? ociImage);
  if (isSignatureManifest(manifest)) return { manifest, digest: await digestOf(bytes) };
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

/** Is it there, with the certificates that it is to have? */
function holds({ layers }: SignatureManifest, { digest, size, annotations }: SignatureLayer): boolean {
  return layers.some(
    (layer) =>
      fieldOf(layer, "digest") === digest &&
      // With another size, it is not this signature, and does not hold.
      fieldOf(layer, "size") === size &&
      Object.entries(annotations).every(
        ([name, text]) => fieldOf(fieldOf(layer, "annotations"), name) === text,
      ),
  );
}
