// The same run against Debian's docker-registry with htpasswd: another's registry, with a password.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { parseReference, publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { runDemo } from "../support/demo.js";
import { dockerRegistry } from "../support/docker-registry.js";
import { prove } from "../support/proof.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../support/sandbox.js";

const password = "correct horse battery staple";
let registry;
let image;

before(async () => {
  registry = await dockerRegistry({ username: "robot", password });
  image = `${registry.domain}/team/app@${await pushImage(new Registry(registry), "team/app")}`;
});
after(() => registry?.close());

test("the registry wants its password", async () => {
  await assert.rejects(pushImage(new Registry({ url: registry.url }), "team/app"), /401/);
});

test("the demo signs an image that is there, and the registry holds the signature", async () => {
  const { stdout, result } = await runDemo(["--image", image, "--registry-username", "robot"], {
    OCISIGN_REGISTRY_PASSWORD: password,
  });
  assert.deepEqual(
    [result.status, result.verification, result.image, result.registry],
    [16, "verified", image, registry.url],
  );
  assert.ok(!stdout.includes(password));
  await prove(new Registry(registry), image, readFileSync(result.publicKey, "utf8"));
  const { repository, digest } = parseReference(image);
  const tags = await fetch(`${registry.url}/v2/${repository}/tags/list`, {
    headers: { authorization: `Basic ${Buffer.from(`robot:${password}`).toString("base64")}` },
  });
  assert.ok((await tags.json()).tags.includes(`${digest.replace(":", "-")}.sig`));
});

test("with a wrong password the request ends in 64, with a reason and without the password", async () => {
  const sandbox = await testSandbox({ registry: { ...registry, password: "wrong-password" } });
  try {
    const as = await clientsOf(sandbox);
    const product = await as("requester").createProduct(productFor(sandbox, { approvalGroups: [] }));
    const request = await as("requester").requestSigning({ productId: product.id, artifact: image });
    const end = await as("requester").waitForSignature(request.id, { intervalMs: 20, timeoutMs: 60_000 });
    assert.equal(end.status, 64);
    assert.ok(end.reason && !end.reason.includes("wrong-password"), end.reason);
    assert.ok(publicKey(product, undefined, await profileOf(sandbox)).pem);
  } finally {
    await sandbox.close();
  }
});
