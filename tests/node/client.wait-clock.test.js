// Somebody sets the clock while a client waits or reads: what lasts is not measured by it.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { SigningClient } from "ocisign";
import { answer } from "../support/scripted-fetch.js";

const hourMs = 3_600_000;
const RealDate = Date;
let shiftMs = 0;

beforeEach(() => {
  shiftMs = 0;
  globalThis.Date = /** @type {DateConstructor} */ (
    class extends RealDate {
      /** @param {number | string | Date} [given] */
      constructor(given = RealDate.now() + shiftMs) {
        super(given);
      }
      static now() {
        return RealDate.now() + shiftMs;
      }
    }
  );
});
afterEach(() => {
  globalThis.Date = RealDate;
});

/** A client whose second look comes after the clock was set. @param {number} jumpMs @param {(look: number) => number} codeAt */
function clientOf(jumpMs, codeAt) {
  let looks = 0;
  return new SigningClient({
    ...{
      baseUrl: "https://service.example/api",
      token: "secret-token",
      profile: { statuses: { 2: "waiting" } },
    },
    fetch: async () => {
      looks += 1;
      if (looks === 2) shiftMs = jumpMs;
      return answer({ id: "r1", status: codeAt(looks) })();
    },
  });
}

for (const jumpMs of [hourMs, -hourMs, 20 * 365 * 24 * hourMs]) {
  test(`the clock jumps by ${jumpMs / hourMs} h: a wait sees the end that comes`, async () => {
    const client = clientOf(jumpMs, (look) => (look < 6 ? 2 : 16));
    const end = await client.waitForSignature("r1", { timeoutMs: 60_000, intervalMs: 1, maxIntervalMs: 2 });
    assert.equal(end.state, "signed");
  });
}

test("the clock is set back: a wait does not last longer than it may", async () => {
  const stop = new AbortController();
  const client = clientOf(-hourMs, (look) => {
    if (look > 2000) stop.abort();
    return 2;
  });
  const options = { timeoutMs: 30, intervalMs: 1, maxIntervalMs: 2, signal: stop.signal };
  await assert.rejects(client.waitForSignature("r1", options), { code: "timeout" });
});
