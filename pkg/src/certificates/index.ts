// What judges certificates. It stands alone: it is loaded when a caller first gives roots or a certificate, holds nothing
// of the module, and says what is wrong as data, since an error's class is another one in another file.
import { Fault, quoted, refuse } from "../strict/fault.ts";
import { certificatesIn, hexOf, type ReadCertificate } from "./certificate.ts";
import { checkConstraints } from "./constraints.ts";
import { Unanswered } from "./issued.ts";
import { calledIdentities, hasIdentity, identitiesIn } from "./names.ts";
import { type Authorities, checkOrder, longestPath, pathsOf } from "./path.ts";
import { pemOf } from "./pem.ts";
import { checkAuthority, checkLengths, checkSigner, checkTime, secondOf } from "./rules.ts";

/** The largest certificate or chain that comes with a signature, in bytes or characters. */
const mostOfSignature = 65_536;
/** A file with all the roots of a system has some hundreds. */
const mostGiven = 1000;

/** Certificates as they come with a signature: one, and those above it. */
export interface CarriedCertificates {
  readonly certificate: string | Uint8Array;
  readonly chain?: string | readonly (string | Uint8Array)[] | undefined;
}

/** What a caller trusts, read at the door. */
export interface GivenTrust {
  readonly roots: readonly (string | Uint8Array)[];
  readonly intermediates: readonly (string | Uint8Array)[];
  /** Any of these names has to be one of the certificate's. */
  readonly identities: readonly string[];
  readonly subject: string | undefined;
  /** When the certificates have to be valid. */
  readonly at: Date;
}

/** What a certificate says, and where it leads to. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly identities: readonly string[];
  readonly fingerprint: `sha256:${string}`;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** A certificate that leads to a root. */
export interface TrustedCertificate {
  readonly spki: Uint8Array<ArrayBuffer>;
  readonly facts: CertificateFacts & { readonly root: Pick<CertificateFacts, "subject" | "fingerprint"> };
}

/** Why there is no answer of the kind that was asked for. */
export type Refused = { readonly fault: string } | { readonly unanswered: string };

/** Reads what a caller trusts. @param name of the option */
export function readTrust(given: GivenTrust, name: string): Authorities | Refused {
  try {
    const read = (files: GivenTrust["roots"], which: string) =>
      files.flatMap((file) => certificatesIn(file, `${name}.${which}`, mostGiven));
    const roots = read(given.roots, "roots");
    const intermediates = read(given.intermediates, "intermediates");
    for (const certificate of [...roots, ...intermediates]) checkAuthority(certificate);
    return { roots, intermediates };
  } catch (error) {
    return refused(error);
  }
}

/** Does a signature's certificate lead to a root, and may its key sign images? */
export async function judgeCertificate(
  carried: CarriedCertificates,
  authorities: Authorities,
  { identities, subject, at }: Pick<GivenTrust, "identities" | "subject" | "at">,
  subtle: SubtleCrypto,
): Promise<TrustedCertificate | Refused> {
  try {
    const { signer, chain } = readCarried(carried);
    checkSigner(signer);
    checkWhose(signer, identities, subject);
    await checkOrder(signer, chain, subtle);
    const paths = await pathsOf(signer, chain, authorities, subtle);
    const path = firstThatHolds(paths, at);
    const [facts, root] = [await factsOf(signer, subtle), await factsOf(path.at(-1) ?? signer, subtle)];
    const { subject: name, fingerprint } = root;
    return { spki: signer.spki, facts: { ...facts, root: { subject: name, fingerprint } } };
  } catch (error) {
    return refused(error);
  }
}

/** A certificate that is to be attached: checked as far as can be without a root, and written as cosign writes it. */
export async function readAttachable(
  carried: CarriedCertificates,
  at: Date,
  subtle: SubtleCrypto,
): Promise<Attachable | Refused> {
  try {
    const { signer, chain } = readCarried(carried);
    checkSigner(signer);
    await checkOrder(signer, chain, subtle);
    checkPath([signer, ...chain], at);
    return {
      spki: signer.spki,
      certificate: { pem: pemOf(signer.der), der: signer.der },
      chain: chain.map(({ der }) => ({ pem: pemOf(der), der })),
    };
  } catch (error) {
    return refused(error);
  }
}

/** The forms in which signatures carry certificates. */
export interface Attachable {
  readonly spki: Uint8Array<ArrayBuffer>;
  readonly certificate: WrittenCertificate;
  readonly chain: readonly WrittenCertificate[];
}

export interface WrittenCertificate {
  readonly pem: string;
  readonly der: Uint8Array<ArrayBuffer>;
}

/** Cosign writes an empty chain where it has none. */
function readCarried({ certificate, chain = [] }: CarriedCertificates) {
  checkSize(certificate, "certificate");
  for (const part of typeof chain === "string" ? [chain] : chain) checkSize(part, "chain");
  const [signer, ...more] = certificatesIn(certificate, "The certificate", longestPath);
  if (!signer || more.length > 0) {
    return refuse(
      `The certificate is ${more.length + 1} certificates; one signs, and its chain stands apart.`,
    );
  }
  const parts = typeof chain === "string" ? (chain === "" ? [] : [chain]) : chain;
  checkCount(parts.length);
  const above = parts.flatMap((part) => certificatesIn(part, "The chain", longestPath));
  checkCount(above.length);
  return { signer, chain: above };
}

function checkCount(count: number): void {
  if (count <= longestPath) return;
  refuse(`The chain holds ${count} certificates; at most ${longestPath} are read.`);
}

function checkSize({ length }: string | Uint8Array, what: string): void {
  if (length <= mostOfSignature) return;
  refuse(`The ${what} has ${length} bytes; at most ${mostOfSignature} are read.`);
}

/** Is it one of those that the caller named? */
function checkWhose(
  signer: ReadCertificate,
  identities: readonly string[],
  subject: string | undefined,
): void {
  if (identities.length > 0 && !hasIdentity(signer.alternativeNames, identities)) {
    const own = calledIdentities(signer.alternativeNames, quoted);
    const has = own.length > 0 ? `it has ${own.slice(0, 10).join(", ")}` : "it has none";
    refuse(`The certificate ${quoted(signer.subject)} has another identity than the required one: ${has}.`);
  }
  if (subject !== undefined && subject !== signer.subject) {
    refuse(`The certificate is of ${quoted(signer.subject)}, not of the required subject.`);
  }
}

/** The first way on which every rule holds; else, what is wrong with the first. */
function firstThatHolds(paths: readonly ReadCertificate[][], at: Date): ReadCertificate[] {
  let fault: Fault | undefined;
  for (const path of paths) {
    try {
      checkPath(path, at);
      return path;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      fault ??= error;
    }
  }
  throw fault ?? new Fault("The certificate leads to no given root.");
}

function checkPath(path: readonly ReadCertificate[], at: Date): void {
  for (const authority of path.slice(1)) checkAuthority(authority);
  checkLengths(path);
  checkConstraints(path);
  for (const certificate of path) checkTime(certificate, at);
}

async function factsOf(certificate: ReadCertificate, subtle: SubtleCrypto): Promise<CertificateFacts> {
  const { der, subject, issuer, serialNumber, alternativeNames, notBefore, notAfter } = certificate;
  const hash = new Uint8Array(await subtle.digest("SHA-256", der));
  return {
    subject,
    issuer,
    serialNumber,
    identities: identitiesIn(alternativeNames),
    fingerprint: `sha256:${hexOf(hash)}`,
    notBefore: secondOf(notBefore),
    notAfter: secondOf(notAfter),
  };
}

function refused(error: unknown): Refused {
  if (error instanceof Fault) return { fault: error.message };
  if (error instanceof Unanswered) return { unanswered: error.message };
  throw error;
}
