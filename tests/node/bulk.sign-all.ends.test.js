// How does a run end, by the caller or by its waits?
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

const minute = 60_000;

test("wait: each request is told when it is final, and lists are read in place of requests", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const from = time.now();
  const client = service.client({
    fetch: async (url, init) => {
      if (time.now() - from > 30 * minute) {
        service.requests.forEach((one, n) => {
          one.status = n % 10 === 0 ? 32 : 16;
        });
      }
      return service.fetch(url, init);
    },
  });
  const { states, error } = await time.until(
    outcomesOf(client.signAll(images(200), { product, wait: true })),
  );
  assert.equal(error, undefined);
  assert.equal(states.filter((state) => state === "signed").length, 180);
  assert.equal(states.filter((state) => state === "rejected").length, 20);
  assert.equal(service.count("GET", "^imagesignings/"), 0);
  // One in five to ten seconds.
  assert.ok(service.count("GET", "^imagesignings$") < 400);
});

for (const [what, isListUseful] of /** @type {const} */ ([
  ["the list is read", true],
  ["requests are read one by one, for the list is far longer,", false],
])) {
  test(`wait: where one ends each second, ${what} no more often than every five seconds`, async (t) => {
    const time = fakeTime(t);
    const service = keepingService();
    const count = 120;
    if (!isListUseful) {
      await service.client().requestSigning({ product, artifact: imageAt(500) });
      const other = /** @type {any} */ (service.requests.pop());
      const others = Array.from({ length: 101 * count }, (_, n) => ({
        ...other,
        id: `other-${n}`,
        status: 16,
      }));
      service.requests.push(...others);
    }
    const from = service.requests.length;
    /** @type {number[]} */
    const looks = [];
    const client = service.client({
      fetch: async (url, init) => {
        const isRead = init.method !== "POST" && url.includes("imagesignings");
        if (isRead && service.requests.length === from + count) looks.push(time.now());
        return service.fetch(url, init);
      },
    });
    let ended = 0;
    const endOne = () => {
      const one = service.requests[from + ended];
      if (one) {
        one.status = 16;
        ended += 1;
      }
      if (ended < count) setTimeout(endOne, 1000);
    };
    setTimeout(endOne, 1000);
    const run = client.signAll(images(count), { product, wait: true, skip: [] });
    const { states } = await time.until(outcomesOf(run));
    assert.deepEqual(states, Array(count).fill("signed"));
    const rounds = looks.filter((at, n) => n === 0 || at - /** @type {number} */ (looks[n - 1]) > 0);
    // The last few are looked at more often.
    const early = rounds.filter((at) => at < /** @type {number} */ (rounds[0]) + (count - 20) * 1000);
    assert.ok(early.length > 5);
    const pauses = early.slice(1).map((at, n) => at - /** @type {number} */ (early[n]));
    // Sums of random pauses are not exact.
    assert.ok(Math.min(...pauses) > 4999, `${pauses}`);
  });
}

test("wait: a few are read one by one", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  let looks = 0;
  const client = service.client({
    fetch: async (url, init) => {
      if (url.includes("imagesignings/")) {
        looks += 1;
        if (looks > 9) for (const one of service.requests) one.status = 16;
      }
      return service.fetch(url, init);
    },
  });
  const { states } = await time.until(outcomesOf(client.signAll(images(3), { product, wait: true })));
  assert.deepEqual(states, ["signed", "signed", "signed"]);
  assert.equal(service.count("GET", "^imagesignings$"), 1);
});

test("wait: an outage longer than patienceMs does not end it", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const from = time.now();
  service.settings.fault = ({ method }) => {
    const minutes = (time.now() - from) / minute;
    if (minutes > 50) for (const one of service.requests) one.status = 16;
    return method === "GET" && minutes > 1 && minutes < 40 ? "503-before" : undefined;
  };
  const run = service.client().signAll(images(50), { product, wait: true, patienceMs: 5 * minute });
  const { states, error } = await time.until(outcomesOf(run));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(50).fill("signed"));
});

test("wait: when its time is over, what is not final is told as waiting", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const from = time.now();
  const run = service.client().signAll(images(20), { product, wait: true, timeoutMs: 5 * minute });
  const { states, error } = await time.until(outcomesOf(run));
  assert.equal(error, undefined);
  assert.deepEqual(states, Array(20).fill("waiting"));
  assert.ok(time.now() - from >= 5 * minute && time.now() - from < 6 * minute);
});

test("wait: of a request that is gone later, nobody knows what became of it; it is told with the reason", async (t) => {
  const time = fakeTime(t);
  const service = keepingService({ fault: ({ path }) => (path.includes("request-2") ? "404" : undefined) });
  const run = service.client().signAll(images(3), { product, wait: true, timeoutMs: minute });
  const { outcomes, states } = await time.until(outcomesOf(run));
  assert.deepEqual(states, ["waiting", "unexplained", "waiting"]);
  const gone = /** @type {import("ocisign").RequestedItem} */ (outcomes[1]);
  assert.deepEqual([gone.signing.id, gone.error?.code], ["request-2", "not-found"]);
});

test("wait: a list without the requests is made up for one by one", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const from = time.now();
  const client = service.client({
    fetch: async (url, init) => {
      if (time.now() - from > minute) for (const one of service.requests) one.status = 16;
      const isList = init.method !== "POST" && url.endsWith("imagesignings");
      return isList
        ? { status: 200, headers: new Headers(), text: async () => "[]" }
        : service.fetch(url, init);
    },
  });
  const { states } = await time.until(outcomesOf(client.signAll(images(30), { product, wait: true })));
  assert.deepEqual(states, Array(30).fill("signed"));
});

test("an abort: what came back is told, then the run throws; nothing is lost", async (t) => {
  const time = fakeTime(t);
  const controller = new AbortController();
  const journal = memoryJournal();
  const service = keepingService();
  const client = service.client({
    fetch: async (url, init) => {
      if (service.requests.length === 50) controller.abort(new Error("enough"));
      await new Promise((resolve) => setTimeout(resolve, 100));
      return service.fetch(url, init);
    },
  });
  const run = client.signAll(images(200), { product, signal: controller.signal, journal });
  const { outcomes, error, states } = await time.until(outcomesOf(run));
  assert.equal(error.code, "aborted");
  assert.equal(error.cause.message, "enough");
  assert.deepEqual(new Set(states), new Set(["waiting"]));
  assert.equal(outcomes.length, service.requests.length);
  assert.ok(outcomes.length < 70);
  const kept = journal.records.filter(({ kind }) => kind === "outcome");
  assert.equal(kept.length, outcomes.length);
});

test("an abort does not wait longer than three seconds for a reply", async (t) => {
  const time = fakeTime(t);
  const controller = new AbortController();
  const journal = memoryJournal();
  const service = keepingService({
    fault: ({ method }) => (method === "POST" ? "timeout-after" : undefined),
  });
  setTimeout(() => controller.abort(), 1000);
  const from = time.now();
  const list = images(4);
  const run = service.client().signAll(list, { product, signal: controller.signal, journal });
  const { error, states } = await time.until(outcomesOf(run));
  assert.equal(error.code, "aborted");
  assert.deepEqual(states, Array(4).fill("doubtful"));
  assert.ok(time.now() - from < 6000);
  // The next run finds them.
  service.settings.fault = undefined;
  const next = await time.until(outcomesOf(service.client().signAll(list, { product, journal })));
  assert.deepEqual(next.states, Array(4).fill("waiting"));
  assert.equal(service.posts().length, 4);
});

test("a signal that fired before the run", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const run = service.client().signAll(images(4), { product, signal: AbortSignal.abort() });
  const { error, outcomes } = await time.until(outcomesOf(run));
  assert.deepEqual([error.code, outcomes, service.asked], ["aborted", [], []]);
});

test("an abort in the wait tells what waits", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5 * minute);
  const run = service.client().signAll(images(30), { product, wait: true, signal: controller.signal });
  const { error, states } = await time.until(outcomesOf(run));
  assert.equal(error.code, "aborted");
  assert.deepEqual(states, Array(30).fill("waiting"));
});

test("a caller who leaves the loop stops the run, and the journal has what was under way", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const list = images(1000);
  const leave = async () => {
    for await (const outcome of service.client().signAll(list, { product, journal })) {
      if (outcome.index >= 20) break;
    }
  };
  await time.until(leave());
  const posted = service.requests.length;
  assert.ok(posted < 200);
  assert.equal(journal.records.filter(({ kind }) => kind === "outcome").length, posted);
  await time.until(outcomesOf(service.client().signAll(list, { product, journal })));
  assert.deepEqual(service.kept(), list.toSorted());
});

test("a caller who takes no outcome holds the run back", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const run = service.client().signAll(images(1000), { product, concurrency: 4 });
  await time.until(run.next());
  await time.until(new Promise((resolve) => setTimeout(resolve, 10 * minute)));
  assert.ok(service.requests.length <= 1 + 4 * 8 + 4);
  await time.until(run.return());
});

test("a journal that cannot be written ends the run; what was requested is told", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const journal = memoryJournal();
  const full = {
    ...journal,
    write: async (/** @type {any} */ record) => {
      if (journal.records.length > 20) throw new Error("no space left on device");
      await journal.write(record);
    },
  };
  const { error, outcomes } = await time.until(
    outcomesOf(service.client().signAll(images(300), { product, journal: full })),
  );
  assert.equal(error.message, "no space left on device");
  assert.equal(outcomes.length, service.requests.length);
  await time.until(outcomesOf(service.client().signAll(images(300), { product, journal })));
  assert.deepEqual(service.kept(), images(300).sort());
});

test("what onProgress throws ends the run", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const onProgress = () => {
    throw new Error("no more");
  };
  const { error } = await time.until(
    outcomesOf(service.client().signAll(images(300), { product, onProgress })),
  );
  assert.equal(error.message, "no more");
  assert.ok(service.posts().length <= 32);
});

test("an abort does not wait for a source that gives nothing more", async (t) => {
  const time = fakeTime(t);
  const service = keepingService();
  const controller = new AbortController();
  async function* hanging() {
    yield* images(3);
    setTimeout(() => controller.abort(), minute);
    await new Promise(() => {});
  }
  const run = service.client().signAll(hanging(), { product, signal: controller.signal });
  const { error, states } = await time.until(outcomesOf(run));
  assert.equal(error.code, "aborted");
  assert.deepEqual(states, Array(3).fill("waiting"));
});

test("wait: two images with one request, or with ids that differ by case only, are both told", async (t) => {
  for (const ids of [
    ["same", "same"],
    ["Case", "case"],
  ]) {
    const time = fakeTime(t);
    const service = keepingService();
    let posts = 0;
    const client = service.client({
      fetch: async (url, init) => {
        const reply = await service.fetch(url, init);
        const last = service.requests.at(-1);
        if (init.method !== "POST" || !last) return reply;
        last.id = ids[posts++] ?? "";
        return { ...reply, text: async () => JSON.stringify(last) };
      },
    });
    const run = client.signAll(images(2), {
      ...{ product, skip: [], concurrency: 1, wait: true, timeoutMs: 1000 },
    });
    const { outcomes } = await time.until(outcomesOf(run));
    assert.deepEqual(outcomes.map(({ index }) => index).sort(), [0, 1]);
    assert.ok(outcomes.some((one) => "error" in one && /to two images/.test(one.error?.message ?? "")));
    t.mock.reset();
  }
});
