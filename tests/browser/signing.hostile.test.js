// <ocisign-signing>: what if a service deceives in every field?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { hostileTexts, hostileValues } from "../support/hostile.js";
import { groupA } from "../support/sandbox.js";
import { assertHarmless, elsewhere, shownText, useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();

/** Every field of a request, each with the same in it. */
const requestOf = (value, artifact = elsewhere) => ({
  name: value,
  description: value,
  productId: "p",
  idProductOperation: "o",
  payload: {
    name: value,
    metadata: [{ name: value, value, more: value }, value],
    optionalParameters: [{ artifactURI: btoa(artifact), more: value }],
    more: value,
  },
  requester: { name: value, objectId: value },
  createdAt: value,
  updatedAt: value,
  requiredGroups: [value, groupA],
  missingGroups: [value],
  approvals: [{ objectId: value, name: value, groups: [value], at: value, comment: value }],
  history: [
    { status: value, at: value, by: { name: value, objectId: value }, comment: value },
    { status: 2 },
  ],
  reason: value,
  more: value,
});
const productWith = (value) => ({
  name: value,
  description: value,
  productOperations: [
    { id: "o", name: value, operationType: "SignOCI", approvalRule: { approvalGroups: [value] } },
  ],
});
const sections = ["head", "origin", "product", "approvals", "timeline"];

for (const { name, text, seen } of hostileTexts) {
  test(`${name}, in every field`, async () => {
    const { page, complaints } = await openFake(requestOf(text), { product: productWith(text) });
    await page.locator('[part="product"] dl', { hasText: "SignOCI" }).waitFor();
    for (const section of sections) {
      const shown = await shownText(page, `[part="${section}"]`);
      for (const part of seen) assert.ok(shown.includes(part), `${section}: ${part} in ${shown}`);
    }
    await assertHarmless(page, complaints, name);
    // One with what is invisible, and one with what is not what it seems.
    if (name === "zero width" || name === "look-alikes") await checkAccessibility(page, name);
    await page.setViewportSize({ width: 320, height: 640 });
    const isTooWide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
    assert.equal(await page.evaluate(isTooWide), false, "nothing sticks out on a phone");
  });

  test(`${name}, in the image`, async () => {
    const artifact = new TextDecoder("latin1").decode(new TextEncoder().encode(`${text}${elsewhere}`));
    const { page, complaints } = await openFake(requestOf("x", artifact));
    await page.locator('[data-obstacle="no-reference"]').waitFor();
    const shown = await shownText(page, '[part="subject"]');
    // A half of a pair has no UTF-8.
    for (const part of seen)
      assert.ok(shown.includes(part === "U+D800" ? "\ufffd" : part), `${part} in ${shown}`);
    await assertHarmless(page, complaints, name);
  });
}

test("anything in place of a text", async () => {
  const { page, state, complaints } = await openFake();
  let id = 0;
  for (const value of hostileValues) {
    for (const fields of [
      requestOf(value),
      { payload: value },
      { payload: { metadata: value, optionalParameters: value } },
      { payload: { optionalParameters: [value] } },
      { approvals: value, history: value, requiredGroups: value, missingGroups: value },
      { productId: value, idProductOperation: value, requester: value },
    ]) {
      id += 1;
      state.signing = { id: `number-${id}`, status: 2, ...fields };
      state.product = { ...productWith(value), productOperations: value };
      await page.evaluate((next) => {
        globalThis.element.signingId = next;
      }, state.signing.id);
      await page.locator('[part="ids"]', { hasText: state.signing.id }).waitFor();
      await page.locator('[part="decision"]').waitFor();
      await assertHarmless(page, complaints, JSON.stringify(fields));
    }
  }
});
