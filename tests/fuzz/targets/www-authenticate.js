// Challenges of a registry: what was read and is written again says the same.
import assert from "node:assert/strict";
import { parseChallenges } from "../../support/readers.js";

export const words = ["Bearer", "Basic", "realm", "service", "scope", '="', '",', "token68=="];

/** @param {Buffer} input */
export function judge(input) {
  const read = parseChallenges(input.toString("latin1"));
  for (const { scheme, parameters } of read) {
    for (const name of [scheme, ...parameters.keys()]) assert.match(name, /^[!#$%&'*+.^_`|~0-9a-z-]+$/);
  }
  assert.deepEqual(parseChallenges(read.map(written).join(", ")), read);
}

/** @param {import("../../../pkg/src/registry/auth.ts").Challenge} challenge */
function written({ scheme, parameters }) {
  const all = [...parameters].map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, "\\$&")}"`);
  return `${scheme} ${all.join(", ")}`;
}
