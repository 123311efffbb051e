// <ocisign-signing>: which registry gets the sign-in that a page gave? A requester names the image, and so the registry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { productOf } from "../support/fake-service.js";
import { useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();
const password = "the-password-of-one-registry";

/**
 * Opens a request, and notes who was sent which header.
 *
 * @param {Record<string, unknown>} product changes to the product
 * @param {Record<string, unknown>} [more] of the way to registries
 */
async function asked(product, more = {}) {
  const { page } = await openFake({}, { product });
  // Only now can a function be given: it belongs to the page.
  await page.evaluate(
    (given) => {
      /** @type {[host: string, authorization: string | undefined][]} */
      const calls = [];
      const fetch = async (/** @type {string} */ url, /** @type {any} */ { headers: { authorization } }) => {
        calls.push([new URL(url).host, authorization]);
        const headers = {
          "docker-distribution-api-version": "registry/2.0",
          "www-authenticate": 'Basic realm="here"',
        };
        return new Response("", { status: 401, headers });
      };
      const element = /** @type {any} */ (document.querySelector("ocisign-signing"));
      Object.assign(globalThis, { calls });
      element.registry = { ...given, fetch };
    },
    { username: "robot", password, ...more },
  );
  await page.waitForFunction(() => /** @type {any} */ (globalThis).calls.length > 0);
  await page.locator('[part="subject"]', { hasText: "requires a login" }).waitFor();
  /** @type {[host: string, authorization: string | undefined][]} */
  const calls = await page.evaluate(() => /** @type {any} */ (globalThis).calls);
  return {
    hosts: [...new Set(calls.map(([host]) => host))],
    sent: calls.flatMap(([, header]) => header ?? []),
  };
}

test("the registry of the product gets it", async () => {
  const { hosts, sent } = await asked({});
  assert.deepEqual(hosts, ["registry.example"]);
  assert.deepEqual([...new Set(sent)], [`Basic ${btoa(`robot:${password}`)}`]);
});

test("another registry gets nothing, nor any where the product names none", async () => {
  const { productConfigItems } = productOf("other.example");
  for (const product of [{ productConfigItems }, { productConfigItems: [] }]) {
    assert.deepEqual(await asked(product), { hosts: ["registry.example"], sent: [] });
  }
});

test("an address that the page gave with it gets it, whatever registry a request names", async () => {
  const { productConfigItems } = productOf("other.example");
  const { hosts, sent } = await asked({ productConfigItems }, { url: "https://portal.example/registry" });
  assert.deepEqual(hosts, ["portal.example"]);
  assert.ok(sent.length > 0);
});
