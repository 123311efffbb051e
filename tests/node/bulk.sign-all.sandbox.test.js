// Does a run do at a service what it says: request, wait, and skip what the registry proves?
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { outcomesOf } from "../support/keeping-service.js";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";

/** @type {Awaited<ReturnType<typeof testSandbox>>} */
let sandbox;
/** @type {import("ocisign").SigningClient} */
let client;
/** @type {string[]} */
let list;

before(async () => {
  sandbox = await testSandbox();
  client = (await clientsOf(sandbox))("requester");
  const registry = new Registry(sandbox.registry);
  list = [];
  for (let n = 0; n < 12; n += 1) {
    list.push(`${sandbox.registry.domain}/bulk/app-${n}@${await pushImage(registry, `bulk/app-${n}`)}`);
  }
});
after(() => sandbox?.close());

test("twelve images are signed; a second run proves them in the registry, and requests nothing", async () => {
  const product = await client.createProduct(productFor(sandbox, { approvalGroups: [] }));
  const { username, password } = sandbox.registry;
  assert.ok(username && password);
  const options = { productId: product.id, wait: true, registry: { username, password } };
  const first = await outcomesOf(client.signAll(list, options));
  assert.equal(first.error, undefined);
  assert.deepEqual(first.states, Array(12).fill("signed"));
  const requests = (await client.signings()).length;
  const second = await outcomesOf(client.signAll(list, options));
  assert.equal(second.error, undefined);
  assert.deepEqual(
    second.outcomes.map((one) => one.state === "skipped" && one.why),
    Array(12).fill("verified"),
  );
  assert.equal((await client.signings()).length, requests);
});

test("twelve images wait for approval; a second run takes the requests up", async () => {
  const product = await client.createProduct(productFor(sandbox));
  const options = { productId: product.id, skip: /** @type {const} */ (["pending"]) };
  const first = await outcomesOf(client.signAll(list, options));
  assert.deepEqual(first.states, Array(12).fill("waiting"));
  const second = await outcomesOf(client.signAll(() => list.values(), options));
  assert.ok(second.outcomes.every((one) => one.state === "waiting" && one.takenUp));
  const ids = (/** @type {typeof first} */ { outcomes }) =>
    outcomes.map((one) => one.state === "waiting" && one.signing.id);
  assert.deepEqual(ids(second), ids(first));
});
