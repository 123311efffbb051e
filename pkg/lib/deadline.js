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
  let onAbort = () => {};
  /** @type {any} */
  let timer;
  const stopped = new Promise((resolve) => {
    const stop = (/** @type {string} */ why) => {
      controller.abort();
      resolve({ stopped: why });
    };
    onAbort = () => stop("signal");
    if (outer?.aborted) onAbort();
    outer?.addEventListener("abort", onAbort);
    if (ms !== undefined) timer = setTimeout(stop, Math.min(ms, longest), "timeout");
  });
  const done = (async () => {
    try {
      return { value: await work(controller.signal) };
    } catch (error) {
      return { error };
    }
  })();
  const outcome = await Promise.race([done, stopped]);
  clearTimeout(timer);
  outer?.removeEventListener("abort", onAbort);
  return /** @type {any} */ (outer?.aborted ? { stopped: "signal" } : outcome);
}

/** Resolves after `ms`, or at once when the signal fires: the caller looks at the signal afterwards. @param {number} ms @param {any} signal */
export async function pause(ms, signal) {
  await within(ms, signal, () => new Promise(() => {}));
}
