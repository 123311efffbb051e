// A list with something wrong in it, as whoever gave it is told: the same for each thing that is done with many images.
import { fail } from "../error.ts";
import type { WrongItem } from "./artifacts.ts";
import type { WrongArtifact } from "./sign/sign-options.ts";

/** So many wrong ones are named; beyond that, they are counted. */
export const mostNamed = 1000;

/**
 * The error of a list in which something is wrong: `bad-list`. Its `wrong` has what was named, each with its place.
 *
 * @param named the first of those that are wrong
 * @param wrongs how many there are
 * @param count of the whole list, where that is known
 * @param can what cannot be done with these images, such as `requested`
 */
export function badList(
  named: readonly WrongItem[],
  wrongs: number,
  count: number | undefined,
  can: "requested" | "verified",
): Error {
  const [first] = named;
  const of = count === undefined || count === 1 ? "An image" : `${wrongs} of ${count} images`;
  const message = `${of} cannot be ${can}. The first is at index ${first?.index}: ${first?.wrong.message}`;
  const doing = can === "requested" ? "request" : "verify";
  const fix = `${first?.wrong.fix} Or pass keepGoing: true to ${doing} the others.`;
  const error = fail("bad-list", message, fix, first?.wrong);
  const wrong = named.map(({ index, given, wrong }): WrongArtifact => ({ index, given, error: wrong }));
  return Object.defineProperty(error, "wrong", { value: wrong });
}
