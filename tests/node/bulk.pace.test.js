// How much is asked of a host at the same time?
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import { importSource } from "../support/source.js";

const { Pace } = await importSource("pkg/src/http/pace.ts");

const busy = (askedMs = 0) => ({ busy: true, askedMs });
/** Lets what is due happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** So many turns, which are all there at once. @param {any} pace @param {number} count */
function turns(pace, count) {
  return Promise.all(Array.from({ length: count }, () => pace.turn()));
}

test("no more turns than allowed; the next one comes when one has ended", async (t) => {
  fakeTime(t);
  const pace = new Pace(3);
  const [first] = await turns(pace, 3);
  let hasTurn = false;
  const next = pace.turn().then(() => {
    hasTurn = true;
  });
  await settled();
  assert.equal(hasTurn, false);
  first("well");
  await next;
});

test("those who wait have their turn in their order, also before those who come later", async (t) => {
  fakeTime(t);
  const pace = new Pace(1);
  let end = await pace.turn();
  /** @type {number[]} */
  const order = [];
  const waiting = [0, 1, 2].map(async (n) => {
    const ended = await pace.turn();
    order.push(n);
    return ended;
  });
  for (const one of waiting) {
    end("well");
    // It comes just when a place is free.
    const late = pace.turn().then((/** @type {(how: string) => void} */ ended) => {
      order.push(9);
      ended("well");
    });
    end = await one;
    void late;
  }
  end("well");
  await settled();
  assert.deepEqual(order, [0, 1, 2, 9, 9, 9]);
});

test("a refusal halves the limit, and nothing is asked for a while", async (t) => {
  const time = fakeTime(t);
  const pace = new Pace(16);
  const [end] = await turns(pace, 1);
  end(busy());
  assert.equal(pace.limit, 8);
  const from = time.now();
  (await time.until(pace.turn()))("well");
  assert.ok(time.now() - from >= 250 && time.now() - from <= 501, `${time.now() - from} ms`);
});

test("refusals of one round cut once", async (t) => {
  fakeTime(t);
  const pace = new Pace(16);
  for (const end of await turns(pace, 16)) end(busy());
  assert.equal(pace.limit, 8);
});

test("refusals round after round cut to one at a time, with longer and longer rests", async (t) => {
  const time = fakeTime(t);
  const pace = new Pace(16);
  /** @type {number[]} */
  const rests = [];
  for (let round = 0; round < 12; round += 1) {
    const from = time.now();
    const end = await time.until(pace.turn());
    rests.push(time.now() - from);
    end(busy());
  }
  assert.equal(pace.limit, 1);
  assert.ok((rests[4] ?? 0) > (rests[1] ?? 0));
  assert.ok(Math.max(...rests) <= 30_001);
  assert.ok(Math.min(...rests.slice(-3)) >= 15_000);
});

test("Retry-After is obeyed, however long", async (t) => {
  const time = fakeTime(t);
  const pace = new Pace(16);
  (await pace.turn())(busy(3_600_000));
  const from = time.now();
  await time.until(pace.turn());
  assert.ok(time.now() - from >= 3_600_000);
});

test("a shorter Retry-After of the same round does not end a longer rest", async (t) => {
  const time = fakeTime(t);
  const pace = new Pace(2);
  const [one, other] = await turns(pace, 2);
  one(busy(60_000));
  other(busy(1000));
  const from = time.now();
  await time.until(pace.turn());
  assert.ok(time.now() - from >= 60_000);
});

test("what goes well lets the limit grow back, and not beyond what is allowed", async (t) => {
  const time = fakeTime(t);
  const pace = new Pace(8);
  (await pace.turn())(busy());
  assert.equal(pace.limit, 4);
  for (let n = 0; n < 5; n += 1) (await time.until(pace.turn()))("well");
  assert.equal(pace.limit, 5);
  for (let n = 0; n < 100; n += 1) (await time.until(pace.turn()))("well");
  assert.equal(pace.limit, 8);
});

test("what began before the cut says nothing of the time after it", async (t) => {
  fakeTime(t);
  const pace = new Pace(16);
  const [refused, ...others] = await turns(pace, 16);
  refused(busy());
  for (const end of others) end("well");
  assert.equal(pace.limit, 8);
});

test("a broken connection says nothing of the load", async (t) => {
  fakeTime(t);
  const pace = new Pace(4);
  for (const end of await turns(pace, 4)) end("failed");
  assert.equal(pace.limit, 4);
  await turns(pace, 4);
});

test("a turn ends once, whatever is said twice", async (t) => {
  fakeTime(t);
  const pace = new Pace(1);
  const end = await pace.turn();
  end("well");
  end("well");
  await pace.turn();
  let hasTurn = false;
  pace.turn().then(() => {
    hasTurn = true;
  });
  await settled();
  assert.equal(hasTurn, false);
});

test("an abort ends the wait for a place, and for the end of a rest", async (t) => {
  fakeTime(t);
  const pace = new Pace(1);
  const controller = new AbortController();
  const end = await pace.turn();
  const waiting = [pace.turn(controller.signal), pace.turn(controller.signal)];
  controller.abort();
  for (const turn of await Promise.all(waiting)) turn("failed");
  end(busy(60_000));
  const resting = new AbortController();
  const rest = pace.turn(resting.signal);
  resting.abort();
  (await rest)("failed");
  (await pace.turn(AbortSignal.abort()))("failed");
});

test("the place of one who left is the next one's", async (t) => {
  fakeTime(t);
  const pace = new Pace(1);
  const controller = new AbortController();
  const end = await pace.turn();
  const left = pace.turn(controller.signal);
  const next = pace.turn();
  controller.abort();
  (await left)("failed");
  end("well");
  await next;
});
