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

/** What begins these elements in DER. */
const [sequence, utcTime] = [0x30, 0x17];

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
  if (der[0] !== sequence || lengthOf(der) !== der.length) {
    refuse(`${what} is damaged: it is not DER of its own length.`);
  }
  // The library throws errors of many kinds, and a deep one the platform's.
  const read = readable(() => AsnConvert.parse(der, Certificate), what);
  const { tbsCertificate: fields, tbsCertificateRaw: signed, signatureAlgorithm, signatureValue } = read;
  if (!signed) return refuse(`${what} is damaged: it holds nothing that is signed.`);
  // RFC 5280 §4.1.1.2: what is signed says how it is signed, too.
  if (!sameBytes(AsnConvert.serialize(signatureAlgorithm), AsnConvert.serialize(fields.signature))) {
    refuse(`${what} names two ways in which it is signed.`);
  }
  const [from, until] = writtenTimes(new Uint8Array(signed), what);
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
      notBefore: dateOf(fields.validity.notBefore.getTime(), from),
      notAfter: dateOf(fields.validity.notAfter.getTime(), until),
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

/** A time as it stands there. */
interface WrittenTime {
  readonly text: string;
  /** Has its year two digits, as in a UTCTime? */
  readonly isShort: boolean;
}

/**
 * Which instant a damaged time means, no rule could say. The library takes one that is written otherwise than RFC 5280
 * §4.1.2.5 has it for a year long ago, for a day in another month, or for a time of this machine's zone.
 */
function dateOf(date: Date, written: WrittenTime | undefined): Date {
  if (!written || Number.isNaN(date.getTime())) return refuse("no time");
  const text = date.toISOString().replace(/\.000|[-:T]/g, "");
  return written.text === (written.isShort ? text.slice("20".length) : text) ? date : refuse("no time");
}

/** The two times of what an issuer signs. */
function writtenTimes(signed: Uint8Array, what: string): WrittenTime[] {
  // Behind the names of the algorithm and of the issuer (RFC 5280 §4.1).
  const [, , validity] = elementsIn(signed, what).filter(([tag]) => tag === sequence);
  const times = validity ? elementsIn(validity, what) : [];
  return times.map((time) => {
    // One that is longer is none.
    const text = String.fromCharCode(...time.subarray(2, 32));
    return { text, isShort: time[0] === utcTime };
  });
}

/** The elements within one, each whole. */
function elementsIn(whole: Uint8Array, what: string): Uint8Array[] {
  const elements: Uint8Array[] = [];
  for (let at = headOf(whole); at < whole.length; ) {
    const length = lengthOf(whole, at);
    if (length === undefined) return refuse(`${what} is damaged: it is not DER.`);
    elements.push(whole.subarray(at, at + length));
    at += length;
  }
  return elements;
}

/** How many bytes say what an element is, and how long. */
function headOf([, first = 0]: Uint8Array): number {
  return first < 0x80 ? 2 : 2 + (first - 0x80);
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

/** How long an element says that it is, in DER; undefined when it does not. @param at where it begins */
function lengthOf(der: Uint8Array, at = 0): number | undefined {
  const first = der[at + 1] ?? 0x80;
  if (first === 0x80) return undefined;
  if (first < 0x80) return 2 + first;
  const bytes = der.subarray(at + 2, at + 2 + (first - 0x80));
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
