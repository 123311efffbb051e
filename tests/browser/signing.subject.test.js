// <ocisign-signing> on a sandbox: what is it that would be signed, and what holds the registry already?
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey } from "ocisign";
import { checkAccessibility } from "../support/axe.js";
import { profileOf } from "../support/sandbox.js";
import { isReady, useSigningOnSandbox } from "../support/signing-element.js";
import { focused } from "../support/stage.js";

const on = useSigningOnSandbox();

test("earlier signatures on the digest are shown before the decision", async () => {
  const twice = await on.pushed("team/twice", "signed twice\n");
  const first = await on.ask({ artifact: twice });
  await on.as("approver-one").approve(first.id);
  await on.as("approver-two").approve(first.id);
  await on.as("requester").waitForSignature(first.id, { intervalMs: 50 });
  const { page } = await on.openAs("approver-one", (await on.ask({ artifact: twice })).id);
  await page
    .locator('[part="earlier"]', { hasText: "The registry holds one signature of this digest." })
    .waitFor();
  await page.locator('[part="earlier"]').getByText("Details").click();
  await page.locator('[part="earlier"] [part="verdict"]', { hasText: "Verified" }).waitFor();
  await checkAccessibility(page, "with an earlier signature");
});

test("a registry that is out of reach, and one that has no such image, are hints", async () => {
  const request = await on.ask();
  const { page } = await on.openAs("approver-one", request.id, {
    properties: { registry: { url: "http://127.0.0.1:1" } },
  });
  await page.locator('[part="subject"]', { hasText: "could not ask the registry about the image" }).waitFor();
  await page.locator('[part="earlier"]', { hasText: "could not check for signatures" }).waitFor();
  await checkAccessibility(page, "registry out of reach");
  await page.locator('[part="earlier"]').getByRole("button", { name: "Try again" }).click();
  assert.equal(await focused(page), "earlier");
  await page.locator("#tail").fill(on.image.slice(-8));
  await isReady(page).waitFor();
  const missing = on.image.replace(/.{8}$/, "00000000");
  const other = await on.openAs("approver-one", (await on.ask({ artifact: missing })).id);
  await other.page.locator('[part="subject"]', { hasText: "it has no such image" }).waitFor();
  await checkAccessibility(other.page, "no such image");
});

test("what is selected, and what is copied, is exactly the digest", async () => {
  const request = await on.ask();
  const { page } = await on.openAs("approver-one", request.id, {
    options: { permissions: ["clipboard-read", "clipboard-write"] },
  });
  const digest = on.image.split("@")[1];
  await page.locator(".digest").click();
  assert.equal(await page.evaluate(() => getSelection()?.toString()), digest);
  await page.keyboard.press("Control+C");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), digest);
  await page.getByRole("button", { name: "Copy the digest" }).click();
  await page.getByRole("status").getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), digest);
  const key = publicKey(on.product, undefined, await profileOf(on.sandbox));
  await page.getByRole("button", { name: "Copy the key's fingerprint" }).click();
  await page.waitForFunction(
    async (fingerprint) => (await navigator.clipboard.readText()) === fingerprint,
    key.fingerprint,
  );
  // The whole digest, as from a build's log, names it as well; a part of it does not.
  await page.locator("#tail").fill(digest.slice(0, -1));
  await page.locator("#tail-error", { hasText: "not the last 8 characters" }).waitFor();
  assert.equal(await isReady(page).count(), 0);
  await page.locator("#tail").fill(` ${digest.toUpperCase()} `);
  await isReady(page).waitFor();
  await page.locator("#tail").fill(digest.slice(-8).toUpperCase());
  await isReady(page).waitFor();
});
