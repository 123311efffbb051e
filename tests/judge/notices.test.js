// Would the comparison notice? A few rules of the package are broken on purpose, and each has to come out as a difference.
// `npm run test:judge -- --notice` breaks all that are listed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../support/judging/compare.js";
import { brokenLibrary, sabotages } from "../support/judging/sabotages.js";
import { secondJudge } from "../support/judging/second-judge.js";

/** With it, each of these is noticed soon: what a run says is no matter of chance. */
const [seed, mutations] = [20, 10_000];

const quick = [
  "nothing follows an ECDSA signature",
  "no name stands twice",
  "a payload names the image's repository",
  "a blob has its digest",
];

for (const sabotage of sabotages.filter(({ rule }) => quick.includes(rule))) {
  test(`it is noticed where it does not hold that ${sabotage.rule}`, async () => {
    const library = await brokenLibrary(sabotage);
    const { differences } = await compare({ program: secondJudge, library, seed, mutations, most: 1 });
    assert.notEqual(differences.length, 0);
  });
}
