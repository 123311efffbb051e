// <ocisign-request>: which product and which operation is to sign?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productOf } from "../support/fake-service.js";
import { sized } from "../support/large.js";
import { image, textOf, useRequest } from "../support/request-element.js";
import { focusOn, told, useStage } from "../support/stage.js";

const stage = useStage();
const { complaints, openElement, serviceWith } = useRequest(stage);

test("of many products one is found, and those that cannot be asked say why", async () => {
  const products = Array.from({ length: 300 }, (_, index) => ({
    ...productOf(`registry-${index}.example`),
    ...{ id: `p${index}`, name: `Product ${index}` },
  }));
  const off = { ...productOf("off.example"), id: "off", name: "Off", enabled: false };
  const other = { ...productOf("other.example"), id: "other", name: "Other", productOperations: [] };
  const doomed = { ...productOf("doomed.example"), id: "doomed", name: "Doomed", state: "To Be Deleted" };
  const ready = { ...productOf("ready.example"), id: "ready", name: "Prepared", state: "Ready" };
  const service = await serviceWith([...products, off, other, doomed, ready]);
  const { page, element } = await openElement(service);
  const select = element.getByLabel("Product", { exact: true });
  const options = select.locator("option");
  await element.getByText("304 of 304 products").waitFor();
  await element.getByLabel("Find a product").fill("registry-12 product");
  await element.getByText("11 of 304 products").waitFor();
  assert.equal(await options.count(), 12);
  await select.selectOption("p123");
  await element.getByText("registry-123.example").waitFor();
  await element.getByLabel("Find a product").fill("off");
  assert.equal(await select.inputValue(), "p123", "what was chosen stays chosen");
  assert.equal(await options.filter({ hasText: "Off (disabled)" }).isDisabled(), true);
  await element.getByLabel("Find a product").fill("other");
  assert.equal(await options.filter({ hasText: "Other (signs no images)" }).isDisabled(), true);
  await element.getByLabel("Find a product").fill("doomed");
  assert.equal(await options.filter({ hasText: "Doomed (not ready: To Be Deleted)" }).isDisabled(), true);
  await element.getByLabel("Find a product").fill("prepared");
  await select.selectOption("ready");
  await element.getByText("State of the product").waitFor();
  await checkAccessibility(page, "many products");
  // One that a page names is not asked for either.
  await page.evaluate(() => {
    globalThis.element.productId = "doomed";
  });
  await element.getByText("This product is not ready to sign.").waitFor();
});

test("several operations are chosen from, one is not asked for", async () => {
  const operations = [
    { id: "o1", name: "release", operationType: "SignOCI" },
    { id: "o2", name: "nightly", operationType: "SIGN_OCI", approvalRule: { allowedGroups: ["G-1"] } },
    { id: "o3", name: "digest", operationType: "DigestSigning" },
  ];
  const service = await serviceWith([{ ...productOf("registry.example"), productOperations: operations }]);
  const { page, element } = await openElement(service, {
    artifact: image,
    identity: { groups: ["g-2"] },
  });
  const operation = element.getByLabel("Operation");
  await element.getByText("Choose a signing operation.").waitFor();
  assert.deepEqual(await operation.locator("option").allTextContents(), [
    "Choose an operation…",
    "release",
    "nightly",
  ]);
  await operation.selectOption("nightly");
  const warning = element.getByText("none of your groups may request this");
  await warning.waitFor();
  await checkAccessibility(page, "a person who may not request");
  await page.evaluate(() => {
    globalThis.element.identity = { groups: ["g-1"] };
  });
  await warning.waitFor({ state: "detached" });
  await element.getByRole("button", { name: "Request signature" }).click();
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  assert.equal(service.posted()[0].idProductOperation, "o2");
});

test("no product, an error and its end, a product that is not shown", async () => {
  /** @type {import("../support/fake-service.js").Answer} */
  let answer = { status: 403, body: { message: "not you" } };
  const service = await stage.serve(() => answer);
  const { page, element, field } = await openElement(service, { productId: "gone" });
  await field.fill(image);
  await element.getByText("not you").waitFor();
  assert.equal((await told(page, "ocisign-error")).length, 1);
  assert.equal(complaints.splice(0).length, 1, "browsers report a 403");
  await checkAccessibility(page, "products that could not be read");
  answer = { status: 200, body: [] };
  await element.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await element.getByText("The service shows you no product").waitFor();
  await focusOn(page, "product");
  await checkAccessibility(page, "no products");
  answer = { status: 200, body: [productOf("registry.example")] };
  await element.getByRole("button", { name: "Reload products" }).click();
  await element.getByText("does not show you this product").waitFor();
  await focusOn(page, "product");
  assert.equal(await field.inputValue(), image);
});

test("whatever the service says of its products is text, and shows what it hides", async () => {
  const hostile = `<img src=x onerror="document.title='run'">\u202egpj.exe\u200b раураl`;
  // Were it drawn, there would be more than the test allows.
  const long = "A".repeat(sized(150_000, 1_000_000));
  const service = await serviceWith([
    {
      ...productOf("registry.example"),
      ...{ name: hostile, description: hostile, id: "p" },
      productOperations: [
        { id: "o", name: hostile, description: long, operationType: "SignOCI", token: { keyType: hostile } },
        { id: 7, name: { a: hostile }, operationType: "SignOCI", approvalRule: "none" },
        null,
      ],
    },
    { id: "long", name: long, description: long, productConfigItems: [{ name: "RegistryURL", value: long }] },
    { id: "odd", name: [1], enabled: "no", productOperations: "x", productConfigItems: [null, { name: 3 }] },
  ]);
  const { page, element, field } = await openElement(service, { productId: "p", operationId: "o" });
  await field.fill(image);
  const product = element.locator('[part="product"]');
  await product.getByText("<img src=x").first().waitFor();
  assert.match(await textOf(product), /U\+202E.*U\+200B/s);
  assert.match(await element.getByLabel("Product").innerText(), /⟦U\+202E⟧/);
  assert.notEqual(await page.title(), "run");
  assert.equal(await page.locator("img").count(), 0);
  await checkAccessibility(page, "a hostile product");
  await element.getByLabel("Product").selectOption("p");
  const { length: drawn } = await textOf(element);
  assert.ok(drawn < 100_000, `${drawn} characters are drawn`);
});
