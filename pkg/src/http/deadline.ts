// Time limits and abort signals.

/** The longest time that timers can count, in milliseconds; beyond it they fire at once. */
const longest = 2 ** 31 - 1;

/** How a piece of work ended. `stopped` says who ended it. */
export type Outcome<T> = { value: T } | { error: unknown } | { stopped: "timeout" | "signal" };

/**
 * Does a piece of work, but not beyond `ms` or the caller's own signal. The work is told by the signal that it gets.
 * The caller is told by the outcome, since not everything heeds a signal.
 */
export async function within<T>(
  ms: number | undefined,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => PromiseLike<T>,
): Promise<Outcome<T>> {
  const controller = new AbortController();
  let unfollow = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const outcome = await new Promise<Outcome<T>>((resolve) => {
    const stop = (why: "timeout" | "signal") => {
      controller.abort();
      resolve({ stopped: why });
    };
    unfollow = follow(outer, () => stop("signal"));
    if (ms !== undefined) timer = setTimeout(stop, Math.min(ms, longest), "timeout");
    settle(() => work(controller.signal), resolve);
  });
  clearTimeout(timer);
  unfollow();
  // What is done is done: an abort that comes with it must not lose the id of what was just created.
  return outer?.aborted && !("value" in outcome) ? { stopped: "signal" } : outcome;
}

async function settle<T>(work: () => PromiseLike<T>, resolve: (outcome: Outcome<T>) => void): Promise<void> {
  try {
    resolve({ value: await work() });
  } catch (error) {
    resolve({ error });
  }
}

/** By signal, all that ends with it. Node warns of more than ten listeners, so one tells them all. */
const followers = new WeakMap<AbortSignal, { stops: Set<() => void>; tell: () => void }>();

/** Has a signal call `stop`, until the function that it returns is called. */
export function follow(signal: AbortSignal | undefined, stop: () => void): () => void {
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

function firstFollower(signal: AbortSignal) {
  const stops = new Set<() => void>();
  const tell = () => {
    for (const stop of stops) stop();
  };
  signal.addEventListener("abort", tell);
  const known = { stops, tell };
  followers.set(signal, known);
  return known;
}

/** Resolves after `ms`, or at once when the signal fires: the caller looks at the signal afterwards. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await within(ms, signal, () => new Promise(() => {}));
}
