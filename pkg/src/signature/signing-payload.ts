// What a signer elsewhere has to sign.
import { toUtf8 } from "../bytes.ts";
import { simpleSigningPayload } from "../core.ts";
import { fail } from "../error.ts";
import { asReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { hashOf } from "../strict/digest.ts";
import { preAuthenticationEncoding } from "./proof/envelope.ts";
import { signedStatement } from "./statement.ts";
import type { SignatureFormat } from "./verification.ts";

/** What is signed of an image in one format. */
export interface BytesToSign {
  /** The format that these bytes belong to. No other one signs the same. */
  readonly format: SignatureFormat;
  /** What the signer hashes and signs: these bytes, and nothing before or after them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Their SHA-256 in hexadecimal, for a signer that takes a digest. */
  readonly sha256: string;
  /** Their SHA-384 in hexadecimal. */
  readonly sha384: string;
  /** Their SHA-512 in hexadecimal. */
  readonly sha512: string;
}

/** The formats that can be written. */
export const formats: readonly SignatureFormat[] = ["simple-signing", "bundle"];

/**
 * Makes the bytes that a signer elsewhere has to sign, such as an HSM, a KMS or a `DigestSigning` operation:
 * for `simple-signing` cosign's payload, for `bundle` DSSE's pre-authentication encoding of the statement that
 * cosign 3 writes. {@link attachSignature} takes the signature.
 *
 * @throws {OcisignError} `bad-input` for another format; as {@link parseReference}.
 * @example
 * ```js
 * import { signingPayload } from "ocisign";
 *
 * const { bytes, sha256 } = await signingPayload(image, "bundle");
 * console.log(new TextDecoder().decode(bytes).slice(0, 6)); // DSSEv1
 * console.log(sha256.length); // 64
 * ```
 */
export async function signingPayload(
  reference: string | ImageReference,
  format: SignatureFormat,
): Promise<BytesToSign> {
  const image = asReference(reference);
  const bytes = signedBytes(image, checkFormat(format));
  const [sha256, sha384, sha512] = await Promise.all([
    hashOf(bytes, "SHA-256"),
    hashOf(bytes, "SHA-384"),
    hashOf(bytes, "SHA-512"),
  ]);
  return { format, bytes, sha256, sha384, sha512 };
}

/** The bytes alone. */
export function signedBytes(image: ImageReference, format: SignatureFormat): Uint8Array<ArrayBuffer> {
  if (format === "simple-signing") return toUtf8(simpleSigningPayload(image).text);
  return preAuthenticationEncoding(signedStatement(image.digest));
}

/** One of the formats. @param more what else may be passed there */
export function checkFormat(format: unknown, more: readonly string[] = []): SignatureFormat {
  const known = formats.find((it) => it === format);
  if (known) return known;
  const fix = `Pass one of: ${[...formats, ...more].join(", ")}.`;
  throw fail("bad-input", "format is not a format of signatures.", fix);
}
