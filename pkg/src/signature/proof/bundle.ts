// The Sigstore bundle v0.3 with a managed key: a DSSE envelope around an in-toto statement. The same envelope carries
// attestations, such as provenance and bills of materials: what they say of an image is not that it was signed.
// Sources: sigstore/protobuf-specs `sigstore_bundle.proto`, DSSE `protocol.md`, in-toto Statement v1.

import type { CarriedCertificates } from "../../certificates/index.ts";
import { type Fields, fieldOf } from "../../foreign.ts";
import { fromBase64 } from "../../strict/base64.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { listAt, objectAt, textAt } from "../../strict/fields.ts";
import { parseStrictly } from "../../strict/json.ts";
import { bundleShape } from "../../strict/shapes.ts";
import { type Envelope, openEnvelope, type SignedParts } from "./envelope.ts";
import { isAttestation, predicateTypeIn } from "./statement.ts";

/** A statement of another kind than that the image was signed. */
export interface AttestedParts {
  readonly predicateType: string;
  /** Reads the rest, and refuses what cannot be checked. */
  parts(): SignedParts;
}

/** As the specification writes its media type since v0.3, and as it wrote it before. */
const bundleForm =
  /^application\/vnd\.dev\.sigstore\.bundle(?:\.v(\d+\.\d+)\+json|\+json *; *version="?(\d+\.\d+)"?)$/i;
/** In another spelling, or of a version that is not said: a bundle all the same, and never an absence. */
const strangeForm = /^application\/vnd\.dev\.sigstore\.bundle(\.v[\w.]+)?\+json *(;|$)/i;
const unknown = "unknown";
const version = "0.3";

/** The version of a bundle's media type, in its own spelling or its older one; undefined for another type. */
export function bundleVersion(mediaType: string): string | undefined {
  const [, now, before] = bundleForm.exec(mediaType) ?? [];
  return now ?? before ?? (strangeForm.test(mediaType) ? unknown : undefined);
}

function ofType(type: string): string {
  return `The bundle is of type ${quoted(type)}, only v0.3 is read.`;
}

/**
 * Finds the message and its signature, or says what else it is. What else a bundle carries, transparency log entries and
 * timestamps, is for keys that live ten minutes; a managed key needs none of it.
 *
 * @param tellsApart whether an attestation is told from a signature, or taken for one that will not hold
 * @param isCertified whether certificates count
 */
export function openBundle(
  bytes: Uint8Array,
  tellsApart: boolean,
  isCertified: boolean,
): SignedParts | AttestedParts {
  const bundle = objectAt(parseStrictly(bytes, "The bundle", bundleShape), "bundle");
  const { mediaType, dsseEnvelope } = bundle;
  const type = textAt(mediaType, "bundle.mediaType");
  if (bundleVersion(type) === undefined) refuse(ofType(type));
  if (dsseEnvelope === undefined || dsseEnvelope === null) refuse("The bundle has no DSSE envelope.");
  const envelope = openEnvelope(dsseEnvelope, "bundle.dsseEnvelope", "a bundle");
  const said = predicateTypeIn(envelope.statement);
  const parts = () => partsOf(envelope, bundle, isCertified);
  return tellsApart && isAttestation(said) ? { predicateType: said, parts } : parts();
}

function partsOf(envelope: Envelope, bundle: Fields, isCertified: boolean): SignedParts {
  const type = textAt(bundle.mediaType, "bundle.mediaType");
  const found = bundleVersion(type);
  if (found === unknown) refuse(ofType(type));
  if (found !== version) refuse(`The bundle is of format version ${found}, only v0.3 is read.`);
  const parts = envelope.signed();
  return isCertified ? { ...parts, certificates: certificatesIn(bundle.verificationMaterial) } : parts;
}

/** One certificate, or one with the chain above it, as bundles carry them; undefined for a key alone. */
function certificatesIn(material: unknown): CarriedCertificates | undefined {
  const place = "bundle.verificationMaterial";
  const fields = objectAt(material, place);
  const kinds = ["publicKey", "certificate", "x509CertificateChain"].filter((kind) => isThere(fields, kind));
  if (kinds.length > 1) refuse(`${place} has ${kinds.join(" and ")}, and may have one of them.`);
  if (isThere(fields, "certificate")) {
    return { certificate: rawBytes(fields.certificate, `${place}.certificate`) };
  }
  if (!isThere(fields, "x509CertificateChain")) return undefined;
  const listed = listAt(
    fieldOf(fields.x509CertificateChain, "certificates"),
    `${place}.x509CertificateChain.certificates`,
  );
  const [certificate, ...chain] = listed.map((it, at) =>
    rawBytes(it, `${place}.x509CertificateChain.certificates[${at}]`),
  );
  return certificate ? { certificate, chain } : refuse(`${place} has an empty chain of certificates.`);
}

/** In Protobuf's JSON, null is as good as nothing. */
function isThere(fields: Fields, kind: string): boolean {
  return fields[kind] !== undefined && fields[kind] !== null;
}

function rawBytes(value: unknown, place: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(textAt(fieldOf(value, "rawBytes"), `${place}.rawBytes`));
  // A SEQUENCE: PEM stands nowhere in a bundle.
  return bytes?.[0] === 0x30 ? bytes : refuse(`${place}.rawBytes is not a certificate in base64.`);
}
