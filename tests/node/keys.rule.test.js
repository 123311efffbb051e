// Which key is a product's, where product, secrets document and pins each know one: the rule that library, elements and
// command line share, as the latter two have it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, readPublicKey } from "ocisign";
import { keyPair } from "../support/signatures.js";
import { importSource } from "../support/source.js";

const { keyFor } = await importSource("pkg/src/shown/product-key.ts");

const [right, wrong] = [keyPair("rsa"), keyPair("P-256")];
const key = (/** @type {any} */ { pem }) => readPublicKey(pem);
const fingerprints = [key(right), key(wrong)].map(({ fingerprint }) => fingerprint);
const base64 = (/** @type {any} */ { publicKey }) =>
  publicKey.export({ type: "spki", format: "der" }).toString("base64");

/** @param {object} [token] @param {...any} others */
const product = (token = {}, ...others) => ({
  id: "P-1",
  name: "OCI SIGN",
  productOperations: [...others, { id: "o-1", name: "OCI sign", operationType: "SignOCI", token }],
});
const shows = product({ publicKey: base64(right) });
const second = { id: "o-0", name: "second", operationType: "SignOCI", token: {} };
const withheld = new OcisignError(
  "forbidden",
  "The service withholds the product.",
  "Ask for the right to read it.",
);
const failed = new OcisignError("server-error", "The service failed.", "Try again.");
const pinned = (/** @type {any} */ of, list = "products", name = "p-1") => ({
  keys: { [list]: { [name]: of.pem } },
});

/** What it says: where the key is from, its pin's place, or an error's code. @param {any} wanted */
function said(wanted) {
  try {
    const found = keyFor(wanted);
    assert.equal(found.key.fingerprint, fingerprints[0], "the key is the right one");
    return [found.from, found.place, found.pin?.place, found.unread?.code].join(" ").trimEnd();
  } catch (error) {
    assert.ok(error instanceof OcisignError, String(error));
    return error.code;
  }
}

test("where two places know a key, it has to be one", () => {
  const inSecrets = { secrets: key(right) };
  for (const [wanted, expected] of /** @type {[any, string][]} */ ([
    [{ product: shows }, "product the product"],
    [{ product: shows, ...inSecrets }, "product the product"],
    [{ product: shows, secrets: key(wrong) }, "key-mismatch"],
    [{ product: product(), ...inSecrets }, "secrets its secrets document"],
    [
      { product: product(), ...inSecrets, profile: pinned(right) },
      "secrets its secrets document profile.keys.products",
    ],
    [{ product: product(), ...inSecrets, profile: pinned(wrong) }, "key-mismatch"],
    [{ product: product({ keyType: "RSA2048" }), ...inSecrets }, "secrets its secrets document"],
    [{ product: product({ keyType: "secp256r1" }), ...inSecrets }, "key-mismatch"],
    [{ unread: withheld, ...inSecrets }, "secrets its secrets document  forbidden"],
    [{ unread: failed, ...inSecrets }, "server-error"],
    [{ unread: withheld }, "forbidden"],
    [{ product: shows, given: key(right) }, "product the product publicKey"],
    [{ product: shows, given: key(right), givenAt: "--key x.pem" }, "product the product --key x.pem"],
    [{ product: product(), given: key(right), profile: pinned(wrong) }, "given publicKey publicKey"],
    [{ product: product(), given: key(wrong), ...inSecrets }, "key-mismatch"],
    [{ product: product() }, "bad-public-key"],
  ])) {
    assert.equal(said(wanted), expected);
  }
});

test("the pin is that of the operation, by id or by name, and else of the product", () => {
  const two = product({}, second);
  const pin = "pinned profile.keys.operations profile.keys.operations";
  const ofProduct = "pinned profile.keys.products profile.keys.products";
  const both = { keys: { operations: { "O-1": right.pem }, products: { "p-1": wrong.pem } } };
  for (const [wanted, expected] of /** @type {[any, string][]} */ ([
    [{ product: product(), profile: both }, pin],
    [{ product: two, operation: "o-1", profile: both }, pin],
    [{ product: two, operation: "OCI sign", profile: both }, pin],
    [{ product: two, operation: "second", profile: pinned(right) }, ofProduct],
    [{ product: two, operation: "second", profile: pinned(right, "operations", "o-0") }, pin],
    [{ product: two, operation: "second", profile: pinned(right, "operations", "o-1") }, "bad-public-key"],
    [{ product: two, profile: pinned(right, "operations", "o-0") }, "operation-ambiguous"],
    [{ product: { ...product(), productOperations: [] }, profile: pinned(right) }, "operation-missing"],
    [{ unread: withheld, productId: "p-1", profile: pinned(right) }, `${ofProduct} forbidden`],
    [{ unread: withheld, productId: "p-2", profile: pinned(right) }, "forbidden"],
    [{ unread: withheld, operation: "o-1", profile: pinned(right, "operations", "o-1") }, `${pin} forbidden`],
  ])) {
    assert.equal(said(wanted), expected);
  }
});

test("a pin that is no key is a mistake of the profile, wherever it was read", () => {
  const at = (/** @type {unknown} */ pin) => ({
    product: shows,
    profile: { keys: { products: { "p-1": pin } } },
  });
  for (const [pin, message] of /** @type {[unknown, RegExp][]} */ ([
    ["nonsense", /^profile\.keys\.products\["p-1"\]: /],
    ["", /^profile\.keys\.products\["p-1"\]: /],
    [7, /^profile\.keys\.products\["p-1"\] is not a string\.$/],
    [null, /^profile\.keys\.products\["p-1"\] is not a string\.$/],
  ])) {
    assert.throws(() => keyFor(at(pin)), { code: "bad-profile", message });
  }
  const twice = (/** @type {any} */ other) => ({
    product: shows,
    profile: { keys: { products: { "P-1": right.pem, "p-1": other.pem } } },
  });
  assert.equal(said(twice(right)), "product the product profile.keys.products");
  assert.equal(said(twice(wrong)), "key-mismatch");
  assert.equal(said({ product: shows, profile: { keys: { products: [right.pem] } } }), "product the product");
});

test("what a product shows wrongly is its own error, whatever else is known", () => {
  for (const [token, code] of /** @type {[object, string][]} */ ([
    [{ publicKey: "nonsense!" }, "bad-public-key"],
    [{ publicKey: base64(right), keyType: "secp256r1" }, "bad-public-key"],
  ])) {
    assert.equal(said({ product: product(token), secrets: key(right), profile: pinned(right) }), code);
  }
});
