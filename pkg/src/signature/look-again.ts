// Right after a signature was pushed, a registry may not show it yet: replicas and caches follow some seconds later. So
// an absence is looked at again for a while. What cannot mend itself, such as a refused login, is told at once.
import type { ErrorCode } from "../error.ts";
import { pause } from "../http/deadline.ts";
import type { Verification, VerificationProblem, VerificationStep } from "./verification.ts";

/** Until when, and how often. Times in milliseconds. */
export interface Patience {
  /** By `performance.now()`. The last look begins then, at the latest. */
  readonly until: number;
  /** The first pause; each is longer by half than the one before. */
  readonly firstMs: number;
  readonly longestMs: number;
  readonly signal: AbortSignal | undefined;
}

const growth = 1.5;

/** Looks until the signature is there, or the time is over; gives the last answer. The first look is made at once. */
export async function lookAgain(
  look: () => Promise<Verification>,
  { until, firstMs, longestMs, signal }: Patience,
): Promise<Verification> {
  for (let wait = Math.min(firstMs, longestMs); ; wait = Math.min(wait * growth, longestMs)) {
    const verification = await look();
    const left = until - performance.now();
    if (left <= 0 || !mayAppear(verification)) return verification;
    // Once the signal has fired, the next look says so.
    await pause(Math.min(wait, left), signal);
  }
}

/** Could this be the answer of a registry that does not show the newest signature yet? */
function mayAppear(verification: Verification): boolean {
  const { state, manifests = [] } = verification;
  return state !== "verified" && [verification, ...manifests].every(isMissing);
}

/**
 * Enough signatures, or fewer and nothing wrong with any of them but that other keys made them: those of before. An index
 * and its manifests are looked at together.
 */
function isMissing({ keys, threshold, signatures, problems, trust }: Verification): boolean {
  // No signature helps a revoked image, nor one of a rule with too few keys that count.
  const counting = trust?.keys.filter(({ counts }) => counts).length ?? threshold;
  if (trust?.revoked || counting < threshold) return false;
  if (keys.length >= threshold) return true;
  const isOfBefore = signatures.every(({ verified, failed }) => verified || isOfOtherKey(failed));
  return isOfBefore && problems.every(isPassing);
}

/** Made by a key that does not count, as far as is known. */
function isOfOtherKey(failed: VerificationStep = "signature"): boolean {
  return failed === "signature" || failed === "key";
}

const passing: readonly ErrorCode[] = ["network", "timeout", "server-error", "rate-limited"];

/** A fault that passes, or a signature that one replica lists and another one does not have yet. */
function isPassing({ code, from }: VerificationProblem): boolean {
  return passing.includes(code) || (code === "not-found" && from !== undefined && from !== "image");
}
