// Signature manifests, and the indexes that list them. Nothing here is signed, so nothing here is believed: a manifest
// only says where signatures may be found.
import type { CarriedCertificates } from "../../certificates/index.ts";
import { fieldOf, isText } from "../../foreign.ts";
import { imageTypes } from "../../registry/media-types.ts";
import { checkCount, type ListedDescriptor, referrersIn } from "../../registry/referrers-index.ts";
import { descriptorAt } from "../../strict/descriptor.ts";
import { Fault, quoted, refuse } from "../../strict/fault.ts";
import { listAt, optionalTextAt } from "../../strict/fields.ts";
import { manifestAt } from "../../strict/manifest.ts";
import { Attestation } from "./attestation.ts";
import { bundleVersion } from "./bundle.ts";
import { Candidate, formatOf } from "./candidate.ts";
import { isAttestation } from "./statement.ts";

/** More signatures than this on one manifest are a mistake or an attack. */
const mostLayers = 1000;
/** The largest payload or bundle, in bytes: a signature is a few kilobytes. */
const mostBytes = 1024 * 1024;
/** The longest signature in base64, wrapped: one of an RSA key with 8192 bits has 1,368 characters. */
const longestSignature = 4096;

/** Where a layer of simple signing holds its signature. */
export const annotation = "dev.cosignproject.cosign/signature";

/** Where it holds the certificate of the key that made it, and the chain above that, in PEM. */
export const certificateAnnotation = "dev.sigstore.cosign/certificate";
export const chainAnnotation = "dev.sigstore.cosign/chain";

/** Where the tools that store a bundle or an envelope write its predicate type: sigstore's, cosign's, BuildKit's. */
export const predicateAnnotations = [
  "dev.sigstore.bundle.predicateType",
  "predicateType",
  "in-toto.io/predicate-type",
];

/** Envelopes with statements that are no bundles: only attestations are kept so. */
const envelopeTypes = ["application/vnd.dsse.envelope.v1+json", "application/vnd.in-toto+json"];

/** What a manifest names: a signature, an attestation, or one of them that is damaged. */
export type Named = Candidate | Attestation | Fault;

/** What is known of a manifest before it is read. */
export interface Claim {
  /** The media type that the registry gives it; undefined for one in hand. */
  readonly served?: string | undefined;
  /**
   * Was it only found among what refers to the image? Then it may be something else altogether, such as a bill of
   * materials: it names none.
   */
  readonly isReferrer: boolean;
  /** Is it in hand, and called signatures by who gave it? Then an attestation is one that does not hold. */
  readonly isGiven: boolean;
  /** Does what led to it say that it is something else? Then only what is plainly a signature is one. */
  readonly isCalledOther?: boolean | undefined;
  /** Do certificates count? Then two signatures that carry other ones are two. */
  readonly isCertified?: boolean | undefined;
}

/** The signatures and attestations that a manifest names, whatever is wrong with some of them. */
export function candidatesIn(bytes: Uint8Array, claim: Claim): Named[] {
  const { isReferrer, isCalledOther, isGiven, isCertified } = claim;
  try {
    const { layers, annotations } = layersOf(bytes, claim.served);
    const found = layers
      .filter(({ layer }) => !isReferrer || !isOther(fieldOf(layer, "mediaType"), isCalledOther))
      .map(({ layer, place }) =>
        attempt(() => readLayer(layer, place, isGiven ? undefined : { annotations }, isCertified)),
      );
    return found.length || isReferrer ? found : refuse("The signature manifest names no signature.");
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return isCalledOther ? [] : [error];
  }
}

/** Does a layer say that it is something else? One that says nonsense is damaged, unless nobody calls it a signature. */
function isOther(mediaType: unknown, isCalledOther: boolean | undefined): boolean {
  if (!isText(mediaType)) return (mediaType ?? null) === null || isCalledOther === true;
  // In other case, it is damaged rather than absent (RFC 6838 §4.2: media types have none).
  return !formatOf(mediaType.toLowerCase()) && !isEnvelope(mediaType);
}

function isEnvelope(mediaType: string): boolean {
  return envelopeTypes.includes(mediaType.toLowerCase());
}

function layersOf(bytes: Uint8Array, served: string | undefined) {
  const what = "the signature manifest";
  const manifest = manifestAt(bytes, "The signature manifest", what);
  const type = optionalTextAt(manifest.mediaType, `${what}.mediaType`) ?? served;
  if (type !== undefined && !imageTypes.includes(type.toLowerCase())) {
    refuse(`The signature manifest is of type ${quoted(type)}.`);
  }
  const list = listAt(manifest.layers ?? [], `${what}.layers`);
  if (list.length > mostLayers) {
    refuse(`The signature manifest names ${list.length} signatures; at most ${mostLayers} are read.`);
  }
  const layers = list.map((layer, index) => ({ layer, place: `${what}.layers[${index}]` }));
  return { layers, annotations: manifest.annotations };
}

/** @param around the manifest, where an attestation is told from a signature */
function readLayer(
  layer: unknown,
  place: string,
  around: { readonly annotations: unknown } | undefined,
  isCertified: boolean | undefined,
): Named {
  const { mediaType, digest, size } = descriptorAt(layer, place);
  const annotations = fieldOf(layer, "annotations");
  const said = predicateTypeIn(annotations) ?? predicateTypeIn(around?.annotations) ?? null;
  const attested = { digest, size, predicateType: said };
  if (around && isEnvelope(mediaType)) {
    const carried = attempt(() => (isCertified ? certificatesOf(annotations, place) : undefined));
    // A chain without its certificate is as good as none.
    const certificates = carried instanceof Fault ? undefined : carried;
    return new Attestation({ ...attested, format: "envelope", certificates });
  }
  const format = formatOf(mediaType);
  if (size > mostBytes) {
    // No signature is so large: nothing is hidden by what this calls itself.
    if (around && format === "bundle" && said !== null) return new Attestation({ ...attested, format });
    refuse(`${place} has ${size} bytes; a signature has at most ${mostBytes}.`);
  }
  if (!format) return refuse(`${place} is of type ${quoted(mediaType)}, which is no signature.`);
  if (format === "bundle") return new Candidate({ format, digest, size });
  const signature = optionalTextAt(fieldOf(annotations, annotation), `${place}.annotations`);
  if (signature === undefined) return refuse(`${place} has no signature annotation.`);
  if (signature.length > longestSignature) {
    refuse(
      `${place} has a signature of ${signature.length} characters; at most ${longestSignature} are read.`,
    );
  }
  const certificates = isCertified ? certificatesOf(annotations, place) : undefined;
  return new Candidate({ format, digest, size, signature, certificates });
}

function certificatesOf(annotations: unknown, place: string): CarriedCertificates | undefined {
  const [certificate, chain] = [certificateAnnotation, chainAnnotation].map((name) => {
    return optionalTextAt(fieldOf(annotations, name), `${place}.annotations`);
  });
  if (certificate !== undefined) return { certificate, chain };
  return chain === undefined
    ? undefined
    : refuse(`${place} has a chain of certificates, and no certificate.`);
}

/** The predicate type of an attestation that annotations name. */
function predicateTypeIn(annotations: unknown): string | undefined {
  return predicateAnnotations.map((name) => fieldOf(annotations, name)).find(isAttestation);
}

/** Does a manifest say of all that it holds that it is an attestation? */
export function isCalledAttestation(bytes: Uint8Array): boolean {
  const annotations = attempt(() => layersOf(bytes, undefined).annotations);
  return !(annotations instanceof Fault) && predicateTypeIn(annotations) !== undefined;
}

function attempt<T>(read: () => T): T | Fault {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/**
 * What an index may call a manifest that holds signatures: cosign's two types, and the one of the empty config, which
 * cosign 2 writes into a fallback index by mistake. Of what has no type at all, nothing is said.
 */
const maySign = [
  "",
  "application/vnd.dev.cosign.artifact.sig.v1+json",
  "application/vnd.oci.empty.v1+json",
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];

/** A manifest that an index lists. */
export interface Referrer {
  readonly digest: string;
  /** Does the index call it something that holds no signatures? It is read all the same: an index proves nothing. */
  readonly isCalledOther: boolean;
}

/** The manifests in an index of referrers, as a registry without an API for them keeps one under the fallback tag. */
export function referrersInIndex(bytes: Uint8Array): Referrer[] {
  return referrersOf(referrersIn(bytes));
}

/** Those of a list of referrers, each once. */
export function referrersOf(descriptors: readonly ListedDescriptor[]): Referrer[] {
  checkCount(descriptors.length);
  const all = new Map<string, Referrer>();
  for (const { digest, artifactType } of descriptors) {
    const isCalledOther = isOtherType(artifactType) && all.get(digest)?.isCalledOther !== false;
    all.set(digest, { digest, isCalledOther });
  }
  return [...all.values()];
}

function isOtherType(artifactType: unknown): boolean {
  if (!isText(artifactType)) return false;
  const type = artifactType.toLowerCase();
  return !maySign.includes(type) && !bundleVersion(type);
}
