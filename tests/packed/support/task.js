// What a runtime is given to do, and what it must report.
import assert from "node:assert/strict";
import { pushImage } from "../../../demo/image.js";
import { Registry } from "../../../demo/registry.js";
import { prove } from "../../support/proof.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../../support/sandbox.js";

/** @param {string[]} [origins] of pages that may use the sandbox */
export async function openTasks(origins = []) {
  const sandbox = await testSandbox({
    name: "packed",
    args: origins.flatMap((origin) => ["--allow-origin", origin]),
  });
  const as = await clientsOf(sandbox);
  const product = await as("requester").createProduct(productFor(sandbox));
  const registry = new Registry(sandbox.registry);
  const given = {
    baseUrl: sandbox.base,
    profile: await profileOf(sandbox),
    productId: product.id,
    operationId: product.productOperations?.[0].id,
    tokens: Object.fromEntries(sandbox.people.map(({ role, token }) => [role, token])),
  };

  /** Each has an image of its own, so that none finds another's signature. @param {string} name */
  const taskFor = async (name) => {
    const repository = `packed/${name}`;
    const digest = await pushImage(registry, repository, `for ${name}\n`);
    return { ...given, image: `${sandbox.registry.domain}/${repository}@${digest}` };
  };

  /** Compares a report with what must be, and asks Node's own cryptography about the signature. */
  const check = async (task, report) => {
    const { key, ...rest } = report;
    assert.deepEqual(rest, expected(task));
    await prove(registry, task.image, key);
  };
  return { taskFor, check, close: sandbox.close };
}

function expected({ productId, operationId, image }) {
  return {
    canonical: image,
    body: {
      name: "OCI signing",
      idProductOperation: operationId,
      description: "packed",
      payload: {
        name: "OCI sign request",
        metadata: [],
        optionalParameters: [{ artifactURI: Buffer.from(image).toString("base64") }],
      },
      productId,
    },
    requested: "waiting",
    before: "unsigned",
    status: 16,
    verification: "verified",
    signatures: ["simple-signing SHA-256"],
    refusal: "registry-missing",
  };
}
