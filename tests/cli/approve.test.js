// Approving with open eyes: what is shown, what is asked, and what is bound.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { againstSignings, cliSandbox, documentOf } from "../support/cli.js";
import { signingOf } from "../support/fake-service.js";

let at;
before(async () => {
  at = await cliSandbox("approve");
});
after(() => at?.close());

const ask = () =>
  at
    .as("requester")
    .requestSigning({ productId: at.product.id, artifact: at.image, description: "Release 1.2" });
const approver = () => ({ env: { OCISIGN_TOKEN: at.token("approver-one") } });
const approvals = async (id) => (await at.as("requester").signing(id)).approvals.length;

test("without a terminal nothing is approved unless it is said what", async () => {
  const { id } = await ask();
  const mute = await at.ocisign(["approve", id], approver());
  assert.equal(mute.code, 2);
  assert.match(mute.stderr, /--digest/);
  const other = await at.ocisign(["approve", id, "--digest", `sha256:${"0".repeat(64)}`], approver());
  assert.equal(other.code, 1);
  assert.match(other.stderr, /another digest/);
  const both = await at.ocisign(["approve", id, "--yes", "--digest", at.digest], approver());
  assert.equal(both.code, 2);
  assert.equal(await approvals(id), 0);

  const approved = await at.ocisign(["approve", id, "--digest", at.digest, "--comment", "seen"], approver());
  assert.equal(approved.code, 0, approved.stderr);
  for (const shown of [at.image, "Release 1.2", "Requester", "OCI SIGN", "RSA2048 sha256:"]) {
    assert.ok(approved.stderr.includes(shown), `${shown} is shown`);
  }
  assert.equal(await approvals(id), 1);
});

test("--yes approves what is shown; --json keeps standard output for the document", async () => {
  const { id } = await ask();
  const approved = await at.ocisign(["approve", id, "--yes", "--json"], approver());
  assert.equal(approved.code, 0, approved.stderr);
  assert.equal(documentOf(approved).approvals.length, 1);
  assert.ok(approved.stderr.includes(at.image));
});

test("on a terminal the end of the digest is typed, and nothing else will do", async () => {
  const { id } = await ask();
  for (const [typed, code] of [
    ["yes\n", 1],
    ["\n", 1],
    ["\u0004", 1],
    [`${at.digest.slice(-8)}\n`, 0],
  ]) {
    const terminal = at.terminal(`ocisign approve ${id}`, approver());
    await terminal.says(/last 8 characters/);
    assert.equal(await approvals(id), 0);
    terminal.child.stdin.write(typed);
    const ended = await terminal.ended;
    assert.equal(ended.code, code, ended.stdout);
  }
  assert.equal(await approvals(id), 1);
});

test("Ctrl-C at the question approves nothing and ends with 130", async () => {
  const { id } = await ask();
  const terminal = at.terminal(`ocisign approve ${id}`, approver());
  await terminal.says(/last 8 characters/);
  terminal.child.stdin.write("\u0003");
  assert.equal((await terminal.ended).code, 130);
  assert.equal(await approvals(id), 0);
});

test("what is final is not asked about", async () => {
  const { id } = await ask();
  await at.as("approver-two").reject(id, { comment: "no" });
  const late = await at.ocisign(["approve", id, "--yes"], approver());
  assert.equal(late.code, 1);
  assert.match(late.stderr, /final: rejected \(status 32\)/);
});

const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;

const id = signingOf(image).id;

test("an approval that nobody can read is not given, in either vocabulary", async () => {
  const parameters = (...uris) => ({
    payload: { optionalParameters: uris.map((artifactURI) => ({ artifactURI })) },
  });
  const encoded = Buffer.from(image).toString("base64");
  for (const changes of [
    parameters(),
    parameters(encoded, encoded),
    parameters("%%%"),
    parameters(Buffer.from("nginx:latest").toString("base64")),
  ]) {
    for (const args of [
      ["approve", id, "--yes"],
      ["imagesigning", "approve", "-I", id],
    ]) {
      const { code, stderr, posts } = await againstSignings([signingOf(image, changes)], args);
      assert.equal(code, 1);
      assert.match(stderr, /Nothing was approved/);
      assert.equal(posts.length, 0);
    }
  }
});

test("a request that changes after it was shown is not approved", async () => {
  const other = signingOf(image.replace("team", "evil"));
  for (const args of [
    ["approve", id, "--yes"],
    ["imagesigning", "approve", "-I", id],
  ]) {
    const { code, stderr, posts } = await againstSignings([signingOf(image), other], args);
    assert.equal(code, 1);
    assert.match(stderr, /changed/i);
    assert.equal(posts.length, 0);
  }
  const { posts } = await againstSignings([signingOf(image)], ["approve", id, "--yes"]);
  assert.deepEqual(
    JSON.parse(posts[0].body).expect.payload,
    signingOf(image).payload,
    "what was shown is sent along",
  );
});
