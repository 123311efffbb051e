// Is what was shown all that the service said? What JavaScript loses in reading JSON must not make two requests look, and
// hash, alike.
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveBatch, readBatch } from "ocisign";
import { all, batchService, idOf, requestOf } from "../support/batch-service.js";

/** A service of two requests; the text of the second one is changed as `text` does it. @param {(json: string) => string} text */
function serving(text) {
  let change = text;
  const service = batchService([requestOf(1), requestOf(2, { priority: 0 })], {
    act: ({ method, path, id = "" }) =>
      method === "GET" && path.includes(idOf(2))
        ? new Response(change(JSON.stringify(service.held.get(id))))
        : undefined,
  });
  return { ...service, to: (/** @type {(json: string) => string} */ other) => (change = other) };
}

const as = (/** @type {string} */ number) => (/** @type {string} */ json) =>
  json.replace('"priority":0', `"priority":${number}`);

for (const number of [
  ...["9007199254740993", "-9007199254740993", "1e400", "-1e400", "1e-400", "123456789012345678901234567890"],
  ...["0.1000000000000000055511151231257827", "9007199254740992.5", "1.00000000000000000001", "[1,1e999]"],
]) {
  test(`the number ${number} cannot be shown: its request is unread, and the others are decided`, async () => {
    const { client, posts } = serving(as(number));
    const shown = await readBatch(client, { batch: "nightly" });
    assert.deepEqual(
      shown.unread.map(({ id, isWanted, error }) => [id, isWanted, error.code]),
      [[idOf(2), true, "bad-reply"]],
    );
    assert.match(shown.unread[0]?.error.message ?? "", /a number that JavaScript cannot keep/);
    const outcomes = await all(approveBatch(client, shown, { confirm: shown.words }));
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      ["approved"],
    );
    assert.equal(posts().length, 1);
  });
}

for (const [what, change] of /** @type {[string, (json: string) => string][]} */ ([
  ["at the top", (json) => json.replace("{", '{"description":"another",')],
  ["by an escape", (json) => json.replace("{", '{"des\\u0063ription":"another",')],
  ["deep within", (json) => json.replace('"metadata":[', '"metadata":[{"name":"a","name":"a","value":"b"},')],
  ["with the same value", (json) => json.replace('"priority":0', '"priority":0,"priority":0')],
  ["with a brace in a text between", (json) => json.replace("{", '{"x":"a\\\\\\"}{,","x":1,')],
])) {
  test(`a field that stands twice ${what} cannot be shown`, async () => {
    const { client } = serving(change);
    const { unread } = await readBatch(client, { ids: [idOf(1), idOf(2)] });
    assert.match(unread[0]?.error.message ?? "", /two fields of one name/);
  });
}

const spellings = ["0", "-0", "0.0", "-0.0", "0e5", "-0E-7"];
test("what is equal has one hash, and is no change, however it is spelled", async () => {
  const hashes = new Set();
  const pairs = [
    ...spellings.map((it) => [it, "0"]),
    ...["1.50", "15e-1", "150E-2", "0.15e1"].map((it) => [it, "1.5"]),
    ["1e2", "100"],
    ["1.0", "1"],
    ["9007199254740992", "9007199254740992.0"],
    ["1e21", "1000000000000000000000"],
  ];
  for (const [one, other] of pairs.flatMap(([one, other]) => [
    [one, other],
    [other, one],
  ])) {
    const { client, to } = serving(as(String(one)));
    const shown = await readBatch(client, { batch: "nightly" });
    assert.equal(shown.requests.length, 2, one);
    to(as(String(other)));
    const again = await readBatch(client, { batch: "nightly" });
    assert.equal(again.hash, shown.hash, `${one} and ${other}`);
    hashes.add(shown.hash);
    const outcomes = await all(approveBatch(client, shown, { confirm: shown.words }));
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      ["approved", "approved"],
      `${one} and ${other}`,
    );
  }
  assert.equal(hashes.size, 6, "and what is not equal has another one");
});

test("what differs in the last digit that JavaScript keeps has another hash", async () => {
  const pairs = [
    ["9007199254740991", "9007199254740990"],
    ["0.1", "0.10000000000000002"],
    ["5e-324", "1e-323"],
    ["1.7976931348623157e308", "1.7976931348623155e308"],
    ['"1"', "1"],
    ["null", "0"],
    ["[]", "{}"],
  ];
  for (const [one, other] of pairs) {
    const { client, to } = serving(as(String(one)));
    const { hash } = await readBatch(client, { batch: "nightly" });
    to(as(String(other)));
    assert.notEqual((await readBatch(client, { batch: "nightly" })).hash, hash, `${one} and ${other}`);
  }
});

test("what gets such a number after it was shown is changed", async () => {
  const { client, to, postsTo } = serving(as("9007199254740992"));
  const shown = await readBatch(client, { batch: "nightly" });
  to(as("9007199254740993"));
  const outcomes = await all(approveBatch(client, shown, { confirm: shown.words }));
  const states = Object.fromEntries(outcomes.map(({ id, state }) => [id, state]));
  assert.deepEqual(states, { [idOf(1)]: "approved", [idOf(2)]: "changed" });
  assert.equal(postsTo(idOf(2)).length, 0);
});

test("what moves by itself may say what it likes, and so may other requests of the list", async () => {
  const { client } = serving((json) =>
    json.replace("{", '{"history":[{"at":1732900000.1234567891,"at":1}],"updatedAt":1732900000.12345678912,'),
  );
  const shown = await readBatch(client, { batch: "nightly" });
  assert.deepEqual([shown.requests.length, shown.unread.length], [2, 0]);
});

test("a product with such a number is unread, and nothing is approved for it", async () => {
  const service = batchService([requestOf(1)], {
    act: ({ path }) =>
      path === "products/p" ? new Response('{"id":"p","name":"a","limit":9007199254740993}') : undefined,
  });
  const shown = await readBatch(service.client, { batch: "nightly" });
  assert.equal(shown.products[0]?.error?.code, "bad-reply");
  assert.deepEqual(
    shown.requests[0]?.refusals.map(({ refusal }) => refusal),
    ["product-unread"],
  );
});
