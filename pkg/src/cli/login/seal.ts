// Secrets under a key that the system's keychain holds (AES-256-GCM). What stands beside them in the file is bound to
// them: whoever exchanges the issuer there opens nothing.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** In base64url. */
export interface Sealed {
  readonly nonce: string;
  readonly text: string;
}

const tagLength = 16;

export function newKey(): string {
  return randomBytes(32).toString("base64url");
}

/** @param bound what has to be the same when it is opened */
export function sealed(plain: string, key: string, bound: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", bytes(key), nonce).setAAD(Buffer.from(bound));
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString("base64url"), text: text.toString("base64url") };
}

/** Nothing if the key is another one, or anything was changed. */
export function opened({ nonce, text }: Sealed, key: string, bound: string): string | undefined {
  const all = bytes(text);
  try {
    const cipher = createDecipheriv("aes-256-gcm", bytes(key), bytes(nonce), { authTagLength: tagLength })
      .setAAD(Buffer.from(bound))
      .setAuthTag(all.subarray(-tagLength));
    return Buffer.concat([cipher.update(all.subarray(0, -tagLength)), cipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "base64url");
}
