// A sandbox for one test file: started before, stopped after, its folder removed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SigningClient } from "ocisign";
import { referenceProduct } from "../../demo/product.js";
import { startSandbox } from "../../demo/sandbox.js";

/** The groups of the reference. */
export const groupA = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
export const groupB = "f65a3ea9-60db-47a4-9ad8-c6915735ec5f";

/** How a test waits for a request. */
export const quick = { intervalMs: 20, maxIntervalMs: 100, timeoutMs: 60_000 };

export const program =
  process.env.OCISIGN_SANDBOX ??
  fileURLToPath(new URL("../../target/debug/ocisign-sandbox", import.meta.url));

/** @param {string} name */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `ocisign-${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts a sandbox in a folder of its own; `close` stops it and takes the folder away.
 *
 * @typedef {Parameters<typeof startSandbox>[0]} Options
 *
 * @param {{ name?: string } & Partial<Options>} [options]
 */
export async function testSandbox({ name = "test", ...options } = {}) {
  const { folder, remove } = temporaryFolder(name);
  const sandbox = await startSandbox({ program, data: join(folder, "data"), ...options });
  const close = async () => {
    await sandbox.stop();
    remove();
  };
  return { ...sandbox, close };
}

/**
 * @param {import("../../demo/sandbox.js").Sandbox} sandbox
 * @returns {Promise<import("ocisign").Profile>}
 */
export async function profileOf(sandbox) {
  return (await fetch(`${sandbox.base}/ocisign-profile`)).json();
}

/**
 * A client for each role, by role.
 *
 * @param {import("../../demo/sandbox.js").Sandbox} sandbox @param {Partial<import("ocisign").ClientOptions>} [options]
 */
export async function clientsOf(sandbox, options = {}) {
  const profile = await profileOf(sandbox);
  return (/** @type {string} */ role) =>
    new SigningClient({ baseUrl: sandbox.base, profile, token: sandbox.person(role).token, ...options });
}

/**
 * The reference's product for the sandbox's registry, with a smaller key, where its size does not matter.
 *
 * @param {import("../../demo/sandbox.js").Sandbox} sandbox @param {Partial<import("ocisign").ProductInput>} [changes]
 */
export function productFor(sandbox, changes = {}) {
  return referenceProduct(sandbox.registry.domain, { keyType: "RSA2048", ...changes });
}
