// examples/kubernetes: the key comes by one command, and stands in each policy whole. Against the controllers' own
// definitions they are checked in tests/interop.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { publicKey } from "ocisign";
import { parse } from "yaml";
import { readExample } from "../support/examples.js";
import { checkout } from "../support/jobs.js";
import { policies, policyWithKey } from "../support/policies.js";

let world;
let keyFile;

before(async () => {
  world = await checkout([]);
  keyFile = join(world.folder, "release.pub");
});
after(() => world?.close());

test("one command prints the product's key", async () => {
  const readme = readExample("kubernetes/README.md");
  const [, command] = readme.match(/^(ocisign key .*)$/m) ?? assert.fail("no command");
  const { code, output } = await world.run(`PATH="$PWD/node_modules/.bin:$PATH"\n${command}`, {
    OCISIGN_URL: world.sandbox.base,
    OCISIGN_TOKEN: world.sandbox.person("requester").token,
  });
  assert.equal(code, 0, output);
  const { pem, fingerprint } = publicKey(world.product);
  assert.equal(readFileSync(keyFile, "utf8"), pem);
  assert.ok(output.includes(fingerprint), "for a person to compare");
});

for (const [name, keyOf] of Object.entries(policies)) {
  test(`${name} holds exactly that key`, () => {
    const policy = parse(policyWithKey(name, keyFile));
    assert.equal(policy.metadata.name, "signed-by-our-hsm");
    assert.equal(keyOf(policy), publicKey(world.product).pem);
  });
}

test("without the key's file there is no policy", () => {
  assert.throws(() => policyWithKey("kyverno.yaml", join(world.folder, "nowhere")), /cannot be read/);
});

test("the policy that names a Secret says how it is made", () => {
  const text = readExample("kubernetes/policy-controller-secret.yaml");
  const { name, namespace } = parse(text).spec.authorities[0].key.secretRef;
  assert.ok(
    text.includes(`secret generic ${name} --namespace ${namespace} --from-file=cosign.pub=release.pub`),
  );
});
