// `ocisign verify IMAGE`: what the registry holds, judged with the keys that are trusted.
import { parseReference, publicKey, verifyImage } from "../../../node.js";
import { readBytes, unreadable } from "../files.js";
import { readImage } from "../image.js";
import { Problem, usage } from "../problem.js";
import { chosenProduct } from "../product.js";
import { registryOptions } from "../registry.js";
import { readStdin } from "../stdin.js";
import { exitForVerification, verificationText } from "../verification-text.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {{ key?: string[], threshold?: number, recursive?: boolean, requireRepository?: boolean, signaturesIn?: string }} Options
 */

/** @param {Session} session @param {Options} options @param {string} text */
export async function verify(session, options, text) {
  const { output, signal, callTimeoutMs } = session;
  const image = readImage(text);
  const keys = await trustedKeys(session, options);
  const registry = await registryOptions(session, image);
  const repository = readRepository(image, options.signaturesIn);
  output.progress(`verifying ${image.canonical}`);
  const verification = await verifyImage(image, {
    keys,
    threshold: options.threshold,
    registry: { ...registry, repository },
    recursive: options.recursive,
    requireRepository: options.requireRepository,
    signal,
    timeoutMs: callTimeoutMs,
  }).catch((/** @type {unknown} */ error) => {
    throw fileNamed(error, options);
  });
  output.settle();
  output.print(verificationText(verification, output));
  output.answer(verification);
  return exitForVerification(verification);
}

/** @param {Session} session @param {Options} options */
async function trustedKeys(session, { key: files, threshold = 1 }) {
  const { product, operation } = session.settings;
  if (files && product?.isFlag) {
    throw usage("--key and --product both say which key is trusted.", "Leave one of them out.");
  }
  const given = files?.length ?? 1;
  if (threshold > given) {
    const what = `--threshold wants ${threshold} keys, and there ${given === 1 ? "is 1" : `are ${given}`}.`;
    throw usage(what, "Give --key as often, with different keys.");
  }
  if (files) return Promise.all(files.map(readKey));
  if (!product) {
    throw usage("There is no key to verify with.", "Give --key FILE, or --product to use the product's key.");
  }
  const chosen = await chosenProduct(session);
  const { profile } = await session.service();
  return [publicKey(chosen, operation?.value, profile)];
}

/** What the library refuses as a key came from a file. @param {any} error @param {Options} options */
function fileNamed(error, { key: files }) {
  if (error?.code !== "bad-public-key" || !files) return error;
  const what = `--key: ${files.join(" or ")}: ${error.message}`;
  const fix = "Give a public key in PEM or DER: RSA of 2048, 3072 or 4096 bits, P-256, P-384 or P-521.";
  return new Problem("bad-public-key", what, fix, { cause: error });
}

/** @param {import("../../../index.js").ImageReference} image @param {string} [name] */
function readRepository({ registry, digest }, name) {
  if (name === undefined) return undefined;
  try {
    const { repository, tag } = parseReference(`${registry}/${name}@${digest}`);
    if (repository === name && tag === undefined) return name;
  } catch {}
  const fix = "Write the path alone, as in team/signatures; it is looked for in the image's registry.";
  throw usage(`--signatures-in "${name}" is not a repository's name.`, fix);
}

/** PEM or DER. @param {string} file */
async function readKey(file) {
  const bytes = file === "-" ? Buffer.from(await readStdin("--key -")) : readBytes(file, "--key");
  if (bytes.length === 0)
    throw unreadable(file, "--key", "it is empty", "Name the file with the public key.");
  const text = bytes.toString("latin1");
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    const fix = "Here --key is the public key. The key of a client certificate is --tls-key.";
    throw unreadable(file, "--key", "it holds a private key", fix);
  }
  if (/-----BEGIN CERTIFICATE-----/.test(text)) {
    const fix = "Take the key out of it: openssl x509 -in FILE -noout -pubkey";
    throw unreadable(file, "--key", "it holds a certificate, not a public key", fix);
  }
  if (text.includes("-----BEGIN")) return text;
  if (bytes[0] === 0x30) return new Uint8Array(bytes);
  throw unreadable(file, "--key", "it holds no public key", "Give a public key in PEM or DER.");
}
