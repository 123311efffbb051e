// Certificates as files hold them: PEM (RFC 7468 §5), one block or several, or the DER form of one.
import { fromBase64, toBase64 } from "../strict/base64.ts";
import { quoted, refuse } from "../strict/fault.ts";
import { isDer } from "../strict/is-der.ts";

const [begin, end, dashes] = ["-----BEGIN ", "-----END ", "-----"];

/** The DER form of each certificate of a text or of bytes. @param what its name in reasons */
export function derIn(given: string | Uint8Array, what: string): Uint8Array<ArrayBuffer>[] {
  if (typeof given !== "string" && isDer(given)) return [new Uint8Array(given)];
  const text = typeof given === "string" ? given : new TextDecoder().decode(given);
  const ders: Uint8Array<ArrayBuffer>[] = [];
  // What stands around blocks is a note for people. Searched from the front, each part once: a stranger wrote it.
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at)) {
    const [label, start] = restOfLine(text, at + begin.length, what);
    const stop = text.indexOf(end, start);
    if (stop < 0) refuse(`${what} is not a certificate in PEM: a block has no end.`);
    const [endLabel, after] = restOfLine(text, stop + end.length, what);
    // A private key, for instance, is told by its name alone.
    if (label !== "CERTIFICATE" || endLabel !== label) {
      refuse(`${what} holds ${quoted(label)}, where only certificates may be.`);
    }
    const der = fromBase64(text.slice(start, stop).replaceAll(/[ \t\r\n]/g, ""));
    ders.push(der?.length ? der : refuse(`${what} is damaged: it is not base64.`));
    at = after;
  }
  return ders.length > 0 ? ders : refuse(`${what} is not a certificate in PEM.`);
}

/** The name of a block, and where the dashes after it end. */
function restOfLine(text: string, from: number, what: string): [label: string, after: number] {
  const to = text.indexOf(dashes, from);
  const label = text.slice(from, to);
  // The labels of RFC 7468 are all shorter.
  if (to < 0 || to - from > 64 || /[\r\n]/.test(label)) {
    refuse(`${what} is not a certificate in PEM: a line of dashes is damaged.`);
  }
  return [label, to + dashes.length];
}

/** As `openssl x509` writes it. */
export function pemOf(der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
