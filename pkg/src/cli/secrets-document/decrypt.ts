// Decrypts a product's secrets document: a JWE (RFC 7516) in its compact form. jose does it: it is maintained, has no
// dependencies of its own, and is the library that the tests use, too.
import type { KeyObject } from "node:crypto";
import { visible } from "../../shown/visible.ts";
import { Problem } from "../problem.ts";
import { beginningOf } from "../secrets.ts";
import { largestDocument } from "./read.ts";

/**
 * How the key of the content may be encrypted, by the kind of the client's key: to a public key, and only so. RSA-OAEP
 * with SHA-1 is what older libraries write; SHA-1 is no weakness there. What is not here is refused: `dir` and the AES
 * kinds need a secret that both know, `PBES2` a password and as many rounds as the sender likes, and `RSA1_5` tells an
 * attacker who may ask often enough.
 */
const keyAlgorithms: Readonly<Record<string, readonly string[]>> = {
  rsa: ["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512", "RSA-OAEP"],
  ec: ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"],
};

/** How the content may be encrypted. Each of these notices a change. */
const contentAlgorithms = [
  ...["A128GCM", "A192GCM", "A256GCM"],
  ...["A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"],
];

/** Is it a JWE, as far as its form says? */
export function looksEncrypted(text: string): boolean {
  return /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]*\.[\w-]+$/.test(text.trim());
}

/** The text within. Of what is refused, only the names of algorithms are repeated. */
export async function decrypt(jwe: string, key: KeyObject): Promise<string> {
  if (!looksEncrypted(jwe)) {
    const fix = "Give the document as the service sent it: five parts of base64url, with dots between them.";
    throw refused("It is no JWE in its compact form.", fix);
  }
  const { compactDecrypt, decodeProtectedHeader } = await import("jose");
  const header = await attempt(async () => decodeProtectedHeader(jwe.trim()));
  if (!header) throw refused("Its header is damaged.", "Get the document again.");
  const allowed = keyAlgorithms[key.asymmetricKeyType ?? ""] ?? [];
  checkAlgorithm("alg", header.alg, allowed, "Register the client's public key for one of these");
  checkAlgorithm("enc", header.enc, contentAlgorithms, "Ask those who run the service for one of these");
  if (header.zip !== undefined) {
    throw refused(
      "It is compressed.",
      "Ask those who run the service for a document that is not compressed.",
    );
  }
  if (header.cty !== undefined && !isPlain(header.cty)) {
    throw refused("It holds another token.", "Ask those who run the service for a document of plain JSON.");
  }
  const opened = await attempt(() =>
    compactDecrypt(jwe.trim(), key, {
      keyManagementAlgorithms: [...allowed],
      contentEncryptionAlgorithms: [...contentAlgorithms],
      // RFC 7516, section 4.1.3, lets a sender compress: a few bytes could become more than this machine has.
      maxDecompressedLength: 0,
    }),
  );
  const fix =
    "Check that this is the private key of your approved client of the product; a document for another key, or a changed one, cannot be decrypted.";
  if (!opened) throw refused("It cannot be decrypted with this key.", fix);
  return new TextDecoder().decode(opened.plaintext);
}

/** Is it a type of content that is no token? What is no text is no type. */
function isPlain(type: unknown): boolean {
  return typeof type === "string" && !/jwt|jose/i.test(type);
}

function checkAlgorithm(name: string, value: unknown, allowed: readonly string[], advice: string): void {
  if (typeof value === "string" && allowed.includes(value)) return;
  const shown = typeof value === "string" ? `"${visible(beginningOf(value, 40))}"` : "missing";
  throw refused(
    `Its \`${name}\` is ${shown}, which is not accepted here.`,
    `${advice}: ${allowed.join(", ")}.`,
  );
}

function refused(what: string, fix: string): Problem {
  return new Problem("bad-secrets", `The secrets document is not used. ${what}`, fix);
}

/** What a library says of a failure could quote what it was given. */
async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch {
    return undefined;
  }
}

/** A document that is larger is refused before it is touched. */
export function checkSize(text: string, from: string): void {
  if (text.length <= largestDocument) return;
  throw new Problem(
    "bad-secrets",
    `${from} is larger than a secrets document is.`,
    "Name the right document.",
  );
}
