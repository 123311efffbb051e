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

for (const [decision, status, said] of /** @type {const} */ ([
  ["approve", 32, "shows the request as: rejected (32)"],
  ["reject", 16, "shows the request as: signed (16)"],
  ["reject", 8, "shows the request as: being signed (8)"],
])) {
  test(`an answer to "${decision}" that shows status ${status} is no decision that was recorded`, async () => {
    const { page, state, posts } = await openFake();
    state.on = ({ method }) => (method === "POST" ? { body: { ...state.signing, status } } : undefined);
    if (decision === "approve") {
      await page.locator("#tail").fill(tail);
      await isReady(page).waitFor();
      await page.locator("#approve").click();
    } else {
      await page.getByRole("button", { name: "Reject…" }).click();
      await page.locator("#reason").fill("odd");
      await page.locator('[part="reject"] button[type="submit"]').click();
    }
    await page.locator('[data-doubt="open"]', { hasText: said }).waitFor();
    assert.equal(await page.locator('[part="receipt"]').count(), 0);
    assert.equal(posts().length, 1);
  });
}

test("a second try that is refused ends no doubt about the first, and does not say that nothing was recorded", async () => {
  const { page, state, posts } = await openFake();
  const answers = [{ status: 502 }, { status: 409, body: { message: "You approved this before." } }];
  state.on = ({ method }) => (method === "POST" ? answers.shift() : undefined);
  for (const place of ['[data-doubt="open"]', "[data-refusal]"]) {
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    await page.locator("#approve").click();
    await page.locator(place).waitFor();
  }
  assert.equal(posts().length, 2);
  await page.locator('[data-doubt="open"]').waitFor();
  assert.equal(await page.getByText("Your decision was not recorded").count(), 0);
});
