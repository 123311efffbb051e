// What was asked of certificates, as a verification summary tells it: which CAs, and whose certificates below them. CAs
// between the two are left out: they vouch for nothing by themselves.
import type { CertificateOptions } from "ocisign";
import { certificatesIn } from "../certificates.ts";

export interface CertificatePolicy {
  /** The fingerprints of the CAs, in order, as `openssl x509 -outform DER | sha256sum` prints them after `sha256:`. */
  readonly roots: readonly string[];
  /** Any of these, in order. */
  readonly identity?: readonly string[];
  readonly subject?: string;
  /** When they had to be valid, if that was not the time of verifying. */
  readonly at?: string;
}

export function certificatePolicy({ roots, identity, subject, at }: CertificateOptions): CertificatePolicy {
  return {
    roots: sorted(listOf(roots).flatMap((file) => fingerprintsIn(String(file)))),
    ...(identity !== undefined && { identity: sorted(listOf(identity)) }),
    ...(subject !== undefined && { subject }),
    ...(at !== undefined && { at: new Date(at).toISOString() }),
  };
}

/** They were read before, so that there is nothing to say of the file. */
function fingerprintsIn(pem: string): readonly string[] {
  const place = { value: "", from: "--certificate-root", isFlag: true };
  return certificatesIn(pem, place).map(
    ({ fingerprint256 }) => `sha256:${fingerprint256.replaceAll(":", "").toLowerCase()}`,
  );
}

function listOf<T>(one: T | readonly T[]): readonly T[] {
  return [one].flat() as T[];
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
