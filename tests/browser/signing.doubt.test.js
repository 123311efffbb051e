// <ocisign-signing>: is a decision sent once, though nobody may know whether the service took it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { signingOf } from "../support/fake-service.js";
import { groupA } from "../support/sandbox.js";
import {
  approveHeld,
  comment,
  elsewhere,
  isReady,
  lookNow,
  tail,
  useSigning,
} from "../support/signing-element.js";

const { openFake } = useSigning();

test("a double click sends once, and what was sent is bound to what was shown", async () => {
  const { page, posts } = await openFake({ description: "why" });
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  await page.locator("#approve").evaluate((/** @type {HTMLElement} */ button) => {
    button.click();
    button.click();
  });
  await page.locator('[part="receipt"]').waitFor();
  assert.equal(posts().length, 1);
  const { expect } = JSON.parse(posts()[0].body);
  assert.deepEqual(expect.payload, signingOf(elsewhere).payload);
  assert.equal(expect.description, "why");
});

test("moved in the page while a decision is under way: it goes on, and is sent once", async () => {
  const { page, service, posts } = await openFake();
  const release = await approveHeld(page, service);
  await page.evaluate(() => {
    globalThis.element.remove();
    document.querySelector("main")?.prepend(globalThis.element);
  });
  release();
  await page.locator('[part="receipt"]').waitFor();
  assert.equal(posts().length, 1);
});

for (const [name, answer] of /** @type {[string, import("../support/fake-service.js").Answer][]} */ ([
  ["a fault of a proxy", { status: 502 }],
  ["no answer in time", { hang: true }],
  ["an answer that makes no sense", { body: ["taken"] }],
  ["a redirect, as many answer to what they took", { status: 303 }],
])) {
  test(`in doubt, by ${name}: it may have been taken, is not sent again, and a later look tells`, async () => {
    const { page, state, posts } = await openFake({}, { client: { timeoutMs: 2000 } });
    await page.locator("#tail").fill(tail);
    await comment(page, "kept");
    await isReady(page).waitFor();
    state.on = ({ method }) => (method === "POST" ? answer : undefined);
    await page.locator("#approve").click();
    await page.locator('[data-doubt="open"]').waitFor();
    assert.equal(posts().length, 1);
    assert.equal(await page.locator("#tail").inputValue(), "");
    assert.equal(await page.locator("#comment").inputValue(), "kept");
    await checkAccessibility(page, "in doubt");
    state.signing = { ...state.signing, approvals: [{ objectId: "me", name: "Me", groups: [groupA] }] };
    await lookNow(page);
    await page.locator('[data-doubt="ended"]').waitFor();
    assert.equal(posts().length, 1);
  });
}

test("what fails before anything is sent is no doubt, and loses nothing", async () => {
  const { page, state, posts } = await openFake();
  await page.locator("#tail").fill(tail);
  await comment(page, "kept");
  await isReady(page).waitFor();
  await page.evaluate(() => globalThis.element.watching.stop());
  state.on = () => ({ status: 401 });
  await page.locator("#approve").click();
  await page.locator("[data-refusal]", { hasText: "Your input is still here." }).waitFor();
  assert.deepEqual(posts(), []);
  assert.equal(await page.locator("#tail").inputValue(), tail);
  assert.equal(await page.locator("#comment").inputValue(), "kept");
  await checkAccessibility(page, "refused");
  state.on = undefined;
  await page.locator("#approve").click();
  await page.locator('[part="receipt"]').waitFor();
});
