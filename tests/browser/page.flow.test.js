// The page: do people get from a request to a signature that the registry holds?
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey } from "ocisign";
import { Registry } from "../../demo/registry.js";
import { accounts } from "../support/issuer.js";
import { approve, usePage } from "../support/page.js";
import { signThroughPage } from "../support/page-flow.js";
import { prove } from "../support/proof.js";
import { profileOf } from "../support/sandbox.js";

const on = usePage();

test("one requests, two approve, and all see the signature that the registry holds", async () => {
  const { id, complaintsOf } = await signThroughPage(on, 16);
  assert.deepEqual(complaintsOf.approvers, []);
  assert.equal((await on.as("requester").signing(id)).state, "signed");
  await prove(
    new Registry(on.sandbox.registry),
    on.image,
    publicKey(on.product, undefined, await profileOf(on.sandbox)).pem,
  );
  assert.deepEqual(complaintsOf.requester, []);
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
