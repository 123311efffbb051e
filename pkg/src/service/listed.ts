// A list of the service's, as the client reads it.
import type { OcisignError } from "../error.ts";

/**
 * A list of the service's.
 *
 * @example
 * ```js
 * const listed = await client.signings();
 * for (const { index, id, error } of listed.unreadable) console.log(index, id, error.message);
 * ```
 */
export type Listed<Thing> = Thing[] & {
  /** Elements that could not be read. No other element fails for them. */
  readonly unreadable: readonly Unreadable[];
};

/** An element of a list that could not be read. */
export interface Unreadable {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** Its id, if it has one. */
  readonly id?: string;
  /** What is wrong with it. */
  readonly error: OcisignError;
}
