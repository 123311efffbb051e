// What a run is told by its environment: `npm run test:differential` sets it.
const {
  OCISIGN_SEED: seed,
  OCISIGN_COUNT: count,
  OCISIGN_FROM: from,
  OCISIGN_PROGRESS: progress,
} = process.env;

/**
 * Unless the environment says it, the seed is always the same: what a change broke, and not what chance found, turns a
 * run red.
 *
 * @param {number} usual how many inputs @param {number} usualSeed @returns {import("./compare.js").Run}
 */
export function runOf(usual, usualSeed) {
  return {
    seed: Number(seed ?? usualSeed),
    from: Number(from ?? 0),
    count: Number(count ?? usual),
    onProgress: progress ? tell(Date.now()) : undefined,
  };
}

/** Each hundredth part of a long run, with the time that it took. @param {number} begin */
function tell(begin) {
  let next = 0;
  return (/** @type {number} */ done) => {
    if (done < next) return;
    next = done + Number(count) / 100;
    console.error(`${done} inputs, ${Math.round((Date.now() - begin) / 1000)} s`);
  };
}
