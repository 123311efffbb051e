// What a run is told by its environment: `npm run test:differential` sets it.
import { newSeed } from "../support/random.js";

const { OCISIGN_COUNT: count, OCISIGN_FROM: from, OCISIGN_PROGRESS: progress } = process.env;

/** @param {number} usual how many inputs, unless the environment says it @returns {import("./compare.js").Run} */
export function runOf(usual) {
  return {
    seed: newSeed(),
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
