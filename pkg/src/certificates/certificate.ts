// A certificate that was read. @peculiar/asn1-x509: kept, MIT, reads in browsers and in Node, and weighs less than what
// else reads certificates (docs/decisions/certificates-library.md). It reads; the rules are ours.
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  type AlgorithmIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  type Extension,
  KeyUsage,
  type Name,
  NameConstraints,
  SubjectAlternativeName,
} from "@peculiar/asn1-x509";
import { quoted, refuse } from "../strict/fault.ts";
import { nameText } from "./names.ts";
import { derIn } from "./pem.ts";

/** The extensions of RFC 5280 §4.2 that are read. */
const readers = {
  "2.5.29.15": KeyUsage,
  "2.5.29.17": SubjectAlternativeName,
  "2.5.29.19": BasicConstraints,
  "2.5.29.30": NameConstraints,
  "2.5.29.37": ExtendedKeyUsage,
} as const;

/**
 * Those that may be critical, since nothing that they ask for is left undone: what is read, and identifiers of keys. A
 * policy that somebody requires, or a list of what was revoked, is nothing that is looked at here.
 */
const understood = [...Object.keys(readers), "2.5.29.14", "2.5.29.32", "2.5.29.35"];

/** A certificate, as far as the rules need it. */
export interface ReadCertificate {
  readonly der: Uint8Array<ArrayBuffer>;
  /** The names as RFC 4514 writes them. */
  readonly subject: string;
  readonly issuer: string;
  readonly subjectName: Name;
  readonly issuerName: Name;
  /** In hexadecimal digits. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Its public key, as DER. */
  readonly spki: Uint8Array<ArrayBuffer>;
  readonly keyAlgorithm: AlgorithmIdentifier;
  /** What its issuer signed, and how. */
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly basicConstraints?: BasicConstraints | undefined;
  /** Undefined: for anything. */
  readonly keyUsage?: readonly string[] | undefined;
  /** Undefined: for anything. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
  readonly nameConstraints?: NameConstraints | undefined;
  readonly alternativeNames: SubjectAlternativeName;
}

/** The certificates of a file. @param what its name in reasons @param most so many may it hold */
export function certificatesIn(given: string | Uint8Array, what: string, most: number): ReadCertificate[] {
  const ders = derIn(given, what);
  if (ders.length > most) refuse(`${what} holds ${ders.length} certificates; at most ${most} are read.`);
  return ders.map((der) => readCertificate(der, ders.length > 1 ? `A certificate of ${lower(what)}` : what));
}

function lower(what: string): string {
  return what.replace(/^The /, "the ");
}

function readCertificate(der: Uint8Array<ArrayBuffer>, what: string): ReadCertificate {
  if (lengthOf(der) !== der.length) refuse(`${what} is damaged: it is not DER of its own length.`);
  // The library throws errors of many kinds, and a deep one the platform's.
  const read = readable(() => AsnConvert.parse(der, Certificate), what);
  const { tbsCertificate: fields, tbsCertificateRaw: signed, signatureAlgorithm, signatureValue } = read;
  if (!signed) return refuse(`${what} is damaged: it holds nothing that is signed.`);
  // RFC 5280 §4.1.1.2: what is signed says how it is signed, too.
  if (!sameBytes(AsnConvert.serialize(signatureAlgorithm), AsnConvert.serialize(fields.signature))) {
    refuse(`${what} names two ways in which it is signed.`);
  }
  const extensions = fields.extensions ?? [];
  checkExtensions(extensions, what);
  const one = <Type>(id: keyof typeof readers, type: new () => Type): Type | undefined => {
    const found = extensions.find(({ extnID }) => extnID === id);
    return found && readable(() => AsnConvert.parse(found.extnValue, type), what);
  };
  return readable(
    () => ({
      der,
      subject: nameText(fields.subject),
      issuer: nameText(fields.issuer),
      subjectName: fields.subject,
      issuerName: fields.issuer,
      serialNumber: hexOf(new Uint8Array(fields.serialNumber)),
      notBefore: dateOf(fields.validity.notBefore.getTime()),
      notAfter: dateOf(fields.validity.notAfter.getTime()),
      spki: new Uint8Array(AsnConvert.serialize(fields.subjectPublicKeyInfo)),
      keyAlgorithm: fields.subjectPublicKeyInfo.algorithm,
      signed: new Uint8Array(signed),
      signature: new Uint8Array(signatureValue),
      signatureAlgorithm,
      basicConstraints: one("2.5.29.19", BasicConstraints),
      keyUsage: one("2.5.29.15", KeyUsage)?.toJSON(),
      extendedKeyUsage: list(one("2.5.29.37", ExtendedKeyUsage)),
      nameConstraints: one("2.5.29.30", NameConstraints),
      alternativeNames: one("2.5.29.17", SubjectAlternativeName) ?? new SubjectAlternativeName(),
    }),
    what,
  );
}

function list(values: Iterable<string> | undefined): string[] | undefined {
  return values && [...values];
}

/** Which instant a damaged time means, no rule could say. */
function dateOf(date: Date): Date {
  return Number.isNaN(date.getTime()) ? refuse("no time") : date;
}

/** Each extension once, and no critical one that is not understood (RFC 5280 §4.2). */
function checkExtensions(extensions: readonly Extension[], what: string): void {
  const seen = new Set<string>();
  for (const { extnID, critical } of extensions) {
    if (seen.has(extnID)) refuse(`${what} has the extension ${quoted(extnID)} twice.`);
    seen.add(extnID);
    if (critical && !understood.includes(extnID)) {
      refuse(`${what} has the critical extension ${quoted(extnID)}, which is not understood here.`);
    }
  }
}

function readable<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch {
    return refuse(`${what} is damaged: it cannot be read as a certificate.`);
  }
}

/** How long the element at the front says that it is, in DER; undefined when it does not. */
function lengthOf([tag, first = 0x80, ...rest]: Uint8Array): number | undefined {
  if (tag !== 0x30 || first === 0x80) return undefined;
  if (first < 0x80) return 2 + first;
  const bytes = rest.slice(0, first - 0x80);
  if (bytes.length > 4) return undefined;
  return 2 + bytes.length + bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function sameBytes(a: ArrayBuffer | Uint8Array, b: ArrayBuffer | Uint8Array): boolean {
  const [one, other] = [new Uint8Array(a), new Uint8Array(b)];
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
