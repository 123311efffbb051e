// The private key of a registered client. Nothing of it is ever repeated.
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { isRecord } from "../../foreign.ts";
import { claimStdin, readStdin, readText, unreadable } from "../input.ts";
import { type Problem, usage } from "../problem.ts";
import { keepSecret } from "../secrets.ts";

const option = "--client-key";

/** Reads `@FILE` or `@-`: PEM (PKCS#8, PKCS#1 or SEC 1), or a private JWK. An RSA or an EC key. */
export async function readClientKey(given: string): Promise<KeyObject> {
  const file = given.startsWith("@") ? given.slice(1) : "";
  if (file === "") {
    // It may be the key itself.
    keepSecret(given);
    throw usage(`${option} does not name a file.`, `Write it as ${option} @FILE; @- is standard input.`);
  }
  const text = keepSecret(file === "-" ? await readStdin(`${option} @-`) : readText(file, `${option} @…`));
  const problem = (what: string, fix: string) => unreadable(file, `${option} @…`, what, fix);
  const key = text.trimStart().startsWith("{") ? fromJwk(text, problem) : fromPem(text, problem);
  const { asymmetricKeyType: type } = key;
  if (type === "rsa" || type === "ec") return key;
  throw problem("it is neither an RSA nor an EC key", "Name the private key of the registered client.");
}

/** Claims standard input, if the key comes from there, before anything else reads it. */
export function claimForClientKey(given: string | undefined): void {
  if (given === "@-") claimStdin(`${option} @-`);
}

type Refuse = (what: string, fix: string) => Problem;

const privateOne = "Name the private key that belongs to the registered public key.";

function fromPem(text: string, problem: Refuse): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    const fix = "Decrypt it into a file that only you can read: openssl pkey -in FILE -out PLAIN";
    throw problem("the private key in it is encrypted", fix);
  }
  try {
    return createPrivateKey(text);
  } catch {
    // What OpenSSL says may quote the key.
  }
  if (/-----BEGIN CERTIFICATE-----/.test(text)) throw problem("it holds a certificate", privateOne);
  if (isPublic(text)) throw problem("it holds a public key", privateOne);
  throw problem("it holds no private key that can be read", "Give a PEM private key, or a private JWK.");
}

function isPublic(text: string): boolean {
  try {
    return createPublicKey(text).type === "public";
  } catch {
    return false;
  }
}

function fromJwk(text: string, problem: Refuse): KeyObject {
  const jwk = parsed(text);
  if (!isRecord(jwk))
    throw problem("it is neither PEM nor a JWK", "Give a PEM private key, or a private JWK.");
  for (const value of Object.values(jwk)) if (typeof value === "string") keepSecret(value);
  if (Array.isArray(jwk.keys))
    throw problem("it holds a set of keys", "Put the client's JWK alone into the file.");
  if (jwk.kty === "oct") throw problem("it holds a symmetric key", privateOne);
  if (jwk.d === undefined) throw problem("it holds a public key", privateOne);
  try {
    return createPrivateKey({ key: jwk, format: "jwk" });
  } catch {
    throw problem("it holds no private key that can be read", "Give a private JWK of an RSA or an EC key.");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
