// The page: its view of what became of requests, and its address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { signInAs, usePage } from "../support/page.js";

const on = usePage();
const phone = { width: 320, height: 640 };

test("the activity is a view for those who are signed in, and leads to a request", async () => {
  const request = await on.ask({ name: "Looked back at" });
  const { page } = await on.open({ hash: "#/activity" });
  await page.getByRole("heading", { name: "Signatures of container images" }).waitFor();
  assert.equal(await page.locator("ocisign-activity").isVisible(), false);
  await signInAs(page, "Approver one");
  await page.locator("ocisign-activity").getByRole("heading", { name: "Activity" }).waitFor();
  assert.match(await page.title(), /Activity – ocisign$/);
  assert.equal(await page.getByRole("link", { name: "Activity" }).getAttribute("aria-current"), "page");
  await page.getByRole("button", { name: /Looked back at/ }).click();
  await page.locator("ocisign-signing").getByRole("heading", { name: "Looked back at" }).waitFor();
  assert.ok(page.url().includes(request.id));
});

test("the address holds the weeks and the product that were chosen", async () => {
  await on.ask({ name: "Of one product" });
  const { page } = await on.open({ name: "Approver one", hash: "#/activity" });
  const period = page.getByLabel("Period");
  await period.selectOption("26");
  await page.getByRole("combobox", { name: /^Product/ }).selectOption(on.product.id);
  const hash = `#/activity?weeks=26&product=${on.product.id}`;
  assert.equal(new URL(page.url()).hash, hash);

  await page.getByRole("link", { name: "Verify" }).click();
  await page.goBack();
  assert.equal(await period.inputValue(), "26");
  const { page: other } = await on.open({ name: "Approver one", hash });
  await other.getByLabel("Period").waitFor();
  assert.equal(await other.getByLabel("Period").inputValue(), "26");
  assert.equal(await other.getByRole("combobox", { name: /^Product/ }).inputValue(), on.product.id);
});

test("an address that names nonsense is taken as what it says, and shows nothing hidden", async () => {
  const { page } = await on.open({
    name: "Approver one",
    hash: `#/activity?weeks=-1e9&product=${encodeURIComponent("a\u202Eb<img src=x onerror=alert(1)>")}`,
  });
  const product = page.getByRole("combobox", { name: /^Product/ });
  await product.waitFor();
  assert.equal(await page.getByLabel("Period").inputValue(), "12");
  const chosen = await product.evaluate(
    (it) => it instanceof HTMLSelectElement && it.selectedOptions[0]?.text,
  );
  assert.equal(chosen, "a⟦U+202E⟧b<img src=x onerror=alert(1)>");
  await page.getByText("Nothing happened in this period.").waitFor();
});

test("on a phone the four views stand in one line, whatever waits", async () => {
  await on.ask({ name: "Waits" });
  const { page } = await on.open({ name: "Approver one", hash: "#/activity", context: { viewport: phone } });
  await page.locator("ocisign-activity").getByRole("heading", { name: "What happened" }).waitFor();
  await page.locator("#review-count").evaluate((it) => {
    it.toggleAttribute("hidden", false);
    it.textContent = "999+";
  });
  await checkAccessibility(page, "activity");
  const { bar, wider } = await page.evaluate(() => ({
    bar: document.querySelector(".bar")?.getBoundingClientRect().height,
    wider: document.documentElement.scrollWidth - innerWidth,
  }));
  assert.equal(wider, 0);
  assert.equal(bar, 48);
  const views = await page.getByRole("navigation", { name: "Views" }).getByRole("link").all();
  assert.equal(views.length, 4);
});
