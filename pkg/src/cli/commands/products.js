// `ocisign products` and `ocisign key`: what can sign, and with which key.
import { publicKey } from "../../../node.js";
import { exitCode } from "../exit-codes.js";
import { fieldOf, listOf, wordsOf } from "../lenient.js";
import { chosenProduct, findProduct, registryOf } from "../product.js";
import { aligned, table } from "../request-text.js";

/** @typedef {import("../../../index.js").Product} Product */

/** @param {import("../session.js").Session} session @param {object} _options @param {string} [wanted] */
export async function products(session, _options, wanted) {
  const { output, signal } = session;
  if (wanted !== undefined) {
    const product = await findProduct(session, wanted);
    output.print(describe(product));
    output.answer(product);
    return exitCode.done;
  }
  const client = await session.service();
  const listed = await client.products({ signal });
  const rows = listed.map((product) => [
    product.id,
    product.name,
    registryOf(product),
    listOf(product.productOperations).map(keyTypeOf).join(", "),
    product.enabled === false ? "no" : "yes",
  ]);
  if (rows.length > 0) output.print(table(["PRODUCT", "NAME", "REGISTRY", "KEYS", "ENABLED"], rows));
  else output.note("There are no products that you may see.");
  output.answer(listed);
  return exitCode.done;
}

/** @param {Product} product */
function describe(product) {
  const operations = listOf(product.productOperations).map((operation, at) => {
    const [id, type, name] = ["id", "operationType", "name"].map((field) => fieldOf(operation, field));
    const words = [id ?? "-", type ?? "?", keyTypeOf(operation), name ?? ""].map(wordsOf).join("  ");
    return /** @type {[string, unknown]} */ ([`operation ${at + 1}`, words]);
  });
  return aligned([
    ["product", product.id],
    ["name", product.name],
    ["description", product.description],
    ["registry", registryOf(product)],
    ["enabled", product.enabled === false ? "no" : "yes"],
    ...operations,
  ]);
}

/** @param {unknown} operation */
function keyTypeOf(operation) {
  return wordsOf(fieldOf(fieldOf(operation, "token"), "keyType"));
}

/** The public key of a product, as PEM. @param {import("../session.js").Session} session */
export async function key(session) {
  const { output, settings } = session;
  const product = await chosenProduct(session);
  const { profile } = await session.service();
  const { pem, keyType, fingerprint } = publicKey(product, settings.operation?.value, profile);
  output.print(pem.trimEnd());
  output.answer({ productId: product.id, pem, keyType, fingerprint });
  if (!output.isJson) output.note(`${keyType} ${fingerprint}`);
  return exitCode.done;
}
