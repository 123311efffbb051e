// A public key as people have it: PEM, base64 of its DER form, or a file of either, or of the DER form itself.

import type { PublicKey } from "ocisign";
import { readPublicKey } from "ocisign";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";

/** In characters, and in bytes of a file. */
const longest = 65_536;

/** Why there is no key, and what to do. */
export type Problem = { readonly message: string; readonly fix: string };

export type GivenKey = { key?: PublicKey | undefined; problem?: Problem | undefined };

/** @returns nothing at all for no text */
export function readGivenKey(text: string): GivenKey {
  const { notPublic, certificate, tooLong } = strings.verify.keyProblems;
  if (text.trim() === "") return {};
  if (text.length > longest) return { problem: tooLong };
  if (/PRIVATE KEY-----/.test(text)) return { problem: notPublic };
  if (/BEGIN CERTIFICATE-----/.test(text)) return { problem: certificate };
  try {
    return { key: readPublicKey(text) };
  } catch (error) {
    const { message } = wordsOf(error);
    return { problem: { message, fix: strings.verify.keyProblems.fix } };
  }
}

/** A file's key as text, as it would be pasted. A private key is not let into the page. */
export async function textOfKeyFile(file: File): Promise<{ text: string } | { problem: Problem }> {
  const { notPublic, tooLong } = strings.verify.keyProblems;
  if (file.size > longest) return { problem: tooLong };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = asAscii(bytes) ?? linesOf(btoa(String.fromCharCode(...bytes)));
  return /PRIVATE KEY-----/.test(text) ? { problem: notPublic } : { text };
}

function asAscii(bytes: Uint8Array): string | undefined {
  const isText = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || [0x09, 0x0a, 0x0d].includes(byte));
  return isText ? new TextDecoder().decode(bytes) : undefined;
}

function linesOf(base64: string) {
  return base64.replace(/.{64}/g, "$&\n").trim();
}
