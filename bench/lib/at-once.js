// Work that many do side by side.

/**
 * Does something with each, so many at a time.
 *
 * @template T
 * @param {readonly T[]} all @param {number} atOnce @param {(it: T) => Promise<unknown>} work
 */
export async function everyOne(all, atOnce, work) {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < all.length; at = next++) await work(/** @type {T} */ (all[at]));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
}
