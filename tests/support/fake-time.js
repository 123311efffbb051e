// Time that only a test moves on: a machine that is busy cannot make a limit come too early.

/**
 * Replaces the clock and the timers of this process until the test ends. For work that waits for nothing else than
 * timers and replies that are there at once.
 *
 * @param {import("node:test").TestContext} t
 */
export function fakeTime(t) {
  // Whole milliseconds: sums of them are exact.
  let now = Math.ceil(performance.now());
  let made = 0;
  /** @type {Map<number, { at: number, act: () => void }>} */
  const timers = new Map();
  put(t, {
    now: () => now,
    setTimeout: (
      /** @type {(...given: unknown[]) => void} */ act,
      ms = 0,
      /** @type {unknown[]} */ ...given
    ) => {
      made += 1;
      timers.set(made, { at: now + Math.max(Number(ms) || 0, 1), act: () => act(...given) });
      return made;
    },
    clearTimeout: (/** @type {number} */ id) => void timers.delete(id),
  });

  function fireNext() {
    const [next] = [...timers].sort(([, one], [, other]) => one.at - other.at);
    if (!next) return;
    timers.delete(next[0]);
    now = Math.max(now, next[1].at);
    next[1].act();
  }

  return {
    now: () => now,
    /**
     * Lets time go on until the work is done, and gives what it gives.
     *
     * @template T @param {Promise<T>} work
     * @param {() => unknown} [progress] changes as long as the work goes on without time: no timer fires meanwhile
     */
    async until(work, progress = () => 0) {
      let isDone = false;
      const done = () => {
        isDone = true;
      };
      work.then(done, done);
      while (!isDone) {
        const before = progress();
        for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        if (!isDone && Object.is(progress(), before)) fireNext();
      }
      return work;
    },
  };
}

/** @typedef {{ now: unknown, setTimeout: unknown, clearTimeout: unknown }} Clock */

/** The clocks that were put in place of each other, the process's own first. @type {{ clock: Clock, isOver: boolean }[]} */
const clocks = [];

/**
 * Puts a clock in place until the test ends. Node's own mocks keep the stack of each call: a run of many thousands of
 * images asks for the time so often that this took most of a test's time.
 *
 * @param {import("node:test").TestContext} t @param {Clock} clock
 */
function put(t, clock) {
  const { setTimeout, clearTimeout } = globalThis;
  if (clocks.length === 0)
    clocks.push({ clock: { now: performance.now, setTimeout, clearTimeout }, isOver: false });
  const own = { clock, isOver: false };
  clocks.push(own);
  use(clock);
  t.after(() => {
    own.isOver = true;
    // One test may have put several, which end in any order.
    while (clocks.at(-1)?.isOver) clocks.pop();
    const last = clocks.at(-1);
    if (last) use(last.clock);
  });
}

/** @param {Clock} clock */
function use({ now, ...timers }) {
  Object.defineProperty(performance, "now", { value: now, configurable: true, writable: true });
  Object.assign(globalThis, timers);
}
