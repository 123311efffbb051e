// <ocisign-request>: what is wrong with an image, and where?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productOf } from "../support/fake-service.js";
import { digest, image, pressAnyway, textOf, useRequest } from "../support/request-element.js";
import { focusOn } from "../support/stage.js";

const { openElement, serviceWith } = useRequest();

test("the place of an error is marked, and told once nobody types", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  const marked = element.locator('[part="reference-error"] mark');
  // What screen readers are told.
  await element.evaluate((it) => {
    globalThis.heard = [];
    const region = /** @type {Element} */ (it.shadowRoot?.querySelector('[aria-live="polite"]'));
    const listen = () => globalThis.heard.push(region.textContent);
    new MutationObserver(listen).observe(region, { characterData: true, subtree: true, childList: true });
  });
  for (const [text, place, message] of /** @type {const} */ ([
    [`registry.example/Team/app${digest}`, "T", /upper-case/],
    [`registry.example/tëam${digest}`, "ë", /not ASCII/],
    [`registry.example/app@sha256:ab`, "", /digest/],
    [`https://${image}`, "h", /scheme/],
    [`registry.example/app\u200b${digest}`, "U+200B", /not ASCII/],
  ])) {
    await field.fill("");
    await field.pressSequentially(text);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await field.getAttribute("aria-describedby"), "artifact-hint artifact-error");
    assert.ok((await marked.textContent())?.includes(place), text);
    assert.match(await textOf(element.locator("#artifact-error")), message);
    await page.waitForFunction((last) => new RegExp(last).test(globalThis.heard.at(-1)), message.source);
    const heard = await page.evaluate(() => globalThis.heard.splice(0));
    assert.ok(heard.length < text.length / 4, `not at each key stroke: ${heard}`);
  }
  await checkAccessibility(page, "a wrong image");

  await pressAnyway(element.getByRole("button", { name: "Request signature" }));
  await focusOn(page, "artifact");
  assert.deepEqual(service.posted(), []);
});

test("the place is counted in bytes, and shown in characters", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { element, field } = await openElement(service);
  // Each line has its own place; characters of two, three and four bytes come before those of the others.
  await field.fill(`ü€😀\nregistry.example/😀é${digest}`);
  const marks = element.locator('[part="reference-error"] mark');
  await marks.nth(1).waitFor();
  assert.match(String(await marks.nth(0).textContent()), /ü/);
  assert.match(String(await marks.nth(1).textContent()), /😀/);
});

test("an image of Amazon ECR shows account and region", async () => {
  const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
  const service = await serviceWith([productOf(registry)]);
  const { element, field } = await openElement(service);
  await field.fill(`${registry}/team/app${digest}`);
  await element.getByText("account 123456789012, region eu-west-1").waitFor();
});

test("an image of another registry is not sent, and the right product is offered", async () => {
  const other = { ...productOf("registry.example"), id: "q", name: "Right one" };
  const service = await serviceWith([productOf("registry.example.evil.com"), other]);
  const { page, element, field } = await openElement(service, { productId: "p", artifact: image });
  await element.getByText("signs only for `registry.example.evil.com`").first().waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const send = element.getByRole("button", { name: "Request signature" });
  assert.equal(await send.getAttribute("aria-disabled"), "true");
  await pressAnyway(send);
  assert.deepEqual(service.posted(), []);
  await checkAccessibility(page, "an image of another registry");
  await element.getByRole("button", { name: "Right one" }).click();
  await element.getByText("✓ the product's registry").waitFor();
  await send.click();
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  assert.equal(service.posted()[0].productId, "q");
});
