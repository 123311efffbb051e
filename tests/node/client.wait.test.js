// A wait for the end of a request.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, fake } from "../support/scripted-fetch.js";

test("a wait sees each status and ends with the final one", async () => {
  const reply = (code) => answer({ id: "r1", status: code });
  const { client } = fake([reply(2), reply(2), reply(8), reply(16)]);
  const seen = [];
  const options = { intervalMs: 1, maxIntervalMs: 2, onStatus: ({ code }) => seen.push(code) };
  assert.equal((await client.waitForSignature("r1", options)).state, "signed");
  assert.deepEqual(seen, [2, 8, 16]);

  const endless = fake(Array.from({ length: 99 }, () => reply(2)));
  await assert.rejects(
    endless.client.waitForSignature("r1", { timeoutMs: 5, intervalMs: 1, maxIntervalMs: 1 }),
    { code: "timeout" },
  );
});

test("onStatus may be asynchronous, and its failure ends the wait", async () => {
  const { client } = fake([answer({ id: "r1", status: 2 })]);
  const onStatus = async () => {
    throw new Error("the log is full");
  };
  await assert.rejects(client.waitForSignature("r1", { onStatus }), /the log is full/);
});
