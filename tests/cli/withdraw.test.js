// Taking one's own request back: what is shown, what is asked, and who may.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cliSandbox, documentOf } from "../support/cli.js";
import { profileOf } from "../support/sandbox.js";

let at;
before(async () => {
  at = await cliSandbox("withdraw");
});
after(() => at?.close());

const ask = () =>
  at
    .as("requester")
    .requestSigning({ productId: at.product.id, artifact: at.image, description: "Release 1.2" });
const stateOf = async (id) => (await at.as("requester").signing(id)).state;

test("without a terminal it is withdrawn only with --yes, and is shown", async () => {
  const { id } = await ask();
  const mute = await at.ocisign(["withdraw", id]);
  assert.equal(mute.code, 2);
  assert.match(mute.stderr, /nothing was withdrawn[\s\S]*--yes/);
  assert.equal(await stateOf(id), "waiting");

  const done = await at.ocisign(["withdraw", id, "--yes", "--comment", "wrong image", "--json"]);
  assert.equal(done.code, 0, done.stderr);
  for (const shown of [at.image, "Release 1.2", "OCI SIGN", "Withdrawn."]) {
    assert.ok(done.stderr.includes(shown), `${shown} is shown`);
  }
  assert.equal(documentOf(done).state, "rejected");
  assert.match(documentOf(done).reason, /^Withdrawn by .*: wrong image$/);

  const again = await at.ocisign(["withdraw", id, "--yes"]);
  assert.equal(again.code, 1, again.stderr);
  assert.match(again.stderr, /closed: rejected\. Nothing was withdrawn/);
});

test("on a terminal yes is typed, and nothing else will do", async () => {
  const { id } = await ask();
  const typing = async (typed) => {
    const terminal = at.terminal(`ocisign withdraw ${id}`);
    await terminal.says(/Type yes: /);
    terminal.child.stdin.write(typed);
    return terminal.ended;
  };
  for (const typed of ["\n", "\u0004", "no\nnein\nnever\n"]) {
    const ended = await typing(typed);
    assert.equal(ended.code, 1, ended.stdout);
    assert.match(ended.stdout, /Nothing was withdrawn/);
    assert.equal(await stateOf(id), "waiting");
  }
  const ended = await typing("yes\n");
  assert.equal(ended.code, 0, ended.stdout);
  assert.equal(await stateOf(id), "rejected");
});

test("the request of another person stays", async () => {
  const { id } = await ask();
  const other = await at.ocisign(["withdraw", id, "--yes"], {
    env: { OCISIGN_TOKEN: at.token("approver-one") },
  });
  assert.equal(other.code, 1, other.stderr);
  assert.match(other.stderr, /Only the requester may withdraw a request/);
  assert.equal(await stateOf(id), "waiting");
});

test("without a route nobody is asked, and an approver is named", async () => {
  const { id } = await ask();
  const { routes, ...profile } = await profileOf(at.sandbox);
  const { withdraw: _, ...others } = routes ?? {};
  const file = at.file("no-withdrawal.json", JSON.stringify({ ...profile, routes: others }));
  const refused = await at.ocisign(["withdraw", id, "--yes", "--profile", file]);
  assert.equal(refused.code, 2, refused.stderr);
  assert.match(refused.stderr, /no route to withdraw[\s\S]*Ask an approver to reject it\./);
  assert.equal(await stateOf(id), "waiting");
});
