// One answer from all that was found. An error is never "unsigned", and one good signature among bad ones is enough,
// unless more keys are asked for.

/**
 * @param {object} found
 * @param {number} found.signatures how many there are, good or bad
 * @param {number} found.keys how many different keys have signed exactly this image
 * @param {number} found.threshold how many have to
 * @param {boolean} found.imageSeen whether the image itself could be read
 * @param {boolean} found.allSeen whether every place could be read that can hold a signature
 * @returns {"verified" | "invalid" | "unsigned" | "unreachable"}
 */
export function verdict({ signatures, keys, threshold, imageSeen, allSeen }) {
  if (!imageSeen) return "unreachable";
  if (keys >= Math.max(threshold, 1)) return "verified";
  if (!allSeen) return "unreachable";
  return signatures === 0 ? "unsigned" : "invalid";
}
