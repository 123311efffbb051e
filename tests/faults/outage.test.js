// A service that is away for long, and one whose connections were all cut while the client's machine slept: the run goes
// on when the service is back, with one request an image.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { openFaultWorld } from "../support/fault-world.js";
import { downWay } from "../support/noticed-way.js";

const images = 24;
const taken = 8;
/** So many connections in vain are enough: what does nothing makes none. Each more doubles the client's pauses. */
const enoughTries = 2;
const command = [
  ...["sign", "--from-file", "images.txt", "--journal", "journal.jsonl", "--wait"],
  ...["--settle", "2s", "--patience", "10m", "--concurrency", "4"],
];

/** @type {import("../support/fault-world.js").FaultWorld} */
let world;
beforeEach(async () => {
  world = await openFaultWorld({ sandboxSeed: 1, proxySeed: 1 }, images);
  // It takes a few requests, and no more: so the client is met in the middle, however fast it is.
  const match = { route: "requestSigning" };
  await world.fail({ match, fault: { latencyMs: 1 }, times: taken });
  await world.fail({ match, fault: { reset: "before" } });
});
afterEach(() => world?.close());

/** A client that has asked for a few signatures. @param {NodeJS.ProcessEnv} [env] */
async function inTheMiddle(env) {
  const client = world.start(command, env);
  const isTime = await world.runsUntil(client, async () => Number((await world.rules())[1]?.struck) > 0);
  if (!isTime) assert.fail((await client.ended).stderr);
  return client;
}

/** @param {Awaited<ReturnType<typeof inTheMiddle>>} client */
async function endsWell(client) {
  await world.heal();
  const { code, stdout, stderr } = await client.ended;
  assert.deepEqual(await world.faultsAtTheEnd(), []);
  assert.equal(code, 0, stdout + stderr);
}

test("the service is away before the run begins, and back: by name, its product is found", async () => {
  const { name = "" } = world.product;
  const service = await downWay(world.serviceWay);
  const client = world.start(command, { OCISIGN_PRODUCT: name });
  // So often a call is tried by itself.
  const callTries = 4;
  const tries = await service.tried(callTries + enoughTries, client.ended);
  assert.ok(tries > callTries, `it tried ${tries} times`);
  assert.equal(client.child.exitCode, null, "it waits");
  assert.match(client.said.stderr, /The run waits for the service\./);
  await service.up();
  await endsWell(client);
});

test("the service is away, and back", async () => {
  const client = await inTheMiddle();
  const service = await downWay(world.serviceWay);
  // What was under way when the connections were cut has ended by the first of them.
  await service.tried(1, client.ended);
  const before = await world.answered();
  const tries = await service.tried(1 + enoughTries, client.ended);
  assert.ok(tries > enoughTries, `it tried ${tries} times`);
  assert.equal(client.child.exitCode, null, "it waits");
  assert.equal((await world.answered()).posts, before.posts, "nothing comes through");
  await service.up();
  await endsWell(client);
});

test("service and registry are away, the client is killed, and started again before they are back", async () => {
  const first = await inTheMiddle();
  await world.registryWay.down();
  await world.serviceWay.down();
  first.child.kill("SIGKILL");
  await first.ended;
  const service = await downWay(world.serviceWay);
  const second = world.start(command);
  const tries = await service.tried(enoughTries, second.ended);
  assert.ok(tries >= enoughTries, `it tried ${tries} times`);
  assert.equal(second.child.exitCode, null, "it waits");
  await world.registryWay.up();
  await service.up();
  await endsWell(second);
});

test("the client's machine sleeps, and all its connections are gone when it wakes", async () => {
  const client = await inTheMiddle();
  client.child.kill("SIGSTOP");
  for (const way of [world.serviceWay, world.registryWay]) {
    await way.down();
    await way.up();
  }
  client.child.kill("SIGCONT");
  await endsWell(client);
});
