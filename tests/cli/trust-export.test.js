// `ocisign trust export`, as a person uses it: what is written where, and what is refused.
import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse } from "yaml";
import { shellIn } from "../support/cli.js";
import { keyPair } from "../support/signatures.js";

const shell = shellIn("trust-export");
after(shell.remove);
const { pem } = keyPair("P-256");
const digest = `sha256:${"3fbc".repeat(16)}`;

/** @param {string} name @param {object} [rule] @param {object} [more] */
function trustFile(name, rule = {}, more = {}) {
  const keys = { release: { publicKey: pem } };
  const whole = { name: "apps", images: ["registry.example/team/**"], keys: ["release"], ...rule };
  shell.file(name, JSON.stringify({ version: 1, keys, rules: [whole], ...more }));
}
trustFile("trust.json");
trustFile("bound.json", { requireRepository: true });
trustFile("revoked.json", {}, { revokedDigests: [{ digest, reason: "CVE-2026-1" }] });

const exporting = (/** @type {string[]} */ ...args) => shell.ocisign(["trust", "export", ...args]);

test("one file goes to standard output, and the limits of its reader beside it", async () => {
  const { code, stdout, stderr } = await exporting("trust.json", "--to", "kyverno");
  assert.equal(code, 0, stderr);
  assert.equal(parse(stdout).kind, "ImageValidatingPolicy");
  assert.match(stderr, /^Note: Kyverno compares the digest/m);
});

test("several files go into a folder, and replace those of an earlier export", async () => {
  const once = await exporting("trust.json", "--to", "containers");
  assert.equal(once.code, 2);
  assert.match(once.stderr, /there are 2 files\.[\s\S]*Name a folder with --output/);
  for (let times = 0; times < 2; times++) {
    const { code, stdout, stderr } = await exporting("trust.json", "--to", "containers", "--output", "out");
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "out/policy.json\nout/registries.d/ocisign.yaml\n");
    const policy = JSON.parse(readFileSync(join(shell.folder, "out", "policy.json"), "utf8"));
    assert.deepEqual(Object.keys(policy.transports.docker), ["registry.example/team"]);
    assert.deepEqual(readdirSync(join(shell.folder, "out")), ["policy.json", "registries.d"]);
    writeFileSync(join(shell.folder, "out", "policy.json"), "something else");
  }
});

test("a link that waits where a file is written first leads to no other file", async () => {
  const victim = shell.file("victim", "mine");
  mkdirSync(join(shell.folder, "shared"));
  const plant = `ln -s '${victim}' shared/policy.json.$$.unfinished`;
  // What is started in its place has the number of the shell.
  const { code, stderr } = await shell.bash(
    `${plant} && exec ocisign trust export trust.json --to containers --output shared`,
  );
  assert.equal(code, 0, stderr);
  assert.equal(readFileSync(victim, "utf8"), "mine");
  assert.deepEqual(readdirSync(join(shell.folder, "shared")).sort(), ["policy.json", "registries.d"]);
  assert.ok(lstatSync(join(shell.folder, "shared", "policy.json")).isFile());
});

test("what cannot be said is refused by its rule, and written with --lossy, which tells each loss", async () => {
  const refused = await exporting("bound.json", "--to", "kyverno");
  assert.equal(refused.code, 1);
  assert.equal(refused.stdout, "");
  assert.match(refused.stderr, /kyverno cannot be told all that bound\.json says/);
  assert.match(refused.stderr, /rule "apps": Kyverno does not compare the repository/);
  const lossy = await exporting("bound.json", "--to", "kyverno", "--lossy");
  assert.equal(lossy.code, 0, lossy.stderr);
  assert.match(lossy.stderr, /^Not expressed: rule "apps": Kyverno does not compare/m);
  assert.match(lossy.stdout, /^# Not expressed: rule "apps": Kyverno does not compare/m);
});

test("a repository that is named can be told of a revoked digest", async () => {
  const below = await exporting("revoked.json", "--to", "containers", "--output", "below");
  assert.equal(below.code, 1);
  assert.match(below.stderr, /rule "apps": .* it refuses every image of registry\.example\/team\/\*\*/);
  const named = ["--repository", "registry.example/team/app"];
  const { code, stderr } = await exporting(
    "revoked.json",
    "--to",
    "containers",
    "--output",
    "named",
    ...named,
  );
  assert.equal(code, 0, stderr);
  const policy = JSON.parse(readFileSync(join(shell.folder, "named", "policy.json"), "utf8"));
  assert.deepEqual(policy.transports.docker[`registry.example/team/app@${digest}`], [{ type: "reject" }]);
});

test("a program reads files, losses and limits as JSON", async () => {
  const { code, stdout } = await exporting("trust.json", "--to", "ratify", "--output", "ratify", "--json");
  assert.equal(code, 0);
  const { files, notExpressed, limits } = JSON.parse(stdout);
  assert.deepEqual(
    files.map(({ path }) => path),
    ["config.json", "policy.rego", "keys/release.pub"],
  );
  assert.deepEqual(notExpressed, []);
  assert.ok(limits.length > 0);
});

test("an unknown consumer, and a file with a mistake, are refused with their place", async () => {
  const unknown = await exporting("trust.json", "--to", "docker");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /kyverno, policy-controller, containers, ratify/);
  trustFile("mistake.json", { treshold: 1 });
  const { code, stderr } = await exporting("mistake.json", "--to", "kyverno");
  assert.equal(code, 1);
  assert.match(stderr, /mistake\.json.*treshold[\s\S]*threshold/);
});
