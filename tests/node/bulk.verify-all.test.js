// Many images: what comes of each, and how the run is ended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, parseReference, verifyAll } from "ocisign";
import { inListOrder, ManyImages, never } from "../support/image-registries.js";
import { keyPair } from "../support/signatures.js";

const key = keyPair("P-256");
const other = keyPair("P-256");
const name = "registry.example/team/app";

/** @param {ManyImages} held @param {object} [more] */
const options = (held, more = {}) => ({ publicKey: key.pem, registry: { fetch: held.fetch }, ...more });

/** @param {Promise<unknown>} work @returns {Promise<OcisignError>} */
async function failure(work) {
  const error = await work.then(
    () => assert.fail("it did not fail"),
    (it) => it,
  );
  assert.ok(error instanceof OcisignError, String(error?.stack));
  assert.ok(error.message && error.fix);
  return error;
}

test("each image has an outcome of its own, and its place in the list", async () => {
  const held = new ManyImages();
  const list = [
    held.image(name, "one", key.privateKey),
    held.image(name, "two"),
    held.image(name, "three", other.privateKey),
    parseReference(held.image(name, "four", key.privateKey)),
  ];
  const outcomes = await inListOrder(verifyAll(list, options(held)));
  assert.deepEqual(
    outcomes.map(({ index, reference, verification }) => [index, reference, verification?.state]),
    ["verified", "unsigned", "invalid", "verified"].map((state, index) => [
      index,
      typeof list[index] === "string" ? list[index] : list[index].canonical,
      state,
    ]),
  );
});

test("outcomes come in the order in which they end", async () => {
  const held = new ManyImages();
  const list = held.images(3, name, key.privateKey);
  /** @type {(value?: unknown) => void} */
  let go = () => {};
  const later = new Promise((resolve) => {
    go = resolve;
  });
  held.instead = async ({ url }) => {
    if (url.includes(list[0].split("@")[1])) await later;
    return undefined;
  };
  const seen = [];
  for await (const { index } of verifyAll(list, options(held))) {
    seen.push(index);
    if (seen.length === 2) go();
  }
  assert.deepEqual([seen[2], seen.length], [0, 3]);
});

test("progress counts by outcome, and knows the total of what can be walked along twice", async () => {
  const held = new ManyImages();
  const list = [held.image(name, "one", key.privateKey), held.image(name, "two")];
  for (const [references, total] of /** @type {const} */ ([
    [list, 2],
    [() => list, 2],
    [list.values(), undefined],
  ])) {
    /** @type {import("ocisign").BulkProgress[]} */
    const told = [];
    const onProgress = (/** @type {import("ocisign").BulkProgress} */ it) => void told.push(it);
    await inListOrder(verifyAll(references, options(held, { onProgress })));
    assert.deepEqual(told[1], { total, done: 2, counts: { verified: 1, unsigned: 1 } });
    assert.equal(told.length, 2);
    assert.equal(told[0].done, 1);
  }
});

const wrong = ["nginx", "registry.example/Team/app"];

test("a list is checked as a whole: nothing is asked, and the error names all that is wrong", async () => {
  const held = new ManyImages();
  const good = held.image(name, "one", key.privateKey);
  for (const list of [[good, wrong[0], good, wrong[1]], () => [good, wrong[0], good, wrong[1]].values()]) {
    const error = await failure(inListOrder(verifyAll(list, options(held))));
    assert.equal(error.code, "bad-list");
    assert.match(error.message, /^2 of 4 images cannot be verified\. The first is at index 1: /);
    assert.deepEqual(
      /** @type {any} */ (error).wrong.map(({ index, given, error: { code } }) => [index, given, code]),
      [
        [1, wrong[0], "registry-missing"],
        [3, wrong[1], "repository-uppercase"],
      ],
    );
    assert.match(error.fix, /keepGoing: true/);
  }
  assert.equal(held.asked.length, 0);
});

test("of many that are wrong, the error names a few and counts the rest", async () => {
  const error = await failure(
    inListOrder(verifyAll(Array(100_000).fill("nginx"), options(new ManyImages()))),
  );
  assert.match(error.message, /^100000 of 100000 images cannot be verified\. The first is at index 0: /);
  assert.ok(error.message.length < 1000);
  assert.equal(/** @type {any} */ (error).wrong.length, 1000);
});

test("with keepGoing, what is wrong is an outcome, and the others are verified", async () => {
  const held = new ManyImages();
  const list = [wrong[0], held.image(name, "one", key.privateKey), 7, wrong[1]];
  for (const references of [list, list.values()]) {
    // @ts-expect-error: 7 is no reference
    const outcomes = await inListOrder(verifyAll(references, options(held, { keepGoing: true })));
    assert.deepEqual(
      outcomes.map(({ reference, verification, error }) => [reference, verification?.state ?? error?.code]),
      [
        [wrong[0], "registry-missing"],
        [list[1], "verified"],
        ["", "bad-input"],
        [wrong[1], "repository-uppercase"],
      ],
    );
  }
});

test("what can be walked along only once is checked as it comes", async () => {
  const held = new ManyImages();
  const list = [held.image(name, "one", key.privateKey), "nginx"];
  const seen = [];
  const error = await failure(
    (async () => {
      for await (const { index } of verifyAll(list.values(), options(held))) seen.push(index);
    })(),
  );
  assert.match(error.message, /An image cannot be verified\. The first is at index 1: /);
  assert.equal(await held.left(), 0);
});

test("a list that is none, and options that are wrong, are refused before anything is asked", async () => {
  const held = new ManyImages();
  const image = held.image(name, "one");
  /** @type {[unknown, object, RegExp][]} */
  const cases = [
    [image, {}, /references is no list/],
    [undefined, {}, /references is no list/],
    [{}, {}, /references is no list/],
    [() => 5, {}, /references is no list/],
    [[image], { concurrency: 0 }, /concurrency/],
    [[image], { concurrency: 1.5 }, /concurrency/],
    [[image], { onProgress: 1 }, /onProgress/],
    [[image], { concurency: 5 }, /unknown field `concurency`/],
    [[image], { publicKey: undefined }, /public key/],
    [[image], { registry: { username: "robot" } }, /username and password/],
    [[image], { registry: { url: "no url" } }, /registry\.url/],
    [[image], { timeoutMs: -1 }, /timeoutMs/],
  ];
  for (const [list, more, message] of cases) {
    // @ts-expect-error: that is what is tested
    const error = await failure(inListOrder(verifyAll(list, options(held, more))));
    assert.match(error.message, message);
  }
  assert.equal(held.asked.length, 0);
});

test("a list that changes meanwhile is verified as it was", async () => {
  const held = new ManyImages();
  const list = held.images(30, name, key.privateKey);
  const before = [...list];
  const seen = [];
  for await (const { reference } of verifyAll(list, options(held, { concurrency: 1 }))) {
    seen.push(reference);
    list.length = 0;
  }
  assert.deepEqual(seen.sort(), before.sort());
});

test("what the source throws ends the run, after nothing of it goes on any more", async () => {
  const held = new ManyImages();
  const list = held.images(5, name, key.privateKey);
  async function* source() {
    yield* list;
    throw new RangeError("the disk is gone");
  }
  await assert.rejects(inListOrder(verifyAll(source(), options(held))), /the disk is gone/);
  assert.equal(await held.left(), 0);
});

for (const [count, concurrency] of [
  [1, 16],
  [40, 16],
  [40, 1],
]) {
  test(`${count} images that were read before the source throws are told first, ${concurrency} at a time`, async () => {
    const held = new ManyImages();
    const list = held.images(count, name, key.privateKey);
    function* source() {
      yield* list;
      throw new RangeError("the disk is gone");
    }
    /** @type {(string | undefined)[]} */
    const states = [];
    const work = (async () => {
      const run = verifyAll(source(), options(held, { concurrency }));
      for await (const { verification } of run) states.push(verification?.state);
    })();
    await assert.rejects(work, /the disk is gone/);
    assert.deepEqual(states, Array(count).fill("verified"));
  });
}

test("whoever leaves the loop ends all requests, and the source", async () => {
  const held = new ManyImages();
  const list = held.images(50, name, key.privateKey);
  let isClosed = false;
  async function* source() {
    try {
      yield* list;
      await new Promise(() => {});
    } finally {
      isClosed = true;
    }
  }
  held.instead = ({ url, signal }) => (url.includes(list[7].split("@")[1]) ? never(signal) : undefined);
  for await (const _ of verifyAll(source(), options(held, { concurrency: 4 }))) break;
  assert.equal(await held.left(), 0);
  const { length } = held.asked;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(held.asked.length, length);
  // It was waiting for what never comes: it cannot be closed, and nobody waits for that.
  assert.equal(isClosed, false);
});

test("a source that is read no more is closed", async () => {
  const held = new ManyImages();
  const list = held.images(2000, name);
  let isClosed = false;
  function* source() {
    try {
      yield* list;
    } finally {
      isClosed = true;
    }
  }
  for await (const _ of verifyAll(source(), options(held, { concurrency: 2 }))) break;
  assert.equal(isClosed, true);
});

test("an abort is heard: what ended is told, then the error, and nothing goes on", async () => {
  const held = new ManyImages();
  const list = held.images(100, name, key.privateKey);
  const controller = new AbortController();
  held.instead = ({ url, signal }) => (url.includes(list[1].split("@")[1]) ? never(signal) : undefined);
  let seen = 0;
  const reason = new Error("enough");
  const error = await failure(
    (async () => {
      for await (const _ of verifyAll(list, options(held, { signal: controller.signal, concurrency: 4 }))) {
        seen += 1;
        if (seen === 3) controller.abort(reason);
      }
    })(),
  );
  assert.deepEqual([error.code, error.cause], ["aborted", reason]);
  assert.equal(await held.left(), 0);
  assert.ok(seen < 50, `${seen}`);
});

test("an abort before the first step asks nothing", async () => {
  const held = new ManyImages();
  const list = held.images(3, name);
  const error = await failure(inListOrder(verifyAll(list, options(held, { signal: AbortSignal.abort() }))));
  assert.equal(error.code, "aborted");
  assert.equal(held.asked.length, 0);
});

test("what onProgress throws ends the run", async () => {
  const held = new ManyImages();
  const onProgress = () => {
    throw new RangeError("no more room");
  };
  const list = held.images(40, name);
  await assert.rejects(
    inListOrder(verifyAll(list, options(held, { onProgress, concurrency: 2 }))),
    /no more room/,
  );
  assert.equal(await held.left(), 0);
});

test("a password is for one registry: nothing is asked of another one", async () => {
  const held = new ManyImages();
  const list = [held.image(name, "one", key.privateKey), held.image("other.example/app", "two")];
  const registry = { fetch: held.fetch, username: "robot", password: "secret" };
  const error = await failure(inListOrder(verifyAll(list, options(held, { registry }))));
  assert.match(
    error.message,
    /1 of 2 images cannot be verified\. The first is at index 1: registry names a password for one registry/,
  );
  assert.equal(held.asked.length, 0);
  const outcomes = await inListOrder(verifyAll(list.values(), options(held, { registry, keepGoing: true })));
  assert.deepEqual(
    outcomes.map(({ verification, error: it }) => verification?.state ?? it?.code),
    ["verified", "bad-input"],
  );
  assert.equal(held.countOf("other.example"), 0);
});

test("a function says it for each registry", async () => {
  const held = new ManyImages();
  const list = [
    held.image(name, "one", key.privateKey),
    held.image("other.example/app", "two", key.privateKey),
  ];
  held.instead = ({ authorization }) =>
    authorization ? undefined : { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
  const registry = (/** @type {import("ocisign").ImageReference} */ { registry: domain }) => ({
    fetch: held.fetch,
    username: "robot",
    password: domain,
  });
  const outcomes = await inListOrder(verifyAll(list, options(held, { registry })));
  assert.deepEqual(
    outcomes.map(({ verification }) => verification?.state),
    ["verified", "verified"],
  );
  for (const { host, authorization } of held.asked) {
    if (authorization) assert.equal(atob(authorization.slice(6)), `robot:${host}`);
  }
});
