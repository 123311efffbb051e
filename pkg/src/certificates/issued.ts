// Did a certificate's issuer sign it? The platform's cryptography answers; which ways count, stands here.

import { RsaSaPssParams } from "@peculiar/asn1-rsa";
import { AsnConvert } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { fixedLength } from "../signature/proof/ecdsa.ts";
import { quoted, refuse } from "../strict/fault.ts";
import type { ReadCertificate } from "./certificate.ts";
import { isSameName } from "./names.ts";

/** The platform has not said no: it has not answered. */
export class Unanswered extends Error {}

/** By the number of the signature's algorithm (RFC 4055, RFC 5758, RFC 8410). */
const ways: Readonly<Record<string, { readonly name: string; readonly hash?: string }>> = {
  "1.2.840.113549.1.1.11": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  "1.2.840.113549.1.1.12": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  "1.2.840.113549.1.1.13": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" },
  "1.2.840.113549.1.1.10": { name: "RSA-PSS" },
  "1.2.840.10045.4.3.2": { name: "ECDSA", hash: "SHA-256" },
  "1.2.840.10045.4.3.3": { name: "ECDSA", hash: "SHA-384" },
  "1.2.840.10045.4.3.4": { name: "ECDSA", hash: "SHA-512" },
  "1.3.101.112": { name: "Ed25519" },
};

/** Others are old enough to be named: they do not count. */
const formerWays: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "MD5",
  "1.2.840.113549.1.1.5": "SHA-1",
  "1.2.840.10045.4.1": "SHA-1",
};

const hashes: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

const curves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
};

const nothing = new ArrayBuffer(0);

/** The shortest RSA modulus of a CA, in bits. */
const leastBits = 2048;

/** What WebCrypto is to be asked with. */
interface Way {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly saltLength?: number;
}

/** Has the issuer the name that a certificate gives its issuer, and did its key sign it? */
export async function isIssuedBy(
  certificate: ReadCertificate,
  issuer: ReadCertificate,
  subtle: SubtleCrypto,
): Promise<boolean> {
  if (!isSameName(certificate.issuerName, issuer.subjectName)) return false;
  const way = wayOf(certificate, issuer);
  if (!way) return false;
  const { namedCurve } = way;
  const signature = namedCurve ? fixedLength(certificate.signature, namedCurve) : certificate.signature;
  const key = await importKey(issuer, way, subtle);
  try {
    return await subtle.verify(way, key, signature, certificate.signed);
  } catch (cause) {
    throw unanswered(way, cause);
  }
}

/** How a certificate is signed, for a key of its issuer's kind; undefined where that key cannot have signed it. */
function wayOf({ signatureAlgorithm, subject }: ReadCertificate, issuer: ReadCertificate): Way | undefined {
  const { algorithm, parameters } = signatureAlgorithm;
  const known = ways[algorithm];
  if (!known) {
    const former = formerWays[algorithm];
    const with_ = former
      ? `${former}, which does not count`
      : `${quoted(algorithm)}, which is not known here`;
    return refuse(`The certificate ${quoted(subject)} is signed with ${with_}.`);
  }
  if (known.name === "RSA-PSS") return { ...known, ...pssOf(parameters, subject) };
  if (known.name !== "ECDSA") return known;
  const { algorithm: kind, parameters: curve } = issuer.keyAlgorithm;
  const namedCurve = kind === "1.2.840.10045.2.1" && curve ? curves[numberIn(curve)] : undefined;
  return namedCurve === undefined ? undefined : { ...known, namedCurve };
}

/** The number of an algorithm in its DER form: the library reads one within an algorithm's identifier. */
function numberIn(der: ArrayBuffer): string {
  try {
    const sequence = new Uint8Array([0x30, der.byteLength, ...new Uint8Array(der)]);
    return AsnConvert.parse(sequence, AlgorithmIdentifier).algorithm;
  } catch {
    // A curve that is described, and has no name.
    return "";
  }
}

/** RFC 4055 §3.1: hash and mask by the same hash, which is not SHA-1. */
function pssOf(
  parameters: ArrayBuffer | null | undefined,
  subject: string,
): Pick<Way, "hash" | "saltLength"> {
  const what = `The certificate ${quoted(subject)} is signed with RSA-PSS in a way that does not count.`;
  try {
    const { hashAlgorithm, maskGenAlgorithm, saltLength } = AsnConvert.parse(
      parameters ?? nothing,
      RsaSaPssParams,
    );
    const mask = AsnConvert.parse(maskGenAlgorithm.parameters ?? nothing, AlgorithmIdentifier);
    const hash = hashes[hashAlgorithm.algorithm];
    if (hash !== undefined && mask.algorithm === hashAlgorithm.algorithm) return { hash, saltLength };
  } catch {
    // Said below.
  }
  return refuse(what);
}

async function importKey(issuer: ReadCertificate, way: Way, subtle: SubtleCrypto): Promise<CryptoKey> {
  const { spki, subject } = issuer;
  const key = await subtle.importKey("spki", spki, way, false, ["verify"]).catch((cause: unknown) => {
    // Of an algorithm that the platform does not know, it says this. Of all else, the key is at fault.
    if (cause instanceof Error && cause.name === "NotSupportedError") throw unanswered(way, cause);
    return refuse(`The key of the certificate ${quoted(subject)} cannot have signed another one.`);
  });
  const { modulusLength } = key.algorithm as { modulusLength?: number };
  if (modulusLength === undefined || modulusLength >= leastBits) return key;
  return refuse(`The certificate ${quoted(subject)} has an RSA key of ${modulusLength} bits only.`);
}

function unanswered({ name }: Way, cause: unknown): Unanswered {
  return new Unanswered(`The platform's cryptography could not check a certificate signed with ${name}.`, {
    cause,
  });
}
