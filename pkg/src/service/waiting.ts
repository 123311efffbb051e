// A wait for the end of a request. A look that fails says nothing about the request: the wait goes on until its time is
// over or the caller stops it. Only what does not pass by itself ends it (passing.ts).
import { quote, waitAfter } from "../core.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { pause, within } from "../http/deadline.ts";
import { type Given, optionalFunction, positive } from "../options.ts";
import { askedMs, checkSignal } from "./call.ts";
import type { Outage, WaitOptions } from "./client-options.ts";
import { passes } from "./passing.ts";
import type { FinalSigning, Signing } from "./signing.ts";

/** A caller's options, of which the signal was checked. */
type Options = Given<keyof WaitOptions> & { readonly signal: AbortSignal | undefined };

/** How often a stranger may answer at an address where nothing was read yet: it may be the wrong one. */
const firstLooks = 4;

/**
 * Waits until a request is final.
 *
 * @param isKnown was a request ever read at this address?
 * @param look reads the request once
 */
export async function waitForEnd(
  id: string,
  given: Options,
  isKnown: boolean,
  look: (signal: AbortSignal) => Promise<Signing>,
): Promise<FinalSigning> {
  const { signal } = given;
  const onStatus = optionalFunction<(signing: Signing) => unknown>(given, "onStatus");
  const onOutage = optionalFunction<(outage: Outage) => unknown>(given, "onOutage");
  const first = positive(given, "intervalMs") ?? 500;
  const longest = positive(given, "maxIntervalMs") ?? 10_000;
  // Time that passes is measured by a clock that nobody sets.
  const until = performance.now() + (positive(given, "timeoutMs") ?? Infinity);
  let seen: Signing | undefined;
  let outage: Outage | undefined;
  let strangers = 0;
  /** How many looks have shown nothing new. */
  let unchanged = 0;
  for (;;) {
    const at = new Date();
    const left = until - performance.now();
    if (left <= 0) throw outOfTime(id, seen, outage?.error.message);
    const outcome = await within(left, signal, look);
    let askedFor = 0;
    if ("value" in outcome) {
      if (outage) await onOutage?.({ ...outage, over: true });
      outage = undefined;
      const { code } = seen ?? {};
      seen = outcome.value;
      if (seen.code !== code) {
        unchanged = 0;
        await onStatus?.(seen);
      }
      if (seen.final) return seen;
    } else if ("error" in outcome) {
      const { error } = outcome;
      const how = passes(error);
      if (how === "strange") strangers += 1;
      const isWrongAddress = strangers >= firstLooks && !isKnown && !seen;
      if (!(error instanceof OcisignError) || how === "no" || isWrongAddress) throw error;
      const { since, attempts } = outage ?? { since: at, attempts: 0 };
      outage = { error, since, attempts: attempts + 1, over: false };
      await onOutage?.(outage);
      askedFor = askedMs(error);
    } else {
      checkSignal(signal);
      throw outOfTime(id, seen, outage?.error.message ?? "no answer.");
    }
    const ms = Math.max(waitAfter(first, longest, unchanged, Math.random()), askedFor);
    unchanged += 1;
    await pause(Math.min(ms, until - performance.now()), signal);
    checkSignal(signal);
  }
}

function outOfTime(id: string, seen: Signing | undefined, failure: string | undefined): OcisignErrorOf {
  const unexplained = seen?.state === "unknown" ? ", which the profile does not explain" : "";
  const what =
    `The time to wait for the signing request ${quote(id)} is over; ` +
    (seen ? `its last known status is ${seen.code}${unexplained}.` : "its status could not be read.") +
    (failure ? ` The last look failed: ${failure}` : "");
  return fail("timeout", what, "Wait again with the same id; nothing is lost.");
}
