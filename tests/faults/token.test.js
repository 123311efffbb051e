// A token that expires in the middle of a run: the client asks its token command for another, and repeats nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFaultWorld } from "../support/fault-world.js";

/** @type {import("../support/fault-world.js").FaultWorld} */
let world;
before(async () => {
  world = await openFaultWorld({ sandboxSeed: 1, proxySeed: 1 }, 100);
});
after(() => world?.close());

test("tokens that expire again and again", async () => {
  await world.fail({ match: { every: 7 }, fault: { expiredToken: true } });
  const command = ["sign", "--from-file", "images.txt", "--journal", "journal.jsonl", "--wait"];
  const { code, stdout, stderr } = await world.start(command).ended;
  await world.heal();
  assert.deepEqual(await world.faultsAtTheEnd(), []);
  assert.equal(code, 0, stdout + stderr);
  assert.ok(world.tokens.given() > 2, `the token command was asked ${world.tokens.given()} times`);
});
