// The demo, run as a person runs it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parseReference } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { runDemo } from "../support/demo.js";
import { testSandbox } from "../support/sandbox.js";

let elsewhere;
before(async () => {
  elsewhere = await testSandbox({ name: "elsewhere" });
});
after(() => elsewhere?.close());

test("its last line says that the signature verified", async () => {
  const { stdout, result } = await runDemo();
  assert.deepEqual(Object.keys(result), ["status", "verification", "image", "registry", "publicKey"]);
  assert.deepEqual([result.status, result.verification], [16, "verified"]);
  assert.equal(parseReference(result.image).canonical, result.image);
  assert.match(readFileSync(result.publicKey, "utf8"), /^-----BEGIN PUBLIC KEY-----\n/);
  assert.match(stdout, /status +2 waiting/);
});

test("--image signs one that is already in a registry, by digest or by tag", async () => {
  const { domain, username, password } = elsewhere.registry;
  const digest = await pushImage(new Registry(elsewhere.registry), "already/there");
  const env = { OCISIGN_REGISTRY_PASSWORD: password };
  for (const image of [`${domain}/already/there@${digest}`, `${domain}/already/there:demo`]) {
    const { result } = await runDemo(["--image", image, "--registry-username", username], env);
    assert.equal(result.image, `${domain}/already/there@${digest}`);
    assert.equal(result.verification, "verified");
  }
});

test("what goes wrong ends with a sentence and code 1", async () => {
  const { domain } = elsewhere.registry;
  for (const [image, said] of /** @type {const} */ ([
    ["library/nginx", /not a registry/],
    [`${domain}/not/there:demo`, /answered 404/],
    [`${domain}/x@sha256:12`, /digits/],
  ])) {
    await assert.rejects(runDemo(["--image", image]), (/** @type {any} */ error) => {
      assert.equal(error.code, 1);
      assert.match(error.stderr, said);
      assert.doesNotMatch(error.stderr, /\n {4}at /, "no stack");
      return true;
    });
  }
});
