// A public key as people have it: PEM, base64 of its DER form, or a file of either, or of the DER form itself.
import { publicKey } from "ocisign";
import { strings } from "../strings/index.ts";

/** In characters, and in bytes of a file. */
const longest = 65_536;

/** @typedef {{ key?: import("ocisign").PublicKey, problem?: unknown }} GivenKey */

/** @param {string} text @returns {GivenKey} nothing at all for no text */
export function readGivenKey(text) {
  const { notPublic, certificate, tooLong } = strings.verify.keyProblems;
  if (text.trim() === "") return {};
  if (text.length > longest) return { problem: tooLong };
  if (/PRIVATE KEY-----/.test(text)) return { problem: notPublic };
  if (/BEGIN CERTIFICATE-----/.test(text)) return { problem: certificate };
  try {
    // The package reads keys as products show them.
    return {
      key: publicKey({ productOperations: [{ operationType: "SignOCI", token: { publicKey: text } }] }),
    };
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return { problem: { message, fix: strings.verify.keyProblems.fix } };
  }
}

/** A file's key as text, as it would be pasted. A private key is not let into the page. @param {File} file @returns {Promise<{ text: string } | { problem: unknown }>} */
export async function textOfKeyFile(file) {
  const { notPublic, tooLong } = strings.verify.keyProblems;
  if (file.size > longest) return { problem: tooLong };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = asAscii(bytes) ?? linesOf(btoa(String.fromCharCode(...bytes)));
  return /PRIVATE KEY-----/.test(text) ? { problem: notPublic } : { text };
}

/** @param {Uint8Array} bytes @returns {string | undefined} */
function asAscii(bytes) {
  const isText = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || [0x09, 0x0a, 0x0d].includes(byte));
  return isText ? new TextDecoder().decode(bytes) : undefined;
}

/** @param {string} base64 */
function linesOf(base64) {
  return base64.replace(/.{64}/g, "$&\n").trim();
}
