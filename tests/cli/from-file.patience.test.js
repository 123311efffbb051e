// A service that is away when a run over a list begins: how long the run waits for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeTime } from "../support/fake-time.js";
import { importSource } from "../support/source.js";

const { patiently } = await importSource("pkg/src/cli/bulk/patiently.ts");

const failure = (/** @type {string} */ code, message = "no") =>
  Object.assign(new Error(message), { name: "OcisignError", code, fix: "Wait.", taken: "no" });

/** A session as far as the wait needs one, with what it says. */
function sessionOf(signal = new AbortController().signal) {
  /** @type {string[]} */
  const notes = [];
  const output = { note: (/** @type {string} */ text) => notes.push(text), settle() {} };
  return { session: /** @type {any} */ ({ output, signal }), notes };
}

const minute = 60_000;

test("through an outage as long as the patience, and no longer", async (t) => {
  const time = fakeTime(t);
  for (const [outage, patience, survives] of /** @type {const} */ ([
    [4 * minute, 5 * minute, true],
    [7 * minute, 5 * minute, false],
    [14 * minute, undefined, true],
    [17 * minute, undefined, false],
    [1, 1, true],
  ])) {
    for (const code of ["network", "timeout", "server-error", "rate-limited"]) {
      const { session, notes } = sessionOf();
      const began = time.now();
      const read = async () => {
        if (time.now() - began < outage) throw failure(code, "It is away");
        return "read";
      };
      const outcome = await time
        .until(patiently(session, read, patience))
        .catch((/** @type {any} */ error) => error.code);
      assert.equal(outcome, survives ? "read" : code, `${code}, ${outage} of ${patience}`);
      if (!survives) assert.ok(time.now() - began <= (patience ?? 15 * minute) + minute);
      // Said once, however often it is tried, and once when it is over.
      assert.deepEqual(notes, [
        "The run waits for the service. It is away",
        ...(survives ? ["The service answers again, and the run begins."] : []),
      ]);
    }
  }
});

test("what does not pass ends it at once, and strangers at the address soon", async (t) => {
  const time = fakeTime(t);
  for (const [code, most] of /** @type {const} */ ([
    ["unauthorized", 1],
    ["forbidden", 1],
    ["not-found", 1],
    ["bad-file", 1],
    ["product-unknown", 1],
    ["not-json", 4],
    ["bad-status", 4],
  ])) {
    let tries = 0;
    const read = async () => {
      tries += 1;
      throw failure(code);
    };
    await assert.rejects(time.until(patiently(sessionOf().session, read)), { code });
    assert.equal(tries, most, code);
  }
});

test("Ctrl-C ends the wait", async (t) => {
  const time = fakeTime(t);
  const controller = new AbortController();
  let tries = 0;
  const read = async () => {
    tries += 1;
    if (tries === 3) controller.abort();
    throw failure("network");
  };
  await assert.rejects(time.until(patiently(sessionOf(controller.signal).session, read)), {
    code: "network",
  });
  assert.equal(tries, 3);
});
