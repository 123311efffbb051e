// Every fault at once, a tenth each, and the client killed again and again: at the end each image has one request and
// one signature. `npm run test:faults` does it with 1,000 images; a failure prints its seed (OCISIGN_SEED).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { goProgram } from "../../tools/machine/go.js";
import { Tools } from "../support/cosign.js";
import { faultPlan } from "../support/fault-plan.js";
import { linesOf, openFaultWorld, tear } from "../support/fault-world.js";
import { newSeed } from "../support/random.js";

const signings = Number(process.env.OCISIGN_FAULT_SIGNINGS ?? 30);
const kills = Number(process.env.OCISIGN_FAULT_KILLS ?? 4);
/** After the kills: a run may end with a doubt that it tells, and the same command settles it. */
const mostRuns = 10;
const mostSampled = 10;

const plan = faultPlan(newSeed(), { signings, kills });
/** @type {import("../support/fault-world.js").FaultWorld} */
let world;
before(async () => {
  world = await openFaultWorld(plan, signings);
});
after(() => world?.close());

const command = () => [
  ...["sign", "--from-file", "images.txt", "--journal", "journal.jsonl", "--wait"],
  ...["--settle", "5s"],
];

test(`${signings} images, ${kills} kills: one request and one valid signature each`, async (t) => {
  t.diagnostic(`OCISIGN_SEED=${plan.seed} OCISIGN_FAULT_SIGNINGS=${signings} OCISIGN_FAULT_KILLS=${kills}`);
  for (const { match, fault } of plan.rules) await world.fail({ match, fault });
  for (const way of [world.serviceWay, world.registryWay]) {
    for (const toxic of plan.toxics) await way.add(toxic);
  }
  for (const toxic of plan.signerToxics) await world.signerWay.add(toxic);
  for (const [at, kill] of plan.kills.entries()) {
    const said = await killed(kill);
    t.diagnostic(`kill ${at + 1}: ${said}`);
  }
  const ends = await toTheEnd();
  t.diagnostic(`ended with ${ends.join(", ")}`);
  for (const [at, { fault, seen, struck }] of (await world.rules()).entries()) {
    const { share = 0 } = plan.rules[at] ?? {};
    const told = `${JSON.stringify(fault)}: ${struck} of ${seen}, planned ${share * 100} %`;
    t.diagnostic(told);
    // Chance does not lead farther away, neither of few requests nor of many.
    const most = 5 + 5 * Math.sqrt(seen * share * (1 - share));
    assert.ok(Math.abs(struck - seen * share) <= most, `${told}; OCISIGN_SEED=${plan.seed}`);
  }
  const { all, posts } = await world.answered();
  t.diagnostic(`${all} requests at the service, ${posts} of them asked for a signature`);
  await world.heal();
  assert.deepEqual(await world.faultsAtTheEnd(), [], `OCISIGN_SEED=${plan.seed}`);
  assert.equal(ends.at(-1), 0, `OCISIGN_SEED=${plan.seed}`);
});

test("cosign accepts a sample of them", async () => {
  const tools = new Tools("faults");
  const pem = await world.pem();
  try {
    for (let at = 0; at < Math.min(mostSampled, signings); at += 1) {
      const image = world.images[Math.floor((at * signings) / mostSampled)] ?? world.images[0];
      assert.ok(tools.accepts("cosign-v3", pem, String(image)), `${image}, by ${goProgram("cosign-v3")}`);
    }
  } finally {
    tools.close();
  }
});

/** Starts the client, kills it at its moment, and tears its journal. @param {import("../support/fault-plan.js").Kill} kill */
async function killed({ posts, requests, torn, at }) {
  for (let start = 1; ; start += 1) {
    assert.ok(start <= mostRuns, `the client ended ${mostRuns} times before it could be killed`);
    const before = await world.answered();
    const client = world.start(command());
    const isTime = await world.runsUntil(client, async () => {
      const now = await world.answered();
      return now.posts >= posts && now.all - before.all >= requests;
    });
    if (isTime) client.child.kill("SIGKILL");
    const { code, stderr } = await client.ended;
    if (code !== "SIGKILL") {
      // It ended by itself, with a fault or since all was done: the same command goes on.
      assert.notEqual(code, 2, stderr);
      continue;
    }
    const lines = linesOf(world.journal);
    const tears = tear(world.journal, torn, at);
    return `after ${(await world.answered()).posts} posts, ${lines} records; torn: ${tears}`;
  }
}

/** @returns {Promise<(number | string)[]>} the exit codes */
async function toTheEnd() {
  const codes = [];
  for (let run = 1; run <= mostRuns; run += 1) {
    const { code, stderr } = await world.start(command()).ended;
    codes.push(code);
    if (code === 0) break;
    console.log(`run ${run} ended with ${code}:\n${stderr.slice(-3_000)}`);
    assert.notEqual(code, 2, stderr);
  }
  return codes;
}
