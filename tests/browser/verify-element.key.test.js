// <ocisign-verify>: which key has to have signed, the one that was given or a product's?
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { checkAccessibility } from "../support/axe.js";
import { productOf } from "../support/fake-service.js";
import { productFor, profileOf, temporaryFolder } from "../support/sandbox.js";
import { useStageWithSandbox } from "../support/stage.js";
import { der, key, mountVerify, other, useVerify } from "../support/verify-element.js";

const { stage, sandbox: started } = useStageWithSandbox();
const on = useVerify(stage);

test("keys: base64, files chosen and dropped; private keys, certificates and nonsense are told apart", async () => {
  const { page, element } = await on.openVerify();
  const { folder, remove } = temporaryFolder("keys");
  stage.closeAfterTest(remove);
  const field = element.getByLabel("Public key, as PEM or base64");
  const fingerprint = (text) => element.locator("#key-found").getByText(text);
  const { fingerprint: ours } = publicKey(productShowing(key.pem));
  const { fingerprint: others } = publicKey(productShowing(other.pem));
  await field.fill(der.toString("base64"));
  await fingerprint(ours).waitFor();
  for (const [text, message] of [
    ["nonsense!", "The public key is not base64."],
    [Buffer.from("nonsense").toString("base64"), "The public key is not a DER SubjectPublicKeyInfo."],
    ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "This is a certificate."],
    ["x".repeat(1_000_000), "This is too long for a public key."],
  ]) {
    await field.fill(text);
    await element.getByText(message).waitFor();
    assert.equal(await element.locator("#key-found").count(), 0);
  }
  await checkAccessibility(page, "wrong key");

  const inFile = (name, content) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  await element.locator("#key-file").setInputFiles(inFile("key.pem", other.pem));
  await fingerprint(others).waitFor();
  await element.locator("#key-file").setInputFiles(inFile("key.der", der));
  await fingerprint(ours).waitFor();

  const secret = key.privateKey.export({ type: "pkcs8", format: "pem" });
  await element.locator("#key-file").setInputFiles(inFile("private.pem", secret));
  await element.locator("#key-problem").getByText("This is a private key, not a public one.").waitFor();
  assert.ok(!(await field.inputValue()).includes("PRIVATE"));

  await drop(element, other.pem);
  await fingerprint(others).waitFor();
  assert.equal(await element.locator("#key-problem").count(), 0);
});

test("the key of a product, signed by two people's approval", async () => {
  const { sandbox, as } = started();
  const product = await as("requester").createProduct(productFor(sandbox, { name: "Ours" }));
  const image = `${sandbox.registry.domain}/team/two@${await pushImage(new Registry(sandbox.registry), "team/two")}`;
  const { id } = await as("requester").requestSigning({ productId: product.id, artifact: image });
  await as("approver-one").approve(id);
  await as("approver-two").approve(id);
  await as("requester").waitForSignature(id);

  const service = {
    baseUrl: sandbox.base,
    profile: await profileOf(sandbox),
    token: sandbox.person("requester").token,
  };
  const { page, complaints, element, button, outcome } = await on.openVerify({ service });
  await element.getByLabel("Image", { exact: true }).fill(image);
  await element.getByLabel("Take it from a product").check();
  await button("Verify").click();
  await element.getByText("Choose the product whose key must have signed.").waitFor();
  await checkAccessibility(page, "no product");
  await element.getByLabel("Product", { exact: true }).selectOption({ label: "Ours" });
  const { fingerprint } = publicKey(await as("requester").product(product.id), undefined, service.profile);
  await element.locator("#key-found").getByText(fingerprint).waitFor();
  await checkAccessibility(page, "product");
  await button("Verify").click();
  await outcome("Verified").waitFor();

  const again = await mountVerify(page, { service, properties: { productId: product.id, reference: image } });
  await again.element.locator("#key-found").getByText(fingerprint).waitFor();
  assert.deepEqual(complaints, []);
});

test("products: hundreds, hostile, without a key, with several operations, and a service that fails", async () => {
  let fails = true;
  const operation = (id, text) => ({
    id,
    name: id,
    operationType: "SignOCI",
    token: { publicKey: text },
  });
  const products = [
    { ...productOf("r"), id: "plain", name: "Plain", productOperations: [operation("a", key.pem)] },
    {
      ...productOf("r"),
      id: "two",
      name: "Two",
      productOperations: [operation("first", key.pem), operation("second", other.pem)],
    },
    { ...productOf("r"), id: "none", name: "None" },
    { id: "hostile", name: '<img src=x onerror="globalThis.ran=1">\u202egnp', productOperations: { a: 1 } },
    { id: "long", name: "x".repeat(1_000_000), productOperations: null },
    { id: "odd", name: { toString: 1 }, productOperations: "many" },
    ...Array.from({ length: 300 }, (_, index) => ({ id: `same-${index}`, name: "Same" })),
  ];
  const service = await stage.serve(({ path }) => {
    if (fails) return { status: 403, body: { message: "no" } };
    const id = decodeURIComponent(path.split("/").at(-1) ?? "");
    return id === "products" ? { body: products } : { body: products.find((it) => it.id === id) };
  });
  const given = { service: { baseUrl: service.url, token: "t" } };
  const { page, element, button } = await on.openVerify(given);
  await element.getByLabel("Take it from a product").check();
  await element.locator('[part="error"]').waitFor();
  await checkAccessibility(page, "products refused");
  fails = false;
  await button("Try again").click();
  await element.locator("[name=key-from]:focus").waitFor();
  const picker = element.getByLabel("Product", { exact: true });
  await picker.waitFor();
  assert.equal(await picker.locator("option").count(), products.length + 1);
  await element.getByLabel("Find a product").fill("same-17");
  await element.getByText(/^11 of /).waitFor();
  await element.getByLabel("Find a product").fill("");

  await picker.selectOption("two");
  await element.getByLabel("Operation").selectOption("second");
  await element.getByText("RSA2048", { exact: true }).waitFor();
  await checkAccessibility(page, "operations");
  await picker.selectOption("plain");
  await element.getByText("secp256r1", { exact: true }).waitFor();
  for (const id of ["none", "hostile", "long", "odd"]) {
    await picker.selectOption(id);
    await element.locator('[part="error"]').waitFor();
    assert.equal(await element.locator("#key-found").count(), 0, id);
    await picker.selectOption("plain");
    await element.locator("#key-found").waitFor();
  }
  assert.match(String(await picker.locator("option[value=hostile]").textContent()), /<img.*⟦U\+202E⟧/);
  assert.ok(String(await picker.locator("option[value=long]").textContent()).length < 200);
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
});

/**
 * Drops a file on the key's field, as a person does.
 *
 * @param {import("playwright-core").Locator} element @param {string} content
 */
async function drop(element, content) {
  await element.locator("#key").evaluate((target, text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "key.pem"));
    for (const type of ["dragover", "drop"]) {
      target.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }),
      );
    }
  }, content);
}

/** @param {string} text a key */
function productShowing(text) {
  return { productOperations: [{ operationType: "SignOCI", token: { publicKey: text } }] };
}
