// Makes an input that breaks a target small, so that a person sees what is wrong with it.

/** Each try runs the target; the largest inputs are not made smallest, but small. */
const mostTries = 2000;

/**
 * Leaves out ever smaller pieces, as long as the target still breaks.
 *
 * @param {Buffer} input @param {(input: Buffer) => Promise<boolean>} isBroken
 * @returns {Promise<Buffer>}
 */
export async function shrunk(input, isBroken) {
  let smallest = input;
  let tries = 0;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.length && tries < mostTries; tries++) {
      const smaller = Buffer.concat([smallest.subarray(0, from), smallest.subarray(from + size)]);
      if (await isBroken(smaller)) smallest = smaller;
      else from += size;
    }
  }
  return smallest;
}

/** Where and as what an error was thrown: by that, two inputs break a target alike. @param {unknown} error */
export function faultOf(error) {
  if (!(error instanceof Error)) return typeof error;
  const place = error.stack?.split("\n").find((line) => /^ {4}at /.test(line));
  return `${error.name} ${place}`;
}
