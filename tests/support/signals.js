// Abort signals that a test can watch.
import assert from "node:assert/strict";

/** A signal that must not be listened to more than once at a time; `listeners` tells how often it is now. */
export function watchedSignal() {
  const { signal } = new AbortController();
  let listeners = 0;
  for (const [name, step] of Object.entries({ addEventListener: 1, removeEventListener: -1 })) {
    const real = signal[name];
    signal[name] = (...values) => {
      listeners += step;
      assert.ok(listeners <= 1, "Node warns of many");
      return real.apply(signal, values);
    };
  }
  return { signal, listeners: () => listeners };
}
