// Does a run of ten thousand images stay small, however many requests a service has, and however the run goes?
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "ocisign-memory-"));
after(() => rmSync(folder, { recursive: true }));

const count = 10_000;
const others = 50_000;
const most = 200 * 1024 * 1024;

/** @param {string} way @returns {Promise<Record<string, number>>} */
async function processThatRequests(way) {
  const file = join(folder, `${way}.journal`);
  const program = new URL("../support/many-requests.js", import.meta.url);
  // How much garbage may lie about is the engine's choice, and differs from run to run: what is kept has to fit into this.
  const execArgv = ["--max-old-space-size=96"];
  const child = fork(program, [way, String(count), String(others), file], { execArgv });
  const said = once(child, "message");
  const [code] = await once(child, "exit");
  assert.equal(code, 0, "the process that requests has failed");
  return (await said)[0];
}

for (const [way, what] of Object.entries({
  defaults: "with the defaults",
  wait: "and waits for each",
  "batch again": "and goes on by the batch id",
})) {
  test(`${count} images ${what}, where the service has ${others} other requests`, async (t) => {
    const { told, posts, quarter, end, most: highest } = await processThatRequests(way);
    t.diagnostic(`resident: ${quarter} at a quarter, ${end} at the end, ${highest} at the most`);
    assert.deepEqual([told, posts], [count, count]);
    assert.ok(Number(highest) < most);
    // What an image leaves behind is little beside what a page takes.
    assert.ok(Number(end) < 1.5 * Number(quarter));
  });
}
