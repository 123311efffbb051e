// Who else accepts the image: a table below the result, by keyboard, accessible, and no wider than a phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { useVerify } from "../support/verify-element.js";

const { openVerify, imageOf, signByTag } = useVerify();

test("after a verification, a person opens the table", async () => {
  const { digest, reference } = imageOf("accepted");
  signByTag(digest);
  const opened = await openVerify();
  const { page, element, fill, button, outcome } = opened;
  await fill(reference);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  const summary = element.getByText("Who else accepts this image?");
  await summary.focus();
  await page.keyboard.press("Enter");
  const podman = element.locator('[data-tool="containers-image"]');
  await podman.waitFor();
  assert.match(String(await podman.textContent()), /podman[\s\S]*accepts/);
  await podman.getByText("It accepts simple signing by this key.").waitFor();
  const ratify = element.locator('[data-tool="ratify"]');
  assert.match(String(await ratify.textContent()), /accepts/);
  assert.match(String(await element.locator('[data-tool="sigstore-go"]').textContent()), /unknown/);
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} at ${width}`);
  }
  await checkAccessibility(page, "who accepts");
});
