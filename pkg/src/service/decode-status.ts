// What a status code means: the module says it in one number, and the object is made here.
import { meaningOf, states } from "../core.ts";
import type { Profile } from "./profile.ts";
import type { SigningState, SigningStatus } from "./status.ts";

/** The names of the states, which the module says once. */
let names: readonly string[] = [];

/**
 * Decodes a status code. Only 16, `signed`, is known without a profile.
 *
 * @throws {OcisignError} `bad-status` for anything but a safe integer; `bad-profile`.
 * @example
 * ```js
 * import { decodeStatus } from "ocisign";
 *
 * const { state, final } = decodeStatus(16);
 * console.log(state, final); // signed true
 * console.log(decodeStatus(3).state); // unknown
 * ```
 */
export function decodeStatus(code: number, profile?: Profile): SigningStatus {
  const meaning = meaningOf(typeof code === "number" ? code : Number.NaN, profile);
  if (names.length === 0) names = states().split(" ");
  const state = names[meaning >> 1] as SigningState;
  // There is one zero.
  return { code: code + 0, state, final: meaning % 2 > 0 } as SigningStatus;
}
