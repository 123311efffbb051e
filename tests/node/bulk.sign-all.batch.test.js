// Does a run with the batch id of an earlier one go on where that one stopped, with no journal?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import {
  imageAt,
  images,
  keepingService,
  memoryJournal,
  outcomesOf,
  product,
} from "../support/keeping-service.js";

const batch = "release-7";

/** @typedef {import("../support/keeping-service.js").Settings} Settings */

/**
 * A service that has the requests of a run that was stopped.
 *
 * @param {import("node:test").TestContext} t @param {Settings} [settings] @param {number} [count] of images
 */
async function stoppedRun(t, settings = {}, count = 3) {
  const time = fakeTime(t);
  const service = keepingService(settings);
  await time.until(outcomesOf(service.client().signAll(images(count), { product, batch })));
  const first = service.posts().length;
  /** @param {string[]} list @param {object} [options] */
  const again = async (list, options) => {
    const from = time.now();
    const run = service.client().signAll(list, { product, batch, ...options });
    const told = await time.until(outcomesOf(run));
    return { ...told, posts: service.posts().slice(first), tookMs: time.now() - from };
  };
  return { time, service, again };
}

for (const [status, was] of /** @type {const} */ ([
  [16, "signed"],
  [32, "rejected"],
  [64, "failed"],
])) {
  test(`${was}: it is told as done, and not posted again`, async (t) => {
    const { again } = await stoppedRun(t, { status });
    for (const options of [{}, { skip: [] }]) {
      const { outcomes, posts, error } = await again(images(3), options);
      assert.equal(error, undefined);
      assert.deepEqual(
        outcomes,
        images(3).map((reference, index) => ({
          ...{ index, reference, state: "skipped", why: "done", was, id: `request-${index + 1}` },
        })),
      );
      assert.deepEqual(posts, []);
    }
  });
}

for (const [status, state] of /** @type {const} */ ([
  [2, "waiting"],
  [77, "unexplained"],
])) {
  test(`${state}: it is taken up, and not posted again`, async (t) => {
    const { again } = await stoppedRun(t, { status });
    for (const options of [{}, { skip: [] }]) {
      const { outcomes, posts, error } = await again(images(3), options);
      assert.equal(error, undefined);
      const told = outcomes.map((one) => [one.state, "takenUp" in one && one.takenUp]);
      assert.deepEqual(told, Array(3).fill([state, true]));
      assert.deepEqual(posts, []);
    }
  });
}

test("what waits is waited for", async (t) => {
  const { again, service, time } = await stoppedRun(t);
  setTimeout(() => {
    for (const request of service.requests) request.status = 16;
  }, 90_000);
  const before = time.now();
  const { states, posts } = await again(images(3), { wait: true, skip: [] });
  assert.deepEqual([states, posts], [Array(3).fill("signed"), []]);
  assert.ok(time.now() - before >= 90_000);
});

test("the rest is posted once nothing of the stopped run can be under way any more", async (t) => {
  const { again } = await stoppedRun(t, { status: 16 });
  const { states, posts, tookMs } = await again(images(9), { settleMs: 45_000 });
  assert.deepEqual(states, [...Array(3).fill("skipped"), ...Array(6).fill("signed")]);
  assert.deepEqual(posts.toSorted(), images(9).slice(3));
  assert.ok(tookMs > 45_000);
});

test("a POST that was cut off, and takes effect later, is found and not posted again", async (t) => {
  const time = fakeTime(t);
  const stop = new AbortController();
  const service = keepingService({
    fault: ({ image }) => {
      if (image !== imageAt(2)) return undefined;
      setTimeout(() => stop.abort(), 0);
      return "late";
    },
  });
  const first = service.client().signAll(images(5), { product, batch, concurrency: 1, signal: stop.signal });
  assert.deepEqual((await time.until(outcomesOf(first))).states, ["waiting", "waiting", "doubtful"]);
  assert.equal(service.requests.length, 2);
  service.settings.fault = undefined;
  const { outcomes, error } = await time.until(
    outcomesOf(service.client().signAll(images(5), { product, batch, skip: [] })),
  );
  assert.equal(error, undefined);
  const takenUp = outcomes.map((one) => "takenUp" in one && one.takenUp === true);
  assert.deepEqual(takenUp, [true, true, true, false, false]);
  assert.deepEqual(service.kept(), images(5));
});

test("a batch id of which the list shows nothing costs no wait", async (t) => {
  const { again } = await stoppedRun(t);
  const { states, posts, tookMs } = await again(images(5).slice(3), { batch: "release-8" });
  assert.deepEqual([states, posts.length], [Array(2).fill("waiting"), 2]);
  assert.ok(tookMs < 1000);
});

test("of several with the same key, the signed one counts", async (t) => {
  const { again, service } = await stoppedRun(t, { status: 32 }, 1);
  service.requests.push({ .../** @type {any} */ (service.requests[0]), id: "signed", status: 16 });
  service.requests.push({ .../** @type {any} */ (service.requests[0]), id: "failed", status: 64 });
  const { outcomes } = await again(images(1));
  assert.deepEqual(
    [/** @type {any} */ (outcomes[0]).id, /** @type {any} */ (outcomes[0]).was],
    ["signed", "signed"],
  );
});

test("a request of another product that carries the same key is none of the run's", async (t) => {
  const { again, service } = await stoppedRun(t, { status: 16 }, 1);
  /** @type {any} */ (service.requests[0]).productId = "product-2";
  const { states, posts } = await again(images(1));
  assert.deepEqual([states, posts.length], [["signed"], 1]);
});

test("a request that carries the key for another image leaves the image in doubt", async (t) => {
  const { again, service } = await stoppedRun(t, { status: 16 }, 1);
  const artifactURI = Buffer.from(imageAt(77)).toString("base64");
  /** @type {any} */ (service.requests[0]).payload.optionalParameters = [{ artifactURI }];
  const { outcomes, states, posts } = await again(images(1));
  assert.deepEqual([states, posts], [["doubtful"], []]);
  const { code, taken } = /** @type {any} */ (outcomes[0]).error;
  assert.deepEqual([code, taken], ["in-doubt", "maybe"]);
});

for (const kind of /** @type {const} */ (["isShort", "isBare"])) {
  test(`${kind}: what the list does not show is read one by one`, async (t) => {
    const { again } = await stoppedRun(t, { status: 16, [kind]: true });
    const { states, posts, error } = await again(images(4), { skip: [] });
    assert.equal(error, undefined);
    assert.deepEqual(states, [...Array(3).fill("skipped"), "signed"]);
    assert.deepEqual(posts, [imageAt(3)]);
  });
}

for (const [what, settings, why] of /** @type {[string, Settings, RegExp][]} */ ([
  [
    "the list may not be read",
    { fault: ({ method, path }) => (method === "GET" && path === "imagesignings" ? "403" : undefined) },
    /could not be read.*HTTP 403/,
  ],
  ["the service keeps no metadata", { keepsNoMetadata: true }, /may not keep metadata/],
  ["an element cannot be read", { unreadable: [{ status: 2 }] }, /An element of the list/],
])) {
  test(`${what}: the run stops before it posts what may be there`, async (t) => {
    const { again, service } = await stoppedRun(t, { status: 16 });
    Object.assign(service.settings, settings);
    if (settings.keepsNoMetadata) {
      for (const one of service.requests) /** @type {any} */ (one).payload.metadata = [];
    }
    for (const options of [{}, { skip: [] }]) {
      const { outcomes, posts, error } = await again(images(4), options);
      assert.equal(error.code, "in-doubt");
      assert.match(error.message, /batch id release-7 is not known\..* Nothing was requested\.$/);
      assert.match(error.message, why);
      assert.match(error.fix, /Leave out the batch id.*journal/);
      assert.deepEqual([outcomes, posts], [[], []]);
    }
  });
}

test("a journal that begins with an earlier batch id keeps what was taken up", async (t) => {
  const { again } = await stoppedRun(t, { status: 16 });
  const journal = memoryJournal();
  await again(images(4), { journal });
  const kept = journal.records.flatMap((one) =>
    one.kind === "outcome" ? [[one.index, one.state, one.id]] : [],
  );
  assert.deepEqual(
    kept.toSorted(),
    [0, 1, 2, 3].map((index) => [index, "signed", `request-${index + 1}`]),
  );
});

test("a journal that was begun takes up what it does not tell of, too", async (t) => {
  const { again } = await stoppedRun(t, { status: 16 }, 300);
  const journal = memoryJournal();
  await again(images(300), { journal });
  // The run was killed when it had begun the first block and told nothing.
  const head = journal.records.filter((one) => one.kind === "run");
  const begun = memoryJournal([...head, { kind: "intent", from: 0, to: 256 }]);
  const { states, posts } = await again(images(300), { journal: begun });
  assert.deepEqual([new Set(states.slice(256)), posts], [new Set(["skipped"]), []]);
});
