// Approving with open eyes: what is shown, what is asked, and what is bound.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { againstFake, againstSignings, cliSandbox, documentOf, shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";
import { profileOf } from "../support/sandbox.js";

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

/** Types each of these when it is asked. */
async function typing(id, ...answers) {
  const terminal = at.terminal(`ocisign approve ${id}`, approver());
  for (const [tried, typed] of answers.entries()) {
    await terminal.says(new RegExp(`(last 8 characters[\\s\\S]*){${tried + 1}}`));
    assert.equal(await approvals(id), 0);
    terminal.child.stdin.write(typed);
  }
  return terminal.ended;
}

test("on a terminal the end of the digest is typed, and nothing else will do", async () => {
  const { id } = await ask();
  const end = at.digest.slice(-8);
  for (const answers of [
    ["\n"],
    ["\u0004"],
    ["yes\n", "no\n", "maybe\n"],
    [`${at.digest.slice(-7)}\n`, `${at.digest.slice(0, 8)}\n`, `x${end}\n`],
    ["yes\n", "\n"],
    ["yes\n", "\u0004"],
  ]) {
    const ended = await typing(id, ...answers);
    assert.equal(ended.code, 1, ended.stdout);
    assert.match(ended.stdout, /Nothing was approved/);
    const asked = ended.stdout.match(/last 8 characters/g);
    assert.equal(asked?.length, answers.length, "it is asked no more often than three times");
  }
  assert.equal(await approvals(id), 0);
  assert.equal((await typing(id, `${end}\n`)).code, 0);
  assert.equal(await approvals(id), 1);
});

test("a typing mistake is asked about again, and the end of the digest is marked", async () => {
  for (const wrong of [[at.digest.slice(-7)], ["nonsense", at.digest.slice(-16, -8)]]) {
    const { id } = await ask();
    const answers = [...wrong, at.digest.slice(-8).toUpperCase()].map((typed) => `${typed}\n`);
    const { code, stdout } = await typing(id, ...answers);
    assert.equal(code, 0, stdout);
    assert.equal(stdout.match(/That is not the end of the digest\. Try again/g)?.length, wrong.length);
    assert.equal(await approvals(id), 1);
    const plain = stripVTControlCharacters(stdout);
    // The whole image, right above the question: what a long description says has moved it out of sight.
    const asked = /^(\S+@)\r?\n(sha256:[0-9a-f]{64})\r?\n( +\^+)\r?\n\S*Type the last/m;
    const [, name, shown, marks] = plain.match(asked) ?? assert.fail(plain);
    assert.deepEqual([`${name}${shown}`, marks], [at.image, `${" ".repeat(at.digest.length - 8)}^^^^^^^^`]);
  }
});

test("after an approval it is said who is missing, and on a terminal what comes next", async () => {
  const names = {
    groups: Object.fromEntries(
      at.product.productOperations[0].approvalRule.approvalGroups.map((group) => [
        group,
        `Group of ${group.slice(0, 4)}`,
      ]),
    ),
  };
  const profile = { ...(await profileOf(at.sandbox)), names };
  const file = at.file("named.json", JSON.stringify(profile));
  const { id } = await ask();
  const first = await at.ocisign(["approve", id, "--yes", "--profile", file], approver());
  assert.equal(first.code, 0, first.stderr);
  const { missingGroups } = await at.as("requester").signing(id);
  assert.equal(missingGroups.length, 1);
  const [group] = missingGroups;
  assert.ok(
    first.stderr.includes(`Still missing: an approval by Group of ${group.slice(0, 4)} (${group}).`),
    first.stderr,
  );
  assert.ok(!first.stderr.includes("Next:"), "a log gets no hints");

  const nameless = at.file("nameless.json", JSON.stringify({ ...profile, names: {} }));
  const { id: other } = await ask();
  const terminal = at.terminal(`ocisign approve ${other} --yes --profile ${nameless}`, approver());
  const { stdout } = await terminal.ended;
  assert.match(stdout, /Still missing: an approval by group [0-9a-f-]{36}\./);
  assert.ok(stdout.includes(`ocisign status ${other} --wait`), stdout);
});

test("a request is named by the beginning of its id, as tables show it", async () => {
  const { id } = await ask();
  const short = await at.ocisign(["approve", id.slice(0, 8), "--digest", at.digest], approver());
  assert.equal(short.code, 0, short.stderr);
  assert.equal(await approvals(id), 1);
  assert.equal((await at.ocisign(["status", id.slice(0, 13)])).code, 3);
  assert.equal(
    (await at.ocisign(["reject", id.slice(0, 8).toUpperCase(), "--comment", "no"], approver())).code,
    0,
  );
  for (const [none, said] of /** @type {[string, RegExp][]} */ ([
    ["00000000", /No request that you may see begins with 00000000\./],
    [id.slice(0, 7), /not a UUID/],
    [`${id.slice(0, 8)}-0000-0000`, /No request that you may see begins with/],
  ])) {
    const { code, stderr } = await at.ocisign(["status", none]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, said);
  }
});

test("two requests that begin alike are not mixed up", async () => {
  const ids = ["a83081a6-1d3b-4117-a81b-0ebcfcf0669c", "a83081a6-2222-4117-a81b-0ebcfcf0669c"];
  const list = ids.map((id) => signingOf(image, { id }));
  const { code, stderr, posts } = await againstFake(
    ({ path }) => ({ body: path.endsWith("/imagesignings") ? list : list[0] }),
    ["approve", "a83081a6", "--yes"],
  );
  assert.deepEqual([code, posts.length], [1, 0]);
  assert.match(stderr, /2 requests begin with a83081a6/);
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

/** A terminal beside a service that shows this request. @param {string} shown JSON @param {(at: any) => Promise<void>} act */
async function onTerminal(shown, act) {
  const service = await fakeService(({ method, path }) =>
    path.includes("/products/")
      ? { body: productOf("registry.example") }
      : { body: method === "POST" ? signingOf(image, { status: 4 }) : shown },
  );
  const shell = shellIn("asked", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "the-token" });
  try {
    await act({ ...shell, posts: () => service.asked.filter(({ method }) => method === "POST") });
  } finally {
    service.close();
    shell.remove();
  }
}

test("what nobody can be shown is told before anybody is asked", async () => {
  const request = JSON.stringify(signingOf(image, { productId: "p", priority: 0 }));
  for (const [shown, said] of /** @type {[string, RegExp][]} */ ([
    [request.replace('"priority":0', '"priority":9007199254740993'), /a number that JavaScript cannot keep/],
    [request.replace('"priority":0', '"priority":1,"priority":0'), /two fields of one name/],
    [request.replace("[{", '[{"artifacturi":"YmFk",'), /two fields whose names differ only in case/],
  ])) {
    await onTerminal(shown, async ({ terminal, posts }) => {
      const { code, stdout } = await terminal(`ocisign approve ${id}`).ended;
      assert.equal(code, 1, stdout);
      assert.match(stdout, said);
      assert.match(stdout, /Nothing was approved/);
      assert.doesNotMatch(stdout, /last 8 characters/);
      assert.deepEqual(posts(), []);
    });
  }
});

test("on a terminal a long value goes on below itself, and never where a row begins", async () => {
  const fake = "operation name well-known";
  const wide = "発表用".repeat(40);
  for (const columns of [60, 80, 132]) {
    const description = Array.from({ length: 400 }, (_, at) => (at % 3 ? fake : "x".repeat(at % 80))).join(
      "",
    );
    const { payload } = signingOf(image);
    const metadata = [{ name: "build", value: wide }];
    const shown = signingOf(image, { productId: "p", description, payload: { ...payload, metadata } });
    await onTerminal(JSON.stringify(shown), async ({ terminal }) => {
      const line = `stty cols ${columns}; ocisign approve ${id} --yes`;
      const { stdout } = await terminal(line).ended;
      const lines = stripVTControlCharacters(stdout).split(/\r?\n/);
      const own = /^(\S+( \S+)* {2,}|$)/;
      const first = lines.findIndex((text) => text.startsWith("description"));
      const end = lines.findIndex((text, at) => at > first && own.test(text));
      assert.ok(end - first > 100, stdout);
      const room = lines[first]?.search(/(?<= {2})\S/) ?? 0;
      for (const text of lines.slice(first, end)) assert.ok(stringWidth(text) <= columns, text);
      for (const text of lines.slice(first + 1, end)) assert.ok(text.startsWith(" ".repeat(room)), text);
      const told = lines.slice(first, end).map((text) => text.slice(room));
      assert.equal(told.join(""), description, "nothing is lost");
      assert.ok(lines.every((text) => stringWidth(text) <= columns || !text.includes("発")));
    });
  }
});
