// Advisories that concern us in nothing, each with its reason and the day on which it is looked at again. After that day
// it counts as found.

/** @typedef {{ id: string, reason: string, until: string }} Accepted `id` as RustSec or GitHub names it */

/** @type {Accepted[]} */
export const accepted = [];

/** @param {Date} now @param {Accepted[]} [list] @returns {Accepted[]} */
export function acceptedOn(now, list = accepted) {
  return list.filter(({ until }) => now < new Date(`${until}T23:59:59Z`));
}
