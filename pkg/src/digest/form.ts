// How a request says which digest is to be signed: by default as the sandbox reads it, else as the profile says. Writing
// is strict; reading takes what services make of it.
import { type Fields, isList, isRecord, isText } from "../foreign.ts";
import type { DigestForm } from "../service/profile.ts";

/** The hashes that digests are made with. */
export type DigestHash = "sha256" | "sha384" | "sha512";

/** How many hexadecimal digits a digest of each hash has. */
const digits: { readonly [Hash in DigestHash]: number } = { sha256: 64, sha384: 96, sha512: 128 };

export const digestHashes: readonly DigestHash[] = ["sha256", "sha384", "sha512"];

/** A digest that a request asks to sign. */
export interface RequestedDigest {
  readonly hash: DigestHash;
  /** In hexadecimal, lower case. */
  readonly hex: string;
}

/** The names of metadata by which a requester says what a digest is of. Whoever decides computes it again. */
export const imageName = "Image";
export const formatName = "Signature format";

/** The parameter of a request. */
export function parameterOf(
  { hash, hex }: RequestedDigest,
  form: DigestForm = {},
): { [name: string]: string } {
  const { digest, hashAlgorithm, encoding, hashes } = whole(form);
  const value =
    encoding === "hex" ? hex : btoa(hex.replace(/../g, (pair) => byte(Number.parseInt(pair, 16))));
  return { [digest]: value, ...(hashAlgorithm !== null && { [hashAlgorithm]: hashes[hash] }) };
}

/** The one digest that a request, as the service shows it, asks to sign; undefined when it names none, or several. */
export function digestIn(request: unknown, form: DigestForm = {}): RequestedDigest | undefined {
  const names = whole(form);
  const parameter = oneParameter(request);
  if (!parameter) return undefined;
  const text = parameter[names.digest];
  const named = names.hashAlgorithm === null ? undefined : parameter[names.hashAlgorithm];
  if (!isText(text)) return undefined;
  const hash = digestHashes.find((it) =>
    isText(named) ? plain(named) === plain(names.hashes[it]) : hexOf(text, it, names.encoding) !== undefined,
  );
  const hex = hash && hexOf(text, hash, names.encoding);
  return hash && hex ? { hash, hex } : undefined;
}

/** Does it name a digest, be it one that can be read or not? What cannot be read here, the service may sign. */
export function namesDigest(request: unknown, form: DigestForm = {}): boolean {
  const named = oneParameter(request)?.[whole(form).digest];
  return named !== undefined && named !== null && named !== "";
}

/** Of several, nobody can say which one counts. */
function oneParameter(request: unknown): Fields | undefined {
  const parameters = isRecord(request) && isRecord(request.payload) ? request.payload.optionalParameters : [];
  const [parameter, ...others] = isList(parameters) ? parameters : [];
  return isRecord(parameter) && others.length === 0 ? parameter : undefined;
}

function whole({ names, encoding = "base64", hashes }: DigestForm) {
  const { digest = "digest", hashAlgorithm = "hashAlgorithm" } = names ?? {};
  const usual = { sha256: "SHA256", sha384: "SHA384", sha512: "SHA512" };
  return { digest, hashAlgorithm, encoding, hashes: { ...usual, ...hashes } };
}

/** Spellings such as `SHA-256` and `sha256` are one. */
function plain(name: string): string {
  return name.replace(/[^a-z\d]/gi, "").toLowerCase();
}

function hexOf(text: string, hash: DigestHash, encoding: "base64" | "hex"): string | undefined {
  const packed = text.trim();
  const hex = encoding === "hex" ? packed.toLowerCase() : hexOfBase64(packed);
  return hex !== undefined && hex.length === digits[hash] && /^[\da-f]+$/.test(hex) ? hex : undefined;
}

function hexOfBase64(text: string): string | undefined {
  try {
    const bytes = [...atob(text.replaceAll("-", "+").replaceAll("_", "/"))];
    return bytes.map((it) => it.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return undefined;
  }
}

function byte(code: number): string {
  return String.fromCharCode(code);
}
