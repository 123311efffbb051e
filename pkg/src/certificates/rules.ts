// What a certificate may be used for, and when (RFC 5280 §4.2.1). Stricter than browsers are: what a signing certificate
// does not say that it is for, it is not for.
import { quoted, refuse } from "../strict/fault.ts";
import type { ReadCertificate } from "./certificate.ts";
import { isSelfIssued } from "./names.ts";

const codeSigning = "1.3.6.1.5.5.7.3.3";
/** Of a CA that restricts nothing. */
const anyUsage = "2.5.29.37.0";

/** A certificate whose key signs images. */
export function checkSigner({
  subject,
  basicConstraints,
  keyUsage,
  extendedKeyUsage,
}: ReadCertificate): void {
  const what = `The certificate ${quoted(subject)}`;
  if (basicConstraints?.cA) refuse(`${what} is a CA's: it is for signing certificates, not images.`);
  if (keyUsage && !keyUsage.includes("digitalSignature")) {
    refuse(`${what} is not for signatures: its key usage has no digitalSignature.`);
  }
  if (extendedKeyUsage?.includes(codeSigning)) return;
  const has = extendedKeyUsage ? `is only for other uses` : `does not say what it is for`;
  refuse(`${what} is not for code signing: it ${has} (extended key usage).`);
}

/** A certificate whose key signs others. */
export function checkAuthority({
  subject,
  basicConstraints,
  keyUsage,
  extendedKeyUsage,
}: ReadCertificate): void {
  const what = `The certificate ${quoted(subject)}`;
  if (!basicConstraints?.cA) refuse(`${what} is no CA: it may not issue certificates (basic constraints).`);
  if (keyUsage && !keyUsage.includes("keyCertSign")) {
    refuse(`${what} may not issue certificates: its key usage has no keyCertSign.`);
  }
  const mayAll = !extendedKeyUsage || extendedKeyUsage.includes(anyUsage);
  if (!mayAll && !extendedKeyUsage.includes(codeSigning)) {
    refuse(`${what} may not issue certificates for code signing (extended key usage).`);
  }
}

/** No more CAs between an authority and the signer than it allows. @param path from the signer up to the root */
export function checkLengths(path: readonly ReadCertificate[]): void {
  for (const [at, { subject, basicConstraints }] of path.entries()) {
    const most = basicConstraints?.pathLenConstraint;
    // Those that renewed themselves do not count (RFC 5280 §4.2.1.9).
    const between = path.slice(1, at).filter((it) => !isSelfIssued(it)).length;
    if (at > 0 && most !== undefined && between > most) {
      refuse(
        `The CA ${quoted(subject)} allows ${most} CAs below it, and there are ${between} (path length).`,
      );
    }
  }
}

export function checkTime({ subject, notBefore, notAfter }: ReadCertificate, at: Date): void {
  const what = `The certificate ${quoted(subject)}`;
  if (at < notBefore) refuse(`${what} is not valid before ${secondOf(notBefore)}.`);
  if (at > notAfter) refuse(`${what} expired on ${secondOf(notAfter)}.`);
}

/** An instant as RFC 3339 writes it. */
export function secondOf(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}
