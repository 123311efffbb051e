// <ocisign-request>: how is one signature requested, and what if the request fails?
import assert from "node:assert/strict";
import { test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { checkAccessibility } from "../support/axe.js";
import { productOf, signingOf } from "../support/fake-service.js";
import { image, imageOf, reach, textOf, useRequest } from "../support/request-element.js";
import { productFor, profileOf } from "../support/sandbox.js";
import { focusOn, told, useStageWithSandbox } from "../support/stage.js";

const { stage, sandbox: started } = useStageWithSandbox();
const { complaints, openElement, serviceWith } = useRequest(stage);

test("an image is requested by keyboard alone, and the registry says what it is", async () => {
  const { sandbox, as } = started();
  const product = await as("admin").createProduct(productFor(sandbox, { name: "By keyboard" }));
  const { domain, url, username, password } = sandbox.registry;
  const pushed = `${domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  const service = {
    ...{ baseUrl: sandbox.base, profile: await profileOf(sandbox) },
    token: sandbox.person("requester").token,
  };
  const { page, element, field } = await openElement(service, { registry: { url, username, password } });
  await checkAccessibility(page, "an empty form");

  await element.getByLabel("Product").focus();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.type(pushed.replace("@", ":1.0@"));
  const facts = element.locator('[part="image"]');
  await facts.getByText(pushed).waitFor();
  await facts.getByText("The tag 1.0 is not signed").waitFor();
  await facts.getByText("the product's registry").waitFor();
  const inRegistry = element.locator('[part="registry"]');
  await inRegistry.getByText("application/vnd.oci.image.manifest.v1+json").waitFor();
  assert.match(await textOf(inRegistry), /linux\/amd64/);
  await checkAccessibility(page, "a good image");

  await reach(page, "description");
  await page.keyboard.type("Release 1.2");
  await reach(page, "send");
  await page.keyboard.press("Enter");
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  await focusOn(page, "taken-heading");
  await checkAccessibility(page, "a confirmation");

  const [{ signing }] = await told(page, "ocisign-requested");
  const held = await as("requester").signing(signing.id);
  assert.equal(held.description, "Release 1.2");
  assert.equal(held.productId, product.id);
  assert.equal(imageOf(held), pushed);
  await element.getByText("waiting for approval").waitFor();
  await element.getByText(signing.id, { exact: true }).waitFor();

  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: signing.id }]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await focusOn(page, "artifact");
  assert.equal(await field.inputValue(), "");
  assert.equal(await element.getByLabel("Why").inputValue(), "");
  assert.equal(await element.getByLabel("Product").inputValue(), product.id);
});

test("a request that was refused loses nothing of what was typed", async () => {
  const refused = { status: 403, body: { message: "your groups may not" } };
  const service = await serviceWith([productOf("registry.example")], () => refused);
  const { page, element, field } = await openElement(service);
  await field.fill(image);
  await element.getByLabel("Why").fill("because");
  await element.getByRole("button", { name: "Request signature" }).click();
  await element.getByRole("alert").getByText("your groups may not").waitFor();
  assert.equal(complaints.splice(0).length, 1);
  assert.equal(await field.inputValue(), image);
  assert.equal(await element.getByLabel("Why").inputValue(), "because");
  assert.equal((await told(page, "ocisign-error")).length, 1);
  await checkAccessibility(page, "a refused request");
  await element.getByRole("button", { name: "Request signature" }).waitFor();
});

test("a request in doubt is not sent again by itself", async () => {
  const away = { status: 503, body: { message: "away" } };
  const service = await serviceWith([productOf("registry.example")], () => away);
  const { page, element, field } = await openElement(service);
  await field.fill(image);
  await element.getByRole("button", { name: "Request signature" }).click();
  await element.getByText("Check the queue before you send it again").waitFor();
  const again = element.getByRole("button", { name: "Not found in the queue: send it again" });
  await again.waitFor();
  await element.getByLabel("Name of the request").press("Enter");
  assert.equal(service.posted().length, 1);
  assert.equal(complaints.splice(0).length, 1);
  await checkAccessibility(page, "a request in doubt");
  await field.fill(image.replace("team", "other"));
  await element.getByRole("button", { name: "Request signature" }).waitFor();
});

test("whatever comes back for a request is text, and can be opened", async () => {
  const id = `"><script>document.title='run'</script>\u202e`;
  const service = await serviceWith([productOf("registry.example")], (body) => ({
    body: { ...signingOf(image), ...body, id, status: 77 },
  }));
  const { page, element, field } = await openElement(service);
  await field.fill(image);
  await element.getByRole("button", { name: "Request signature" }).click();
  await element.getByText("status 77").waitFor();
  assert.match(await textOf(element.locator('[part="confirmation"]')), /<script>.*U\+202E/s);
  await element.getByRole("button", { name: "Open the request" }).click();
  assert.deepEqual(await told(page, "ocisign-open"), [{ id }]);
  assert.notEqual(await page.title(), "run");
});

test("moved, taken away and given another service, the element keeps what was typed", async () => {
  const first = await serviceWith([productOf("registry.example")]);
  const second = await serviceWith([{ ...productOf("registry.example"), name: "Second" }]);
  const { page, element, field } = await openElement(first);
  await field.fill(image);
  await element.getByLabel("Why").fill("because");
  await page.evaluate((baseUrl) => {
    const element = globalThis.element;
    element.remove();
    element.client = new globalThis.ocisign.SigningClient({ baseUrl, token: "a-token" });
    document.querySelector("main")?.append(element);
  }, second.url);
  await element.getByLabel("Product").locator("option", { hasText: "Second" }).waitFor({ state: "attached" });
  assert.equal(await field.inputValue(), image);
  assert.equal(await element.getByLabel("Why").inputValue(), "because");

  // A client that does not answer before it is told to.
  await page.evaluate(() => {
    const { client } = globalThis.element;
    globalThis.element.client = {
      products: () => client.products(),
      requestSigning: (input, { signal }) =>
        new Promise((resolve, reject) => {
          globalThis.release = () => resolve(client.requestSigning(input));
          const error = Object.assign(new Error("stopped"), { code: "aborted" });
          signal.addEventListener("abort", () => reject(error));
        }),
    };
  });
  await element.getByRole("button", { name: "Request signature" }).click();
  await page.waitForFunction(() => globalThis.release);
  await checkAccessibility(page, "a request under way");
  await page.evaluate(() => {
    globalThis.element.remove();
    document.body.append(globalThis.element);
  });
  await page.evaluate(() => globalThis.release());
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  assert.equal(second.posted().length, 1);

  // Off the page for good, it goes on with nothing.
  await element.getByRole("button", { name: "Request another" }).click();
  await field.fill(image);
  await element.getByRole("button", { name: "Request signature" }).click();
  await page.evaluate(async () => {
    const element = globalThis.element;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    document.body.append(element);
  });
  await element.getByText("Check the queue before you send it again").waitFor();
  assert.equal(await field.inputValue(), image);
  assert.equal(second.posted().length, 1);
});

test("offline is said, and products come once there is a network", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  await field.fill(image);
  await page.context().setOffline(true);
  await element.getByText("You are offline.").waitFor();
  await element.getByRole("button", { name: "Reload products" }).click();
  await checkAccessibility(page, "offline");
  await page.context().setOffline(false);
  await element.getByText("You are offline.").waitFor({ state: "detached" });
  await element.getByRole("button", { name: "Request signature" }).waitFor();
  assert.equal(await field.inputValue(), image);
  complaints.length = 0;
});
