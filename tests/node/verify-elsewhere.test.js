// The commands and policies that a signed request shows: are they what shells and others' programs read?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseReference } from "ocisign";
import { parse } from "yaml";
import { parsedPolicy } from "../support/policies.js";
import { temporaryFolder } from "../support/sandbox.js";
import { keyPair } from "../support/signatures.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/shown/verify-elsewhere.ts")} */
const { commandsFor, policiesFor } = await importSource("pkg/src/shown/verify-elsewhere.ts");

const digest = `sha256:${"3fbc".repeat(16)}`;
const image = parseReference(`registry.example/team/app@${digest}`);
const keys = [keyPair("P-256"), keyPair("rsa")];

/** @param {readonly import("../../pkg/src/shown/verify-elsewhere.ts").Recipe[]} recipes @param {string} name */
const textOf = (recipes, name) => recipes.find((one) => one.name === name)?.text ?? assert.fail(name);

test("a shell writes the key to its last byte, and hands each image over as one argument", (t) => {
  const { folder, remove } = temporaryFolder("commands");
  t.after(remove);
  for (const { pem } of keys) {
    for (const registry of ["registry.example", "registry.example:5000", "[2001:db8::1]:5000"]) {
      const named = parseReference(`${registry}/team/app@${digest}`);
      const commands = commandsFor(named, { pem });
      execFileSync("sh", ["-eu", "-c", textOf(commands, "key")], { cwd: folder });
      assert.equal(readFileSync(join(folder, "ocisign-key.pub"), "utf8").trim(), pem.trim());
      for (const name of ["ocisign", "cosign"]) {
        const script = `${name}() { printf '%s\\n' "$@"; }; ${textOf(commands, name)}`;
        const given = execFileSync("sh", ["-eu", "-c", script], { cwd: folder, encoding: "utf8" }).split(
          "\n",
        );
        assert.ok(given.includes(named.canonical), `${name}: ${given}`);
        assert.equal(given[given.indexOf("--key") + 1], "ocisign-key.pub");
      }
    }
  }
});

test("the policy for Kyverno is the one of the examples, for this image and key", (t) => {
  const { folder, remove } = temporaryFolder("kyverno");
  t.after(remove);
  for (const { pem } of keys) {
    const policy = parse(textOf(policiesFor(image, { pem }), "kyverno"));
    const example = parsedPolicy(folder, "kyverno-clusterpolicy.yaml", pem);
    const [{ verifyImages }] = example.spec.rules;
    verifyImages[0].imageReferences = ["registry.example/team/app:*", "registry.example/team/app@*"];
    assert.deepEqual(policy, example);
  }
});

test("official images of Docker Hub are meant with and without their library/", () => {
  const official = parseReference(`docker.io/nginx@${digest}`);
  const { spec } = parse(textOf(policiesFor(official, keys[0]), "kyverno"));
  const [{ imageReferences }] = spec.rules[0].verifyImages;
  assert.deepEqual(imageReferences, [
    ...["docker.io/library/nginx:*", "docker.io/library/nginx@*"],
    ...["docker.io/nginx:*", "docker.io/nginx@*"],
  ]);
});

test("policy.json rejects all but what this key signed in this repository, and its tools look for signatures", () => {
  for (const { pem } of keys) {
    const policies = policiesFor(image, { pem });
    const policy = JSON.parse(textOf(policies, "policy"));
    assert.deepEqual(policy.default, [{ type: "reject" }]);
    const [requirement, ...more] = policy.transports.docker["registry.example/team/app"];
    assert.deepEqual(more, []);
    assert.equal(requirement.type, "sigstoreSigned");
    assert.deepEqual(requirement.signedIdentity, { type: "matchRepository" });
    assert.equal(Buffer.from(requirement.keyData, "base64").toString(), pem);
    assert.deepEqual(parse(textOf(policies, "registries")), {
      docker: { "registry.example/team/app": { "use-sigstore-attachments": true } },
    });
  }
});
