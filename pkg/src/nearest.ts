// "Did you mean …?"
import leven from "leven";

/** The candidate that is nearest to what was written, if no more than `most` letters differ. */
export function nearest(
  written: string,
  candidates: readonly string[],
  most: (candidate: string) => number,
): string | undefined {
  const letters = written.toLowerCase();
  let [found, fewest]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const candidate of candidates) {
    // Further than that, the distance of two long texts is not worth the product of their lengths.
    const maxDistance = Math.floor(most(candidate)) + 1;
    const distance = leven(candidate.toLowerCase(), letters, { maxDistance });
    if (distance < maxDistance && distance < fewest) [found, fewest] = [candidate, distance];
  }
  return found;
}
