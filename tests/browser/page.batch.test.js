// Can a person who never saw the page approve twenty requests of one release in a few acts, and do two people at once come
// out right?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { ended, isReady, wordsOf } from "../support/batch-element.js";
import { signInAs, usePage } from "../support/page.js";

const on = usePage();
const most = 12;

/** Twenty requests of one release, and one more. @param {string} batch @param {number} [count] */
async function release(batch, count = 20) {
  const ids = [];
  for (let n = 0; n < count; n += 1) {
    const metadata = [
      { name: "Version", value: `2.0.${n}` },
      { name: "ocisign-batch", value: batch },
    ];
    ids.push((await on.ask({ description: "Release 2.0", metadata })).id);
  }
  await on.ask({ description: "a hotfix" });
  return ids;
}

/** What a person does, counted. */
function counted() {
  let acts = 0;
  return {
    count: () => acts,
    /** @param {import("playwright-core").Locator} what */
    click: async (what) => {
      acts += 1;
      await what.click();
    },
    /** @param {import("playwright-core").Locator} field @param {string} text */
    type: async (field, text) => {
      acts += 1;
      await field.fill(text);
    },
    /** @param {import("playwright-core").Locator} field @param {string} value */
    choose: async (field, value) => {
      acts += 1;
      await field.selectOption(value);
    },
  };
}

for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  test(`twenty requests of a release are approved in at most ${most} acts, at ${width} pixels`, async () => {
    const batch = `release-${width}`;
    const ids = await release(batch);
    const { page, complaints } = await on.open({
      context: { viewport: { width: width ?? 0, height: height ?? 0 } },
    });
    const person = counted();
    await person.click(page.getByRole("button", { name: "Approver one", exact: true }));
    await person.choose(page.getByLabel("Group by"), "batch");
    await person.click(page.getByRole("button", { name: new RegExp(`^Select all 20 of .*${batch}$`) }));
    await person.click(page.getByRole("button", { name: "Review 20" }));
    await page.getByRole("heading", { name: "Approve 20 requests" }).waitFor();
    await checkAccessibility(page, `the view of a batch at ${width} pixels`);
    // Nothing is wider than the window.
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await person.type(page.getByLabel("Type the number and the end of the hash"), await wordsOf(page));
    await person.click(page.getByRole("button", { name: "Approve 20 requests" }));
    await page.getByRole("heading", { name: "20 of 20 approved" }).waitFor();
    assert.ok(person.count() <= most, `${person.count()} acts`);
    const one = on.sandbox.person("approver-one");
    for (const id of ids) {
      const { approvals = [] } = await on.as("approver-one").signing(id);
      assert.deepEqual(
        approvals.map(({ objectId }) => objectId),
        [one.objectId],
      );
    }
    await page.getByRole("button", { name: "Close" }).click();
    await page.waitForURL(/#\/requests/);
    assert.deepEqual(complaints, []);
  });
}

test("by keyboard alone", async () => {
  await release("by-keyboard", 3);
  const { page } = await on.open({ name: "Approver one", hash: "#/batch?batch=by-keyboard" });
  await page.getByRole("heading", { name: "Approve 3 requests" }).waitFor();
  const words = await wordsOf(page);
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id);
    if (at === "words") break;
  }
  await page.keyboard.type(words);
  await isReady(page).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "3 of 3 approved" }).waitFor();
});

test("a link to a batch waits behind the sign-in", async () => {
  await release("by-link", 2);
  const { page } = await on.open({ hash: "#/batch?batch=by-link" });
  await page.getByText("Sign in to decide about several signing requests.").waitFor();
  await signInAs(page, "Approver one");
  await page.getByRole("heading", { name: "Approve 2 requests" }).waitFor();
});

test("two people at once: each decision counts once, and one that somebody rejected is told", async () => {
  const ids = await release("two-people", 6);
  const pages = await Promise.all(
    ["Approver one", "Approver two"].map((name) => on.open({ name, hash: "#/batch?batch=two-people" })),
  );
  const words = await Promise.all(pages.map(({ page }) => wordsOf(page)));
  // Both see the same, and so type the same.
  assert.equal(words[0], words[1]);
  await on.as("approver-two").reject(String(ids[0]), { comment: "not this one" });
  await Promise.all(
    pages.map(async ({ page }, at) => {
      await page.locator("#words").fill(String(words[at]));
      await page.locator('#decide[aria-disabled="false"]').click();
      await ended(page);
    }),
  );
  for (const { page } of pages) {
    const found = await page
      .locator('[part="row"]')
      .evaluateAll((rows) => rows.map((row) => row.dataset.outcome));
    assert.equal(found.filter((it) => it === "approved").length, 5);
    assert.equal(found.filter((it) => it === "conflict").length, 1);
  }
  for (const id of ids.slice(1)) {
    const { approvals = [] } = await on.as("approver-one").signing(String(id));
    assert.equal(approvals.length, 2);
  }
});

test("one request is opened and the batch is still there on the way back", async () => {
  await release("way-back", 2);
  const { page } = await on.open({ name: "Approver one", hash: "#/batch?batch=way-back" });
  const words = await wordsOf(page);
  await page.locator("#words").fill(words);
  await page.locator("ocisign-batch [data-open]").first().click();
  await page.waitForURL(/#\/requests\//);
  await page.goBack();
  await isReady(page).waitFor();
});
