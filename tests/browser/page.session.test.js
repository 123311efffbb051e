// The page: what becomes of work when a sign-in ends, or is another's?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { usePage } from "../support/page.js";
import { comment } from "../support/signing-element.js";

const on = usePage();

test("a token that the service refuses is asked for again; the approval goes on, and nothing typed is lost", async () => {
  const request = await on.ask({ description: "in the middle" });
  const { page } = await on.open({ hash: `#/requests/${request.id}` });
  const { token } = on.sandbox.person("approver-one");
  await page.getByLabel("Bearer token").fill(token);
  await page.getByRole("button", { name: "Use this token" }).click();
  await page.getByLabel("Type the last 8 characters of the digest").fill(on.image.slice(-8));
  await comment(page, "as announced");
  let refused = 0;
  await page.route(`**/imagesignings/${request.id}/approve`, (route) => {
    refused += 1;
    return refused > 1 ? route.fallback() : route.fulfill({ status: 401, json: { message: "expired" } });
  });
  await page.getByRole("button", { name: /^Approve sha256/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "The service does not accept your sign-in" }).waitFor();
  await checkAccessibility(page, "asked to sign in again");
  assert.equal(await page.locator("#comment").inputValue(), "as announced");
  await dialog.getByRole("button", { name: "Approver one" }).click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
  const { approvals } = await on.as("requester").signing(request.id);
  assert.deepEqual(
    approvals?.map(({ name, comment }) => [name, comment]),
    [["Approver one", "as announced"]],
  );
});

test("what one person began is never sent as another", async () => {
  const request = await on.ask({ description: "changing hands" });
  const { page } = await on.open({ name: "Approver one", hash: `#/requests/${request.id}` });
  await page.getByLabel("Type the last 8 characters of the digest").fill(on.image.slice(-8));
  await page.route(`**/imagesignings/${request.id}/approve`, (route) =>
    route.fulfill({ status: 401, json: { message: "expired" } }),
  );
  await page.route("**/ocisign-sandbox/people", (route) => route.fulfill({ status: 503, json: {} }));
  await page.getByRole("button", { name: /^Approve sha256/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Bearer token").fill(on.sandbox.person("approver-two").token);
  await page.unrouteAll();
  await dialog.getByRole("button", { name: "Use this token" }).click();
  await page.getByText("You are Approver two.").waitFor();
  assert.deepEqual((await on.as("requester").signing(request.id)).approvals, []);
});

test("a pasted token that is wrong is explained, and neither it nor a good one is kept", async () => {
  const { page } = await on.open();
  await page.getByLabel("Bearer token").fill("not-a-token");
  await page.getByRole("button", { name: "Use this token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("The service does not accept your sign-in").waitFor();
  // Nobody was signed in, so there is nobody to be again, and no input to keep.
  await dialog.getByText("Check that the token is complete and meant for this service.").waitFor();
  await page.getByText("You are not signed in.").waitFor();
  assert.equal(await page.getByText("Your input is still here").count(), 0);
  assert.equal(await page.getByText("the token does not say").count(), 0);
  await checkAccessibility(page, "a first token was refused");
  const stored = await page.evaluate(() =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      document.body.outerHTML,
    ]),
  );
  assert.ok(!stored.includes("not-a-token"));
  await dialog.getByLabel("Bearer token").fill(`Bearer ${on.sandbox.person("approver-one").token}`);
  await dialog.getByRole("button", { name: "Use this token" }).click();
  await page.getByText("You are Approver one.").waitFor();
  await page.locator("ocisign-approvals").getByText(/^Live/).waitFor();
});
