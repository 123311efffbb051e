// Whose is a request that names its requester in one of the forms that services have?
import assert from "node:assert/strict";
import { test } from "node:test";
import { againstFake } from "../support/cli.js";
import { signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;
const me = "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922";
const other = "3b94c7e3-5b60-4d18-8f2c-71e3b5d6a922";

/** What `--mine` lists of one request, and what it says. @param {unknown} requester @param {string} sub */
async function mine(requester, sub) {
  const request = signingOf(image, { requester });
  const payload = Buffer.from(JSON.stringify({ sub })).toString("base64url");
  const answer = () => ({ body: [request] });
  const args = ["signings", "--mine", "--token", `e30.${payload}.x`];
  const { code, stdout, stderr } = await againstFake(answer, args);
  assert.equal(code, 0, stderr);
  return { isListed: stdout.startsWith(request.id), mayBe: stderr.includes("1 more may be yours") };
}

for (const [
  what,
  requester,
  sub,
  isListed,
  mayBe,
] of /** @type {[string, unknown, string, boolean, boolean][]} */ ([
  ["an object with my id", { name: "Ann", objectId: me.toUpperCase() }, me, true, false],
  ["my id alone", me, me.toUpperCase(), true, false],
  ["my id alone, which is no UUID", "google-oauth2|1077", "google-oauth2|1077", true, false],
  ["another's id alone", other, me, false, false],
  ["an object with another's id, which is no UUID", { objectId: "1077" }, "1078", false, false],
  ["a name of two words", "Some Body", me, false, true],
  ["a word, which may be a name", "somebody", me, false, true],
  ["an object with a name", { name: "Ann" }, me, false, true],
  ["nobody", undefined, me, false, true],
])) {
  test(`${what}: ${isListed ? "mine" : mayBe ? "unknown" : "another's"}`, async () => {
    assert.deepEqual(await mine(requester, sub), { isListed, mayBe });
  });
}
