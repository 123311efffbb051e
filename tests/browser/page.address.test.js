// The page: what does an address hold, and what is there when one comes back?
import assert from "node:assert/strict";
import { test } from "node:test";
import { signInAs, usePage } from "../support/page.js";

const on = usePage();

test("a title says what an address hides", async () => {
  const { page } = await on.open({ name: "Requester", hash: "#/requests/a%E2%80%AEb" });
  assert.equal(await page.title(), "Request a⟦U+202E⟧b – ocisign");
});

test("an address brings one back to the same request, and to the queue as it was left", async () => {
  const request = await on.ask({ description: "come back" });
  const { page } = await on.open({ hash: `#/requests/${request.id}?filter=all&search=come` });
  await page.getByRole("heading", { name: "Signatures of container images" }).waitFor();
  await signInAs(page, "Approver one");
  await page.locator("ocisign-signing").getByText("come back").waitFor();
  await page.getByRole("link", { name: "All signing requests" }).click();
  assert.equal(await page.getByLabel("Search").inputValue(), "come");
  await page.goBack();
  await page.locator("ocisign-signing").getByText("come back").waitFor();
  await page.reload();
  await signInAs(page, "Approver one");
  await page.locator("ocisign-signing").getByText("come back").waitFor();
});

test("by keyboard on a phone, the focus goes along to what one came for", async () => {
  const request = await on.ask({ description: "by keyboard", name: "By keyboard" });
  const { page } = await on.open({ context: { viewport: { width: 360, height: 740 } } });
  const isFocused = (/** @type {string} */ name) =>
    page.locator("h2:focus").filter({ hasText: name }).waitFor();
  await page.getByRole("button", { name: "Approver one", exact: true }).press("Enter");
  await isFocused("Signing requests");
  await page.locator(`a[href*="${request.id}"]`).press("Enter");
  await isFocused("By keyboard");
  await page.getByRole("link", { name: "All signing requests" }).press("Enter");
  await isFocused("Signing requests");
});

test("what was typed is there after a look elsewhere", async () => {
  const { page } = await on.open({ name: "Requester", hash: "#/request" });
  await page.getByLabel("Why").fill("half a sentence");
  await page.getByRole("link", { name: "Verify" }).click();
  await page.getByRole("heading", { name: "Verify" }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Request a signature" }).click();
  assert.equal(await page.getByLabel("Why").inputValue(), "half a sentence");
});
