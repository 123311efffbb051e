// Is a list read to its end when some of its elements cannot be read?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pages, Queue } from "../support/elements-model.js";

const { signal } = new AbortController();
const bad = (/** @type {number} */ index, id = "") => ({ index, id, error: new Error(`element ${index}`) });

/**
 * A client whose list has unreadable elements in it: `undefined` without an id, a number with one.
 *
 * @param {(string | number | undefined)[]} all @param {number} [largest] the service's own page
 */
function clientWith(all, largest = 500) {
  const asked = /** @type {number[]} */ ([]);
  const signings = async (/** @type {any} */ filter) => {
    const { offset = 0, limit = all.length } = filter ?? {};
    asked.push(offset);
    const page = all.slice(offset, offset + Math.min(limit, largest));
    const readable = page.filter((one) => typeof one === "string").map((id) => signing(id));
    const unreadable = page.flatMap((one, index) =>
      typeof one === "string" ? [] : [bad(index, one === undefined ? "" : `bad-${one}`)],
    );
    return Object.defineProperty(readable, "unreadable", { value: unreadable });
  };
  return { client: /** @type {any} */ ({ signings }), asked };
}

const signing = (/** @type {unknown} */ id) => ({ id, status: 2, code: 2, state: "waiting", final: false });

/** @param {any} client */
async function readAll(client) {
  const queue = new Queue();
  const walk = new Pages(client).walk();
  while (!walk.done) {
    const from = walk.count;
    queue.take(await walk.next(signal), from);
    queue.takeUnreadable(walk.unreadable, 0, walk.count);
  }
  queue.keep(walk.seen, walk.unreadable);
  return queue;
}

test("nothing is left out and nothing comes twice, wherever the unreadable ones stand", async () => {
  const ids = Array.from({ length: 1200 }, (_, at) => `id-${at}`);
  for (const places of [
    [],
    [0],
    [499],
    [500],
    [0, 499, 500, 999, 1199],
    ids.map((_, at) => at).slice(500, 1000),
  ]) {
    const all = ids.map((id, at) => (places.includes(at) ? undefined : id));
    const { client } = clientWith(all);
    const queue = await readAll(client);
    const found = [...queue.rows()].map(({ signing: { id } }) => id);
    assert.equal(found.length, 1200 - places.length, `places ${places.slice(0, 5)}`);
    assert.equal(new Set(found).size, found.length);
    assert.deepEqual(
      queue.unreadable.map(({ index }) => index),
      places,
    );
    assert.equal(queue.size, 1200);
  }
});

test("a service whose page is smaller than ours is read whole, too", async () => {
  const all = Array.from({ length: 95 }, (_, at) => (at % 3 === 0 ? at : `id-${at}`));
  const { client } = clientWith(all, 10);
  const queue = await readAll(client);
  assert.equal(queue.size, 95);
  assert.deepEqual(queue.unreadable[1], { ...bad(3, "bad-3"), error: queue.unreadable[1]?.error });
});

test("a service that repeats pages of which nothing can be read comes to an end", async () => {
  const asked = /** @type {number[]} */ ([]);
  const signings = async (/** @type {any} */ { offset, limit }) => {
    asked.push(offset);
    const unreadable = Array.from({ length: limit }, (_, index) => bad(index));
    return Object.defineProperty([], "unreadable", { value: unreadable });
  };
  await readAll({ signings });
  assert.ok(asked.length < 30, String(asked.length));
});

test("one that moves is known by its id; one that can be read again is gone", () => {
  const queue = new Queue();
  queue.take(/** @type {any} */ ([signing("a")]), 0);
  queue.takeUnreadable([bad(1, "x"), bad(2)], 0, 3);
  assert.equal(queue.size, 3);
  const { revision } = queue;
  queue.takeUnreadable([bad(1, "x"), bad(2)], 0, 3);
  assert.equal(queue.revision, revision, "nothing changed");
  queue.takeUnreadable([bad(2, "x")], 0, 4);
  assert.deepEqual(
    queue.unreadable.map(({ index, id }) => [index, id]),
    [[2, "x"]],
  );
  queue.takeUnreadable([], 0, 4);
  assert.deepEqual(queue.unreadable, []);
});

test("a client that says nothing of unreadable elements has none", async () => {
  for (const unreadable of [undefined, null, 7, "x", {}]) {
    const signings = async () => Object.assign([signing("a")], { unreadable });
    const queue = await readAll({ signings });
    assert.deepEqual(queue.unreadable, []);
    assert.equal(queue.size, 1);
  }
});
