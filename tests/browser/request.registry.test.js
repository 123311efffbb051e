// <ocisign-request>: is the image in its registry?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productOf } from "../support/fake-service.js";
import { image, useRequest } from "../support/request-element.js";
import { focusOn, useStageWithSandbox } from "../support/stage.js";

const { stage, sandbox: started } = useStageWithSandbox();
const { complaints, openElement, serviceWith } = useRequest(stage);

test("a registry that cannot be read hinders nobody, and an image that is missing is a warning", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const nobody = { url: "http://127.0.0.1:1" };
  const { page, element, field } = await openElement(service, { registry: nobody });
  await field.fill(image);
  await element
    .getByText("This browser could not read the registry. You can still send the request.")
    .waitFor();
  assert.ok(complaints.splice(0).every((text) => /ERR_(UNSAFE_PORT|CONNECTION_REFUSED)/.test(text)));
  assert.equal(await element.locator("#send").getAttribute("aria-disabled"), null);
  await checkAccessibility(page, "a registry that cannot be read");

  const { url, username, password } = started().sandbox.registry;
  await page.evaluate(
    (registry) => {
      globalThis.element.registry = registry;
    },
    { url, username, password },
  );
  await element.getByText("The registry has no such image").waitFor();
  assert.equal(await element.locator("#send").getAttribute("aria-disabled"), null);
  await checkAccessibility(page, "an image that the registry lacks");
});

test("an image that the product does not sign for is refused, whatever its registry says", async () => {
  const service = await serviceWith([productOf("elsewhere.example")]);
  const { page, element, field } = await openElement(service, { registry: { url: "http://127.0.0.1:1" } });
  await field.fill(image);
  await element.locator("#mismatch").waitFor();
  await element.getByText("This browser could not read the registry.").waitFor();
  assert.equal(await element.getByText("still send").count(), 0);
  assert.equal(await element.locator("#send").getAttribute("aria-disabled"), "true");
  await page.evaluate(() => globalThis.element.remove());
  complaints.length = 0;
});

test("a look into the registry ends when the image is another one", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  // A registry that answers when the test says so.
  await page.evaluate(() => {
    globalThis.looks = [];
    globalThis.element.registry = {
      fetch: (url, { signal }) =>
        new Promise((resolve) => {
          const answer = (status) =>
            resolve(new Response('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', { status }));
          globalThis.looks.push({ url, signal, answer });
        }),
    };
  });
  await field.fill(image);
  await page.waitForFunction(() => globalThis.looks.length === 1);
  await element.getByText("Asking the registry…").waitFor();
  // Another tag is the same image.
  await field.fill(image.replace("@", ":1.0@"));
  assert.equal(await page.evaluate(() => globalThis.looks[0].signal.aborted), false);
  await field.fill(image.replace("team", "other"));
  await page.waitForFunction(() => globalThis.looks.length === 2);
  assert.equal(await page.evaluate(() => globalThis.looks[0].signal.aborted), true);
  await page.evaluate(() => globalThis.looks[1].answer(404));
  await element.getByText("The registry has no such image").waitFor();
  await page.evaluate(() => globalThis.looks[0].answer(401));
  await element.getByText("The registry has no such image").waitFor();
  await element.getByRole("button", { name: "Check again" }).click();
  await page.waitForFunction(() => globalThis.looks.length === 3);
  await focusOn(page, "registry-heading");
});
