// Which images are not requested, because the registry proves them already?
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldImage } from "../support/held-images.js";
import { keepingService, memoryJournal, outcomesOf, product } from "../support/keeping-service.js";
import { keyPair } from "../support/signatures.js";

const { privateKey, pem } = keyPair("P-256");
const other = keyPair("P-256");

/** Images of one registry, the first of them signed. @param {number} count @param {number} signed */
function held(count, signed) {
  const all = Array.from({ length: count }, (_, n) => new HeldImage(`image ${n}`));
  for (const one of all.slice(0, signed)) one.signByTag(privateKey);
  // What it holds itself and what all of them hold.
  const registry = new HeldImage("all", ...all);
  return { registry, list: all.map(({ reference }) => reference) };
}

/** The product, showing a key. @param {string} key */
function showing(key) {
  return { ...product, productOperations: [{ ...product.productOperations[0], token: { publicKey: key } }] };
}
const profile = {
  statuses: /** @type {const} */ ({ 2: "waiting" }),
  publicKeyPath: "productOperations.0.token.publicKey",
};

test("what the product's key proves is skipped, with its verification", async () => {
  const service = keepingService();
  const { registry, list } = held(6, 4);
  const options = { product: showing(pem), registry: { fetch: registry.fetch } };
  const { outcomes, error, states } = await outcomesOf(service.client({ profile }).signAll(list, options));
  assert.equal(error, undefined);
  assert.deepEqual(states, [...Array(4).fill("skipped"), "waiting", "waiting"]);
  const [first] = outcomes;
  assert.ok(first?.state === "skipped" && first.why === "verified");
  assert.equal(first.verification?.state, "verified");
  assert.deepEqual(service.kept(), list.slice(4).sort());
});

test("what another key has signed is requested", async () => {
  const service = keepingService();
  const { registry, list } = held(3, 3);
  const options = { product: showing(other.pem), registry: { fetch: registry.fetch } };
  const { states } = await outcomesOf(service.client({ profile }).signAll(list, options));
  assert.deepEqual(states, ["waiting", "waiting", "waiting"]);
});

test("keys of the caller take the place of the product's", async () => {
  const service = keepingService();
  const { registry, list } = held(3, 3);
  const options = { product, keys: [other.pem, pem], registry: { fetch: registry.fetch } };
  const { states } = await outcomesOf(service.client().signAll(list, options));
  assert.deepEqual(states, ["skipped", "skipped", "skipped"]);
  assert.deepEqual(service.posts(), []);
});

test("a key that is pinned in the profile proves, too", async () => {
  const service = keepingService();
  const { registry, list } = held(2, 2);
  const pinned = { ...profile, publicKeyPath: undefined, keys: { products: { [product.id]: pem } } };
  const options = { product, registry: { fetch: registry.fetch } };
  const { states, error } = await outcomesOf(service.client({ profile: pinned }).signAll(list, options));
  assert.equal(error, undefined);
  assert.deepEqual(states, ["skipped", "skipped"]);
});

test("a registry that is unreachable proves nothing, and is asked no more after a few images", async () => {
  const service = keepingService();
  const { registry, list } = held(60, 60);
  registry.instead = () => ({ status: 403, body: "no" });
  const options = { product: showing(pem), concurrency: 1, registry: { fetch: registry.fetch } };
  const { states, error } = await outcomesOf(service.client({ profile }).signAll(list, options));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(60).fill("waiting"));
  const asked = new Set(registry.asked.filter(({ path }) => path.startsWith("manifests/")));
  assert.ok(asked.size <= 5 * 3, `${asked.size} manifests`);
});

test("without a key nothing is proven, and no registry is asked", async () => {
  const service = keepingService();
  const { registry, list } = held(3, 3);
  const reach = { fetch: registry.fetch };
  const { states } = await outcomesOf(service.client().signAll(list, { product, registry: reach }));
  assert.deepEqual(states, ["waiting", "waiting", "waiting"]);
  assert.deepEqual(registry.asked, []);
});

test("without a key it is an error, if it is asked for", async () => {
  const service = keepingService();
  const { list } = held(1, 1);
  const { error } = await outcomesOf(service.client().signAll(list, { product, skip: ["verified"] }));
  assert.equal(error.code, "bad-public-key");
  assert.deepEqual(service.posts(), []);
});

test("a product that shows another key than the pinned one is an error", async () => {
  const service = keepingService();
  const { list } = held(1, 1);
  const both = { ...profile, keys: { products: { [product.id]: other.pem } } };
  const run = service.client({ profile: both }).signAll(list, { product: showing(pem) });
  const { error } = await outcomesOf(run);
  assert.equal(error.code, "key-mismatch");
  assert.deepEqual(service.posts(), []);
});

test("nothing is skipped if that is wanted", async () => {
  const service = keepingService();
  const { registry, list } = held(2, 2);
  const options = {
    ...{ product: showing(pem), skip: /** @type {[]} */ ([]) },
    registry: { fetch: registry.fetch },
  };
  const { states } = await outcomesOf(service.client({ profile }).signAll(list, options));
  assert.deepEqual(states, ["waiting", "waiting"]);
  assert.deepEqual(registry.asked, []);
  assert.equal(service.count("GET", "^imagesignings"), 0);
});

test("what was proven in an earlier run of a journal is not asked again", async () => {
  const service = keepingService();
  const journal = memoryJournal();
  const { registry, list } = held(3, 3);
  const options = { product: showing(pem), journal, registry: { fetch: registry.fetch } };
  await outcomesOf(service.client({ profile }).signAll(list, options));
  const asked = registry.asked.length;
  const { outcomes } = await outcomesOf(service.client({ profile }).signAll(list, options));
  assert.deepEqual(
    outcomes.map((one) => one.state === "skipped" && one.why),
    ["verified", "verified", "verified"],
  );
  assert.equal(registry.asked.length, asked);
});
