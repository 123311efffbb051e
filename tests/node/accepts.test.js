// Who accepts an image, by what a verification found: the rows, and what is made of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readPublicKey, verifySignatures } from "ocisign";
import { whoAccepts } from "ocisign/accepts";
import { admissionTools, goTools } from "../../tools/machine/go.js";
import { kyvernoIn, otherKyvernos } from "../../tools/machine/kyverno.js";
import { image, keyPair, manifestOf, payloadFor, reference, simpleLayer } from "../support/signatures.js";
import { importSource } from "../support/source.js";

/** @type {{ consumers: readonly import("../../pkg/src/accepts/consumer.ts").Consumer[] }} */
const { consumers } = await importSource("pkg/src/accepts/consumers.ts");
const pair = keyPair("P-256");
const key = readPublicKey(pair.pem);

/** A verification as a registry gives it. @param {Partial<import("ocisign").Verification>} changes */
async function verified(changes = {}, { hash = "sha256", by = pair, repository = "" } = {}) {
  const named = repository ? { repository } : {};
  const blob = Buffer.from(JSON.stringify(payloadFor(named)));
  const manifest = manifestOf(simpleLayer(by.privateKey, blob, { hash }));
  const found = await verifySignatures({ reference, publicKey: key, manifest, blob });
  const signatures = found.signatures.map((one) => ({ ...one, from: ["tag"] }));
  return /** @type {import("ocisign").Verification} */ ({ ...found, signatures, seen: {}, ...changes });
}

/** @param {import("ocisign").Verification} verification @param {string} id */
function by(verification, id, keys = [key]) {
  const found = whoAccepts(verification, { keys }).filter((one) => one.id === id);
  assert.equal(found.length, 1, id);
  return found[0] ?? assert.fail();
}

test("simple signing: who reads it accepts it, by a measurement", async () => {
  const verification = await verified();
  const podman = by(verification, "containers-image");
  assert.deepEqual([podman.verdict, podman.mends], ["accepts", []]);
  assert.deepEqual(podman.basis, { measured: "tests/interop/accepts.test.js" });
  assert.match(podman.why, /simple signing by this key/);
  assert.equal(podman.key, key.fingerprint);
  assert.deepEqual(by(verification, "ratify").basis, { measured: "tests/admission/accepts.test.js" });
  assert.equal(by(verification, "sigstore-go").verdict, "unknown");
});

test("another repository: cosign does not compare, podman does, and the command that mends it is told", async () => {
  const verification = await verified({}, { repository: "registry.example/team/other" });
  assert.equal(verification.state, "invalid");
  assert.equal(by(verification, "cosign-3").verdict, "accepts");
  const { verdict, why, mends } = by(verification, "containers-image");
  assert.equal(verdict, "refuses");
  assert.match(why, /another repository/);
  assert.deepEqual(
    mends.map(({ command }) => command),
    [`ocisign sign ${reference} --product ID`],
  );
});

test("no signature, and one by another key", async () => {
  const unsigned = await verified({ state: "unsigned", signatures: [], keys: [] });
  assert.match(by(unsigned, "cosign-3").why, /finds no signature/);
  const others = by(await verified({}, { by: keyPair("P-256") }), "cosign-3");
  assert.match(others.why, /none of them by this key/);
  assert.equal(others.mends.length, 1);
});

test("what nobody tried is unknown, and says what", async () => {
  const fine = await verified();
  const [good] = fine.signatures;
  const cases = /** @type {[Partial<import("ocisign").Verification>, RegExp][]} */ ([
    [{ problems: [{ from: "tag", code: "network", message: "It is away.", fix: "" }] }, /It is away/],
    [{ signatures: [{ ...good, hash: "SHA-512" }] }, /SHA-512/],
    [{ signatures: [{ ...good, signedAs: "registry.example/team/app@sha256:1" }] }, /spells/],
    [{ signatures: [{ ...good, format: "bundle", from: ["fallback-tag"] }] }, /own list/],
    [{ signatures: [{ ...good, from: ["given"] }] }, /not tried/],
    [{ signatures: [good, { ...good, verified: false, failed: "blob", reason: "broken" }] }, /broken/],
    [{ signatures: [{ ...good, certificate: {} }] }, /certificate/],
  ]);
  for (const [changes, why] of cases) {
    for (const one of whoAccepts(/** @type {any} */ ({ ...fine, ...changes }), { keys: [key] })) {
      assert.equal(one.verdict, "unknown", `${one.id} ${why}`);
      assert.match(one.why, why);
      assert.deepEqual([one.basis, one.mends], [undefined, []]);
    }
  }
  assert.match(by(fine, "cosign-3", []).why, /not known which key/);
});

test("of several keys that signed, each tool is told once for each", async () => {
  const other = readPublicKey(keyPair("P-256").pem);
  const fine = await verified();
  const [good] = fine.signatures;
  const two = /** @type {any} */ ({
    ...fine,
    keys: [key.fingerprint, other.fingerprint],
    signatures: [good, { ...good, key: other.fingerprint }],
  });
  const told = whoAccepts(two, { keys: [key, other] }).filter(({ id }) => id === "cosign-3");
  assert.deepEqual(
    told.map((one) => [one.key, one.verdict]),
    [
      [key.fingerprint, "accepts"],
      [other.fingerprint, "accepts"],
    ],
  );
});

test("each row is measured by a test that is there; versions are those that are tried", () => {
  const pinned = [...goTools, ...admissionTools, ...otherKyvernos.map(kyvernoIn)]
    .map(({ module }) => module)
    .join(" ");
  const libraries = readFileSync(new URL("../go/go.mod", import.meta.url), "utf8");
  for (const { id, basis, versions, accepts, refuses } of consumers) {
    const text = readFileSync(new URL(`../../${basis.measured}`, import.meta.url), "utf8");
    assert.ok(text.includes(`measureRows("${basis.measured}"`), id);
    for (const version of versions) {
      assert.ok(`${pinned} ${libraries}\n`.includes(`v${version}`), `${id} ${version} is not what is tried`);
    }
    const rows = [...accepts, ...refuses.flatMap(({ when }) => when)];
    assert.equal(new Set(rows).size, rows.length, `${id}: a situation stands there twice`);
    for (const row of rows) assert.equal(row, row.split("+").sort().join("+"), id);
  }
  assert.equal(image.registry, "registry.example");
});

test("docs/accepts.md says which tests measure which tools", () => {
  const text = readFileSync(new URL("../../docs/accepts.md", import.meta.url), "utf8").replace(/\s+/g, " ");
  for (const group of ["interop", "admission"]) {
    const measured = `tests/${group}/accepts.test.js`;
    const names = consumers.filter(({ basis }) => basis.measured === measured);
    const [, told = ""] =
      new RegExp(`Rows of ([^.]*) are compared with their programs by .npm run test:${group}`).exec(text) ??
      [];
    assert.deepEqual(told.split(/, | and /).sort(), [...new Set(names.map(({ name }) => name))].sort());
  }
});
