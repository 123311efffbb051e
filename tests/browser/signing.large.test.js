// <ocisign-signing>: what if a service sends more than anybody can read?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { signingOf } from "../support/fake-service.js";
import { megabyte } from "../support/hostile.js";
import { sized } from "../support/large.js";
import { assertHarmless, elsewhere, isReady, lookNow, tail, useSigning } from "../support/signing-element.js";

/** Of metadata 100 rows are drawn at first, and of what people did 50 entries. */
const manyRows = sized(1000, 50_000);
const manyEntries = sized(1000, 30_000);

const { openFake } = useSigning();

test("values of a megabyte are folded, and are to be opened before one may approve", async () => {
  const { page, state, complaints, posts } = await openFake({
    description: megabyte,
    payload: {
      name: megabyte,
      metadata: [
        { name: "n", value: megabyte },
        ...Array.from({ length: manyRows }, (_, index) => ({ name: `n${index}`, value: "v" })),
      ],
      optionalParameters: [{ artifactURI: btoa(elsewhere) }],
    },
  });
  await page.locator("#tail").fill(tail);
  await page.locator('[data-hindrance="folded"]').waitFor();
  assert.equal(await page.locator('[part="origin"] .metadata dt').count(), 101);
  await page.locator("#tail").press("Enter");
  await checkAccessibility(page, "folded");
  for (const left of [4, 3, 2, 1]) {
    assert.equal(await page.evaluate(() => globalThis.element.folded), left);
    await page.getByRole("button", { name: "Go to the next one" }).click();
    await page.keyboard.press("Enter");
    await page.waitForFunction((count) => globalThis.element.folded < count, left);
  }
  await isReady(page).waitFor();
  // Another look that brings news elsewhere leaves open what was opened.
  state.signing = { ...state.signing, approvals: [{ name: "Another", objectId: "another" }] };
  await lookNow(page);
  await page.locator('[part="approvals"]', { hasText: "Another" }).waitFor();
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await page.locator('[part="receipt"]').waitFor();
  assert.equal(posts().length, 1);
  await assertHarmless(page, complaints, "megabytes");
});

test("texts that are not long but endless are folded, each of them, and the page is there at once", async () => {
  const rows = sized(20, 100);
  // A text is folded where it has more than 200 pieces, too.
  const lines = "a\n".repeat(1000);
  const { page, posts } = await openFake({
    description: lines,
    payload: {
      ...signingOf(elsewhere).payload,
      metadata: Array.from({ length: rows }, () => ({ name: lines, value: "\u200b\u200c".repeat(1000) })),
    },
  });
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  await page.waitForFunction((count) => globalThis.element.folded === count, 1 + 2 * rows);
  await page.locator("#tail").fill(tail);
  await page.locator('[data-hindrance="folded"]').waitFor();
  assert.deepEqual(posts(), []);
});

test("lists of tens of thousands, and everything as JSON", async () => {
  /** @param {(index: number) => unknown} make */
  const many = (make) => Array.from({ length: manyEntries }, (_, index) => make(index));
  const { page, complaints } = await openFake({
    approvals: many((index) => ({ objectId: `o${index}`, name: `n${index}`, groups: [`g${index}`] })),
    history: many((index) => ({ status: 2, by: { objectId: `o${index}` } })),
    requiredGroups: many((index) => `g${index}`),
    missingGroups: many((index) => `g${index}`),
  });
  await page.locator("#tail").waitFor();
  await page
    .locator('[part="approvals"]')
    .getByRole("button", { name: /^Show 50 more/ })
    .first()
    .click();
  // Approvals, what is missing, and the rule, which the beginning of what is missing does not tell.
  assert.equal(await page.locator('[part="approvals"] li').count(), 200);
  await page.getByText("Everything the service sent, as JSON").click();
  await page.locator(".folds pre", { hasText: `"objectId": "o${manyEntries - 1}"` }).waitFor();
  await assertHarmless(page, complaints, "long lists");
});

test("what is nested too deeply to be read is not to be approved", async () => {
  const { page, service, state, posts } = await openFake();
  await page.locator("#tail").waitFor();
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const body = JSON.stringify({ ...state.signing, description: "DEEP" }).replace('"DEEP"', deep);
  await page.route(`${service.url}/imagesignings/**`, (route) =>
    route.fulfill({
      body,
      headers: { "access-control-allow-origin": "*" },
      contentType: "application/json",
    }),
  );
  await page.locator("#tail").fill(tail);
  await page.locator("#approve").click();
  await page.locator("[data-refusal]", { hasText: "nested too deeply" }).waitFor();
  assert.deepEqual(posts(), []);
  await lookNow(page);
  await page.getByRole("alert").filter({ hasText: "nested too deeply" }).first().waitFor();
});
