// Every bad input is an error with code, message and fix.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as esm from "ocisign";

const digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
const image = `656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@${digest}`;

test("every bad input is an OcisignError with code, message and fix", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const product = (registries, operations = [{ id: "o", operationType: "SignOCI" }]) => ({
    id: "p",
    enabled: true,
    productOperations: operations,
    productConfigItems: registries.map((value) => ({ name: "RegistryURL", value })),
  });
  const request = (of, artifact = `a.b/c@${digest}`) => esm.buildSigningRequest({ product: of, artifact });
  /** @type {[() => unknown, string][]} */
  const cases = [
    [() => esm.parseReference(""), "empty-reference"],
    [() => esm.parseReference("  "), "white-space"],
    [() => esm.parseReference(`a.b/c@${digest}\n`), "white-space"],
    [() => esm.parseReference("a.b/c"), "digest-missing"],
    [() => esm.parseReference("a.b/c:latest"), "digest-missing"],
    [() => esm.parseReference(`a.b/c@sha256:${"A".repeat(64)}`), "digest-uppercase"],
    [() => esm.parseReference("a.b/c@sha256:00"), "digest-length"],
    [() => esm.parseReference(`a.b/c@md5:${"0".repeat(32)}`), "digest-algorithm"],
    [() => esm.parseReference(`https://a.b/c@${digest}`), "scheme"],
    [() => esm.parseReference(`docker://a.b/c@${digest}`), "scheme"],
    [() => esm.parseReference(`user:secret@a.b/c@${digest}`), "user-info"],
    [() => esm.parseReference(`a.b:0/c@${digest}`), "port-invalid"],
    [() => esm.parseReference(`a.b:65536/c@${digest}`), "port-invalid"],
    [() => esm.parseReference(`a.b/c\0@${digest}`), "control-character"],
    [() => esm.parseReference(`a.b/c%20d@${digest}`), "percent-sign"],
    [() => esm.parseReference(`ex\u0430mple.com/c@${digest}`), "not-ascii"],
    [() => esm.parseReference("\ud800"), "not-ascii"],
    [() => esm.checkRegistry(`a.b.evil.com/c@${digest}`, product(["a.b"])), "registry-mismatch"],
    [() => esm.checkRegistry(`evil.a.b/c@${digest}`, product(["a.b"])), "registry-mismatch"],
    [() => request(product([])), "product-registry"],
    [() => request(product(["a.b", "c.d"])), "product-registry"],
    [() => request(product(["a.b"], [])), "operation-missing"],
    [() => request(product(["a.b"], [{ id: "o", operationType: "SignDigest" }])), "operation-missing"],
    [
      () =>
        request(
          product(
            ["a.b"],
            [1, 2].map((id) => ({ id: String(id), operationType: "SignOCI" })),
          ),
        ),
      "operation-ambiguous",
    ],
    [() => request({ ...product(["a.b"]), enabled: false }), "product-disabled"],
    [() => request(3), "bad-input"],
    [() => esm.buildSigningRequest(/** @type {any} */ (null)), "bad-input"],
    [() => esm.decodeArtifactUri("not base64!"), "bad-base64"],
    [() => esm.decodeArtifactUri("/w=="), "bad-utf8"],
    [() => esm.decodeStatus(/** @type {any} */ ("16")), "bad-status"],
    [() => esm.decodeStatus(16.5), "bad-status"],
    [() => esm.decodeStatus(/** @type {any} */ ([16])), "bad-status"],
    [() => esm.decodeStatus(/** @type {any} */ (16n)), "bad-status"],
    [() => esm.publicKey(product(["a.b"])), "bad-public-key"],
  ];
  for (const [act, code] of cases) {
    assert.throws(act, (/** @type {any} */ error) => {
      assert.ok(error instanceof esm.OcisignError, String(act));
      assert.equal(error.code, code, String(act));
      assert.ok(error.message && error.fix, String(act));
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  }
  assert.deepEqual(esm.decodeStatus(4294967312), { code: 4294967312, state: "unknown", final: false });
});

test("a value with getters that throw is an error, not a crash, and the module lives on", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
      ownKeys: () => {
        throw new Error("no");
      },
    },
  );
  assert.throws(() => esm.buildSigningRequest(/** @type {any} */ (hostile)));
  assert.throws(() => esm.publicKey(hostile));
  assert.equal(esm.parseReference(image).repository, "test");
});
