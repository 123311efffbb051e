// Every fault at once, a tenth each, and the clients killed again and again, the one that signs and the one that
// approves: at the end each image has one request and one signature. `npm run test:faults` does it with 1,000 images; a
// failure prints its seed (OCISIGN_SEED).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { goProgram } from "../../tools/machine/go.js";
import { Tools } from "../support/cosign.js";
import { faultPlan } from "../support/fault-plan.js";
import { linesOf, openFaultWorld, tear } from "../support/fault-world.js";
import { newSeed } from "../support/random.js";

const signings = Number(process.env.OCISIGN_FAULT_SIGNINGS ?? 20);
const kills = Number(process.env.OCISIGN_FAULT_KILLS ?? 3);
/** After the kills: a run may end with a doubt that it tells, and the same command settles it. */
const mostRuns = 10;
/** A look reads each request by itself if the list differs from what it shows alone, and some of these reads fail. */
const mostLooks = 60;
const mostSampled = 10;
/** After so many approvals the sandbox's faults end: each takes three calls, and most of these fail. */
const mostApprovedInFaults = 100;

const plan = faultPlan(newSeed(), { signings, kills });
/** @type {import("../support/fault-world.js").FaultWorld} */
let world;
let areFaultsOver = false;
before(async () => {
  world = await openFaultWorld(plan, signings, { needApproval: true });
});
after(() => world?.close());

const requests = ["sign", "--from-file", "images.txt", "--journal", "journal.jsonl", "--settle", "5s"];
const toTheirEnd = [...requests, "--wait"];

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
  const asked = await untilDone(() => world.start(requests));
  t.diagnostic(`all requested after ${asked.join(", ")}`);
  const [ends, approved] = await Promise.all([untilDone(() => world.start(toTheirEnd)), approvedAll(t)]);
  t.diagnostic(`all approved after ${approved.join(", ")}; ended with ${ends.join(", ")}`);
  await endFaults(t);
  const { all, posts, approvals } = await world.answered();
  const told = `${posts} of them asked for a signature, ${approvals} approved one`;
  t.diagnostic(`${all} requests at the service, ${told}`);
  await world.heal();
  assert.deepEqual(await world.faultsAtTheEnd(), [], `OCISIGN_SEED=${plan.seed}`);
  for (const codes of [asked, approved, ends]) assert.equal(codes.at(-1), 0, `OCISIGN_SEED=${plan.seed}`);
});

/** Once; before that, it compares what struck with what was planned. @param {import("node:test").TestContext} t */
async function endFaults(t) {
  if (areFaultsOver) return;
  areFaultsOver = true;
  for (const [at, { fault, seen, struck }] of (await world.rules()).entries()) {
    const { acts = 0 } = plan.rules[at] ?? {};
    const told = `${JSON.stringify(fault)}: ${struck} of ${seen}, planned ${(acts * 100).toFixed(1)} %`;
    t.diagnostic(told);
    // Chance does not lead farther away, neither of few requests nor of many.
    const most = 5 + 5 * Math.sqrt(seen * acts * (1 - acts));
    assert.ok(Math.abs(struck - seen * acts) <= most, `${told}; OCISIGN_SEED=${plan.seed}`);
  }
  await world.endFaults();
}

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
    const client = world.start(toTheirEnd);
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

/**
 * Starts a client again and again, until it is done.
 *
 * @param {() => import("../support/fault-world.js").Running} start @returns {Promise<(number | string)[]>} the exit codes
 */
async function untilDone(start) {
  const codes = [];
  for (let run = 1; run <= mostRuns; run += 1) {
    const { code, stderr } = await start().ended;
    codes.push(code);
    if (code === 0) break;
    console.log(`run ${run} ended with ${code}:\n${stderr.slice(-3_000)}`);
    assert.notEqual(code, 2, stderr);
  }
  return codes;
}

/**
 * Approves the batch as a person does: what is shown is looked at, and then confirmed. What could not be read is shown by
 * a later look. The client is killed meanwhile.
 *
 * @param {import("node:test").TestContext} t @returns {Promise<(number | string)[]>} the exit codes
 */
async function approvedAll(t) {
  const [head = ""] = readFileSync(world.journal, "utf8").split("\n", 1);
  const look = ["approve", "--batch", String(JSON.parse(head).batch), "--settle", "5s"];
  look.push("--concurrency", "16");
  const kills = [...plan.approverKills];
  const codes = [];
  for (let run = 1; run <= mostLooks; run += 1) {
    const shown = await world.startAsApprover(look).ended;
    const [, words] = /--confirm "(\d+ [0-9a-f]{8})"/.exec(shown.stderr) ?? [];
    // Without words the requests could not be read, or there is none to approve.
    if (words === undefined) {
      codes.push(shown.code);
      if (shown.code === 0) break;
      console.log(`the approver's look ${run} ended with ${shown.code}:\n${shown.stderr.slice(-3_000)}`);
      continue;
    }
    const client = world.startAsApprover([...look, "--confirm", words]);
    const [next = Number.POSITIVE_INFINITY] = kills;
    const isTime = await world.runsUntil(client, async () => {
      const { approvals } = await world.answered();
      if (approvals >= mostApprovedInFaults) await endFaults(t);
      return approvals >= next;
    });
    if (isTime) {
      client.child.kill("SIGKILL");
      kills.shift();
    }
    const { code, stderr } = await client.ended;
    codes.push(code);
    t.diagnostic(`approver ${run}: ${code} after ${(await world.answered()).approvals} approvals`);
    if (code === 0) break;
    if (code !== "SIGKILL")
      console.log(`the approver's run ${run} ended with ${code}:\n${stderr.slice(-3_000)}`);
  }
  return codes;
}
