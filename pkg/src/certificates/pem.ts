// Certificates as files hold them: PEM (RFC 7468 §5), one block or several, or the DER form of one.
import { fromBase64 } from "../strict/base64.ts";
import { quoted, refuse } from "../strict/fault.ts";

/** A block of any kind; what stands around it is a note for people. */
const block = /-----BEGIN ([^\r\n]*?)-----(.*?)-----END ([^\r\n]*?)-----/gs;

/** The DER form of each certificate of a text or of bytes. @param what its name in reasons */
export function derIn(given: string | Uint8Array, what: string): Uint8Array<ArrayBuffer>[] {
  // A SEQUENCE: no text of ours begins with this byte and one that is no letter.
  if (typeof given !== "string" && given[0] === 0x30) return [new Uint8Array(given)];
  const text = typeof given === "string" ? given : new TextDecoder().decode(given);
  const found = [...text.matchAll(block)];
  if (found.length === 0 || text.replace(block, "").includes("-----BEGIN")) {
    refuse(`${what} is not a certificate in PEM${found.length > 0 ? ": a block has no end" : ""}.`);
  }
  return found.map(([, label = "", body = "", end = ""]) => {
    // A private key, for instance, is told by its name alone.
    if (label !== "CERTIFICATE" || end !== label) {
      refuse(`${what} holds ${quoted(label)}, where only certificates may be.`);
    }
    const der = fromBase64(body.replaceAll(/[ \t\r\n]/g, ""));
    return der?.length ? der : refuse(`${what} is damaged: it is not base64.`);
  });
}

/** As `openssl x509` writes it. */
export function pemOf(der: Uint8Array): string {
  let binary = "";
  for (const byte of der) binary += String.fromCharCode(byte);
  const lines = btoa(binary).match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
