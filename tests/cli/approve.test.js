// Approving with open eyes: what is shown, what is asked, and what is bound.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cliSandbox, documentOf, shellIn } from "../support/cli.js";
import { fakeService, signingOf } from "../support/fake-service.js";

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

/** Runs against a service that shows `signings`, one for each reading. */
async function against(signings, args) {
  const service = await fakeService(({ method, path }) => {
    if (method === "POST") return { body: { ...signings[0], status: 4 } };
    if (/products\/|products\?/.test(path)) return { status: 403, body: { message: "not yours" } };
    return { body: signings.length > 1 ? signings.shift() : signings[0] };
  });
  const shell = shellIn("fake", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "the-token" });
  try {
    const outcome = await shell.ocisign(args);
    return { ...outcome, posts: service.asked.filter(({ method }) => method === "POST") };
  } finally {
    service.close();
    shell.remove();
  }
}

const id = signingOf(image).id;

test("what a service writes cannot draw on the terminal", async () => {
  const description = "harmless\u001b[2J\u202esdrawkcab\nstate  signed\u0007\u0085";
  for (const args of [
    ["approve", id, "--yes"],
    ["status", id],
    ["status", id, "--json"],
  ]) {
    const { stdout, stderr } = await against([signingOf(image, { description, productId: "p" })], args);
    const said = `${stdout}${stderr}`;
    assert.ok(!/[\p{Cc}\p{Cf}]/u.test(said.replaceAll("\n", "")), JSON.stringify(said));
    assert.ok(!/^state {2}signed/m.test(said));
    assert.match(said, /u\{?0*1b\}?/);
  }
});

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
      const { code, stderr, posts } = await against([signingOf(image, changes)], args);
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
    const { code, stderr, posts } = await against([signingOf(image), other], args);
    assert.equal(code, 1);
    assert.match(stderr, /changed/i);
    assert.equal(posts.length, 0);
  }
  const { posts } = await against([signingOf(image)], ["approve", id, "--yes"]);
  assert.deepEqual(
    JSON.parse(posts[0].body).expect.payload,
    signingOf(image).payload,
    "what was shown is sent along",
  );
});

test("a reply of another shape than the sandbox's is shown, and a request that was made keeps its id", async () => {
  const payload = (metadata) => ({ ...signingOf(image).payload, metadata });
  for (const [changes, shown] of [
    [{ requester: "Ann", approvals: ["Bea", { name: "Cid" }] }, /requester +Ann\napprovals +Bea, Cid/],
    [{ requester: { mail: "ann@x" }, approvals: 2 }, /requester +\{"mail":"ann@x"\}\napprovals +2/],
    [{ missingGroups: { id: "g" }, approvals: [null, {}] }, /approvals +\?, \{\}\ngroups missing +g/],
    [{ payload: payload({ name: "Version", value: 1 }) }, /metadata +Version=1/],
    [{ payload: payload("v1"), description: { text: "why" } }, /description +\{"text":"why"\}\nmetadata +v1/],
  ]) {
    const reply = signingOf(image, changes);
    const { code, stdout, stderr } = await against([reply], ["status", id]);
    assert.equal(code, 3, stderr);
    assert.match(stdout, shown);
    const approved = await against([reply], ["approve", id, "--yes"]);
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stdout, shown);
  }
  for (const reply of [{}, "page", { id, status: "2" }]) {
    const { code, stderr } = await against([reply], ["status", id]);
    assert.equal(code, 1);
    assert.match(stderr, /Check (that )?--url/);
    assert.doesNotMatch(stderr, /ocisign signings/, "nothing was sent that the service could have accepted");
  }
  const { stdout, stderr } = await against(
    [[{ id: "p", name: 5, productConfigItems: "x", productOperations: [null, { token: "t" }] }]],
    ["products"],
  );
  assert.equal(stderr, "");
  assert.match(stdout, /^p +5 +- +\?, \? +yes$/m);
});
