// The public keys of a file that a user names. The library reads them; what is said of them names the file.
import type { PublicKey } from "ocisign";
import { type Instead, insteadOfKey, keyBlocks } from "../signature/key-blocks.ts";
import { readBytes, readStdinBytes, unreadable } from "./input.ts";
import { libraryError } from "./library-error.ts";
import { Problem } from "./problem.ts";
import { textIn } from "./text-in.ts";
import { shownPath } from "./withheld.ts";

/** No file of keys is larger. */
const longest = 1024 * 1024;

/** @param file its path; `-` is standard input */
export async function readKeyFile(file: string): Promise<PublicKey[]> {
  const bytes = file === "-" ? await readStdinBytes("--key -") : readBytes(file, "--key");
  if (textIn(bytes)?.trim() === "") {
    throw unreadable(file, "--key", "it is empty", "Name the file that holds the public key.");
  }
  if (bytes.length > longest) {
    throw unreadable(file, "--key", "it is too large for keys", "Name the file that holds only the keys.");
  }
  const { readPublicKey } = await import("ocisign");
  try {
    return keyBlocks(new Uint8Array(bytes)).map((key) => readPublicKey(key));
  } catch (error) {
    const refused = libraryError(error);
    if (!refused) throw error;
    const instead = insteadOfKey(refused.message);
    if (instead) throw notPublic(file, instead);
    const place = file === "-" ? "-" : (shownPath(file) ?? "?");
    throw new Problem("bad-public-key", `--key: ${place}: ${refused.message}`, usualFix);
  }
}

/** The one key of a file. */
export async function readKeyIn(file: string): Promise<PublicKey> {
  const [key, ...others] = await readKeyFile(file);
  if (key && others.length === 0) return key;
  throw unreadable(
    file,
    "--key",
    "it holds several keys",
    "Name a file that holds the one key that is expected.",
  );
}

const usualFix = "Give a public key in PEM or DER: RSA of 2048, 3072 or 4096 bits, P-256, P-384 or P-521.";

/** How the public key comes out of what people give in its place. */
const waysOut: { readonly [Kind in Instead]?: readonly [what: string, fix: string] } = {
  privateKey: [
    "a private key",
    "Give the public key: here --key is not the key of a client certificate, which is --tls-key.",
  ],
  request: [
    "a certificate signing request, not a public key",
    "Take the key out of it: openssl req -in FILE -noout -pubkey",
  ],
  certificate: [
    "a certificate, not a public key",
    "Take the key out of it: openssl x509 -in FILE -noout -pubkey",
  ],
  ssh: ["a key of SSH, not one in PEM", "Write it as PEM: ssh-keygen -e -m pkcs8 -f FILE"],
  pgp: ["a key of PGP, which signs no images", usualFix],
  pkcs12: [
    "a PKCS#12 file (.p12, .pfx), not a public key",
    "Take the key out of it: openssl pkcs12 -in FILE -nokeys -clcerts | openssl x509 -noout -pubkey",
  ],
  pkcs7: [
    "a PKCS#7 file (.p7b), not a public key",
    "Take the key out of it: openssl pkcs7 -in FILE -print_certs | openssl x509 -noout -pubkey",
  ],
  jwk: ["a JSON Web Key, not one in PEM", usualFix],
};

function notPublic(file: string, { name, kind }: { readonly name: string; readonly kind: Instead }): Problem {
  const [what, fix] = waysOut[kind] ?? [name, usualFix];
  return unreadable(file, "--key", `it holds ${what}`, fix);
}
