// What a decision binds is copied when it is called: a caller that changes it meanwhile changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fake } from "../support/scripted-fetch.js";

const good = "Z29vZA==";
const bad = "YmFk";

/** A request as the service shows it. @param {object} [changes] @returns {any} */
const request = (changes) => ({
  id: "r1",
  status: 2,
  name: "n",
  description: "d",
  productId: "p",
  idProductOperation: "o",
  payload: { name: "OCI sign request", metadata: [], optionalParameters: [{ artifactURI: good }] },
  ...changes,
});
const decided = { id: "r1", status: 16 };

/** @type {Record<string, (client: any, options: object) => Promise<any>>} */
const decisions = {
  approve: (client, options) => client.approve("r1", options),
  reject: (client, options) => client.reject("r1", { comment: "why not", ...options }),
};
const json = (/** @type {unknown} */ value) => new Response(JSON.stringify(value));

for (const [name, decide] of Object.entries(decisions)) {
  test(`${name}: what the caller changes after the call changes nothing`, async () => {
    const shown = request();
    const { client, calls } = fake([json(request()), json(decided)]);
    const deciding = decide(client, { expect: shown });
    shown.payload.optionalParameters[0].artifactURI = bad;
    shown.name = "another";
    await deciding;
    const { expect } = JSON.parse(calls[1].init.body);
    assert.deepEqual([expect.name, expect.payload], ["n", request().payload]);
  });
}
