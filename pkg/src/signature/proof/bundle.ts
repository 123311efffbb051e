// The Sigstore bundle v0.3 with a managed key: a DSSE envelope around an in-toto statement. The same envelope carries
// attestations, such as provenance and bills of materials: what they say of an image is not that it was signed.
// Sources: sigstore/protobuf-specs `sigstore_bundle.proto`, DSSE `protocol.md`, in-toto Statement v1.

import { toUtf8 } from "../../bytes.ts";
import type { CarriedCertificates } from "../../certificates/index.ts";
import { type Fields, fieldOf, isText } from "../../foreign.ts";
import type { ImageReference } from "../../image/reference.ts";
import { fromBase64, signatureFrom } from "../../strict/base64.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { listAt, objectAt, onlyFields, textAt } from "../../strict/fields.ts";
import { parseStrictly } from "../../strict/json.ts";
import { bundleShape, statementShape } from "../../strict/shapes.ts";

/** A message, a signature over it, and the content that the message carries. */
export interface SignedParts {
  readonly message: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
  /** Read where certificates count. */
  readonly certificates?: CarriedCertificates | undefined;
}

/** A statement of another kind than that the image was signed. */
export interface Attested {
  readonly predicateType: string;
}

/** As the specification writes its media type since v0.3, and as it wrote it before. */
const bundleForm =
  /^application\/vnd\.dev\.sigstore\.bundle(?:\.v(\d+\.\d+)\+json|\+json *; *version="?(\d+\.\d+)"?)$/i;
/** In another spelling, or of a version that is not said: a bundle all the same, and never an absence. */
const strangeForm = /^application\/vnd\.dev\.sigstore\.bundle(\.v[\w.]+)?\+json *(;|$)/i;
const unknown = "unknown";
const version = "0.3";
/** Longer than any predicate type in use. */
const longestType = 1000;
/** What the envelope of a bundle holds. */
export const payloadType = "application/vnd.in-toto+json";
/** The statement that is signed, and what it says: that the image was signed. */
export const statementType = "https://in-toto.io/Statement/v1";
export const predicateType = "https://sigstore.dev/cosign/sign/v1";

/** The version of a bundle's media type, in its own spelling or its older one; undefined for another type. */
export function bundleVersion(mediaType: string): string | undefined {
  const [, now, before] = bundleForm.exec(mediaType) ?? [];
  return now ?? before ?? (strangeForm.test(mediaType) ? unknown : undefined);
}

function ofType(type: string): string {
  return `The bundle is of type ${quoted(type)}, only v0.3 is read.`;
}

/** Is this a predicate type, and another than cosign's for signatures? */
export function isAttestation(said: unknown): said is string {
  return isText(said) && said !== "" && said !== predicateType && said.length <= longestType;
}

/**
 * Finds the message and its signature, or says what else it is. What else a bundle carries, transparency log entries and timestamps, is for keys
 * that live ten minutes; a managed key needs none of it.
 *
 * @param tellsApart whether an attestation is told from a signature, or taken for one that will not hold
 * @param isCertified whether certificates count
 */
export function openBundle(
  bytes: Uint8Array,
  tellsApart: boolean,
  isCertified: boolean,
): SignedParts | Attested {
  const bundle = objectAt(parseStrictly(bytes, "The bundle", bundleShape), "bundle");
  const { mediaType, dsseEnvelope, verificationMaterial } = bundle;
  const type = textAt(mediaType, "bundle.mediaType");
  const found = bundleVersion(type) ?? refuse(ofType(type));
  if (dsseEnvelope === undefined || dsseEnvelope === null) refuse("The bundle has no DSSE envelope.");
  const envelope = objectAt(dsseEnvelope, "bundle.dsseEnvelope");
  const holds = textAt(envelope.payloadType, "bundle.dsseEnvelope.payloadType");
  if (holds !== payloadType) refuse(`The envelope holds ${quoted(holds)}, not an in-toto statement.`);
  const statement = fromBase64(textAt(envelope.payload, "bundle.dsseEnvelope.payload"));
  if (!statement) return refuse("The envelope's payload is not base64.");
  const said = predicateTypeIn(statement);
  if (tellsApart && isAttestation(said)) return { predicateType: said };
  if (found === unknown) refuse(ofType(type));
  if (found !== version) refuse(`The bundle is of format version ${found}, only v0.3 is read.`);
  const signatures = listAt(envelope.signatures, "bundle.dsseEnvelope.signatures");
  if (signatures.length !== 1) {
    refuse(`The envelope has ${signatures.length} signatures, a bundle has one.`);
  }
  const signature = signatureFrom(
    textAt(fieldOf(signatures[0], "sig"), "bundle.dsseEnvelope.signatures[0].sig"),
  );
  if (!signature) return refuse("The signature is not base64.");
  const parts = { message: preAuthenticationEncoding(statement), signature, content: statement };
  return isCertified ? { ...parts, certificates: certificatesIn(verificationMaterial) } : parts;
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

/**
 * What a statement calls itself, before anybody knows who wrote it. That alone is read of it, and only to tell apart
 * what is no signature: it makes nothing count. {@link checkStatement} reads the rest, strictly, once it is proved.
 */
function predicateTypeIn(statement: Uint8Array): unknown {
  try {
    return fieldOf(JSON.parse(new TextDecoder().decode(statement)), "predicateType");
  } catch {
    return undefined;
  }
}

/** What DSSE signs: type and payload with their lengths (DSSE `protocol.md`, "Signature Definition"). */
export function preAuthenticationEncoding(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = toUtf8(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  const message = new Uint8Array(head.length + payload.length);
  message.set(head);
  message.set(payload, head.length);
  return message;
}

/** Compares a statement whose signature holds with the image. */
export function checkStatement(bytes: Uint8Array, image: ImageReference): undefined {
  const statement = objectAt(parseStrictly(bytes, "The statement", statementShape), "statement");
  // Cosign 2 leaves out the empty predicate that cosign 3 writes.
  onlyFields(statement, "statement", ["_type", "subject", "predicateType", "predicate"]);
  const type = textAt(statement._type, "statement._type");
  if (type !== statementType) refuse(`The statement is of type ${quoted(type)}.`);
  const predicate = textAt(statement.predicateType, "statement.predicateType");
  if (predicate !== predicateType) {
    refuse(`The statement says ${quoted(predicate)}, which is not that the image was signed.`);
  }
  const subjects = listAt(statement.subject, "statement.subject");
  if (subjects.length !== 1) refuse(`The statement has ${subjects.length} subjects, a signature has one.`);
  const digests = Object.entries(objectAt(fieldOf(subjects[0], "digest"), "statement.subject[0].digest"));
  const [only, more] = digests;
  if (!only || more) refuse("The statement's subject has not exactly one digest.");
  const [algorithm, hex] = only;
  const digest = `${algorithm}:${textAt(hex, "statement.subject[0].digest's field")}`;
  if (digest !== image.digest) refuse(`The signature is of another image, ${quoted(digest)}.`);
  return undefined;
}
