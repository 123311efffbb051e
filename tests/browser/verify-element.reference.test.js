// <ocisign-verify>: what is wrong with a reference, and where?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { useVerify } from "../support/verify-element.js";

const on = useVerify();

test("what is wrong with a reference is marked where it is wrong, in bytes or not", async () => {
  const { page, element } = await on.openVerify();
  const field = element.getByLabel("Image", { exact: true });
  const mark = element.locator("mark");
  for (const [text, marked, message] of /** @type {const} */ ([
    ["registry.example/Team/app", /T$/, /upper-case letter `T` at byte 17/],
    ["registry.example/t\u00e9am/app", /\u00e9⟦U\+00E9⟧$/, /is not ASCII/],
    ["registry.example/\u{1f600}app", /⟦U\+1F600⟧$/, /is not ASCII/],
    ["registry.example/te\u200bam", /⟦U\+200B⟧$/, /200b/],
    ["registry.example/te\u202eam", /⟦U\+202E⟧$/, /202e/],
    ["registry.example/team/app", /the end is missing/, /digest is missing/],
  ])) {
    await field.fill(text);
    await element.locator("#reference-help .bad").getByText(message).waitFor();
    assert.match(String(await mark.textContent()).trim(), marked, text);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
  }
  await checkAccessibility(page, "wrong reference");
  const right = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
  await field.fill(` ${right}\r\n`);
  await element.getByText("Sign in to registry.example").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), null);
  assert.equal(await mark.count(), 0);
});

test("a megabyte where a reference belongs leaves the page usable", async () => {
  const { element } = await on.openVerify();
  await element
    .getByLabel("Image", { exact: true })
    .fill(`${"a".repeat(500_000)}\u202e${"b".repeat(500_000)}`);
  await element.locator("mark").waitFor();
  assert.ok(String(await element.locator("#reference-help").textContent()).length < 2000);
});

test("nothing is verified before there is something to verify, and the first gap has the focus", async () => {
  const { page, element, button, events, focused } = await on.openVerify();
  await button("Verify").click();
  await element.getByText("The reference is empty").waitFor();
  assert.equal(await focused(), "reference");
  await element.getByLabel("Image", { exact: true }).fill(on.imageOf("missing key").reference);
  await button("Verify").click();
  await element.getByText("The public key is missing.").waitFor();
  assert.equal(await focused(), "key");
  await checkAccessibility(page, "no key");
  assert.deepEqual(await events("ocisign-verified"), []);
});
