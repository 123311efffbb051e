// Certificates and keys for TLS as PEM, whatever file holds them: Windows exports DER, and writes text in UTF-16.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { isDer } from "../strict/is-der.ts";
import { readBytes, readText, unreadable } from "./input.ts";
import type { Setting } from "./settings.ts";

/** The PEM of a file in PEM or DER. Another container is named, with the way out of it. */
export function readPem({ value, from }: Setting): string {
  const bytes = readBytes(value, from);
  if (!isDer(bytes)) {
    const text = readText(value, from);
    if (!/-----BEGIN (PKCS7|CMS)-----/.test(text)) return text;
    throw unreadable(value, from, "it is a PKCS#7 file", pkcs7Fix);
  }
  const pem = certificateIn(bytes) ?? keyIn(bytes);
  if (pem) return pem;
  const start = bytes.toString("hex", 0, 24);
  // Version 3 in front (RFC 7292 §4).
  if (/^30(..){1,5}020103/.test(start)) {
    throw unreadable(value, from, "it is a PKCS#12 file (.p12, .pfx)", pkcs12Fix);
  }
  // A content type, signed data (RFC 5652 §3 and §5.1).
  if (/^30(..){1,5}06092a864886f70d010702/.test(start)) {
    throw unreadable(value, from, "it is a PKCS#7 file (.p7b)", pkcs7Fix);
  }
  const what = "it is binary, and neither a certificate nor a private key in DER";
  throw unreadable(value, from, what, "Give a file in PEM or DER.");
}

const pkcs12Fix = "Write what is in it as PEM: openssl pkcs12 -in FILE -nodes -out FILE.pem";
const pkcs7Fix = "Write the certificates in it as PEM: openssl pkcs7 -in FILE -print_certs -out FILE.pem";

function certificateIn(der: Buffer): string | undefined {
  try {
    return String(new X509Certificate(der));
  } catch {
    return undefined;
  }
}

function keyIn(der: Buffer): string | undefined {
  for (const type of ["pkcs8", "pkcs1", "sec1"] as const) {
    try {
      return String(
        createPrivateKey({ key: der, format: "der", type }).export({ type: "pkcs8", format: "pem" }),
      );
    } catch {
      // Not of this type.
    }
  }
  // An encrypted one begins with its algorithm (RFC 5958 §3); whether the passphrase opens it, is seen later.
  if (!/^30(..){1,3}30(..){1,3}06092a864886f70d0105/.test(der.toString("hex", 0, 24))) return undefined;
  const lines = der.toString("base64").replace(/.{64}/g, "$&\n").trim();
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}
