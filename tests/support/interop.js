// What the interop tests share: two registries, an image signed in them, and rows that become tests and a table.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { Tools } from "./cosign.js";
import { dockerRegistry } from "./docker-registry.js";
import { addRow } from "./interop-table.js";
import { clientsOf, productFor, profileOf, testSandbox } from "./sandbox.js";

export const keyTypes = ["RSA2048", "RSA3072", "RSA4096", "secp256r1", "secp384r1", "secp521r1"];
export const withReferrers = "embedded (referrers)";
export const withoutReferrers = "docker-registry (no referrers)";
export const registries = [withReferrers, withoutReferrers];

/**
 * A registry with a sandbox that signs into it, and the tools that know its password.
 *
 * @param {string} name @param {string[]} [args] more of the sandbox's arguments
 */
export async function openRegistry(name, args = []) {
  const docker =
    name === withoutReferrers
      ? await dockerRegistry({ username: "robot", password: "a pass:word" })
      : undefined;
  const sandbox = await testSandbox({ name: "interop", registry: docker, args });
  const access = docker ?? sandbox.registry;
  const { url, username, password } = access;
  const tools = new Tools("interop");
  tools.logIn([access]);
  const as = (await clientsOf(sandbox))("requester");
  let images = 0;
  return {
    tools,
    access: { url, username, password },
    /** A new image, not signed. */
    image: async () => {
      const repository = `interop/image-${++images}`;
      return `${access.domain}/${repository}@${await pushImage(new Registry(access), repository)}`;
    },
    /** A product of the sandbox, and its public key. */
    product: async (keyType) => {
      const product = await as.createProduct(productFor(sandbox, { keyType, approvalGroups: [] }));
      return { id: product.id, pem: publicKey(product, undefined, await profileOf(sandbox)).pem };
    },
    /** Lets the sandbox sign an image. */
    sign: async (product, image) => {
      const request = await as.requestSigning({ productId: product.id, artifact: image });
      const end = await as.waitForSignature(request.id, { intervalMs: 20, timeoutMs: 60_000 });
      assert.equal(end.state, "signed", String(end.reason));
    },
    close: async () => {
      tools.close();
      await sandbox.close();
      await docker?.close();
    },
  };
}

/** The PEM of a key of the same type that signed nothing. */
export function anotherKey(keyType) {
  return readFileSync(new URL(`../fixtures/${keyType.toLowerCase()}.pem`, import.meta.url), "utf8");
}

/** The verdicts on the signer's key and on another of its type, as a row shows them. */
export function answers(own, another) {
  return `${own ? "accepts" : "refuses"}; another key: ${another ? "accepts" : "refuses"}`;
}

export const onlyTheKey = answers(true, false);

/** One row: a test, and a line of the table whatever its outcome. */
export function pairing(row, verify) {
  const name = `${row.signer}, ${row.format}, ${row.key}, ${row.registry} → ${row.verifier}: ${row.expected}`;
  test(name, async () => {
    try {
      const outcome = await verify();
      addRow({ ...row, outcome: outcome === row.expected ? outcome : `**${outcome}**` });
      assert.equal(outcome, row.expected);
    } catch (thrown) {
      const error = /** @type {NodeJS.ErrnoException} */ (thrown);
      if (error.code !== "ERR_ASSERTION")
        addRow({ ...row, outcome: `**error: ${firstLine(error.message)}**` });
      throw error;
    }
  });
}

function firstLine(text) {
  return String(text).split("\n", 1)[0];
}
