// A contender that answers wrongly is not timed.
import assert from "node:assert/strict";

/** @param {string} what @param {unknown} ours @param {unknown} theirs */
export function same(what, ours, theirs) {
  assert.deepEqual(plain(theirs), plain(ours), `${what}: the contenders disagree`);
}

/** @param {unknown} value */
function plain(value) {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
