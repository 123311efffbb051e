// The README's Node example, run as it stands there against the sandbox.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the Node example signs and proves", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, example] = readme.match(/```js\n(\/\/ sign\.mjs[\s\S]*?)```/) ?? assert.fail("no example");
  assert.ok(example.trim().split("\n").length <= 24);
  assert.equal(example, readFileSync(join(root, "examples/node/sign.mjs"), "utf8"), "the two are one");
  // Within the project, so that it finds the package as a user's script finds an installed one.
  const folder = mkdtempSync(join(root, "target", "readme-"));
  const sandbox = await testSandbox({ name: "readme" });
  try {
    const script = join(folder, "sign.mjs");
    writeFileSync(script, example);
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, sandbox.person("requester").token, { mode: 0o600 });
    const as = await clientsOf(sandbox);
    const product = await as("requester").createProduct(productFor(sandbox, { approvalGroups: [] }));
    const digest = await pushImage(new Registry(sandbox.registry), "readme/app");
    const run = (image) =>
      promisify(execFile)(process.execPath, [script, image], {
        env: {
          ...process.env,
          OCISIGN_URL: sandbox.base,
          OCISIGN_TOKEN_FILE: tokenFile,
          OCISIGN_PRODUCT: product.id,
        },
      });
    const { stdout } = await run(`${sandbox.registry.domain}/readme/app@${digest}`);
    assert.match(stdout, /^requested: /);
    assert.match(stdout, /status 16: signed\nverified: Signed by the required key \(1 of 1\)/);
    await assert.rejects(run("nginx"), { code: 1, stderr: /not a registry.* Begin with the registry/ });
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  }
});
