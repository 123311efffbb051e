// The parts that the library loads only when they are needed: what is said where one of them is missing.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/sandbox.js";
import { keyPair, manifestOf, reference } from "../support/signatures.js";

const { folder, remove } = temporaryFolder("parts");
after(remove);
for (const file of ["node.cjs", "ocisign.wasm"])
  copyFileSync(new URL(`../../pkg/dist/${file}`, import.meta.url), join(folder, file));
/** @type {typeof import("ocisign")} */
const bare = createRequire(fileURLToPath(import.meta.url))(join(folder, "node.cjs"));

const manifest = manifestOf();
const key = keyPair("P-256").pem;
const rule = { name: "all", images: ["registry.example/**"], keys: ["one"] };

for (const [part, options, fix] of /** @type {const} */ ([
  [
    "certificates",
    { certificates: { roots: "any" } },
    "Serve certificates.js beside the loader; in Node, keep certificates.cjs beside node.cjs.",
  ],
  [
    "trust",
    { trust: { version: 1, keys: { one: { publicKey: key } }, rules: [rule] } },
    "Serve trust.js beside the loader; in Node, keep trust.cjs beside node.cjs.",
  ],
])) {
  test(`without ${part}.cjs, what needs it is refused, and says which file to keep`, async () => {
    const given = /** @type {any} */ ({ reference, manifest, blob: () => Buffer.of(), ...options });
    await assert.rejects(bare.verifySignatures(given), (/** @type {any} */ error) => {
      assert.equal(error.code, "init-failed");
      assert.match(error.message, /^The part of ocisign that reads .* could not be loaded\.$/);
      assert.equal(error.fix, fix);
      assert.ok(error.cause, "why is told, too");
      return true;
    });
  });
}

test("what needs neither part works without them", async () => {
  const given = { reference, manifest, blob: () => Buffer.of(), publicKey: key };
  assert.equal((await bare.verifySignatures(given)).state, "invalid");
});
