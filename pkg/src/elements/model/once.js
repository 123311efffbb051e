/**
 * Does the work once for each object: the same object is answered the same, so that a list that was unfolded stays so.
 *
 * @template {object} T
 * @template R
 * @template {unknown[]} More
 * @param {(given: T, ...more: More) => R} work @returns {(given: T, ...more: More) => R}
 */
export function once(work) {
  /** @type {WeakMap<T, R>} */
  const done = new WeakMap();
  return (given, ...more) => {
    const known = done.get(given) ?? work(given, ...more);
    done.set(given, known);
    return known;
  };
}
