// Time that goes on only when nothing is left to do: hours of work pass in seconds, and the package's own classes run in
// it as they are, since they ask `performance.now`, `setTimeout` and `Math.random`.
import { EventQueue } from "./event-queue.js";

/**
 * Does some work in virtual time, which begins at 0 and is in milliseconds.
 *
 * @template T
 * @param {() => number} random from 0 to 1, in place of `Math.random`
 * @param {(time: { now: () => number, after: (ms: number) => Promise<void> }) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inVirtualTime(random, work) {
  const events = new EventQueue();
  let now = 0;
  /** @type {Map<number, import("./event-queue.js").Event>} */
  const timers = new Map();
  let made = 0;
  const after = (/** @type {number} */ ms) =>
    new Promise((/** @type {(value: void) => void} */ resolve) => events.plan(now + ms, resolve));

  const real = { now: performance.now, setTimeout, clearTimeout, random: Math.random };
  performance.now = () => now;
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {(...given: unknown[]) => void} */ act, ms = 0, /** @type {unknown[]} */ ...given) => {
      made += 1;
      const id = made;
      const fire = () => {
        timers.delete(id);
        act(...given);
      };
      timers.set(id, events.plan(now + Math.max(Number(ms) || 0, 1), fire));
      return id;
    }
  );
  globalThis.clearTimeout = /** @type {any} */ (
    (/** @type {number} */ id) => {
      const event = timers.get(id);
      if (event) event.act = undefined;
      timers.delete(id);
    }
  );
  Math.random = random;
  try {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    const result = work({ now: () => now, after });
    result.then(done, done);
    for (;;) {
      // All that can be done at this moment is done, before time goes on.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return await result;
      const event = events.next();
      if (!event) throw new Error("nothing more happens, and the work is not done");
      now = event.at;
      event.act?.();
    }
  } finally {
    performance.now = real.now;
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Math.random = real.random;
  }
}
