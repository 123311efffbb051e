// Pinned keys: which key counts, and does a product that shows another one stop the verification?
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readPublicKey, SigningClient, verifySigning, waitAndVerify } from "ocisign";
import { fakeRegistry } from "../support/fake-registry.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const right = keyPair("rsa");
const wrong = keyPair("P-256");
const third = keyPair("P-384");
const pem = (/** @type {any} */ key) => key.publicKey.export({ type: "spki", format: "pem" });
const der = (/** @type {any} */ key) => key.publicKey.export({ type: "spki", format: "der" });
const base64 = (/** @type {any} */ key) => der(key).toString("base64");
const fingerprint = (/** @type {any} */ key) => readPublicKey(pem(key)).fingerprint;

const productId = "E1EC8EA5-B569-4DA7-8A70-6EB910DAD8AC";
const operationId = "b4f4c9e4-cbd2-4073-820c-9d553a957e54";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {string} */
let image;
before(async () => {
  registry = await fakeRegistry();
  const digest = registry.manifest("team/app", manifestOf({ digest: "the image itself" }));
  image = `${registry.domain}/team/app@${digest}`;
  const payload = payloadFor({ repository: `${registry.domain}/team/app`, digest });
  const bytes = Buffer.from(JSON.stringify(payload));
  registry.blob("team/app", bytes);
  registry.manifest(
    "team/app",
    manifestOf(simpleLayer(right.privateKey, bytes)),
    `${digest.replace(":", "-")}.sig`,
  );
});
after(() => registry.close());

/** A product that shows this of its key. @param {Record<string, unknown>} [token] @returns {any} */
const product = (token = {}) => ({
  id: productId,
  name: "OCI SIGN",
  productOperations: [
    { id: "another", name: "digests", operationType: "DigestSigning", token: { publicKey: base64(third) } },
    { id: operationId, name: "OCI sign", operationType: "SignOCI", token },
  ],
});

/**
 * Verifies a signed request at a service whose product is this, or this answer.
 *
 * @param {any} shown @param {import("ocisign").PinnedKeys} [keys] @param {object} [options]
 * @param {unknown} [idProductOperation] of the request
 */
async function verify(shown, keys, options, idProductOperation = operationId) {
  const artifactURI = Buffer.from(image).toString("base64");
  const request = { id: "r1", status: 16, productId, idProductOperation };
  const payload = { optionalParameters: [{ artifactURI }] };
  const fetch = async (/** @type {string} */ url) => {
    if (!url.includes("/products/")) return new Response(JSON.stringify({ ...request, payload }));
    return shown instanceof Response ? shown.clone() : new Response(JSON.stringify(shown));
  };
  const baseUrl = "https://service.example/api/v1";
  const client = new SigningClient({
    baseUrl,
    token: "the-token",
    fetch,
    profile: { keys },
    retry: { attempts: 1 },
  });
  return waitAndVerify(client, "r1", { lookAgainMs: 0, ...options });
}

/** @param {Promise<unknown>} run @returns {Promise<any>} */
const errorOf = (run) =>
  run.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );

test("without a pin, the product's key counts", async () => {
  const { verification, key, publicKey } = await verify(product({ publicKey: base64(right) }));
  assert.equal(verification?.state, "verified", verification?.reason);
  assert.deepEqual([key?.from, key?.pin, key?.unread], ["product", undefined, undefined]);
  assert.equal(publicKey?.fingerprint, fingerprint(right));
});

test("the pinned key is the product's: ids compare without case, keys by what they are", async () => {
  const shown = product({ publicKey: base64(right) });
  /** @type {import("ocisign").PinnedKeys[]} */
  const pins = [
    { products: { [productId.toLowerCase()]: pem(right) } },
    { products: { [productId]: base64(right) } },
    { operations: { [operationId.toUpperCase()]: pem(right) } },
    { products: { [productId]: pem(wrong) }, operations: { [operationId]: pem(right) } },
    { products: { other: pem(wrong) }, operations: { another: pem(wrong) } },
  ];
  for (const keys of pins) {
    const { verification, key } = await verify(shown, keys);
    assert.equal(verification?.state, "verified", verification?.reason);
    assert.equal(key?.from, "product");
    assert.equal(key?.pin?.from, "other" in (keys.products ?? {}) ? undefined : "pinned");
  }
});

test("a product that shows another key than the pinned one stops it, with both fingerprints", async () => {
  const shown = product({ publicKey: base64(right) });
  /** @type {[import("ocisign").PinnedKeys | undefined, object, RegExp][]} */
  const cases = [
    [{ products: { [productId]: pem(wrong) } }, {}, /profile\.keys\.products/],
    [{ operations: { [operationId]: pem(wrong) } }, {}, /profile\.keys\.operations/],
    // An operation's key precedes its product's.
    [{ products: { [productId]: pem(right) }, operations: { [operationId]: pem(wrong) } }, {}, /operations/],
    [undefined, { publicKey: pem(wrong) }, /publicKey/],
    // What the caller gives takes the place of the profile's.
    [{ products: { [productId]: pem(right) } }, { publicKey: new Uint8Array(der(wrong)) }, /publicKey/],
  ];
  for (const [keys, options, place] of cases) {
    const error = await errorOf(verify(shown, keys, options));
    assert.equal(error.code, "key-mismatch");
    assert.ok(error.message.includes(fingerprint(right)), error.message);
    assert.ok(error.message.includes(fingerprint(wrong)), error.message);
    assert.match(error.message, place);
    assert.match(error.message, /the product/);
    assert.match(error.fix, /replaced/);
  }
});

test("a product that shows no key: the pinned one is used", async () => {
  for (const token of [
    {},
    { publicKey: "" },
    { publicKey: "  \n" },
    { publicKey: null },
    { keyType: "RSA2048" },
  ]) {
    const { verification, key } = await verify(product(token), { products: { [productId]: pem(right) } });
    assert.equal(verification?.state, "verified", verification?.reason);
    assert.deepEqual(
      [key?.from, key?.pin?.place, key?.unread],
      ["pinned", "profile.keys.products", undefined],
    );
  }
  const { key } = await verify(product(), undefined, { publicKey: readPublicKey(pem(right)) });
  assert.equal(key?.from, "given");
  const error = await errorOf(verify(product()));
  assert.equal(error.code, "bad-public-key");
  assert.match(error.fix, /publicKeyPath.*profile\.keys/);
});

test("a product that may not be read: the pinned key is used, and the outcome says why", async () => {
  for (const [status, code] of /** @type {const} */ ([
    [403, "forbidden"],
    [404, "not-found"],
  ])) {
    const withheld = new Response(`{"message":"not yours"}`, { status });
    const { verification, key } = await verify(withheld, { operations: { [operationId]: base64(right) } });
    assert.equal(verification?.state, "verified", verification?.reason);
    assert.deepEqual([key?.from, key?.unread?.code], ["pinned", code]);
    const given = await verify(withheld, undefined, { publicKey: der(right) });
    assert.deepEqual([given.verification?.state, given.key?.from], ["verified", "given"]);
    const error = await errorOf(verify(withheld));
    assert.equal(error.code, code);
    assert.match(error.message, /not yours/);
    assert.match(error.fix, /pin/);
  }
});

test("of a product that may not be read, its own pin is taken", async () => {
  const withheld = new Response("{}", { status: 403 });
  for (const [keys, from] of /** @type {[import("ocisign").PinnedKeys, string][]} */ ([
    [{ products: { other: pem(wrong), [productId]: pem(right) } }, "profile.keys.products"],
    [
      { products: { [productId]: pem(wrong) }, operations: { [operationId]: pem(right) } },
      "profile.keys.operations",
    ],
  ])) {
    const { verification, key } = await verify(withheld, keys);
    assert.deepEqual([verification?.state, key?.place], ["verified", from]);
  }
});

test("the pin of the operation that signed counts, and of no other", async () => {
  const second = { id: "5e0c8a0e-6cf5-4f0a-a4b3-0c4d47ba9a11", name: "again", operationType: "SignOCI" };
  const all = product();
  const two = { ...all, productOperations: [second, ...all.productOperations] };
  const without = { ...all, productOperations: [] };
  const pins = { operations: { [second.id]: pem(wrong), [operationId]: pem(right) } };
  const ofProduct = { products: { [productId]: pem(right) } };
  for (const [shown, keys, operation, expected] of /** @type {[any, any, unknown, string][]} */ ([
    [two, pins, operationId, "verified by profile.keys.operations"],
    [two, pins, "OCI sign", "verified by profile.keys.operations"],
    [two, pins, second.id, "invalid by profile.keys.operations"],
    // Where only one signs images, it is meant.
    [all, pins, null, "verified by profile.keys.operations"],
    [two, pins, null, "operation-ambiguous"],
    [two, ofProduct, null, "operation-ambiguous"],
    [without, ofProduct, null, "operation-missing"],
    [without, ofProduct, operationId, "operation-missing"],
  ])) {
    const said = await verify(shown, keys, undefined, operation).then(
      ({ verification, key }) => `${verification?.state} by ${key?.place}`,
      ({ code }) => code,
    );
    assert.equal(said, expected, `${operation} of ${shown.productOperations.length}`);
  }
});

test("a pin does not help against anything else: nothing is known of the product then", async () => {
  const keys = { products: { [productId]: pem(right) } };
  for (const [answer, code] of /** @type {[Response, string][]} */ ([
    [new Response("{}", { status: 500 }), "server-error"],
    [new Response("<html>"), "not-json"],
    [new Response('{"id":"another"}'), "bad-reply"],
  ])) {
    assert.equal((await errorOf(verify(answer, keys))).code, code);
  }
});

test("what a product shows is never passed over: a damaged key, or several, stop it in spite of a pin", async () => {
  const keys = { products: { [productId]: pem(right) } };
  for (const token of [
    { publicKey: "not base64!" },
    { publicKey: base64(right).slice(40) },
    { publicKey: base64(right), keyType: "secp256r1" },
  ]) {
    assert.equal((await errorOf(verify(product(token), keys))).code, "bad-public-key");
  }
  const several = { ...product(), tokenInfo: [{ publicKey: base64(right) }, { publicKey: base64(wrong) }] };
  const client = new SigningClient({
    baseUrl: "https://service.example/api/v1",
    token: "t",
    profile: { publicKeyPath: "tokenInfo[].publicKey", keys },
  });
  const signed = { id: "r1", status: 16, code: 16, state: "signed", final: true, productId };
  const run = verifySigning(client, /** @type {any} */ (signed), { product: several, reference: image });
  assert.equal((await errorOf(run)).code, "bad-public-key");
});

test("a pinned key that is not of the type that the product announces stops it", async () => {
  const error = await errorOf(
    verify(product({ keyType: "secp256r1" }), { products: { [productId]: pem(right) } }),
  );
  assert.equal(error.code, "key-mismatch");
  assert.ok(error.message.includes(fingerprint(right)) && error.message.includes("secp256r1"), error.message);
});

test("a pin that is no key, or that is there twice, is said by its place", async () => {
  const shown = product({ publicKey: base64(right) });
  for (const text of ["", "nonsense", pem(right).replace("PUBLIC", "PRIVATE")]) {
    const error = await errorOf(verify(shown, { products: { [productId]: text } }));
    assert.equal(error.code, "bad-profile");
    assert.match(error.message, /profile\.keys\.products/);
  }
  for (const other of [base64(right), pem(wrong)]) {
    const twice = { products: { [productId]: pem(right), [productId.toLowerCase()]: other } };
    const error = await errorOf(verify(shown, twice));
    assert.equal(error.code, "bad-profile");
    assert.match(error.message, /profile\.keys\.products\..* is there twice/);
  }
  assert.equal((await errorOf(verify(shown, undefined, { publicKey: "nonsense" }))).code, "bad-public-key");
  assert.equal((await errorOf(verify(shown, undefined, { publicKey: 7 }))).code, "bad-input");
});

test("a key that is pinned for a key's other use is not taken", async () => {
  const keys = { operations: { another: pem(right) } };
  assert.equal((await errorOf(verify(product(), keys))).code, "bad-public-key");
});
