/**
 * Does the work once for each object: the same object is answered the same, so that a list that was unfolded stays so.
 */
export function once<T extends object, R, More extends unknown[]>(
  work: (given: T, ...more: More) => R,
): (given: T, ...more: More) => R {
  const done: WeakMap<T, R> = new WeakMap();
  return (given, ...more) => {
    const known = done.get(given) ?? work(given, ...more);
    done.set(given, known);
    return known;
  };
}
