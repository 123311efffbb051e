// Time limits and abort signals.

/** What timers can count; beyond it they fire at once. */
const longest = 2 ** 31 - 1;

/**
 * Does a piece of work, but not beyond `ms` or the caller's own signal. What is under way is told by the signal that
 * it gets; whoever waits is told by the outcome, since not everything heeds a signal.
 *
 * @template T
 * @param {number | undefined} ms @param {any} outer the caller's signal, if there is one
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<{ value: T } | { error: unknown } | { stopped: "timeout" | "signal" }>}
 */
export async function within(ms, outer, work) {
  const controller = new AbortController();
  /** @type {() => void} */
  let unfollow = () => {};
  /** @type {any} */
  let timer;
  const stopped = new Promise((resolve) => {
    const stop = (/** @type {string} */ why) => {
      controller.abort();
      resolve({ stopped: why });
    };
    unfollow = follow(outer, () => stop("signal"));
    if (ms !== undefined) timer = setTimeout(stop, Math.min(ms, longest), "timeout");
  });
  const done = (async () => {
    try {
      return { value: await work(controller.signal) };
    } catch (error) {
      return { error };
    }
  })();
  const outcome = /** @type {any} */ (await Promise.race([done, stopped]));
  clearTimeout(timer);
  unfollow();
  // What is done is done: an abort that comes with it must not lose the id of what was just created.
  const isLate = outer?.aborted && !("value" in outcome);
  return isLate ? { stopped: "signal" } : outcome;
}

/** By signal, all that ends with it. Node warns of more than ten listeners, so one tells them all. @type {WeakMap<any, { stops: Set<() => void>, tell: () => void }>} */
const followers = new WeakMap();

/** Has a signal call `stop`, until what is returned is called. @param {any} signal @param {() => void} stop @returns {() => void} */
export function follow(signal, stop) {
  if (!signal) return () => {};
  if (signal.aborted) stop();
  const known = followers.get(signal) ?? firstFollower(signal);
  known.stops.add(stop);
  return () => {
    known.stops.delete(stop);
    if (known.stops.size > 0) return;
    followers.delete(signal);
    signal.removeEventListener("abort", known.tell);
  };
}

/** @param {any} signal */
function firstFollower(signal) {
  /** @type {Set<() => void>} */
  const stops = new Set();
  const tell = () => {
    for (const stop of stops) stop();
  };
  signal.addEventListener("abort", tell);
  const known = { stops, tell };
  followers.set(signal, known);
  return known;
}

/** Resolves after `ms`, or at once when the signal fires: the caller looks at the signal afterwards. @param {number} ms @param {any} signal */
export async function pause(ms, signal) {
  await within(ms, signal, () => new Promise(() => {}));
}
