// <ocisign-request>: what exactly will be sent?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productOf } from "../support/fake-service.js";
import { image, useRequest } from "../support/request-element.js";
import { focusOn } from "../support/stage.js";

const { openElement, serviceWith } = useRequest();

test("the JSON that is shown is the JSON that is sent", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { element, page, field } = await openElement(service);
  await field.fill(image);
  const why = 'for "1.2" \u202eevil\u200b раураl ä\nnext line';
  await element.getByLabel("Why").fill(why);
  await element.getByLabel("Name of the request").fill("Night build");
  await element.getByText("Advanced").click();
  await element.getByLabel("Name of the payload").fill("Payload");
  await element.getByRole("button", { name: "Add a row" }).click();
  await element.getByLabel("Metadata: Name, row 1").fill("Version");
  await element.getByLabel("Metadata: Value, row 1").fill("v1.2");
  // A row that is empty is left out.
  await element.getByRole("button", { name: "Add a row" }).click();
  await element.getByText("The exact JSON that will be sent").click();
  const shown = await element.locator("pre").innerText();
  assert.doesNotMatch(shown, /[\u202e\u200b\u0440]/u, "nothing hides in it");
  await checkAccessibility(page, "the JSON");

  await element.getByRole("button", { name: "Request signature" }).click();
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  const [sent] = service.posted();
  assert.deepEqual(JSON.parse(shown), sent);
  assert.deepEqual(sent, {
    name: "Night build",
    idProductOperation: "o",
    description: why,
    payload: {
      name: "Payload",
      metadata: [{ name: "Version", value: "v1.2" }],
      optionalParameters: [{ artifactURI: Buffer.from(image).toString("base64") }],
    },
    productId: "p",
  });
});

test("metadata is edited by keyboard, and what is odd in it is said", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  await field.fill(image);
  await element.getByRole("button", { name: "Add a row" }).focus();
  await page.keyboard.press("Enter");
  await focusOn(page, "name-1");
  await page.keyboard.press("Tab");
  await page.keyboard.type("v1");
  await element.getByText("This value needs a name.").waitFor();
  await element.getByText("Not ready: Name each row of metadata.").waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("Version");
  await page.keyboard.press("Enter");
  await focusOn(page, "name-2");
  await page.keyboard.type("Version");
  await element.getByText("Another row has the same name.").first().waitFor();
  await checkAccessibility(page, "odd metadata");
  await element.getByRole("button", { name: "Remove row 1" }).click();
  await focusOn(page, "name-2");
  assert.equal(await element.getByLabel("Metadata: Name, row 1").inputValue(), "Version");
  assert.deepEqual(service.posted(), [], "Enter sends nothing");
});
