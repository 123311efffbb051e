// "Did you mean …?"
import leven from "leven";

/** The candidate that is nearest to what was written, if no more than `most` letters differ. */
export function nearest(
  written: string,
  candidates: readonly string[],
  most: (candidate: string) => number,
): string | undefined {
  const distance = (name: string) => leven(name.toLowerCase(), written.toLowerCase());
  const [first] = candidates.toSorted((a, b) => distance(a) - distance(b));
  return first !== undefined && distance(first) <= most(first) ? first : undefined;
}
