// One answer from all that was found. An error is never "unsigned", and one good signature among bad ones is enough,
// unless more keys are asked for.

import type { Verification } from "../verification.ts";

/** What a verdict depends on. */
export interface Evidence {
  /** How many signatures there are, good or bad. */
  readonly signatures: number;
  /** How many different keys have signed exactly this image. */
  readonly keys: number;
  /** How many have to. */
  readonly threshold: number;
  /** Whether it is never verified, whoever signed it. */
  readonly isRevoked: boolean;
  /** Whether the image itself could be read. */
  readonly imageSeen: boolean;
  /** Whether every place could be read that can hold a signature. */
  readonly allSeen: boolean;
}

export function verdict({
  signatures,
  keys,
  threshold,
  isRevoked,
  imageSeen,
  allSeen,
}: Evidence): Verification["state"] {
  if (!imageSeen) return "unreachable";
  // Whatever else there may be, it would change nothing.
  if (isRevoked && signatures > 0) return "invalid";
  if (keys >= Math.max(threshold, 1)) return "verified";
  if (!allSeen) return "unreachable";
  return signatures === 0 ? "unsigned" : "invalid";
}
