// <ocisign-verify>: does a person see the answer to what they asked, and which key was asked for?
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { key, useVerify } from "../support/verify-element.js";

const on = useVerify();
/** Its PEM has 14 lines. */
const large = generateKeyPairSync("rsa", { modulusLength: 4096 }).publicKey.export({
  type: "spki",
  format: "pem",
});

test("after the click the verdict is in sight, whatever the window and however long the key", async () => {
  const { page, element, button, outcome, fill } = await on.openVerify();
  const { digest, reference } = on.imageOf("in sight");
  on.signByTag(digest);
  await fill(reference);
  for (const [width, height] of /** @type {const} */ ([
    [1280, 800],
    [390, 844],
    [640, 400],
  ])) {
    await page.setViewportSize({ width, height });
    for (const [pem, state] of /** @type {const} */ ([
      [String(large), "Not verified"],
      [key.pem, "Verified"],
    ])) {
      const change = button("Change key");
      if (await change.count()) await change.click();
      await element.getByLabel("Public key, as PEM or base64").fill(pem);
      await page.evaluate(() => scrollTo(0, 0));
      await button("Verify").click();
      await outcome(state).waitFor();
      await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "outcome");
      const { top, bottom } = await element
        .locator('[part="verdict"]')
        .first()
        .evaluate((it) => it.getBoundingClientRect().toJSON());
      assert.ok(top >= 0 && bottom <= height, `${width}×${height}, ${state}: ${top} to ${bottom}`);
    }
  }
});

test("a key that was read is its type and fingerprint, until a person wants to change it", async () => {
  const { page, element, button, fill } = await on.openVerify();
  const field = element.getByLabel("Public key, as PEM or base64");
  const { reference } = on.imageOf("collapsed");
  await fill(reference);
  await field.fill(String(large));
  await element.getByText("RSA4096", { exact: true }).waitFor();
  assert.equal(await field.isVisible(), true, "a person is typing");
  await button("Verify").click();
  await button("Change key").waitFor();
  assert.equal(await field.count(), 0);
  await checkAccessibility(page, "a key in a line");
  await button("Change key").press("Enter");
  await field.waitFor();
  assert.equal(await field.evaluate((it) => it === globalThis.element.shadowRoot.activeElement), true);
  assert.equal(await field.inputValue(), String(large));
  // What is pasted is whole.
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), key.pem);
  await field.press("Control+A");
  await field.press("Control+V");
  await element.getByText("secp256r1", { exact: true }).waitFor();
  await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "change-key");
  // A key that the page sets, and one that cannot be read.
  await page.evaluate((pem) => {
    globalThis.element.publicKey = pem;
  }, String(large));
  await element.getByText("RSA4096", { exact: true }).waitFor();
  assert.equal(await field.count(), 0);
  await page.evaluate(() => {
    globalThis.element.publicKey = "nonsense!";
  });
  await field.waitFor();
});

test("the page is told which image stands in the field, once it is one", async () => {
  const { element, events } = await on.openVerify();
  const { reference } = on.imageOf("told");
  const field = element.getByLabel("Image", { exact: true });
  for (const text of ["password?", reference.slice(0, -1), reference, ` ${reference}`]) {
    await field.fill(text);
    await element.locator("#reference-help").waitFor();
  }
  await element.getByText("Sign in to").waitFor();
  assert.deepEqual(await events("ocisign-image"), [{ image: reference }]);
});
