/** Does the work once for each object. The same object has the same result, so that an unfolded list stays unfolded. */
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
