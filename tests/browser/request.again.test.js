// A request that came to nothing, once more; and what stands there after a request was made.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signInAs, usePage } from "../support/page.js";

const on = usePage();

test("a rejected request is requested again with what it said, without its batch", async () => {
  const metadata = [
    { name: "Version", value: "3.0<b>" },
    { name: "ocisign-batch", value: "nightly" },
    { name: "ocisign-request", value: `nightly/${"0".repeat(16)}` },
  ];
  const request = await on.ask({ name: "Worker 3", description: "Release 3", metadata });
  await on.as("approver-one").reject(request.id, { comment: "not this build" });
  const { page, complaints } = await on.open({ name: "Requester", hash: `#/requests/${request.id}` });
  const detail = page.locator("ocisign-signing");
  await detail.getByRole("button", { name: "Request again" }).click();
  await page.waitForURL(new RegExp(`#/request\\?again=${request.id}`));
  const form = page.locator("ocisign-request");
  const field = form.getByLabel("Image, or a list of images");
  await form.getByText("was rejected").waitFor();
  assert.equal(await field.inputValue(), on.image);
  assert.equal(await form.getByLabel("Why").inputValue(), "Release 3");
  assert.equal(await form.getByLabel("Name of the request").inputValue(), "Worker 3");
  assert.equal(await form.getByLabel("Metadata: Value, row 1").inputValue(), "3.0<b>");
  assert.equal(await form.getByLabel("Metadata: Value, row 2").count(), 0);

  await form.getByRole("button", { name: "Request signature" }).click();
  await form.getByRole("heading", { name: "Requested" }).waitFor();
  const made = (await on.as("admin").signings()).find(
    ({ name, state }) => name === "Worker 3" && state === "waiting",
  );
  assert.deepEqual(made?.payload?.metadata, [metadata[0]]);
  const { origin } = new URL(page.url());
  await form.getByText(`${origin}/#/requests/${made?.id}`).waitFor();
  await form.getByText(`ocisign approve ${made?.id}`).waitFor();
  await form.getByText(`ocisign status ${made?.id} --wait`).waitFor();
  assert.deepEqual(complaints, []);
});

test("an address of a request that is not there says so, and the form is empty", async () => {
  const { page } = await on.open({
    name: "Requester",
    hash: "#/request?again=00000000-0000-4000-8000-000000000000",
  });
  const form = page.locator("ocisign-request");
  await form.getByRole("alert").waitFor();
  assert.equal(await form.getByLabel("Image, or a list of images").inputValue(), "");
});

test("a requester who is no approver withdraws, without a reason and with one", async () => {
  for (const reason of ["", "wrong <b>image"]) {
    const request = await on.ask({ description: "by mistake" });
    const { page, complaints } = await on.open({ name: "Requester", hash: `#/requests/${request.id}` });
    const detail = page.locator("ocisign-signing");
    // The sandbox's requester is an approver, too; most are not.
    await detail.evaluate((/** @type {any} */ element) => {
      element.identity = { ...element.identity, groups: [] };
    });
    await detail.getByRole("button", { name: "Withdraw…" }).click();
    await detail.getByText("Optional. A withdrawal is final.").waitFor();
    await detail.locator("#reason").fill(reason);
    await detail.getByRole("button", { name: "Withdraw the request" }).click();
    await detail.getByRole("heading", { name: "Withdrawal recorded" }).waitFor();
    const now = await on.as("admin").signing(request.id);
    assert.equal(now.state, "rejected");
    assert.equal(now.reason, `Withdrawn by Requester${reason && `: ${reason}`}`);
    assert.deepEqual(complaints, []);
  }
});

test("where the profile has no route, who waits is told whom to ask, with the link to copy", async () => {
  const request = await on.ask({ description: "by mistake" });
  const { page } = await on.newPage();
  await page.route("**/settings.json", async (route) => {
    const response = await route.fetch();
    const settings = await response.json();
    delete settings.profile.routes.withdraw;
    await route.fulfill({ response, json: settings });
  });
  await page.goto(`${on.sandbox.url}#/requests/${request.id}`);
  await page.locator("[data-usable]").waitFor();
  await signInAs(page, "Requester");
  const detail = page.locator("ocisign-signing");
  await detail.getByRole("button", { name: "Withdraw…" }).waitFor();
  assert.equal(await detail.getByText("ask an approver to reject it").count(), 0);
  await detail.evaluate((/** @type {any} */ element) => {
    element.identity = { ...element.identity, groups: [] };
  });
  await detail.getByText("ask an approver to reject it").waitFor();
  assert.equal(await detail.locator("#take-back button").count(), 1);
  assert.equal(await detail.getByRole("button", { name: "Withdraw…" }).count(), 0);
});
