// `ocisign sign IMAGE`, and the reference's `imagesigning add`: asks for a signature.
import { checkRegistry, publicKey, verifyImage } from "../../../node.js";
import { exitCode } from "../exit-codes.js";
import { readArtifactUri, readImage } from "../image.js";
import { usage } from "../problem.js";
import { chosenProduct, findProduct } from "../product.js";
import { registryOptions } from "../registry.js";
import { request } from "../request.js";
import { exitFor, requestLines, toneOf } from "../request-text.js";
import { exitForVerification, verificationText } from "../verification-text.js";
import { explainNotFinal, explainUnknown, waitFor } from "../wait.js";
import { signFromFile } from "./sign-from-file.js";

/**
 * @typedef {object} SignOptions
 * @property {string} [fromFile] @property {boolean} [wait] @property {number} [timeout] @property {boolean} [verify]
 * @property {string} [name] @property {string} [description] @property {string[]} [metadata]
 *
 * @typedef {import("../../../index.js").Signing} Signing
 */

/** @param {import("../session.js").Session} session @param {SignOptions} options @param {string} [text] */
export async function sign(session, options, text) {
  if (text !== undefined && options.fromFile !== undefined) {
    throw usage("IMAGE and --from-file exclude each other.", "Leave one of them out.");
  }
  if (text === undefined && options.fromFile === undefined) {
    throw usage("There is no image.", "Name one, as registry/repository@sha256:…, or give --from-file.");
  }
  if (options.timeout !== undefined && !options.wait && !options.verify) {
    throw usage("--timeout needs --wait.", "Add --wait, or leave --timeout out.");
  }
  const metadata = readMetadata(options.metadata);
  if (text === undefined) return signFromFile(session, { ...options, metadata });
  const image = readImage(text);
  const registry = options.verify ? await registryOptions(session, image) : undefined;
  const product = await chosenProduct(session);
  checkRegistry(image, product);
  const requested = await request(session, product, image, { ...options, metadata });
  if (!options.wait && !options.verify) {
    tell(session, requested);
    return exitCode.done;
  }
  const end = await waitFor(session, requested, options);
  if (!registry || end.state !== "signed") {
    tell(session, end);
    explainNotFinal(session, end, options.timeout);
    return exitFor(end);
  }
  return prove(session, { product, image, signing: end, registry });
}

/** @param {import("../session.js").Session} session @param {any} options @param {string} _type `SignOCI` */
export async function add(session, options, _type) {
  const image = readArtifactUri(options.artifact);
  const { operid: operation, product: wanted } = options;
  const product = await findProduct(session, wanted);
  const metadata = readMetadata(options.metadata);
  tell(session, await request(session, product, image, { ...options, operation, metadata }));
  return exitCode.done;
}

/** @param {import("../session.js").Session} session @param {Signing} signing */
function tell(session, signing) {
  const { output } = session;
  output.print(requestLines(signing, (state) => output.paint(toneOf(signing.state), state)));
  output.answer(signing);
  if (signing.state === "unknown") explainUnknown(session, signing);
}

/**
 * Status 16 is the service's word; this is the registry's.
 *
 * @param {import("../session.js").Session} session
 * @param {{ product: import("../../../index.js").Product, image: import("../../../index.js").ImageReference, signing: Signing, registry: import("../../../index.js").RegistryOptions }} proof
 */
async function prove(session, { product, image, signing, registry }) {
  const { output, signal, callTimeoutMs } = session;
  const { profile } = await session.service();
  output.progress(`${signing.id}: signed; verifying`);
  const key = publicKey(product, signing.idProductOperation, profile);
  const verification = await verifyImage(image, {
    publicKey: key,
    registry,
    signal,
    timeoutMs: callTimeoutMs,
  });
  output.settle();
  output.print(requestLines(signing, (state) => output.paint(toneOf(signing.state), state)));
  output.print(verificationText(verification, output));
  output.answer({ ...signing, verification });
  return exitForVerification(verification);
}

/** @param {string[]} [given] `NAME=VALUE` @returns {{ name: string, value: string }[] | undefined} */
function readMetadata(given) {
  return given?.map((text) => {
    const [, name, value] = text.match(/^([^=]+)=([\s\S]*)$/) ?? [];
    if (name !== undefined) return { name, value };
    throw usage(`--metadata "${text}" has no name.`, "Write it as NAME=VALUE.");
  });
}
