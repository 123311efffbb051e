// The package as Node sees it: names, one instance, the loader for browsers, and the errors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as esm from "ocisign";

const cjs = createRequire(import.meta.url)("ocisign");
const image =
  "656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";

test("ES module and CommonJS share one instance and all names", async () => {
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
  for (const [name, value] of Object.entries(esm)) assert.equal(value, cjs[name], name);
  assert.equal(await esm.default(), undefined, "init() has nothing to do in Node");
  assert.throws(() => cjs.parseReference(""), esm.OcisignError);
});

test("the types name exactly what is there", async () => {
  const types = readFileSync(new URL("../../pkg/index.d.ts", import.meta.url), "utf8");
  const declared = [...types.matchAll(/^export (?:default )?(?:function|class|const) (\w+)/gm)].map(
    ([, name]) => name,
  );
  assert.deepEqual(
    declared.map((name) => (name === "init" ? "default" : name)).sort(),
    Object.keys(esm).sort(),
  );
});

test("the types name exactly the codes that the core has, and say the same of them", () => {
  const types = readFileSync(new URL("../../pkg/index.d.ts", import.meta.url), "utf8");
  const core = readFileSync(new URL("../../src/error.rs", import.meta.url), "utf8");
  const inTypes = [...types.matchAll(/^ {2}\/\*\* (.+) \*\/\n {2}\| "([a-z0-9-]+)";?$/gm)];
  const inCore = [...core.matchAll(/^ {4}\/\/\/ (.+)\n {4}\w+ = "([a-z0-9-]+)",$/gm)];
  assert.ok(inCore.length > 40);
  const told = (matches) => matches.map(([, said, code]) => `${code}: ${said}`);
  assert.deepEqual(told(inTypes), told(inCore));
});

test("an error about a reference always knows its place", () => {
  const types = readFileSync(new URL("../../pkg/index.d.ts", import.meta.url), "utf8");
  const placed = types.slice(
    types.indexOf("export type ReferenceErrorCode"),
    types.indexOf("export type PlacedErrorCode"),
  );
  const codes = new Set([...placed.matchAll(/\| "([a-z0-9-]+)"/g)].map(([, code]) => code));
  const unseen = new Set(codes);
  for (const table of ["references-distribution.tsv", "references-ours.tsv"]) {
    const rows = readFileSync(new URL(`../${table}`, import.meta.url), "utf8").split("\n");
    for (const text of rows.map((row) => row.split("\t")[0])) {
      for (const { code, offset } of esm.scanReferences(text).errors) {
        assert.ok(codes.has(code), code);
        assert.equal(typeof offset, "number", text);
        unseen.delete(code);
      }
    }
  }
  // What the tables write with escapes.
  for (const text of ["", "a.b/c\0", "\u0430.b/c", `a.b/${"c".repeat(256)}@sha256:00`, "a.b/c@sha256:AA"]) {
    assert.throws(
      () => esm.parseReference(text),
      ({ code, offset }) => unseen.delete(code) && offset >= 0,
    );
  }
  assert.deepEqual([...unseen], []);
});

test("the loader for browsers: before init, a wrong source, then a right one", async () => {
  const browser = await import("../../pkg/browser.js");
  assert.deepEqual(Object.keys(browser).sort(), Object.keys(esm).sort());
  assert.throws(() => browser.parseReference(image), { name: "OcisignError", code: "not-initialized" });
  assert.throws(() => new browser.SigningClient({ baseUrl: "https://a.b", token: "t" }), {
    code: "not-initialized",
  });
  await assert.rejects(browser.default(new Uint8Array([60, 104, 116, 109])), {
    code: "init-failed",
    fix: /HTML/,
  });
  await assert.rejects(browser.default(Promise.reject(new Error("offline"))), {
    code: "init-failed",
    message: /offline/,
  });
  await assert.rejects(browser.default(new Response("", { status: 404 })), {
    code: "init-failed",
    message: /404/,
  });
  const bytes = readFileSync(new URL("../../pkg/dist/ocisign.wasm", import.meta.url));
  const wrongType = new Response(bytes, { headers: { "content-type": "text/plain" } });
  const loading = browser.default(wrongType);
  assert.equal(browser.default(), loading, "init() is remembered");
  await loading;
  assert.equal(browser.parseReference(image).canonical, image);
});

test("the body is the reference's, key for key", () => {
  const curl = readFileSync(new URL("../golden/curl-body.txt", import.meta.url), "utf8");
  const posted = JSON.parse(curl);
  const body = esm.buildSigningRequest({
    productId: posted.productId,
    operationId: posted.idProductOperation,
    artifact: image,
    name: posted.name,
    description: posted.description,
    metadata: posted.payload.metadata,
  });
  const uri = posted.payload.optionalParameters[0].artifactURI;
  assert.equal(JSON.stringify(body), JSON.stringify(posted).replace(uri, esm.encodeArtifactUri(image)));
  assert.equal(esm.decodeArtifactUri(uri), image);
});

test("the product is the reference's, key for key", () => {
  const golden = JSON.parse(readFileSync(new URL("../golden/product.json", import.meta.url), "utf8"));
  const rule = golden.productOperations[0].approvalRule;
  const built = esm.buildProduct({
    name: golden.name,
    description: golden.description,
    registry: golden.productConfigItems[0].value,
    ruleName: rule.name,
    ruleDescription: rule.description,
    allowedGroups: rule.allowedGroups,
    approvalGroups: rule.approvalGroups,
  });
  assert.equal(JSON.stringify(built), JSON.stringify(golden));
});

test("every bad input is an OcisignError with code, message and fix", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const product = (registries, operations = [{ id: "o", operationType: "SignOCI" }]) => ({
    id: "p",
    enabled: true,
    productOperations: operations,
    productConfigItems: registries.map((value) => ({ name: "RegistryURL", value })),
  });
  const request = (of, artifact = `a.b/c@${digest}`) => esm.buildSigningRequest({ product: of, artifact });
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
    [() => esm.buildSigningRequest(null), "bad-input"],
    [() => esm.decodeArtifactUri("not base64!"), "bad-base64"],
    [() => esm.decodeArtifactUri("/w=="), "bad-utf8"],
    [() => esm.decodeStatus("16"), "bad-status"],
    [() => esm.decodeStatus(16.5), "bad-status"],
    [() => esm.decodeStatus([16]), "bad-status"],
    [() => esm.decodeStatus(16n), "bad-status"],
    [() => esm.publicKey(product(["a.b"])), "bad-public-key"],
  ];
  for (const [act, code] of cases) {
    assert.throws(act, (error) => {
      assert.ok(error instanceof esm.OcisignError, String(act));
      assert.equal(error.code, code, String(act));
      assert.ok(error.message && error.fix, String(act));
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  }
  assert.deepEqual(esm.decodeStatus(4294967312), { code: 4294967312, state: "unknown", final: false });
});

test("one of several operations can be chosen by id, by name, or as it is", () => {
  const operations = ["one", "two"].map((name) => ({ id: `id-${name}`, name, operationType: "SignOCI" }));
  const product = {
    id: "p",
    productOperations: operations,
    productConfigItems: [{ name: "RegistryURL", value: "a.b" }],
  };
  const artifact = `a.b/c@sha256:${"0".repeat(64)}`;
  for (const choice of [
    { operation: "two" },
    { operation: "id-two" },
    { operation: operations[1] },
    { operationId: "id-two" },
  ]) {
    assert.equal(esm.buildSigningRequest({ product, artifact, ...choice }).idProductOperation, "id-two");
  }
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
  assert.throws(() => esm.buildSigningRequest(hostile));
  assert.throws(() => esm.publicKey(hostile));
  assert.equal(esm.parseReference(image).repository, "test");
});
