// A watch of two people at the real sandbox: who is told of what, from the request to the signature.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cliSandbox } from "../support/cli.js";
import { eventsIn } from "../support/watched-service.js";

/** @type {any} */
let at;
before(async () => {
  at = await cliSandbox("watch");
});
after(() => at?.close());

/** @param {string} role @param {string[]} args */
async function watched(role, ...args) {
  const NODE_OPTIONS = `--import ${new URL("../support/quick-pauses.js", import.meta.url)}`;
  const env = { OCISIGN_TOKEN: at.token(role), NODE_OPTIONS };
  const running = at.start(["watch", "--json", ...args], { env });
  await running.says(/Watching\./, "stderr");
  return running;
}

/** @param {any} running */
async function stopped(running) {
  running.child.kill("SIGINT");
  const events = eventsIn(await running.ended);
  return events.filter(({ event }) => event).map(({ event, id, state }) => ({ event, id, state }));
}

test("an approver is told of a request, the requester of what becomes of it", async () => {
  const approver = await watched("approver-one");
  const requester = await watched("requester", "--mine");
  const { id } = await at.as("requester").requestSigning({ productId: at.product.id, artifact: at.image });
  for (const running of [approver, requester]) await running.says(new RegExp(`"event":"new".*"${id}"`));
  await at.as("approver-two").approve(id);
  for (const running of [approver, requester]) await running.says(/"event":"changed"/);
  await at.as("approver-one").approve(id);
  for (const running of [approver, requester]) await running.says(/"event":"signed"/);
  for (const running of [approver, requester]) {
    const told = await stopped(running);
    assert.deepEqual(told[0], { event: "new", id, state: "waiting" });
    assert.deepEqual(told.at(-1), { event: "signed", id, state: "signed" });
    assert.ok(told.slice(1, -1).every((one) => one.event === "changed" && one.id === id));
  }
});

test("groups are told by name and id, as the service's profile calls them", async () => {
  const { id } = await at.as("requester").requestSigning({ productId: at.product.id, artifact: at.image });
  const env = { OCISIGN_TOKEN: at.token("approver-one") };
  const done = await at.ocisign(["watch", "--json", "--once", "--since", "1h"], { env });
  assert.equal(done.code, 0, done.stderr);
  const event = eventsIn(done).find((one) => one.id === id);
  const { missingGroups } = await at.as("requester").signing(id);
  assert.deepEqual(
    event.missingGroups.map((/** @type {{ id: string }} */ group) => group.id),
    missingGroups,
  );
  assert.equal(event.product.name, "OCI SIGN");
});
