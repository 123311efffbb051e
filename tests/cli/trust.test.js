// `--trust` in place of keys, and `ocisign trust check`.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";
import { key as layoutKey, name as layoutName, MadeLayout, tag } from "../support/made-layout.js";
import { keys, signingRegistry, trustFile } from "../support/trust.js";

/** @type {Awaited<ReturnType<typeof signingRegistry>>} */
let held;
/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {string} */
let path;
/** @type {string} */
let good;
/** @type {string} */
let old;

before(async () => {
  held = await signingRegistry();
  shell = shellIn("trust");
  good = held.at(held.image("good", keys.current));
  old = held.at(held.image("old", keys.old));
  path = shell.file("trust.json", JSON.stringify(file()));
});
after(() => {
  held?.registry.close();
  shell?.remove();
});

const retired = { at: "2026-01-01T00:00:00Z", reason: "rotated" };
const file = (more = {}) => ({
  ...trustFile({
    keys: { old: { publicKey: keys.old.pem, retired }, current: { publicKey: keys.current.pem } },
    rules: [
      { name: "team apps", images: [`${held.registry.domain}/team/**`], keys: ["old", "current"] },
      { name: "the last year", images: ["registry.example/old/**"], keys: ["old"] },
    ],
  }),
  ...more,
});

test("verify takes a trust file by flag, environment and configuration, and a key by flag before the last two", async () => {
  const flag = await shell.ocisign(["verify", good, "--trust", path]);
  assert.equal(flag.code, 0, flag.stderr);
  assert.match(flag.stdout, /Signed by current, as the rule "team apps" asks \(1 of 1\)\./);
  const environment = { env: { OCISIGN_TRUST: path } };
  const refused = await shell.ocisign(["verify", old, "--json"], environment);
  assert.equal(refused.code, 5, refused.stderr);
  const { state, reason, trust } = documentOf(refused);
  assert.equal(state, "invalid");
  assert.match(reason, /the key old is retired since 2026-01-01T00:00:00Z: rotated \(rule "team apps"\)/);
  assert.equal(trust.rule, "team apps");
  const config = shell.file("config.json", JSON.stringify({ trust: "trust.json" }));
  assert.equal((await shell.ocisign(["verify", good, "--config", config])).code, 0);
  const key = shell.file("old.pem", keys.old.pem);
  assert.equal((await shell.ocisign(["verify", old, "--key", key], environment)).code, 0);
  const both = await shell.ocisign(["verify", old, "--key", key, "--trust", path]);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--trust and --key both say which keys are trusted/);
  const threshold = await shell.ocisign(["verify", old, "--threshold", "1", "--trust", path]);
  assert.match(threshold.stderr, /--threshold and --trust exclude each other/);
  const then = await shell.ocisign(["verify", old, "--trust", path, "--trust-time", "2025-12-01"]);
  assert.equal(then.code, 0, then.stderr);
  for (const none of ["2025-02-30", "2025-06-31T12:00:00Z", "2025-02-29T12:00+02:00"]) {
    const never = await shell.ocisign(["verify", old, "--trust", path, "--trust-time", none]);
    assert.equal(never.code, 2, `${none}: a day that no calendar has is no time`);
  }
});

test("an image without a rule ends with 5, a mistake in the file with its path", async () => {
  const other = `registry.example/none/app@${good.split("@")[1]}`;
  const outside = await shell.ocisign(["verify", other, "--trust", path, "--json"]);
  assert.equal(outside.code, 5);
  const { error } = documentOf(outside);
  assert.equal(error.code, "no-trust-rule");
  assert.match(error.message, /trust\.json has no rule for registry\.example\/none\/app@sha256:/);
  const wrong = shell.file("wrong.json", JSON.stringify(file({ revokedDigest: [] })));
  const mistaken = await shell.ocisign(["verify", good, "--trust", wrong]);
  assert.equal(mistaken.code, 1);
  assert.match(mistaken.stderr, /wrong\.json: it has the unknown field `revokedDigest`/);
  assert.match(mistaken.stderr, /Did you mean "revokedDigests"\?/);
});

test("a key with which nothing can be verified is told wherever the file is read", async () => {
  const spki = keys.current.publicKey.export({ type: "spki", format: "der" });
  const off = Buffer.from(spki);
  off[off.length - 1] = (off.at(-1) ?? 0) ^ 1;
  const named = { current: { publicKey: keys.current.pem }, off: { publicKey: off.toString("base64") } };
  const broken = shell.file("broken.json", JSON.stringify(trustFile({ keys: named })));
  for (const args of [
    ["trust", "check", broken],
    ["trust", "export", broken, "--to", "kyverno"],
    ["verify", good, "--trust", broken],
    ["accepts", good, "--trust", broken],
  ]) {
    const { code, stdout, stderr } = await shell.ocisign([...args, "--json"]);
    assert.equal(code, 1, `${args}: ${stderr}`);
    assert.equal(JSON.parse(stdout).error.code, "bad-trust", stdout);
    assert.match(stderr, /broken\.json: the key "off" cannot be used/);
  }
});

test("accepts tells here what the file says, and of others what they make of the keys", async () => {
  const digest = good.split("@")[1] ?? "";
  const two = { name: "two", images: [`${held.registry.domain}/team/**`], keys: ["old", "current"] };
  const bundled = held.image("bundled");
  held.signBundle(bundled, keys.current);
  /** @type {[what: string, image: string, file: object, said: RegExp][]} */
  const cases = [
    [
      "a revoked digest",
      good,
      file({ revokedDigests: [{ digest, reason: "CVE-2026-1" }] }),
      /revoked: CVE-2026-1/,
    ],
    ["a threshold", good, file({ rules: [{ ...two, threshold: 2 }] }), /Signed by only 1 of the 2 keys/],
    [
      "a repository",
      held.at(bundled),
      file({ rules: [{ ...two, requireRepository: true }] }),
      /names no repository/,
    ],
  ];
  for (const [what, image, content, said] of cases) {
    const trust = shell.file("stricter.json", JSON.stringify(content));
    const args = ["accepts", image, "--trust", trust, "--by", "cosign-3"];
    const { code, stdout, stderr } = await shell.ocisign([...args, "--json"]);
    assert.equal(code, 0, `${what}: cosign knows nothing of it: ${stderr}`);
    const { state, reason, tools } = documentOf({ stdout });
    assert.deepEqual([state, tools[0].verdict], ["invalid", "accepts"], what);
    assert.match(reason, said);
    const text = await shell.ocisign(args);
    assert.match(text.stdout, /^ {2}here: invalid\. /m, what);
  }
});

test("lists, proofs, and copies go by it, too", async () => {
  const list = shell.file("images.txt", `${good}\n${old}\n`);
  const many = await shell.ocisign(["verify", "--from-file", list, "--trust", path]);
  assert.equal(many.code, 5, many.stderr);
  const proof = await shell.ocisign(["bundle", good, "--trust", path]);
  assert.equal(proof.code, 0, proof.stderr);
  const kept = shell.file("proof.json", proof.stdout);
  assert.equal((await shell.ocisign(["verify", good, "--proof", kept, "--trust", path])).code, 0);
  const digest = good.split("@")[1];
  const revoking = shell.file(
    "revoking.json",
    JSON.stringify(file({ revokedDigests: [{ digest, reason: "CVE-2026-1" }] })),
  );
  const revoked = await shell.ocisign(["verify", good, "--proof", kept, "--trust", revoking]);
  assert.equal(revoked.code, 5);
  assert.match(revoked.stdout, /is revoked: CVE-2026-1 \(.*revoking\.json: revokedDigests\[0\]\)/);
  const copy = (/** @type {string} */ image) =>
    shell.ocisign(["copy", image, `${held.registry.domain}/copies/app`, "--dry-run", "--trust", path]);
  assert.equal((await copy(good)).code, 0);
  assert.equal((await copy(old)).code, 5);
});

test("a line of a list without a rule: exit 5; with --keep-going the other lines are told", async () => {
  const none = `registry.example/none/app@${good.split("@")[1]}`;
  const list = shell.file("ruleless.txt", `${none}\n${good}\n`);
  const refused = await shell.ocisign(["verify", "--from-file", list, "--trust", path]);
  assert.equal(refused.code, 5, refused.stderr);
  assert.match(refused.stderr, /trust\.json has no rule for registry\.example\/none\/app@sha256:/);
  assert.match(refused.stderr, /Or give --keep-going to verify the others\./);
  const kept = await shell.ocisign([
    "verify",
    "--from-file",
    list,
    "--trust",
    path,
    "--keep-going",
    "--json",
  ]);
  assert.equal(kept.code, 5, kept.stderr);
  const { images } = documentOf(kept);
  assert.deepEqual(
    images.map((/** @type {any} */ { state, error }) => [state, error?.code]),
    [
      ["failed", "no-trust-rule"],
      ["verified", undefined],
    ],
  );
  const oneByOne = shell.file("each.txt", `${old}\n${good}\n`);
  const each = await shell.ocisign(["verify", "--from-file", oneByOne, "--trust", path]);
  assert.equal(each.code, 5, each.stderr);
  assert.match(each.stdout, /^invalid {2}/m);
  assert.match(
    each.stderr,
    /the key old is retired since 2026-01-01T00:00:00Z: rotated \(rule "team apps"\)/,
  );
});

test("a layout and a proof file: verified, by a retired key only, and without a rule", async () => {
  const made = new MadeLayout();
  const digest = made.image("amd64", tag("1.0"));
  made.sign(digest);
  const folder = join(shell.folder, "layout");
  for (const [name, bytes] of new Map([...made.held, ["index.json", made.index()]])) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const image = `${layoutName}@${digest}`;
  const trustOf = (/** @type {string} */ called, /** @type {object} */ more, images = layoutName) =>
    shell.file(
      called,
      JSON.stringify(
        trustFile({
          keys: { release: { publicKey: layoutKey.pem, ...more } },
          rules: [{ name: "team apps", images: [images], keys: ["release"] }],
        }),
      ),
    );
  const accepting = trustOf("accepting.json", {});
  const proof = join(shell.folder, "layout-proof.json");
  const written = await shell.ocisign([
    ...["bundle", image, "--layout", folder],
    ...["--trust", accepting, "--output", proof],
  ]);
  assert.equal(written.code, 0, written.stderr);
  for (const source of [
    ["--layout", folder],
    ["--proof", proof],
  ]) {
    const verify = (/** @type {string} */ trust) =>
      shell.ocisign(["verify", image, ...source, "--trust", trust]);
    const verified = await verify(accepting);
    assert.equal(verified.code, 0, verified.stderr + verified.stdout);
    assert.match(verified.stdout, /Signed by release, as the rule "team apps" asks \(1 of 1\)\./);
    const only = await verify(trustOf("only-retired.json", { retired }));
    assert.equal(only.code, 5, only.stderr);
    assert.match(only.stdout, /^invalid {2}/);
    assert.match(only.stdout, /rule "team apps".*release is retired since 2026-01-01T00:00:00Z: rotated/);
    const ruleless = await verify(trustOf("elsewhere.json", {}, "registry.example/elsewhere"));
    assert.equal(ruleless.code, 5, ruleless.stdout);
    assert.match(ruleless.stderr, /elsewhere\.json has no rule for registry\.example\/team\/app@sha256:/);
  }
});

test("bundle and copy: what no rule or no key vouches for is neither written nor copied", async () => {
  const none = `registry.example/none/app@${good.split("@")[1]}`;
  const target = `${held.registry.domain}/copies/app`;
  for (const args of [
    (/** @type {string} */ image) => ["bundle", image, "--output", "never.json"],
    (/** @type {string} */ image) => ["copy", image, target],
  ]) {
    const ruleless = await shell.ocisign([...args(none), "--trust", path]);
    assert.equal(ruleless.code, 5, ruleless.stderr);
    assert.match(ruleless.stderr, /trust\.json has no rule for registry\.example\/none\/app@/);
    const refused = await shell.ocisign([...args(old), "--trust", path]);
    assert.equal(refused.code, 5, refused.stderr);
    assert.match(refused.stdout + refused.stderr, /the key old is retired .*\(rule "team apps"\)/);
    const both = await shell.ocisign([...args(good), "--trust", path, "--threshold", "1"]);
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--threshold and --trust exclude each other/);
    const nowhere = await shell.ocisign([...args(good), "--trust", "nowhere.json"]);
    assert.match(nowhere.stderr, /--trust: nowhere\.json: there is no such file/);
  }
  assert.ok(!existsSync(join(shell.folder, "never.json")));
  assert.ok(held.registry.requests.every(({ method }) => method === "GET" || method === "HEAD"));
  const unmapped = await shell.ocisign(["copy", good, target, "--signed-as", "a.example/=b.example/"]);
  assert.match(unmapped.stderr, /Give --key FILE, --trust FILE, or --product\./);
});

test("trust check tells rules, keys, warnings and what fits no image", async () => {
  const plain = await shell.ocisign(["trust", "check", path]);
  assert.equal(plain.code, 0, plain.stderr);
  assert.match(plain.stdout, /2 rules, 2 keys, 0 revoked digests/);
  assert.match(plain.stdout, /old: does not count: retired since 2026-01-01T00:00:00Z: rotated/);
  assert.match(
    plain.stdout,
    /warning: The rule "the last year" has no key that counts, and asks for 1: old is retired/,
  );
  const none = `registry.example/none/app@${good.split("@")[1]}`;
  const asked = await shell.ocisign(["trust", "check", path, "--image", good, "--image", none, "--json"]);
  assert.equal(asked.code, 5);
  const { images, unused } = documentOf(asked);
  assert.deepEqual(
    images.map((/** @type {any} */ { rule, canBeVerified }) => [rule, canBeVerified]),
    [
      ["team apps", true],
      [undefined, false],
    ],
  );
  assert.deepEqual(unused, ["registry.example/old/**"]);
  const list = shell.file("check.txt", `${good}\n`);
  const listed = await shell.ocisign(["trust", "check", "--from-file", list], {
    env: { OCISIGN_TRUST: path },
  });
  assert.equal(listed.code, 0, listed.stderr);
  assert.match(listed.stdout, /the rule "team apps" holds, by .*\/team\/\*\*: 1 of these keys/);
  assert.match(listed.stdout, /no image here fits registry\.example\/old\/\*\*/);
});
