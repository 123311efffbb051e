// What is shown of several requests together: which ones, what they have in common, what cannot be approved, and the hash.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { liveParts, readBatch } from "ocisign";
import { batchService, idOf, imageOf, requestOf } from "../support/batch-service.js";
import { bound, changedAt, fullRequest, live } from "../support/every-field.js";
import { productOf, signingOf } from "../support/fake-service.js";

const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => at + 1);
const batch = (/** @type {number} */ count) => numbers(count).map((n) => requestOf(n));
const idsOf = (/** @type {import("ocisign").ShownBatch} */ { requests }) =>
  requests.map(({ signing }) => signing.id);

test("a batch is the requests of the complete list that bear its id", async () => {
  const stranger = requestOf(7, { payload: signingOf(imageOf(7)).payload });
  const other = requestOf(8);
  other.payload.metadata[0].value = "nightly2";
  const { client, asked } = batchService([stranger, ...batch(3).reverse(), other]);
  const shown = await readBatch(client, { batch: "nightly" });
  assert.deepEqual(idsOf(shown), [idOf(1), idOf(2), idOf(3)]);
  assert.equal(shown.batch, "nightly");
  assert.deepEqual(shown.unread, []);
  // The list, each request of the batch, and the one product.
  assert.equal(asked.length, 5);
});

test("a request for a digest cannot be approved among others, whatever image stands beside it", async () => {
  const digest = { digest: Buffer.alloc(32, 7).toString("base64"), hashAlgorithm: "SHA256" };
  const requests = batch(5);
  for (const [at, parameter] of [
    [1, { ...requests[1]?.payload.optionalParameters[0], ...digest }],
    [2, digest],
    // What nobody can read here, the service may.
    [3, { ...requests[3]?.payload.optionalParameters[0], digest: "07".repeat(32), hashAlgorithm: "SHA256" }],
    [4, { ...requests[4]?.payload.optionalParameters[0], digest: [7] }],
  ]) {
    requests[at].payload.optionalParameters = [parameter];
  }
  const { client } = batchService(requests);
  const shown = await readBatch(client, { batch: "nightly" });
  assert.deepEqual(
    shown.requests.map(({ refusals }) => refusals.map(({ refusal }) => refusal)),
    [[], ...Array(4).fill(["no-reference"])],
  );
  // A person must not be told to reject what is only decided about elsewhere.
  for (const { refusals } of shown.requests.slice(1)) {
    assert.match(refusals[0]?.error.message ?? "", /is for the signature of a digest/);
    assert.doesNotMatch(refusals[0]?.error.fix ?? "", /[Rr]eject/);
  }
});

test("what the list shows in part is read by itself", async () => {
  const service = batchService(batch(3), {
    act: ({ path }) =>
      path === "imagesignings"
        ? new Response(JSON.stringify([...service.held.values()].map(({ id, status }) => ({ id, status }))))
        : undefined,
  });
  const short = await readBatch(service.client, { batch: "nightly" });
  assert.deepEqual(idsOf(short), [idOf(1), idOf(2), idOf(3)]);

  const without = batchService(batch(3), {
    act: ({ path }) =>
      path === "imagesignings"
        ? new Response(
            JSON.stringify(
              [...without.held.values()].map(({ approvals, ...shown }) => ({ ...shown, name: undefined })),
            ),
          )
        : undefined,
  });
  const whole = await readBatch(without.client, { batch: "nightly" });
  assert.deepEqual(
    whole.requests.map(({ signing }) => signing.name),
    Array(3).fill("OCI signing"),
  );
  assert.equal(whole.hash, short.hash);
});

test("one that the list cannot tell is read by itself, too; what cannot be read at all is told", async () => {
  const service = batchService(batch(3), {
    act: ({ path }) => {
      if (path !== "imagesignings")
        return path.endsWith(idOf(3)) ? new Response("{}", { status: 500 }) : undefined;
      const [one, two, three] = [...service.held.values()];
      return new Response(JSON.stringify([one, { ...two, status: "2" }, { ...three, status: null }, null]));
    },
  });
  const shown = await readBatch(service.client, { batch: "nightly" });
  assert.deepEqual(idsOf(shown), [idOf(1), idOf(2)]);
  assert.deepEqual(
    shown.unread.map(({ id, isWanted, error }) => [id, isWanted, error.code]),
    [
      [idOf(3), false, "server-error"],
      [undefined, false, "bad-reply"],
    ],
  );
});

test("ids are read one by one, each once, whatever their case", async () => {
  const ids = ["aaaaaaaa-0000-4000-8000-00000000000a", idOf(2)];
  const { client, asked } = batchService([requestOf(1, { id: ids[0] }), requestOf(2)]);
  const shown = await readBatch(client, { ids: [ids[1], ids[0], ids[1], ids[0].toUpperCase()] });
  assert.deepEqual(idsOf(shown), [idOf(2), ids[0]]);
  assert.equal(asked.filter(({ path }) => path.startsWith("imagesignings/")).length, 2);
  const partly = await readBatch(client, { ids: [idOf(2), "none"] });
  assert.deepEqual(
    partly.unread.map(({ id, isWanted, error }) => [id, isWanted, error.code]),
    [["none", true, "not-found"]],
  );
  await assert.rejects(readBatch(client, { ids: ["none"] }), { code: "not-found" });
});

test("a batch that nobody has, and a list that may not be read, say so", async () => {
  const { client } = batchService(batch(1));
  await assert.rejects(readBatch(client, { batch: "weekly" }), { code: "not-found", message: /`weekly`/ });
  const refused = batchService([], { act: () => new Response("{}", { status: 403 }) });
  await assert.rejects(readBatch(refused.client, { batch: "nightly" }), {
    code: "forbidden",
    fix: /by their ids/,
  });
});

for (const [what, wanted] of /** @type {[string, any][]} */ ([
  ["nothing", undefined],
  ["neither", {}],
  ["both", { batch: "a", ids: ["b"] }],
  ["a batch id that is none", { batch: "a b" }],
  ["no ids", { ids: [] }],
  ["an id that is no text", { ids: ["a", 7] }],
  ["ids that are a text", { ids: "abc" }],
  ["a field with a typing mistake", { btach: "a" }],
])) {
  test(`${what}: refused before anything is asked`, async () => {
    const { client, asked } = batchService(batch(1));
    await assert.rejects(readBatch(client, wanted), { code: "bad-input" });
    assert.equal(asked.length, 0);
    await assert.rejects(readBatch(/** @type {any} */ ({}), { ids: ["a"] }), { code: "bad-input" });
  });
}

test("what is the same is said once, and what differs by its path", async () => {
  const requests = batch(5);
  requests[3].description = "another";
  delete requests[4].description;
  const shown = await readBatch(batchService(requests).client, { batch: "nightly" });
  const same = new Map(shown.same.map(({ path, value }) => [path, value]));
  assert.equal(same.get("payload.metadata[0].value"), "nightly");
  assert.equal(same.get("productId"), "p");
  assert.ok(!same.has("status"), "no decision is bound to it");
  const apart = new Map(shown.differences.map(({ path, ...more }) => [path, more]));
  assert.deepEqual([...apart.keys()].sort(), [
    "description",
    "id",
    "payload.metadata[1].value",
    "payload.optionalParameters[0].artifactURI",
  ]);
  assert.deepEqual(apart.get("description"), { values: 3, usual: { value: "", count: 3 } });
  assert.deepEqual(apart.get("id"), { values: 5, usual: undefined });
  const differs = shown.requests.map((one) => one.differs.filter(({ path }) => path === "description"));
  assert.deepEqual(differs, [
    [],
    [],
    [],
    [{ path: "description", value: "another" }],
    [{ path: "description", value: undefined }],
  ]);
});

test("the hash is over the form that the documentation names, and the words over the hash", async () => {
  const shown = await readBatch(batchService(batch(2)).client, { batch: "nightly" });
  const sorted = (/** @type {any} */ value) =>
    typeof value !== "object" || value === null
      ? value
      : Array.isArray(value)
        ? value.map(sorted)
        : Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((key) => [key, sorted(value[key])]),
          );
  const { name, enabled, productOperations } = productOf("registry.example");
  const product = {
    "product.name": name,
    "product.enabled": enabled,
    "product.registries[0]": "registry.example",
    "product.operations[0]": productOperations[0],
  };
  const entries = shown.requests.map(({ signing }) => ({
    product,
    request: Object.fromEntries(Object.entries(signing).filter(([part]) => !liveParts.includes(part))),
  }));
  const text = JSON.stringify(sorted(["ocisign-batch/1", entries]));
  assert.equal(shown.hash, createHash("sha256").update(text).digest("hex"));
  assert.equal(shown.words, `2 ${shown.hash.slice(-8)}`);
});

test("two readings of the same set give the same hash, in whichever order the service lists and writes", async () => {
  const requests = batch(20);
  const { hash } = await readBatch(batchService(requests).client, { batch: "nightly" });
  const turned = requests
    .toReversed()
    .map((request) => Object.fromEntries(Object.entries(request).reverse()));
  const again = await readBatch(batchService(turned).client, { batch: "nightly" });
  assert.equal(again.hash, hash);
  const singly = await readBatch(batchService(requests).client, {
    ids: requests.map(({ id }) => id).reverse(),
  });
  assert.equal(singly.hash, hash);
  const fewer = await readBatch(batchService(requests).client, {
    ids: requests.slice(1).map(({ id }) => id),
  });
  assert.notEqual(fewer.hash, hash);
});

test("each place that a decision is bound to changes the hash; what moves by itself does not", async () => {
  const read = async (/** @type {any} */ request) => {
    const shown = await readBatch(batchService([request, requestOf(2)]).client, {
      ids: [request.id, idOf(2)],
    });
    return shown.hash;
  };
  const request = fullRequest();
  const hash = await read(request);
  const seen = new Set([hash]);
  for (const { name, place } of bound) {
    const changed = await read(changedAt(request, place));
    assert.ok(!seen.has(changed), `${name} changes the hash, to one of its own`);
    seen.add(changed);
  }
  for (const { name, place } of live) assert.equal(await read(changedAt(request, place)), hash, name);
  assert.equal(await read({ ...request, status: 4 }), hash);
  for (const changes of [
    { newcomer: null },
    { name: null },
    { description: ["word-description-here"] },
    { productId: "q" },
  ]) {
    assert.notEqual(await read({ ...request, ...changes }), hash, JSON.stringify(changes));
  }
});

test("each fact of a product changes the hash", async () => {
  const product = {
    ...productOf("registry.example"),
    enabled: true,
    state: "Ready",
    productOperations: [
      { id: "o", operationType: "SignOCI", name: "O", token: { name: "k", keyType: "RSA2048" } },
    ],
  };
  const read = async (/** @type {object} */ changes) => {
    const { client } = batchService(batch(2), { products: { p: { ...product, ...changes } } });
    return (await readBatch(client, { batch: "nightly" })).hash;
  };
  const hash = await read({});
  const [operation] = product.productOperations;
  for (const changes of [
    { name: "Q" },
    { enabled: false },
    { state: "New" },
    { productConfigItems: [{ name: "RegistryURL", value: "evil.example" }] },
    { productOperations: [{ ...operation, name: "another" }] },
    { productOperations: [{ ...operation, token: { name: "other", keyType: "RSA2048" } }] },
    { productOperations: [] },
  ]) {
    assert.notEqual(await read(changes), hash, JSON.stringify(changes));
  }
  assert.equal(await read({ description: "no decision is bound to it" }), hash);
});

test("products are read once each, and told for each operation", async () => {
  const requests = [
    requestOf(1),
    requestOf(2),
    requestOf(3, { productId: "q" }),
    requestOf(4, { idProductOperation: "o2" }),
  ];
  const products = { p: productOf("registry.example"), q: productOf("registry.example") };
  const { client, asked } = batchService(requests, { products });
  const shown = await readBatch(client, { batch: "nightly" });
  assert.deepEqual(
    shown.products.map(({ id, operationId, product }) => [id, operationId, product?.name]),
    [
      ["p", "o", "P"],
      ["q", "o", "P"],
      ["p", "o2", "P"],
    ],
  );
  assert.equal(asked.filter(({ path }) => path.startsWith("products/")).length, 2);
});

test("refusals are told for each request, with words", async () => {
  const requests = [
    requestOf(1),
    requestOf(2, { payload: { ...requestOf(2).payload, optionalParameters: [] } }),
    requestOf(3, { productId: "q" }),
    requestOf(4, { productId: "down" }),
    requestOf(5, { productId: "withheld" }),
  ];
  const { client } = batchService(requests, {
    products: { p: productOf("registry.example"), q: productOf("other.example") },
    act: ({ path }) => (path === "products/down" ? new Response("{}", { status: 500 }) : undefined),
  });
  const shown = await readBatch(client, { batch: "nightly" });
  assert.deepEqual(
    shown.requests.map(({ refusals }) => refusals.map(({ refusal, error }) => [refusal, error.code])),
    [
      [],
      [["no-reference", "bad-reply"]],
      [["mismatch", "registry-mismatch"]],
      [["product-unread", "server-error"]],
      [],
    ],
  );
  const announced = productOf("registry.example");
  Object.assign(announced.productOperations[0], { token: { keyType: "RSA4096" } });
  const pem = readFileSync(new URL("../fixtures/rsa2048.pem", import.meta.url), "utf8");
  const profile = { keys: { products: { p: pem } } };
  const pinned = batchService([requestOf(1)], { products: { p: announced } }, { profile });
  const [{ refusals }] = (await readBatch(pinned.client, { batch: "nightly" })).requests;
  assert.deepEqual(
    refusals.map(({ refusal, error }) => [refusal, error.code]),
    [["key-mismatch", "key-mismatch"]],
  );
});

for (const productId of [5, ["p"], { id: "p" }, true]) {
  test(`a product that is named by ${JSON.stringify(productId)} is one that was not read`, async () => {
    const { client } = batchService([requestOf(1, { productId })], {
      products: { p: productOf("o.example") },
    });
    const [{ refusals }] = (await readBatch(client, { batch: "nightly" })).requests;
    assert.deepEqual(
      refusals.map(({ refusal, error }) => [refusal, error.code]),
      [["product-unread", "bad-reply"]],
    );
    assert.match(refusals[0].error.message, /id is no text/);
  });
}

test("an abort ends the reading", async () => {
  const controller = new AbortController();
  const { client } = batchService(batch(3), { act: () => controller.abort() });
  await assert.rejects(readBatch(client, { batch: "nightly" }, { signal: controller.signal }), {
    code: "aborted",
  });
});

test("200 requests", async () => {
  const { client, asked } = batchService(batch(200));
  const shown = await readBatch(client, { batch: "nightly" });
  assert.equal(shown.requests.length, 200);
  assert.match(shown.words, /^200 [0-9a-f]{8}$/);
  assert.equal(asked.length, 202, "the list, each request, and the product");
});
