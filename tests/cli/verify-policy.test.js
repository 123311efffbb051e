// The policy of a verification summary: who relies on its digest has to get another one wherever something else was asked.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { after, before, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { lasting, Pki } from "../support/code-signing.js";
import { keys, signingRegistry } from "../support/trust.js";

const pki = new Pki();
const [one, two] = ["one", "two"].map((name) => String(pki.issue(`/CN=${name}`, lasting).pem));
const roots = { one: one ?? "", two: two ?? "" };

/** @type {Awaited<ReturnType<typeof signingRegistry>>} */
let held;
/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {string} */
let image;
/** @type {string} */
let index;

before(async () => {
  held = await signingRegistry();
  shell = shellIn("verify-policy");
  const digest = held.image("one");
  image = held.at(digest);
  index = held.at(held.index([digest], keys.current));
  shell.file("key.pem", keys.current.pem);
  for (const [name, pem] of Object.entries(roots)) shell.file(`${name}.pem`, pem);
});
after(() => {
  pki.close();
  held?.registry.close();
  shell?.remove();
});

/** @param {string[]} args */
async function policyOf(...args) {
  const { stdout, stderr } = await shell.ocisign(["verify", image, ...args, "--output", "vsa"]);
  assert.ok(stdout, stderr);
  const { policy, verificationResult } = JSON.parse(stdout).predicate;
  const text = Buffer.from(policy.content, "base64");
  assert.equal(createHash("sha256").update(text).digest("hex"), policy.digest.sha256);
  return { uri: policy.uri, result: verificationResult, asked: JSON.parse(String(text)) };
}

const key = ["--key", "key.pem"];
const root = ["--certificate-root", "one.pem"];

test("each demand gives the policy another digest", async () => {
  const demands = [
    key,
    [...key, "--require-repository"],
    [...key, "--recursive"],
    [...key, "--require", "spdx"],
    [...key, "--covered-by", index],
    [...key, "--signed-as", "127.0.0.1=registry.example"],
    [...key, "--signed-as", "127.0.0.1=other.example"],
    root,
    ["--certificate-root", "two.pem"],
    [...root, "--certificate-root", "two.pem"],
    [...root, "--certificate-identity", "release@example.com"],
    [...root, "--certificate-identity", "anybody@example.com"],
    [...root, "--certificate-subject", "CN=Release"],
    [...root, "--certificate-time", "2026-11-29"],
    [...root, ...key],
  ];
  const known = new Map();
  for (const args of demands) {
    const { uri } = await policyOf(...args);
    assert.equal(known.get(uri), undefined, `${known.get(uri)} and ${args}`);
    known.set(uri, args);
  }
});

test("the same demands give the same, however they are written", async () => {
  const [a, b] = [
    ["--certificate-identity", "a@example.com"],
    ["--certificate-identity", "b@example.com"],
  ];
  const both = ["--certificate-root", shell.file("both.pem", `${roots.two}\n${roots.one}`)];
  const first = await policyOf(...root, "--certificate-root", "two.pem", ...a, ...b);
  assert.equal((await policyOf(...both, ...b, ...a, ...a)).uri, first.uri);
  const names = [
    ["--signed-as", "127.0.0.1=a.example"],
    ["--signed-as", "b.example=a.example"],
  ];
  const { uri } = await policyOf(...key, ...names.flat());
  assert.equal((await policyOf(...key, ...names.toReversed().flat())).uri, uri);
});

test("its text names what was asked", async () => {
  const { asked, result } = await policyOf(...key, "--covered-by", index);
  assert.deepEqual([asked.coveredBy, result], [index, "PASSED"]);
  const { asked: byRoot } = await policyOf(...root, "--certificate-subject", "CN=Release");
  const { fingerprint256 } = new X509Certificate(roots.one);
  const fingerprint = `sha256:${fingerprint256.replaceAll(":", "").toLowerCase()}`;
  assert.deepEqual(byRoot.certificates, { roots: [fingerprint], subject: "CN=Release" });
  const { asked: byName } = await policyOf(...key, "--signed-as", "127.0.0.1=a.example");
  assert.deepEqual(byName.signedAs, { "127.0.0.1": "a.example" });
});
