// <ocisign-signing>: is a product's key the one that was pinned, and what if not?
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPublicKey } from "ocisign";
import { checkAccessibility } from "../support/axe.js";
import { keyPair } from "../support/signatures.js";
import { isReady, known, profile, shownText, tail, useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();

const [one, two] = [keyPair("P-256"), keyPair("P-256")];
const [shown, other] = [readPublicKey(one.pem), readPublicKey(two.pem)];
const base64 = (/** @type {string} */ pem) => pem.replaceAll(/-----[^-]+-----|\s/g, "");
/** What the product says of its key. */
const product = {
  productOperations: [
    {
      id: "o",
      name: "sign",
      operationType: "SignOCI",
      token: { keyType: "secp256r1", publicKey: base64(one.pem) },
    },
  ],
};
/** @type {import("ocisign").PinnedKeys} */
const badPin = { products: { p: "bm90IGEga2V5" } };
/** @param {import("ocisign").PinnedKeys} keys */
const pinning = (keys) => ({ profile: { ...profile, keys } });

test("another key than the pinned one: both fingerprints, and nothing to approve with", async () => {
  for (const keys of /** @type {import("ocisign").PinnedKeys[]} */ ([
    { products: { P: two.pem } },
    { operations: { O: base64(two.pem) } },
    { products: { p: one.pem }, operations: { o: two.pem } },
  ])) {
    const { page, posts, complaints } = await openFake({}, { product, client: pinning(keys) });
    await page.locator('[data-obstacle="key-mismatch"]').waitFor();
    const panel = await shownText(page, '[part="product"]');
    for (const { fingerprint } of [shown, other]) assert.ok(panel.includes(fingerprint), panel);
    assert.equal(await page.locator("#approve").count(), 0);
    await page.locator("#to-rejection").waitFor();
    await checkAccessibility(page, "a key that is not the pinned one");
    assert.deepEqual(posts(), []);
    assert.deepEqual(known(complaints), []);
  }
});

test("the pinned key: told so, and the approval goes its way", async () => {
  for (const keys of /** @type {import("ocisign").PinnedKeys[]} */ ([
    { products: { P: base64(one.pem) } },
    { products: { p: two.pem }, operations: { o: one.pem } },
    { products: { somebody: two.pem } },
  ])) {
    const { page } = await openFake({}, { product, client: pinning(keys) });
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    const isPinned = !("somebody" in (keys.products ?? {}));
    assert.equal(await page.locator('[data-pinned="product"]').count(), isPinned ? 1 : 0);
    assert.ok((await shownText(page, '[part="product"]')).includes(shown.fingerprint));
  }
});

test("a product that may not be read has the pinned key", async () => {
  const { page } = await openFake(
    {},
    {
      client: pinning({ products: { p: one.pem } }),
      on: ({ path }) =>
        path.includes("/products/") ? { status: 403, body: { message: "not yours" } } : undefined,
    },
  );
  await page.locator('[data-pinned="pinned"]').waitFor();
  assert.ok((await shownText(page, '[part="product"]')).includes(shown.fingerprint));
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
});

test("a pinned key that is none stops everything: the profile is refused, and says where", async () => {
  const { page, service } = await openFake({}, { product, client: pinning(badPin) });
  await page.getByText("profile.keys.products.p is no public key").first().waitFor();
  assert.equal(await page.locator("#approve").count(), 0);
  assert.deepEqual(service.asked, []);
});

test("a client of the portal's own, which checks no profile: the pinned key that is none stops the approval", async () => {
  const { page } = await openFake({}, { product });
  await page.locator("#tail").waitFor();
  await page.evaluate((keys) => {
    const { client } = globalThis.element;
    globalThis.element.client = new Proxy(client, {
      get(target, name) {
        if (name === "profile") return { ...target.profile, keys };
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }, badPin);
  await page.locator('[data-obstacle="bad-pin"]').waitFor();
  assert.match(await shownText(page, '[part="product"]'), /profile\.keys\.products/);
  assert.equal(await page.locator("#approve").count(), 0);
});

test("a product that is not ready says so, and one that is does not", async () => {
  for (const [state, isTold] of /** @type {const} */ ([
    ["InProcess", true],
    ["TO_BE_DELETED", true],
    ["Ready", false],
    [undefined, false],
  ])) {
    const { page } = await openFake({}, { product: { ...product, state } });
    await page.getByRole("heading", { name: "What will be signed" }).waitFor();
    await page.locator('[part="product"]').getByText(shown.fingerprint).waitFor();
    assert.equal(await page.locator("[data-product-state]").count(), isTold ? 1 : 0, String(state));
    assert.equal((await shownText(page, '[part="product"]')).includes("State"), state !== undefined);
  }
});
