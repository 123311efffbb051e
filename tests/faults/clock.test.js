// A clock that somebody sets, back and forth, while a run goes on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFaultWorld } from "../support/fault-world.js";

/** @type {import("../support/fault-world.js").FaultWorld} */
let world;
before(async () => {
  world = await openFaultWorld({ sandboxSeed: 1, proxySeed: 1 }, 12);
});
after(() => world?.close());

test("a clock that jumps by days changes nothing", async () => {
  // Retry-After and doubts are what a client could measure with the wrong clock.
  await world.fail({ match: { every: 5 }, fault: { status: 429, headers: { "Retry-After": "1" } } });
  await world.fail({ match: { route: "requestSigning", every: 4 }, fault: { reset: "after" } });
  const jumping = new URL("../support/jumping-clock.js", import.meta.url);
  const command = [
    ...["sign", "--from-file", "images.txt", "--journal", "journal.jsonl", "--wait"],
    ...["--settle", "2s"],
  ];
  const { code, stdout, stderr } = await world.start(command, { NODE_OPTIONS: `--import=${jumping}` }).ended;
  const struck = (await world.rules()).map((rule) => rule.struck);
  await world.heal();
  assert.deepEqual(await world.faultsAtTheEnd(), []);
  assert.equal(code, 0, stdout + stderr);
  assert.ok(
    struck.every((count) => count > 0),
    `${struck}`,
  );
});
