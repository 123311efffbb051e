// Reads what a wait needs beside the request, such as its product: an outage then does not end the wait, either.
import { waitAfter } from "../core.ts";
import { OcisignError } from "../error.ts";
import { pause } from "../http/deadline.ts";
import { askedMs, checkSignal } from "./call.ts";
import type { Outage, WaitOptions } from "./client-options.ts";
import { passes } from "./passing.ts";

/**
 * Reads until it succeeds, fails for good, or the time is over. Without a time it reads once, as any call does: nobody
 * waits for people any more.
 *
 * @param begun when the time of the options began, by `performance.now()`
 */
export async function patiently<T>(read: () => Promise<T>, options: WaitOptions, begun: number): Promise<T> {
  const { timeoutMs = 0, intervalMs = 500, maxIntervalMs = 10_000, onOutage, signal } = options;
  let outage: Outage | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const at = new Date();
    const outcome = await read().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ("value" in outcome) {
      if (outage) await onOutage?.({ ...outage, over: true });
      return outcome.value;
    }
    const { error } = outcome;
    const left = begun + timeoutMs - performance.now();
    if (!(error instanceof OcisignError) || passes(error) !== "yes" || left <= 0) throw error;
    outage = { error, since: outage?.since ?? at, attempts, over: false };
    await onOutage?.(outage);
    const ms = Math.max(waitAfter(intervalMs, maxIntervalMs, attempts - 1, Math.random()), askedMs(error));
    await pause(Math.min(ms, left), signal);
    checkSignal(signal);
  }
}
