// The commands that a signed request shows, run as they stand by a shell: does cosign accept what the sandbox signed?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { parseReference } from "ocisign";
import { goProgram } from "../../tools/machine/go.js";
import { anotherKey, openRegistry, registries } from "../support/interop.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/shown/verify-elsewhere.ts")} */
const { commandsFor } = await importSource("pkg/src/shown/verify-elsewhere.ts");

for (const registry of registries) {
  describe(registry, () => {
    let at;
    before(async () => {
      at = await openRegistry(registry);
    });
    after(() => at?.close());

    for (const cosign of /** @type {const} */ (["cosign-v3", "cosign-v2"])) {
      test(cosign, async () => {
        const product = await at.product("secp256r1");
        const image = await at.image();
        await at.sign(product, image);
        // Cut off from the network, cosign 2 finds no roots of Sigstore's, which a key does not need.
        const roots = cosign === "cosign-v2" ? `--trusted-root ${at.tools.trustedRoot}` : "";
        const program = at.tools.file("cosign", `#!/bin/sh\nexec ${goProgram(cosign)} "$@" ${roots}\n`);
        chmodSync(program, 0o755);
        const env = { ...at.tools.env, PATH: `${at.tools.folder}:${at.tools.env.PATH}` };
        const run = (/** @type {string} */ pem) => {
          const [key, , verify] = commandsFor(parseReference(image), { pem });
          const script = `${key?.text}\n${verify?.text}`;
          return execFileSync("sh", ["-eu", "-c", script], { cwd: at.tools.folder, env, stdio: "pipe" });
        };
        assert.match(String(run(product.pem)), new RegExp(image.split("@")[1]));
        assert.throws(() => run(anotherKey("secp256r1")), /no matching signatures/);
      });
    }
  });
}
