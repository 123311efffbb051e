// Certificates beside signatures: what a caller trusts, and the key that such a certificate vouches for. What reads and
// judges them is a part of its own (certificates/), which is loaded when it is first asked for.

import { bytesOf } from "../bytes.ts";
import type * as Part from "../certificates/index.ts";
import { fail, type OcisignErrorOf } from "../error.ts";
import { copyOfList, isText } from "../foreign.ts";
import { momentOf } from "../instant.ts";
import { checkOptions, type Given, optionalText } from "../options.ts";
import { Recent } from "../recent.ts";
import { subtleCrypto } from "../strict/cryptography.ts";
import { Fault } from "../strict/fault.ts";
import type { Fingerprint } from "./public-key.ts";
import { type Key, keysIn } from "./ready-keys.ts";

/** One certificate or several: PEM as text or bytes, or the DER form of one. */
export type CertificateFile = string | Uint8Array;

/**
 * Which certificates count. A signature then has to carry one: for code signing, issued below one of the roots, and
 * made with its key.
 */
export interface CertificateOptions {
  /** The CAs that are trusted: a file of one or several in PEM, or a list of such files, 100 at most. */
  roots: CertificateFile | readonly CertificateFile[];
  /** CAs below them, where signatures do not carry them: bundles of v0.3 have no place for them. */
  intermediates?: CertificateFile | readonly CertificateFile[] | undefined;
  /**
   * The mail address, address of the web, or host that the certificate has to be for, exactly, as its subject
   * alternative names say it; of several, any one. Without this and `subject`, each certificate of the roots counts.
   */
  identity?: string | readonly string[] | undefined;
  /** The certificate's subject, exactly, as `openssl x509 -subject -nameopt RFC2253` prints it: `CN=Release,O=Example`. */
  subject?: string | undefined;
  /** When the certificates have to be valid: a `Date`, or a text as RFC 3339 writes it. Default now. */
  at?: Date | string | undefined;
}

/** A certificate that vouches for the key of a signature. */
export interface SignatureCertificate {
  /** As RFC 4514 writes it: `CN=Release signing,O=Example`. */
  readonly subject: string;
  /** The name of the CA that issued it. */
  readonly issuer: string;
  /** In hexadecimal digits. */
  readonly serialNumber: string;
  /** Its mail addresses, addresses of the web, and hosts. */
  readonly identities: readonly string[];
  /** As `openssl x509 -outform DER | sha256sum` prints it, after `sha256:`. */
  readonly fingerprint: Fingerprint;
  /** The first second in which it is valid, as RFC 3339 writes it. */
  readonly notBefore: string;
  /** The last second in which it is valid. */
  readonly notAfter: string;
  /** The root that it leads to. */
  readonly root: {
    /** Its name (RFC 4514). */
    readonly subject: string;
    /** SHA-256 over the certificate. */
    readonly fingerprint: Fingerprint;
  };
}

/** Filled by the entry of each runtime. */
export const certificatePart = {} as { load: () => Promise<typeof Part> };

/** A key, and the certificate that vouches for it. */
export interface CertifiedKey {
  readonly key: Key;
  readonly certificate: SignatureCertificate;
}

/** The most files of roots or intermediates. */
const mostFiles = 100;
/** The largest of them, in bytes: all roots of a system have 250,000. */
const mostBytes = 1024 * 1024;
/** So many certificates of one verification are not judged twice: most of its signatures carry the same. */
const mostKept = 32;

/** What a caller trusts, read once at the door. */
export class TrustedCertificates {
  #part: typeof Part;
  #authorities: Exclude<ReturnType<typeof Part.readTrust>, Part.Refused>;
  #wanted: Part.GivenTrust;
  #judged = new Recent<Promise<CertifiedKey>>(mostKept);

  private constructor(
    part: typeof Part,
    authorities: Exclude<ReturnType<typeof Part.readTrust>, Part.Refused>,
    wanted: Part.GivenTrust,
  ) {
    this.#part = part;
    this.#authorities = authorities;
    this.#wanted = wanted;
  }

  /** Reads the option `certificates`; undefined where it is left out. */
  static async read(options: unknown): Promise<TrustedCertificates | undefined> {
    if (options === undefined) return undefined;
    // Everything is copied before the first wait.
    const wanted = wantedOf(options);
    subtleCrypto();
    const part = await loadPart();
    const authorities = part.readTrust(wanted, "certificates");
    if ("roots" in authorities) return new TrustedCertificates(part, authorities, wanted);
    const why = "fault" in authorities ? authorities.fault : authorities.unanswered;
    throw fail("bad-input", why, "Pass the certificates of your CAs, in PEM or DER.");
  }

  /** What nothing here proves, said wherever a signature holds. */
  get warnings(): readonly string[] {
    const at = this.#wanted.at.toISOString().replace(/\.\d+Z$/, "Z");
    const time = `The certificates are valid at ${at}. Whether they were valid when the image was signed is unknown: nothing proves that time, or that none was revoked.`;
    const isNamed = this.#wanted.identities.length > 0 || this.#wanted.subject !== undefined;
    const anyone =
      "Each code-signing certificate below the given roots counts: name one by its identity or subject.";
    return isNamed ? [time] : [time, anyone];
  }

  /** @throws {Fault} for a certificate that does not count */
  keyOf(carried: Part.CarriedCertificates | undefined): Promise<CertifiedKey> {
    if (!carried) {
      return Promise.reject(
        new Fault("The signature carries no certificate, and only certificates of the given roots count."),
      );
    }
    const name = JSON.stringify([carried.certificate, carried.chain], textOfBytes);
    const known = this.#judged.get(name);
    if (known) return known;
    const judging = this.#judge(carried);
    this.#judged.set(name, judging);
    return judging;
  }

  async #judge(carried: Part.CarriedCertificates): Promise<CertifiedKey> {
    const judged = await this.#part.judgeCertificate(
      carried,
      this.#authorities,
      this.#wanted,
      subtleCrypto(),
    );
    const { spki, facts } = answered(judged);
    return { key: keyIn(spki), certificate: facts };
  }
}

/** A certificate that a caller wants to have kept, copied before the first wait. */
export function carriedBy({
  certificate,
  chain,
}: Given<"certificate" | "chain">): Part.CarriedCertificates | undefined {
  if (certificate === undefined && chain === undefined) return undefined;
  if (certificate === undefined) {
    throw fail("bad-input", "chain is given without certificate.", "Pass the certificate below it, too.");
  }
  const [own, ...more] = filesIn(certificate, "certificate");
  if (own === undefined || more.length > 0) {
    throw fail(
      "bad-input",
      "certificate is not one certificate.",
      "Pass the one of the key; pass those above it as chain.",
    );
  }
  return { certificate: own, chain: chain === undefined ? undefined : filesIn(chain, "chain") };
}

/**
 * The certificate of a key, fit to be kept beside its signatures.
 *
 * @param keys the one key, as often as it signed
 * @throws {OcisignError} `bad-input` for another
 */
export async function readAttachable(
  carried: Part.CarriedCertificates,
  keys: readonly Fingerprint[],
): Promise<Part.Attachable> {
  const part = await loadPart();
  const fix = "Pass the code-signing certificate of the key, and as chain the CAs above it, in their order.";
  try {
    const read = answered(await part.readAttachable(carried, new Date(), subtleCrypto()));
    const { fingerprint } = keyIn(read.spki);
    if (keys.every((key) => key === fingerprint)) return read;
    throw new Fault("The certificate is of another key than the one that signed.");
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw fail("bad-input", `The signature is not pushed: ${error.message}`, fix);
  }
}

/** The key of a certificate, which the module reads as any other key. @throws {Fault} for one that cannot sign images */
function keyIn(spki: Uint8Array<ArrayBuffer>): Key {
  try {
    const [key] = keysIn(spki);
    if (key) return key;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Fault(`The certificate's key cannot be used: ${error.message}`);
  }
  throw new Fault("The certificate has no key.");
}

function answered<Answer extends Part.TrustedCertificate | Part.Attachable>(
  outcome: Answer | Part.Refused,
): Answer {
  if ("fault" in outcome) throw new Fault(outcome.fault);
  if ("unanswered" in outcome) {
    throw fail("no-crypto", outcome.unanswered, "Verify it with another browser, or with Node.");
  }
  return outcome;
}

function textOfBytes(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Array.from(value).join() : value;
}

async function loadPart(): Promise<typeof Part> {
  try {
    return await certificatePart.load();
  } catch (cause) {
    const fix = "Serve certificates.js beside the loader; in Node, keep certificates.cjs beside node.cjs.";
    throw fail("init-failed", "The part of ocisign that reads certificates could not be loaded.", fix, cause);
  }
}

function wantedOf(options: unknown): Part.GivenTrust {
  const known = ["roots", "intermediates", "identity", "subject", "at"] as const;
  const given = checkOptions(options, known, "certificates");
  const roots = filesIn(given.roots, "certificates.roots");
  if (roots.length === 0) {
    throw fail(
      "bad-input",
      "certificates.roots names no CA.",
      "Pass the certificate of the CA that you trust.",
    );
  }
  return {
    roots,
    intermediates:
      given.intermediates === undefined ? [] : filesIn(given.intermediates, "certificates.intermediates"),
    identities: identitiesIn(given.identity),
    subject: subjectIn(optionalText(given, "subject", "certificates.")),
    at: timeIn(given.at),
  };
}

function filesIn(value: unknown, name: string): CertificateFile[] {
  const list = copyOfList(value, mostFiles) ?? [value];
  return list.map((file) => {
    const read = isText(file) && file.length <= mostBytes ? file : bytesOf(file, mostBytes);
    if (read !== undefined) return read;
    const what = `${name} is neither text nor bytes of a certificate, nor a list of at most ${mostFiles}.`;
    throw fail("bad-input", what, "Pass certificates in PEM or DER, of at most 1 MB.");
  });
}

function identitiesIn(value: unknown): string[] {
  if (value === undefined) return [];
  const list = copyOfList(value, mostFiles) ?? [value];
  const texts = list.filter((it) => isText(it) && it !== "");
  // All of them are texts now.
  if (list.length > 0 && texts.length === list.length) return texts as string[];
  throw fail(
    "bad-input",
    "certificates.identity is no name, nor a list of names.",
    "Pass a mail address, an address of the web or a host, or leave it out.",
  );
}

function subjectIn(value: string | undefined): string | undefined {
  if (value !== "") return value;
  throw fail(
    "bad-input",
    "certificates.subject is empty.",
    "Pass the certificate's subject, or leave it out.",
  );
}

function timeIn(value: unknown): Date {
  if (value === undefined) return new Date();
  const at = momentOf(value);
  if (at) return at;
  throw notTime();
}

function notTime(): OcisignErrorOf {
  const fix = "Pass a Date, or a text such as 2026-01-31T12:00:00Z.";
  return fail("bad-input", "certificates.at is no time.", fix);
}
