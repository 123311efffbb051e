// `--trust` in place of keys, and `ocisign trust check`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";
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
