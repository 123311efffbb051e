// The page: do people get from a request to a signature that the registry holds?
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey } from "ocisign";
import { Registry } from "../../demo/registry.js";
import { accounts } from "../support/issuer.js";
import { approve, usePage } from "../support/page.js";
import { prove } from "../support/proof.js";
import { profileOf } from "../support/sandbox.js";

const on = usePage();

test("one requests, two approve, and all see the signature that the registry holds", async () => {
  const requester = await on.open({ name: "Requester" });
  const { page } = requester;
  await page.getByRole("link", { name: "Request a signature" }).click();
  await page.getByLabel("Image, or a list of images").fill(on.image);
  await page.getByText("linux/amd64").waitFor();
  await page.getByLabel("Why").fill("for the release");
  await page.getByRole("button", { name: "Request signature" }).click();
  await page
    .getByRole("link", { name: "Open the request" })
    .or(page.getByRole("button", { name: "Open the request" }))
    .click();
  await page.waitForURL(/#\/requests\//);
  const id = decodeURIComponent(new URL(page.url()).hash.split("/")[2]);
  await page.getByText("You cannot approve this: you requested it yourself.").waitFor();

  for (const name of ["Approver one", "Approver two"]) {
    const approver = await on.open({ name });
    await approver.page
      .getByRole("link", { name: /Open.*team\/app/ })
      .first()
      .click();
    await approver.page.getByText("for the release").last().waitFor();
    await approve(approver.page, on.image);
    assert.deepEqual(approver.complaints, []);
  }

  const detail = page.locator("ocisign-signing");
  await detail.getByText("signed (16)").first().waitFor();
  await detail.getByText("Verified", { exact: true }).first().waitFor();
  assert.equal((await on.as("requester").signing(id)).state, "signed");
  await prove(
    new Registry(on.sandbox.registry),
    on.image,
    publicKey(on.product, undefined, await profileOf(on.sandbox)).pem,
  );
  assert.deepEqual(requester.complaints, []);
});

test("a person of an OpenID Connect issuer approves, and no secret is left anywhere", async () => {
  const request = await on.ask({ description: "from the company" });
  const { page, complaints } = await on.open({ hash: `#/requests/${request.id}` });
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: /^Sign in with/ }).click();
  await (await popup).getByRole("link", { name: accounts.ben.name }).click();
  await page.getByText(`You are ${accounts.ben.name}.`).waitFor();
  await approve(page, on.image);
  const { approvals } = await on.as("requester").signing(request.id);
  assert.deepEqual(
    approvals?.map(({ name }) => name),
    [accounts.ben.name],
  );
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  assert.equal(kept, '[{},{},""]');
  assert.doesNotMatch(page.url(), /code|token|state/);
  assert.deepEqual(complaints, []);
});

test("verifying needs no sign-in", async () => {
  const { page, complaints } = await on.open({ hash: `#/verify?image=${encodeURIComponent(on.image)}` });
  const element = page.locator("ocisign-verify");
  await element.getByLabel(/key/i).first().waitFor();
  const { pem } = publicKey(on.product, undefined, await profileOf(on.sandbox));
  await element.getByLabel("Public key").fill(pem);
  await element.getByRole("button", { name: "Verify" }).click();
  await element.getByText(/^(Verified|Not signed)$/).waitFor();
  assert.deepEqual(complaints, []);
});
