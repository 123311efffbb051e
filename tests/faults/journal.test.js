// A journal that a crash has torn at any byte of its last record: the next start goes on, and posts nothing twice.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openFaultWorld } from "../support/fault-world.js";
import { newSeed, randomNumbers } from "../support/random.js";

const images = 12;
const starts = 8;
const command = [
  ...["sign", "--from-file", "images.txt", "--journal", "journal.jsonl", "--wait"],
  ...["--settle", "1s", "--concurrency", "3"],
];

/** @type {import("../support/fault-world.js").FaultWorld} */
let world;
before(async () => {
  world = await openFaultWorld({ sandboxSeed: 1, proxySeed: 1 }, images);
  await world.fail({ match: { route: "requestSigning" }, fault: { latencyMs: 30 } });
});
after(() => world?.close());

test("torn between starts, at a byte by chance", async () => {
  const seed = newSeed();
  const random = randomNumbers(seed);
  for (let start = 0; start < starts; start += 1) {
    const client = world.start(command);
    const posts = Math.ceil(((start + 1) * images) / (starts + 1));
    await world.runsUntil(client, async () => (await world.answered()).posts >= posts);
    client.child.kill("SIGKILL");
    await client.ended;
    tearLastOutcome(random);
  }
  const { code, stdout, stderr } = await world.start(command).ended;
  await world.heal();
  assert.deepEqual(await world.faultsAtTheEnd(), [], `OCISIGN_SEED=${seed}`);
  assert.equal(code, 0, `OCISIGN_SEED=${seed}\n${stdout}${stderr}`);
});

test("a byte that was changed in the middle stops it, with the line, and sends nothing", async () => {
  const bytes = readFileSync(world.journal);
  const before = await world.answered();
  const lines = bytes.toString().trimEnd().split("\n");
  assert.ok(lines.length > 3, bytes.toString());
  const at = bytes.indexOf(0x0a) + 10;
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  writeFileSync(world.journal, flipped);
  const { code, stderr } = await world.start(command).ended;
  assert.equal(code, 1, stderr);
  assert.match(stderr, /journal\.jsonl:2|line 2/);
  assert.equal((await world.answered()).posts, before.posts);
  assert.deepEqual(readFileSync(world.journal), flipped, "it stays as it is, for a person to look at");
});

/** @param {(limit: number) => number} random */
function tearLastOutcome(random) {
  const bytes = readFileSync(world.journal);
  const end = bytes.lastIndexOf(0x0a) + 1;
  // A start that was killed before it had mended the last tear has written nothing behind it.
  if (end < bytes.length) return;
  const start = end > 1 ? bytes.lastIndexOf(0x0a, end - 2) + 1 : 0;
  const record = bytes.subarray(start, end);
  // What is safe before a request is sent, cannot be lost; a record that was only begun can be.
  if (record.includes('"outcome"'))
    writeFileSync(world.journal, bytes.subarray(0, start + random(record.length)));
  else writeFileSync(world.journal, Buffer.concat([bytes, record.subarray(0, random(record.length))]));
}
