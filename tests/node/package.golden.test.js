// Request and product are the reference's, key for key.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as esm from "ocisign";

const digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
const image = `656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@${digest}`;

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
