// The page: how does it look, and what does it say when it cannot start?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { signInAs, usePage } from "../support/page.js";
import { openPerson } from "../support/person.js";
import { groupB } from "../support/sandbox.js";

const on = usePage();

test("groups and people have the names that settings and profile give them, with their ids", async () => {
  const request = await on.ask({ description: "by name" });
  const context = await on.newContext();
  const page = await context.newPage();
  await page.route("**/settings.json", async (route) => {
    const reply = await route.fetch();
    // The sandbox names this group, too: the settings precede its profile.
    const groupNames = { [groupB.toUpperCase()]: "Safety board" };
    await route.fulfill({ json: { ...(await reply.json()), groupNames } });
  });
  await page.goto(`${on.sandbox.url}#/requests/${request.id}`);
  await signInAs(page, "Approver one");
  const detail = page.locator("ocisign-signing");
  const missing = detail.locator('[part="approvals"]');
  await missing.getByText("Safety board").first().waitFor();
  await missing.getByText("Release managers").first().waitFor();
  await detail.getByText("Ids and times", { exact: true }).click();
  await detail.getByText(groupB).first().waitFor();
  assert.equal(await detail.getByText("Security").count(), 0);
  await openPerson(page);
  await page.locator("page-sign-in").getByText("Release managers").waitFor();
});

test("axe finds nothing on any view, and nothing is wider than a phone", async () => {
  const request = await on.ask({ description: "looked at" });
  const { page } = await on.open({ context: { viewport: { width: 320, height: 640 } } });
  const check = async (view) => {
    await checkAccessibility(page, view);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${view} is ${wider} px wider than the screen`);
  };
  await check("welcome");
  await signInAs(page, "Approver one");
  for (const hash of ["#/requests?filter=all", `#/requests/${request.id}`, "#/request", "#/verify"]) {
    await page.goto(`${on.sandbox.url}${hash}`);
    await page.locator("main h2:visible").first().waitFor();
    await check(hash);
  }
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.goto(`${on.sandbox.url}#/requests/${request.id}`);
  await page.locator("ocisign-approvals h2").waitFor();
  await check("queue and request side by side");
});

test("a request on paper says that it is a sandbox's", async () => {
  const request = await on.ask({ description: "printed" });
  const { page } = await on.open({ name: "Approver one" });
  await page.goto(`${on.sandbox.url}#/requests/${request.id}`);
  await page.locator("ocisign-signing").getByText("printed").first().waitFor();
  await page.emulateMedia({ media: "print" });
  await page.getByText("Local sandbox for tests. No HSM signs here.").waitFor();
  assert.equal(await page.getByRole("navigation").count(), 0);
});

test("what keeps the page from starting is said", async () => {
  const context = await on.newContext();
  for (const [path, said] of /** @type {const} */ ([
    ["**/settings.json", /settings/],
    ["**/ocisign.wasm", /WebAssembly module/],
  ])) {
    const page = await context.newPage();
    await page.route(path, (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto(on.sandbox.url);
    await page.getByRole("alert").getByText(said).waitFor();
    await checkAccessibility(page, path);
    await page.close();
  }
});

test("what keeps a part of the page from loading is said, and the other parts work", async () => {
  const { page } = await on.open();
  await page.route("**/verify-*.js", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(`${on.sandbox.url}#/verify`);
  await page
    .getByRole("alert")
    .getByText("A part of this page could not be loaded. Reload the page.")
    .waitFor();
  await checkAccessibility(page, "without a part");
  await signInAs(page, "Approver one");
  await page.getByRole("link", { name: "Requests", exact: true }).click();
  await page.locator("ocisign-approvals h2").waitFor();
  assert.equal(await page.locator("#failure").isVisible(), false);
});
