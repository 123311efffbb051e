// The policies of examples/kubernetes, against the definitions that their controllers bring: a field that the
// controller does not know would be dropped in silence, and with it what it was to enforce.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Ajv } from "ajv";
import { publicKey } from "ocisign";
import { parse } from "yaml";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { admissionTools, goSources } from "../../tools/machine/go.js";
import { admission } from "../support/admission.js";
import { readExample, ready } from "../support/examples.js";
import { parsedPolicy, policies } from "../support/policies.js";
import { temporaryFolder } from "../support/sandbox.js";
import { keyPair } from "../support/signatures.js";

/** @param {string} wanted */
function moduleOf(wanted) {
  const found = admissionTools.find(({ name }) => name === wanted);
  if (!found) throw new Error(`there is no tool ${wanted}`);
  return found.module;
}

const [kyverno, policyController] = ["kyverno", "policy-tester"].map(moduleOf);

const definitions = {
  "kyverno.yaml": {
    module: kyverno,
    file: "config/crds/policies.kyverno.io/policies.kyverno.io_imagevalidatingpolicies.yaml",
  },
  "kyverno-clusterpolicy.yaml": {
    module: kyverno,
    file: "config/crds/kyverno/kyverno.io_clusterpolicies.yaml",
  },
  "policy-controller.yaml": { module: policyController, file: "config/300-clusterimagepolicy.yaml" },
  "policy-controller-secret.yaml": { module: policyController, file: "config/300-clusterimagepolicy.yaml" },
};

const { folder, remove } = temporaryFolder("policies");
after(remove);

/** The schema of the version that the policy names, which must be served. */
async function schemaFor({ module, file }, { apiVersion, kind }) {
  const definition = parse(readFileSync(join(await goSources(module), file), "utf8"));
  assert.equal(definition.spec.names.kind, kind);
  const version = definition.spec.versions.find(
    ({ name }) => apiVersion === `${definition.spec.group}/${name}`,
  );
  assert.ok(version?.served, `${apiVersion} is not served`);
  return strict(version.schema.openAPIV3Schema);
}

/** Kubernetes drops what a schema does not name; here it is an error. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const isClosed =
    inner.type === "object" &&
    inner.properties &&
    inner.additionalProperties === undefined &&
    !inner["x-kubernetes-preserve-unknown-fields"];
  return isClosed ? { ...inner, additionalProperties: false } : inner;
}

/** What is wrong with the part that is the controller's own; the rest is Kubernetes'. @returns {string[]} */
function faults(schema, { spec }) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const holds = ajv.compile(schema.properties.spec);
  if (holds(spec)) return [];
  return (holds.errors ?? []).map(({ instancePath, message, params }) =>
    [`spec${instancePath}`, message, JSON.stringify(params)].join(" "),
  );
}

const { pem } = keyPair("P-256");

for (const [name, definition] of Object.entries(definitions)) {
  test(`${name} is what its controller defines`, async () => {
    const policy = policies[name]
      ? parsedPolicy(folder, name, pem)
      : parse(readExample(`kubernetes/${name}`));
    const schema = await schemaFor(definition, policy);
    assert.deepEqual(faults(schema, policy), []);
    const misspelt = structuredClone(policy);
    misspelt.spec.athorities = [];
    assert.equal(faults(schema, misspelt).length, 1, "a field that is not defined is found");
  });
}

describe("judged by the controllers' own programs", () => {
  let world;
  let right;
  let unsigned;
  before(async () => {
    world = await ready([]);
    const { sandbox, as, product, image } = world;
    const { id } = await as("requester").requestSigning({ product, artifact: image });
    await as("requester").waitForSignature(id);
    right = publicKey(product).pem;
    const digest = await pushImage(new Registry(sandbox.registry), "team/other", "nobody signed this\n");
    unsigned = `${sandbox.registry.domain}/team/other@${digest}`;
  });
  after(() => world?.sandbox.close());

  test("policy-controller", () => {
    const { policyController } = admission(folder, world.adapt);
    assert.equal(policyController(right, world.image).status, 0);
    const byAnother = policyController(pem, world.image);
    assert.equal(byAnother.status, 1);
    assert.match(byAnother.stdout, /no matching signatures/);
    const byNobody = policyController(right, unsigned);
    assert.equal(byNobody.status, 1);
    assert.match(byNobody.stdout, /no signatures found/);
  });

  for (const name of ["kyverno.yaml", "kyverno-clusterpolicy.yaml"]) {
    test(`Kyverno, ${name}`, () => {
      const judge = admission(folder, world.adapt);
      const kyverno = (key, ...images) => judge.kyverno(name, key, images);
      const admitted = kyverno(right, world.image);
      assert.equal(admitted.status, 0, admitted.stdout);
      assert.match(admitted.stdout, /pass: [1-9]\d*, fail: 0, warn: 0, error: 0, skip: 0/);
      for (const refused of [
        kyverno(pem, world.image),
        kyverno(right, unsigned),
        kyverno(right, world.image, unsigned),
      ]) {
        assert.equal(refused.status, 1);
        assert.match(refused.stdout, /signed-by-our-hsm[\s\S]*fail: [1-9]/);
      }
    });
  }
});
