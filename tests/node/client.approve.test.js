// What an approval is bound to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, fake, signed } from "../support/scripted-fetch.js";

test("an approval is bound to what was shown", async () => {
  const request = (/** @type {string} */ uri) => ({
    id: "r1",
    status: 2,
    code: 2,
    state: /** @type {const} */ ("waiting"),
    final: /** @type {const} */ (false),
    name: "n",
    payload: { optionalParameters: [{ artifactURI: uri }] },
  });
  const changed = fake([answer(request("YmFk"))]);
  await assert.rejects(changed.client.approve("r1", { expect: request("Z29vZA==") }), {
    code: "changed",
    message: "The request changed since it was shown: payload.",
  });
  assert.equal(changed.calls.length, 1, "nothing was approved");

  const same = fake([answer(request("Z29vZA==")), signed]);
  await same.client.approve("r1", { expect: request("Z29vZA==") });
  assert.equal(
    same.calls[1].init.body,
    '{"expect":{"name":"n","payload":{"optionalParameters":[{"artifactURI":"Z29vZA=="}]}}}',
  );
  const other = { ...request("Z29vZA=="), id: "r2" };
  await assert.rejects(same.client.approve("r1", { expect: other }), { code: "bad-input" });
});
