// Registries that are asked for too much, that fail, that are silent, or that are away. Time is the test's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, verifyAll } from "ocisign";
import { fakeTime } from "../support/fake-time.js";
import { inListOrder, ManyImages, never } from "../support/image-registries.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { keyPair } from "../support/signatures.js";

const key = keyPair("P-256");
const host = "registry.example";
const name = `${host}/team/app`;

/** @param {ManyImages} held @param {object} [more] */
const options = (held, more = {}) => ({ publicKey: key.pem, registry: { fetch: held.fetch }, ...more });

/**
 * Time goes on when no registry has anything to do. The images are unsigned: the platform checks signatures in threads,
 * and this time does not wait for these.
 *
 * @template T @param {ReturnType<typeof fakeTime>} time @param {ManyImages} held @param {Promise<T>} work
 */
const until = (time, held, work) => time.until(work, () => held.steps);

/** @param {import("ocisign").VerifyOutcome[]} outcomes @returns {Record<string, number>} how many there are of each state */
function statesOf(outcomes) {
  /** @type {Record<string, number>} */
  const states = {};
  for (const { verification } of outcomes) {
    const state = verification?.state ?? "none";
    states[state] = (states[state] ?? 0) + 1;
  }
  return states;
}

const refused = () => {
  throw new Error("connect ECONNREFUSED 192.0.2.1:443");
};

test("a registry that allows a few requests a second is asked for no more, in the end", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(200, name);
  const perSecond = 50;
  let [second, used, refusals] = [0, 0, 0];
  held.instead = () => {
    const now = Math.floor(time.now() / 1000);
    if (now !== second) [second, used] = [now, 0];
    used += 1;
    if (used <= perSecond) return undefined;
    refusals += 1;
    return { status: 429, headers: { "retry-after": "1" } };
  };
  const began = time.now();
  const outcomes = await until(time, held, inListOrder(verifyAll(list, options(held))));
  assert.deepEqual(statesOf(outcomes), { unsigned: 200 });
  // A thousand are needed, which takes 20 seconds at least.
  assert.ok(refusals < 400, `${refusals}`);
  assert.ok(time.now() - began < 60_000, `${time.now() - began}`);
});

test("Retry-After of one reply holds for all images: nothing is asked until then", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(100, name);
  /** @type {number[]} */
  const times = [];
  let saidAt = 0;
  held.instead = () => {
    times.push(time.now());
    if (times.length !== 40) return undefined;
    saidAt = time.now();
    return { status: 429, headers: { "retry-after": "30" } };
  };
  const outcomes = await until(time, held, inListOrder(verifyAll(list, options(held))));
  assert.deepEqual(statesOf(outcomes), { unsigned: 100 });
  assert.deepEqual(
    times.filter((it) => it > saidAt && it < saidAt + 30_000),
    [],
  );
  assert.equal(times.length, 501);
});

test("429 without Retry-After slows down, too", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(40, name);
  let most = 0;
  held.instead = () => {
    most = Math.max(most, held.underWay[host]);
    return held.underWay[host] > 3 ? { status: 429 } : undefined;
  };
  assert.deepEqual(statesOf(await until(time, held, inListOrder(verifyAll(list, options(held))))), {
    unsigned: 40,
  });
  assert.ok(held.asked.length < 400, `${held.asked.length}`);
});

test("a rest that is longer than an image has time makes it unreachable at once, and asks nothing more", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(1000, name);
  held.instead = () => ({ status: 429, headers: { "retry-after": "3600" } });
  const began = time.now();
  const outcomes = await until(time, held, inListOrder(verifyAll(list, options(held, { concurrency: 2 }))));
  assert.deepEqual(statesOf(outcomes), { unreachable: 1000 });
  assert.ok(held.asked.length <= 8, `${held.asked.length}`);
  assert.equal(time.now(), began);
  const [problem] = outcomes[999].verification?.problems ?? [];
  assert.equal(problem.code, "rate-limited");
  assert.match(problem.message, /not asked, since the registry wants to be left alone for 3600 s\./);
  assert.match(problem.fix, /totalTimeoutMs/);
});

test("an outage of a few seconds costs no image", async (t) => {
  const time = fakeTime(t);
  for (const fail of [refused, () => ({ status: 503 }), () => ({ status: 502 })]) {
    const held = new ManyImages();
    const list = held.images(100, name);
    const from = time.now();
    let asked = 0;
    held.instead = () => {
      asked += 1;
      return asked > 100 && time.now() < from + 15_000 ? fail() : undefined;
    };
    assert.deepEqual(statesOf(await until(time, held, inListOrder(verifyAll(list, options(held))))), {
      unsigned: 100,
    });
    assert.ok(held.asked.length < 500 + 600, `${held.asked.length}`);
  }
});

test("ten thousand images of a registry that is away: as long as one call may take, not ten thousand times", async (t) => {
  const time = fakeTime(t);
  for (const [fail, code] of /** @type {const} */ ([
    [refused, "network"],
    [() => ({ status: 503 }), "server-error"],
  ])) {
    const held = new ManyImages();
    const list = held.images(10, name);
    held.instead = fail;
    const many = Array.from({ length: 10_000 }, (_, at) => list[at % 10]);
    const began = time.now();
    const outcomes = await until(time, held, inListOrder(verifyAll(many, options(held))));
    assert.deepEqual(statesOf(outcomes), { unreachable: 10_000 });
    assert.ok(time.now() - began < 90_000, `${time.now() - began}`);
    assert.ok(time.now() - began >= 30_000, `${time.now() - began}`);
    assert.ok(held.asked.length < 1500, `${held.asked.length}`);
    const { reason, problems = [] } = outcomes[9999].verification ?? {};
    assert.equal(problems[0].code, code);
    assert.match(`${reason}`, /not asked, since nobody has got an answer for \d+ s: /);
  }
});

test("a registry that is silent, too", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(10, name);
  held.instead = ({ signal }) => never(signal);
  const many = Array.from({ length: 2000 }, (_, at) => list[at % 10]);
  const began = time.now();
  const outcomes = await until(time, held, inListOrder(verifyAll(many, options(held))));
  assert.deepEqual(statesOf(outcomes), { unreachable: 2000 });
  assert.ok(time.now() - began <= 60_000, `${time.now() - began}`);
  assert.equal(outcomes[1999].verification?.problems[0].code, "timeout");
});

test("timeoutMs says how long an outage is bridged", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(50, name);
  const from = time.now();
  held.instead = () => (time.now() < from + 100_000 ? refused() : undefined);
  const outcomes = await until(
    time,
    held,
    inListOrder(verifyAll(list, options(held, { timeoutMs: 200_000 }))),
  );
  assert.deepEqual(statesOf(outcomes), { unsigned: 50 });
});

test("somebody looks whether the registry is back: later images are verified", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(60, name);
  let isAway = true;
  held.instead = () => (isAway ? refused() : undefined);
  async function* source() {
    yield* list.slice(0, 20);
    await new Promise((resolve) => setTimeout(resolve, 120_000));
    isAway = false;
    yield* list.slice(20);
  }
  const outcomes = await until(
    time,
    held,
    inListOrder(verifyAll(source(), options(held, { concurrency: 1 }))),
  );
  assert.deepEqual(statesOf(outcomes.slice(0, 20)), { unreachable: 20 });
  // The first one of the others looks, and what it asks for at the same time is not asked yet.
  assert.deepEqual(statesOf(outcomes.slice(22)), { unsigned: 38 });
});

test("a slow registry holds up no other one", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const slow = held.images(300, "slow.example/app");
  const fast = held.images(300, "fast.example/app");
  held.instead = async ({ host: at }) => {
    if (at === "slow.example") await new Promise((resolve) => setTimeout(resolve, 10_000));
    return undefined;
  };
  const list = slow.flatMap((it, at) => [it, fast[at]]);
  const began = time.now();
  /** @type {number[]} */
  const fastAt = [];
  const all = [];
  await until(
    time,
    held,
    (async () => {
      for await (const outcome of verifyAll(list, options(held))) {
        all.push(outcome);
        if (outcome.reference.startsWith("fast.")) fastAt.push(time.now() - began);
      }
    })(),
  );
  assert.deepEqual(statesOf(all), { unsigned: 600 });
  assert.ok(Math.max(...fastAt) <= 10_000, `${Math.max(...fastAt)}`);
  assert.ok(time.now() - began > 200_000);
});

test("one that is away, too, and its images are told apart", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const away = held.images(300, "away.example/app");
  const here = held.images(300, "here.example/app");
  held.instead = ({ host: at }) => (at === "away.example" ? refused() : undefined);
  const outcomes = await until(
    time,
    held,
    inListOrder(
      verifyAll(
        away.flatMap((it, at) => [it, here[at]]),
        options(held),
      ),
    ),
  );
  assert.deepEqual(statesOf(outcomes.filter((_, at) => at % 2 === 0)), { unreachable: 300 });
  assert.deepEqual(statesOf(outcomes.filter((_, at) => at % 2 === 1)), { unsigned: 300 });
  assert.equal(held.countOf("here.example"), 1500);
});

test("to wait for a turn is no silence of the registry", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(8, name);
  let isBusy = false;
  // One at a time, two seconds each: the last ones wait for a minute.
  held.instead = async () => {
    if (isBusy) return { status: 429, headers: { "retry-after": "0" } };
    isBusy = true;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    isBusy = false;
    return undefined;
  };
  const began = time.now();
  const outcomes = await until(time, held, inListOrder(verifyAll(list, options(held, { timeoutMs: 5000 }))));
  assert.deepEqual(statesOf(outcomes), { unsigned: 8 });
  assert.ok(time.now() - began >= 80_000, `${time.now() - began}`);
});

test("an abort is heard while all wait for their turn", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(100, name);
  const controller = new AbortController();
  held.instead = () => {
    if (held.asked.length === 30) setTimeout(() => controller.abort(), 5000);
    return held.asked.length > 20 ? { status: 429, headers: { "retry-after": "100" } } : undefined;
  };
  const began = time.now();
  const error = await until(
    time,
    held,
    inListOrder(verifyAll(list, options(held, { signal: controller.signal }))).catch((it) => it),
  );
  assert.ok(error instanceof OcisignError, String(error));
  assert.equal(error.code, "aborted");
  assert.equal(time.now() - began, 5000);
  const { length } = held.asked;
  assert.equal(await held.left(), 0);
  assert.equal(held.asked.length, length);
});

test("totalTimeoutMs is for each image, and ends its waiting for a turn, too", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(3, name);
  held.instead = () => ({ status: 429 });
  const more = { totalTimeoutMs: 20_000, concurrency: 1 };
  const began = time.now();
  const outcomes = await until(time, held, inListOrder(verifyAll(list, options(held, more))));
  assert.deepEqual(statesOf(outcomes), { unreachable: 3 });
  assert.equal(outcomes[0].verification?.problems[0].code, "rate-limited");
  assert.ok(time.now() - began <= 61_000, `${time.now() - began}`);
});

test("what fails alone is tried three times, and costs no other image", async (t) => {
  const time = fakeTime(t);
  const held = new ManyImages();
  const list = held.images(100, name);
  const bad = list[50].split("@")[1];
  held.instead = ({ url }) => (url.endsWith(`/manifests/${bad}`) ? { status: 500 } : undefined);
  const outcomes = await until(time, held, inListOrder(verifyAll(list, options(held))));
  assert.deepEqual(statesOf(outcomes), { unsigned: 99, unreachable: 1 });
  assert.equal(outcomes[50].verification?.problems[0].code, "server-error");
  assert.ok(held.asked.filter(({ url }) => url.endsWith(`/manifests/${bad}`)).length <= 4);
});

test("connections that break now and then cost no image", async (t) => {
  const time = fakeTime(t);
  const seed = newSeed();
  console.log(`seed ${seed}`);
  const random = randomNumbers(seed);
  const held = new ManyImages();
  const list = held.images(300, name);
  held.instead = () => {
    const chance = random(100);
    if (chance < 5) throw new Error("socket hang up");
    return chance < 10 ? { status: 503 } : undefined;
  };
  const outcomes = await until(time, held, inListOrder(verifyAll(list, options(held))));
  const { unsigned = 0, unreachable = 0, ...others } = statesOf(outcomes);
  assert.deepEqual(others, {});
  // One request of a thousand fails three times.
  assert.ok(unreachable <= 12, `${unreachable}`);
  assert.equal(unsigned + unreachable, 300);
});

for (const [what, fail] of /** @type {const} */ ([
  ["refuses connections", refused],
  ["answers 503", () => ({ status: 503 })],
  ["is silent", (/** @type {{ signal: AbortSignal }} */ { signal }) => never(signal)],
])) {
  for (const concurrency of [1, 4, 16]) {
    test(`a host that ${what} is away after timeoutMs, and not much later, with ${concurrency} images at once`, async (t) => {
      const time = fakeTime(t);
      for (const timeoutMs of [30_000, 120_000]) {
        const held = new ManyImages();
        const list = held.images(40, name);
        held.instead = fail;
        const began = time.now();
        const run = verifyAll(list, options(held, { timeoutMs, concurrency }));
        const outcomes = await until(time, held, inListOrder(run));
        assert.deepEqual(statesOf(outcomes), { unreachable: 40 });
        const ms = time.now() - began;
        // Who rests between two tries does so for up to five seconds.
        assert.ok(Math.round(ms) >= timeoutMs && ms < timeoutMs * 1.02 + 5000, `${ms} of ${timeoutMs}`);
      }
    });
  }
}

for (const status of [429, 503]) {
  for (const rest of ["3", "3600", "86400"]) {
    test(`one HTTP ${status} that asks for a rest of ${rest} s: what comes of the other images`, async (t) => {
      const time = fakeTime(t);
      const held = new ManyImages();
      const list = held.images(64, name);
      let asked = 0;
      held.instead = () => {
        asked += 1;
        return asked === 7 ? { status, headers: { "retry-after": rest } } : undefined;
      };
      const began = time.now();
      const run = verifyAll(list, options(held, { concurrency: 4, totalTimeoutMs: 60_000 }));
      const outcomes = await until(time, held, inListOrder(run));
      const states = statesOf(outcomes);
      const ms = time.now() - began;
      // Nobody stalls: either the rest is short enough to be waited for, or images are told at once.
      assert.equal((states.unsigned ?? 0) + (states.unreachable ?? 0), 64);
      if (rest === "3") assert.deepEqual(states, { unsigned: 64 });
      assert.ok(ms < 10_000, `it took ${ms} ms`);
    });
  }
}
