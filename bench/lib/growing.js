// What a byte costs a reader of one, two and four megabytes. If its time is the text's length, a byte costs the same of
// each; if it is the square, a byte of four costs four times as much as a byte of one.

export const mega = 1024 * 1024;

/**
 * @param {string} what the reader, and what the text is made of
 * @param {(bytes: number) => unknown} make a text of about this many bytes
 * @param {(given: any) => unknown} read may throw: most of this is refused
 * @returns {import("./topic.js").Case}
 */
export function growing(what, make, read) {
  /** @param {number} megabytes */
  const contender = (megabytes) => {
    /** @type {unknown} */
    let made;
    return {
      name: `${megabytes} MB`,
      items: megabytes * mega,
      run: () => {
        made ??= make(megabytes * mega);
        return settled(read, made);
      },
    };
  };
  return {
    what,
    ...{ rounds: 3, ms: 1 },
    ours: contender(4),
    // Caches and the collector take their part: what is linear stays above these, what is not falls far below.
    beside: [
      { ...contender(2), aim: 0.6 },
      { ...contender(1), aim: 0.4 },
    ],
  };
}

/** Reads, whatever comes of it. @param {(given: unknown) => unknown} read @param {unknown} given */
export async function settled(read, given) {
  try {
    return await read(given);
  } catch {
    return undefined;
  }
}

/** A unit as often as it fits, between a beginning and an end. @param {string} unit @param {string} [before] @param {string} [after] */
export const repeated =
  (unit, before = "", after = "") =>
  (/** @type {number} */ bytes) =>
    before + unit.repeat(Math.ceil(bytes / unit.length)) + after;

/** The same with a number of its own in each unit, in place of `#`. @param {string} unit @param {string} [before] @param {string} [after] */
export const numbered =
  (unit, before = "", after = "") =>
  (/** @type {number} */ bytes) => {
    const count = Math.ceil(bytes / (unit.length + 6));
    const units = Array.from({ length: count }, (_, at) => unit.replaceAll("#", String(at).padStart(7, "0")));
    return before + units.join("") + after;
  };
