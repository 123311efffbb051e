// `ocisign approve` and `ocisign reject`, and the same in the reference's words.
import { publicKey } from "../../../node.js";
import { acting } from "../acting.js";
import { checkDigest, confirmDigest } from "../confirm.js";
import { exitCode } from "../exit-codes.js";
import { artifactOf } from "../image.js";
import { Problem, usage } from "../problem.js";
import { requestLines, stateText, toneOf } from "../request-text.js";
import { explainUnknown } from "../wait.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../../../index.js").Signing} Signing
 */

/**
 * Shows what will be signed, asks, and approves exactly that.
 *
 * @param {Session} session @param {{ comment?: string, yes?: boolean, digest?: string }} options @param {string} id
 */
export async function approve(session, options, id) {
  const { output, signal } = session;
  checkDigest(options.digest);
  const client = await session.service();
  const shown = await client.signing(id, { signal });
  output.note(
    `${shown.final ? "The request" : "This will be signed"}:\n${describe(shown, output, await productLines(session, shown))}\n`,
  );
  const { image, problem } = artifactOf(shown);
  if (!image) {
    throw new Problem(
      "bad-reply",
      `It cannot be told what would be signed: ${problem}`,
      "Nothing was approved.",
    );
  }
  if (shown.final) {
    throw new Problem(
      "conflict",
      `The request is final: ${stateText(shown)}.`,
      "There is nothing to approve.",
    );
  }
  await confirmDigest(session, image, options);
  const approved = await acting(session, "The approval", () =>
    client.approve(id, { comment: options.comment, expect: shown, signal }),
  );
  output.note("Approved.");
  tell(session, approved);
  return exitCode.done;
}

/** As the reference client does it: without a question, but not without a look. @param {Session} session @param {any} options */
export async function approveById(session, { id, comment }) {
  return approve(session, { comment, yes: true }, id);
}

/** @param {Session} session @param {{ comment: string }} options @param {string} id */
export async function reject(session, { comment }, id) {
  if (comment.trim() === "") throw usage("--comment is empty.", "Say why: the requester has to know.");
  const client = await session.service();
  const rejected = await acting(session, "The rejection", () =>
    client.reject(id, { comment, signal: session.signal }),
  );
  session.output.note("Rejected.");
  tell(session, rejected);
  return exitCode.done;
}

/** @param {Session} session @param {any} options */
export async function rejectById(session, { id, comment }) {
  return reject(session, { comment }, id);
}

/** @param {Session} session @param {Signing} signing */
function tell(session, signing) {
  const { output } = session;
  output.print(describe(signing, output));
  output.answer(signing);
  if (signing.state === "unknown") explainUnknown(session, signing);
}

/** @param {Signing} signing @param {import("../output.js").Output} output @param {[string, unknown][]} [more] */
function describe(signing, output, more) {
  return requestLines(signing, (state) => output.paint(toneOf(signing.state), state), more);
}

/**
 * The product's name and key, for the eyes only: whoever may approve may not be allowed to read products.
 *
 * @param {Session} session @param {Signing} signing @returns {Promise<[string, unknown][]>}
 */
async function productLines(session, { productId, idProductOperation }) {
  if (!productId) return [];
  const client = await session.service();
  try {
    const product = await client.product(productId, { signal: session.signal });
    const name = /** @type {[string, unknown]} */ (["product name", product.name]);
    const { keyType, fingerprint } = publicKey(product, idProductOperation, client.profile);
    return [name, ["key", `${keyType} ${fingerprint}`]];
  } catch (/** @type {any} */ error) {
    if (session.signal.aborted) throw error;
    return [["product name", `(not readable: ${error.message})`]];
  }
}
