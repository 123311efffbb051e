// A tag on the command line: the registry says which digest it names, and a person or --yes agrees to that digest.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { manifestTypes } from "../../demo/registry.js";
import { cliSandbox, documentOf } from "../support/cli.js";
import { imageOf } from "../support/request-element.js";

let at;
before(async () => {
  at = await cliSandbox("sign-tag");
  const manifest = await at.registry.manifest("team/app", at.digest);
  await at.registry.pushManifest("team/app", "1.0", manifest, manifestTypes[0]);
});
after(() => at?.close());

const tagged = () => at.image.replace(/@.*/, ":1.0");
const requests = async () => (await at.as("admin").signings()).length;
const sign = (...args) => ["sign", tagged(), "--product", at.product.id, ...args];
const registryEnv = () => {
  const { username, password } = at.sandbox.registry;
  return { OCISIGN_REGISTRY_USERNAME: username ?? "", OCISIGN_REGISTRY_PASSWORD: password ?? "" };
};

test("without a terminal a tag is signed only with --yes, and the digest is shown", async () => {
  const before = await requests();
  const mute = await at.ocisign(sign());
  assert.equal(mute.code, 2);
  assert.match(mute.stderr, /Nothing was requested[\s\S]*@sha256:[\s\S]*--yes/);
  assert.equal(await requests(), before);

  const sent = await at.ocisign(sign("--yes", "--json"), { env: registryEnv() });
  assert.equal(sent.code, 0, sent.stderr);
  assert.ok(sent.stderr.includes("The tag 1.0 of"), sent.stderr);
  assert.ok(sent.stderr.includes(at.digest));
  assert.match(sent.stderr, /linux\/amd64/);
  assert.equal(imageOf(documentOf(sent)), at.image, "the request binds the digest, and not the tag");
});

test("on a terminal the digest is agreed to with yes, and nothing else will do", async () => {
  const before = await requests();
  const line = `ocisign sign ${tagged()} --product ${at.product.id} --skip none`;
  const typing = async (typed) => {
    const terminal = at.terminal(line, { env: registryEnv() });
    await terminal.says(/Type yes: /);
    assert.ok(terminal.said.stdout.includes(at.digest.slice(-8)));
    terminal.child.stdin.write(typed);
    return terminal.ended;
  };
  for (const typed of ["\n", "\u0004", "no\nnein\nnever\n"]) {
    const ended = await typing(typed);
    assert.equal(ended.code, 1, ended.stdout);
    assert.match(ended.stdout, /Nothing was requested/);
  }
  assert.equal(await requests(), before);
  const ended = await typing("yes\n");
  assert.equal(ended.code, 0, ended.stdout);
  assert.equal(await requests(), before + 1);
});

test("a tag that the registry lacks, and one that no grammar allows, are not requested", async () => {
  const before = await requests();
  const missing = ["sign", tagged().replace(":1.0", ":2.0"), "--product", at.product.id, "--yes"];
  const away = await at.ocisign(missing, { env: registryEnv() });
  assert.equal(away.code, 1);
  assert.match(away.stderr, /has no tag 2\.0 in team\/app/);
  for (const hostile of [
    ":",
    ":-x",
    ":a b",
    `:${"x".repeat(129)}`,
    ":\u202e1.0",
    ":1.0@",
    "",
    ":1.0@sha256:ab",
  ]) {
    const text = at.image.replace(/@.*/, hostile);
    const refused = await at.ocisign(["sign", text, "--product", at.product.id, "--yes"]);
    assert.equal(refused.code, 2, `${JSON.stringify(hostile)}: ${refused.stderr}`);
  }
  assert.equal(await requests(), before);
});

test("verify resolves a tag without asking, and says which digest it judged", async () => {
  const judged = await at.ocisign(["verify", tagged(), "--product", at.product.id, "--json"], {
    env: registryEnv(),
  });
  assert.equal(judged.code, 5, judged.stderr);
  assert.ok(judged.stderr.includes(at.digest));
  assert.equal(documentOf(judged).reference, at.image);
});

test("a list asks nothing, and takes no tags", async () => {
  const list = at.file("tags.txt", `${tagged()}\n`);
  const both = await at.ocisign(["sign", "--from-file", list, "--product", at.product.id, "--yes"]);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--yes cannot be combined/);
  const refused = await at.ocisign(["sign", "--from-file", list, "--product", at.product.id]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /digest/);
});
