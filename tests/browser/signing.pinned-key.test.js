// <ocisign-signing> where the key of a product is pinned: in the client's profile.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { readPublicKey } from "ocisign";
import { checkAccessibility } from "../support/axe.js";
import { isReady, profile, tail, useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();

const keyOf = () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(publicKey.export({ type: "spki", format: "pem" }));
};
const [right, wrong] = [keyOf(), keyOf()];
const pinned = (/** @type {string} */ pem) => ({
  client: { profile: { ...profile, keys: { products: { P: pem } } } },
});
const shows = (/** @type {string} */ publicKey) => ({
  product: { productOperations: [{ id: "o", operationType: "SignOCI", token: { publicKey } }] },
});
const fingerprint = (/** @type {string} */ pem) => readPublicKey(pem).fingerprint;

test("another key than the pinned one: both fingerprints are shown, and nobody can approve", async () => {
  const { page, posts } = await openFake({}, { ...pinned(wrong), ...shows(right) });
  await page.locator('[part="product"]', { hasText: fingerprint(right) }).waitFor();
  await page.locator('[part="product"]', { hasText: fingerprint(wrong) }).waitFor();
  await page.getByText("is not the one that is pinned for it").first().waitFor();
  assert.equal(await isReady(page).count(), 0);
  await checkAccessibility(page, "another key than the pinned one");
  assert.equal(posts().length, 0);
});

test("the pinned key, and one that the product does not show", async () => {
  for (const given of [shows(right), shows("")]) {
    const { page } = await openFake({}, { ...pinned(right), ...given });
    await page.locator('[part="product"]', { hasText: fingerprint(right) }).waitFor();
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
  }
});

test("a product that may not be read: the pinned key is shown", async () => {
  const on = (/** @type {any} */ { path }) =>
    path.includes("/products/") ? { status: 403, body: {} } : undefined;
  const { page, complaints } = await openFake({}, { ...pinned(right), on });
  await page.locator('[part="product"]', { hasText: fingerprint(right) }).waitFor();
  complaints.length = 0;
});
