// A list with elements that cannot be read: are the others there, and is it told which are not?
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError } from "ocisign";
import { answer, fake } from "../support/scripted-fetch.js";

/** @param {unknown[]} elements @param {Partial<import("ocisign").ClientOptions>} [options] */
const read = (elements, options) => fake([answer(elements)], options).client.signings();

const good = { id: "a", status: 2 };

for (const [name, element, code, id] of /** @type {[string, unknown, string, string?][]} */ ([
  ["null", null, "bad-reply"],
  ["a text", "a", "bad-reply"],
  ["a list, nested one deeper", [{ id: "b", status: 2 }], "bad-reply"],
  ["an object without an id", { status: 2 }, "bad-reply"],
  ["one with an empty id", { id: "", status: 2 }, "bad-reply"],
  ["one with a number as its id", { id: 7, status: 2 }, "bad-reply"],
  ["one with the id of another", { id: "A", status: 16 }, "bad-reply", "A"],
  ["one whose status is a text", { id: "b", status: "2" }, "bad-status", "b"],
  ["one whose status is a list", { id: "b", status: [2] }, "bad-status", "b"],
  ["one whose status is no whole number", { id: "b", status: 2.5 }, "bad-status", "b"],
  ["one whose status bears the name of a prototype", { id: "b", status: "__proto__" }, "bad-status", "b"],
  ["one without a status", { id: "b" }, "bad-status", "b"],
])) {
  test(`${name} fails nothing else`, async () => {
    const list = await read([good, element, { id: "c", status: 16 }]);
    assert.deepEqual(
      list.map((one) => one.id),
      ["a", "c"],
    );
    assert.equal(list.unreadable.length, 1);
    const [{ index, error, ...more }] = list.unreadable;
    assert.equal(index, 1);
    assert.deepEqual(more, id === undefined ? {} : { id });
    assert.ok(error instanceof OcisignError);
    assert.equal(error.code, code);
    assert.match(error.message, /element 1\b/);
  });
}

test("products, too", async () => {
  const { client } = fake([answer([{ id: "p" }, null, { id: "P" }, { name: "no id" }])]);
  const products = await client.products();
  assert.deepEqual(products, [{ id: "p" }]);
  assert.deepEqual(
    products.unreadable.map(({ index, id }) => [index, id]),
    [
      [1, undefined],
      [2, "P"],
      [3, undefined],
    ],
  );
});

test("a list looks like any other: JSON and comparisons see its elements only", async () => {
  const list = await read([good]);
  assert.deepEqual(Object.keys(list), ["0"]);
  assert.equal(JSON.stringify(list), '[{"id":"a","status":2,"code":2,"state":"unknown","final":false}]');
  assert.deepEqual(list.unreadable, []);
});

test("what is no list is still an error", async () => {
  for (const reply of [{}, null, "[]", { items: [] }]) {
    await assert.rejects(fake([answer(reply)]).client.signings(), { code: "bad-reply" });
  }
});

test("ten thousand codes that nobody explained, beside a thousand that somebody did, are read at once", async () => {
  const statuses = /** @type {Record<string, "waiting">} */ (
    Object.fromEntries(Array.from({ length: 1000 }, (_, code) => [String(-code - 1), "waiting"]))
  );
  const elements = Array.from({ length: 10_000 }, (_, index) => ({ id: `r${index}`, status: index + 100 }));
  const list = await read([...elements, { id: "known", status: -7 }], { profile: { statuses } });
  assert.equal(list.filter(({ state, final }) => state === "unknown" && !final).length, 10_000);
  assert.equal(list.at(-1)?.state, "waiting");
});

test("a list of which more than ten thousand elements cannot be read is none", async () => {
  for (const element of [0, {}, [], null, "x", good, { id: "b" }]) {
    const many = Array.from({ length: 10_001 }, () => element);
    const few = many.slice(0, 10_000);
    // The first that bears an id is read.
    assert.ok([9_999, 10_000].includes((await read(few)).unreadable.length));
    await assert.rejects(read([...many, element]), (error) => {
      assert.ok(error instanceof OcisignError);
      assert.deepEqual([error.code, error.taken], ["bad-reply", "no"]);
      assert.match(error.message, /more than 10000 elements cannot be read/);
      return true;
    });
  }
  await assert.rejects(fake([answer(Array.from({ length: 10_001 }, () => 0))]).client.products(), {
    code: "bad-reply",
  });
});
