// `ocisign verify`: what the registry holds, judged with the keys that are trusted.

import type { ImageReference, PublicKey } from "ocisign";
import { command, required } from "../command.ts";
import { readImage } from "../image.ts";
import { readBytes, readStdin, unreadable } from "../input.ts";
import { sourceText } from "../key-text.ts";
import { libraryError } from "../library-error.ts";
import { count, duration, flag, text, texts } from "../options.ts";
import { Problem, usage } from "../problem.ts";
import { seenProduct } from "../product-seen.ts";
import { registryOptions } from "../registry-options.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";
import { shownPath } from "../withheld.ts";

export const verify = command({
  name: "verify",
  summary: "Verify the signatures of an image in its registry.",
  argument: required("image", "registry/repository@sha256:…"),
  options: {
    key: texts("--key <file>", "public key to trust, PEM or DER; - is standard input; may be repeated"),
    threshold: count("--threshold <count>", "how many different keys must have signed (default: 1)"),
    recursive: flag("--recursive", "verify every image in an index, too"),
    requireRepository: flag(
      "--require-repository",
      "refuse signatures that name no repository; bundles never name one",
    ),
    signaturesIn: text(
      "--signatures-in <repository>",
      "repository that holds the signatures, if it is not the image's own",
    ),
    totalTimeout: duration(
      "--total-timeout <time>",
      "stop reading the registry after this time (default: 5m)",
    ),
  },
  settings: { "Product, whose key is trusted:": settings.product, "Registry:": settings.registry },
  examples: [
    ["With a key that you have; this asks no service.", `ocisign verify ${sample.image} --key ocisign.pem`],
    ["With the key of a product.", `ocisign verify ${sample.image} --product "OCI SIGN"`],
    [
      "While you replace a key: with the old one or the new one.",
      `ocisign verify ${sample.image} --key old.pem --key ocisign.pem --threshold 1`,
    ],
  ],
  notes: `Exit codes: 0 verified, 5 unsigned or no valid signature, 1 registry not readable, which is never
called unsigned.

Here --key is the public key. Name the key of a client certificate with --tls-key, or with --key before
\`verify\`.`,
  async run(session, options, text) {
    const { verifyImage } = await import("ocisign");
    const { output, signal, callTimeoutMs } = session;
    const image = await readImage(text);
    const keys = await trustedKeys(session, options.key, options.threshold);
    const registry = await registryOptions(session, image);
    const repository = await readRepository(image, options.signaturesIn);
    output.progress(`verifying ${image.canonical}`);
    const { threshold, recursive, requireRepository } = options;
    const verification = await verifyImage(image, {
      ...{ keys, threshold, recursive, requireRepository },
      registry: { ...registry, repository },
      signal,
      timeoutMs: callTimeoutMs,
      totalTimeoutMs: options.totalTimeout,
    });
    output.settle();
    return verification;
  },
  text: verificationText,
  exit: exitForVerification,
});

async function trustedKeys(
  session: Session,
  files: readonly string[] | undefined,
  threshold = 1,
): Promise<PublicKey[]> {
  const { product, operation } = session.settings;
  if (files && product?.isFlag) {
    throw usage("--key and --product both say which key is trusted.", "Leave one of them out.");
  }
  const given = files?.length ?? 1;
  if (threshold > given) {
    const what = `--threshold needs ${threshold} keys, but there ${given === 1 ? "is 1" : `are ${given}`}.`;
    throw usage(what, `Give --key ${threshold} times, with different keys.`);
  }
  if (files) return Promise.all(files.map(readKey));
  if (!product) {
    throw usage("No key is given to verify with.", "Give --key FILE, or --product to use the product's key.");
  }
  const { keyFor } = await import("../../shown/product-key.ts");
  const seen = await seenProduct(session);
  const { profile } = await session.service();
  const found = keyFor({ ...seen, operation: operation?.value, profile });
  if (found.from !== "product" || found.pin) session.output.note(`key: ${sourceText(found)}`);
  return [found.key];
}

/** PEM or DER. */
export async function readKey(file: string): Promise<PublicKey> {
  const bytes = file === "-" ? Buffer.from(await readStdin("--key -")) : readBytes(file, "--key");
  const text = bytes.toString("latin1");
  const problem = (what: string, fix: string) => unreadable(file, "--key", what, fix);
  if (bytes.length === 0) throw problem("it is empty", "Name the file that holds the public key.");
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    const fix = "Give the public key: here --key is not the key of a client certificate, which is --tls-key.";
    throw problem("it holds a private key", fix);
  }
  if (/-----BEGIN CERTIFICATE-----/.test(text)) {
    const fix = "Take the key out of it: openssl x509 -in FILE -noout -pubkey";
    throw problem("it holds a certificate, not a public key", fix);
  }
  const isPem = text.includes("-----BEGIN");
  if (!isPem && bytes[0] !== derSequence) {
    throw problem("it holds no public key", "Give a public key in PEM or DER.");
  }
  const { readPublicKey } = await import("ocisign");
  try {
    return readPublicKey(isPem ? text : new Uint8Array(bytes));
  } catch (error) {
    const refused = libraryError(error);
    if (!refused) throw error;
    const fix = "Give a public key in PEM or DER: RSA of 2048, 3072 or 4096 bits, P-256, P-384 or P-521.";
    throw new Problem("bad-public-key", `--key: ${shownPath(file) ?? "?"}: ${refused.message}`, fix);
  }
}

/** The first byte of every DER SubjectPublicKeyInfo. */
const derSequence = 0x30;

async function readRepository(
  { registry, digest }: ImageReference,
  name: string | undefined,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const { parseReference } = await import("ocisign");
  try {
    const { repository, tag } = parseReference(`${registry}/${name}@${digest}`);
    if (repository === name && tag === undefined) return name;
  } catch {
    // Said below, in words of the option.
  }
  const fix = "Write the path alone, as in team/signatures; the registry is the image's.";
  throw usage("--signatures-in is not a repository's name.", fix);
}
