// `<ocisign-request>` on a bare page of another origin, in a real Chromium.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { launchChromium } from "../../tools/machine/browser.js";
import { checkAccessibility } from "../support/axe.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../support/sandbox.js";
import { mount, openOn, openStage } from "../support/stage.js";

const digest = `@sha256:${"a".repeat(64)}`;
const image = `registry.example/team/app${digest}`;

let stage;
let browser;
let sandbox;
/** A registry that holds nothing. */
let emptyRegistry;
/** What a test opened, to be closed after it. @type {(() => unknown)[]} */
let opened = [];
/** What its pages complained about, as far as it does not expect it. @type {string[]} */
let complaints = [];

before(async () => {
  stage = await openStage();
  sandbox = await testSandbox({ args: ["--allow-origin", stage.origin] });
  emptyRegistry = await fakeService(() => ({
    status: 404,
    body: { errors: [{ code: "MANIFEST_UNKNOWN" }] },
  }));
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await sandbox?.close();
  emptyRegistry?.close();
  stage?.close();
});
afterEach(async () => {
  const [closing, complained] = [opened.reverse(), complaints];
  [opened, complaints] = [[], []];
  for (const close of closing) await close();
  assert.deepEqual(complained, []);
});

/** A service that shows these products and answers a request as `take` says. */
async function serviceWith(products, take = (body) => ({ body: { ...body, id: "taken", status: 2 } })) {
  const service = await fakeService(({ method, body }) =>
    method === "GET" ? { body: products } : take(JSON.parse(body)),
  );
  opened.push(service.close);
  const posted = () =>
    service.asked.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body));
  return { ...service, posted };
}

/** The element on a page of its own; what the page complains about fails the test. */
async function openElement(given, properties = {}, options = {}) {
  const { url, baseUrl = url, token = "a-token", profile } = given;
  const { page, close, ...open } = await openOn(browser, stage, options);
  opened.push(close);
  complaints = open.complaints;
  const service = { baseUrl, token, profile };
  const registry = { url: new URL(emptyRegistry.url).origin };
  const element = await mount(page, "ocisign-request", { service, properties: { registry, ...properties } });
  return { page, element, field: element.getByLabel("Image, or a list of images") };
}

/** All text in it, through shadow trees. @param {import("playwright-core").Locator} locator */
function textOf(locator) {
  return locator.evaluate((element) => {
    const inside = (node) =>
      node.nodeType === Node.TEXT_NODE
        ? node.data
        : [...(node.shadowRoot ?? node).childNodes].map(inside).join(" ");
    return inside(element).replaceAll(/\s+/g, " ");
  });
}

/** Waits until a part of the element has the focus. */
function focusOn(page, id) {
  return page.waitForFunction((wanted) => globalThis.element.shadowRoot.activeElement?.id === wanted, id);
}

/** As a person does it; a browser is much slower to take ten thousand lines in another way. */
async function paste(page, field, text) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.origin });
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await field.focus();
  await page.keyboard.press("Control+V");
}

/** Playwright waits for a button that says that it is disabled; a person can press it. */
async function pressAnyway(button) {
  await button.focus();
  await button.press("Enter");
}

const imageOf = (body) => Buffer.from(body.payload.optionalParameters[0].artifactURI, "base64").toString();
const told = (page, event) =>
  page.evaluate(
    (type) => globalThis.told.filter((it) => it.type === type).map(({ detail }) => detail),
    event,
  );

test("an image is requested by keyboard alone, and the registry says what it is", async () => {
  const as = await clientsOf(sandbox);
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
  await element.getByText(signing.id).waitFor();

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

/** Tabs until a field has the focus. */
async function reach(page, id) {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => globalThis.element.shadowRoot.activeElement?.id);
    if (focused === id) return;
  }
  assert.fail(`${id} cannot be reached by keyboard`);
}

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

test("the place of an error is marked, and told once nobody types", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  const marked = element.locator('[part="reference-error"] mark');
  // What screen readers are told.
  await element.evaluate((it) => {
    globalThis.heard = [];
    const region = it.shadowRoot.querySelector('[aria-live="polite"]');
    const listen = () => globalThis.heard.push(region.textContent);
    new MutationObserver(listen).observe(region, { characterData: true, subtree: true, childList: true });
  });
  for (const [text, place, message] of [
    [`registry.example/Team/app${digest}`, "T", /upper-case/],
    [`registry.example/tëam${digest}`, "ë", /not ASCII/],
    [`registry.example/app@sha256:ab`, "", /digest/],
    [`https://${image}`, "h", /scheme/],
    [`registry.example/app\u200b${digest}`, "U+200B", /not ASCII/],
  ]) {
    await field.fill("");
    await field.pressSequentially(text);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await field.getAttribute("aria-describedby"), "artifact-hint artifact-error");
    assert.ok((await marked.textContent()).includes(place), text);
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
  assert.match(await marks.nth(0).textContent(), /ü/);
  assert.match(await marks.nth(1).textContent(), /😀/);
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

test("a registry that cannot be read hinders nobody, and an image that is missing is a warning", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const nobody = { url: "http://127.0.0.1:1" };
  const { page, element, field } = await openElement(service, { registry: nobody });
  await field.fill(image);
  await element.getByText("This browser could not read the registry").waitFor();
  assert.ok(complaints.splice(0).every((text) => /ERR_(UNSAFE_PORT|CONNECTION_REFUSED)/.test(text)));
  assert.equal(await element.locator("#send").getAttribute("aria-disabled"), null);
  await checkAccessibility(page, "a registry that cannot be read");

  const { url, username, password } = sandbox.registry;
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

test("of many products one is found, and those that cannot be asked say why", async () => {
  const products = Array.from({ length: 300 }, (_, index) => ({
    ...productOf(`registry-${index}.example`),
    ...{ id: `p${index}`, name: `Product ${index}` },
  }));
  const off = { ...productOf("off.example"), id: "off", name: "Off", enabled: false };
  const other = { ...productOf("other.example"), id: "other", name: "Other", productOperations: [] };
  const service = await serviceWith([...products, off, other]);
  const { page, element } = await openElement(service);
  const select = element.getByLabel("Product", { exact: true });
  const options = select.locator("option");
  await element.getByText("302 of 302 products").waitFor();
  await element.getByLabel("Find a product").fill("registry-12 product");
  await element.getByText("11 of 302 products").waitFor();
  assert.equal(await options.count(), 12);
  await select.selectOption("p123");
  await element.getByText("registry-123.example").waitFor();
  await element.getByLabel("Find a product").fill("off");
  assert.equal(await select.inputValue(), "p123", "what was chosen stays chosen");
  assert.equal(await options.filter({ hasText: "Off (disabled)" }).isDisabled(), true);
  await element.getByLabel("Find a product").fill("other");
  assert.equal(await options.filter({ hasText: "Other (signs no images)" }).isDisabled(), true);
  await checkAccessibility(page, "many products");
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
  let answer = { status: 403, body: { message: "not you" } };
  const service = await fakeService(() => answer);
  opened.push(service.close);
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

test("a list becomes as many requests, each once, and wrong lines stay", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  const lines = [
    ...["# tonight", `registry.example/one${digest}`, "", `  registry.example/two:1.0${digest}\t`],
    ...["registry.example/Three", `registry.example/two${digest}`, `elsewhere.example/four${digest}`],
    `registry.example/five${digest}`,
  ];
  await paste(page, field, lines.join("\r\n"));
  const summary = element.locator("#list-summary");
  await summary.getByText("3 images to request").waitFor();
  assert.match(await summary.innerText(), /2 lines to correct.*1 duplicate/s);
  const found = element.locator('[part="list"]');
  assert.match(await textOf(found), /Line 5.*upper-case.*Line 7.*signs only for/s);
  await found.getByText("Duplicates", { exact: true }).click();
  assert.match(await textOf(found), /Line 6.*the same image as line 4/s);
  await element.getByText("The exact JSON that will be sent").click();
  await element.getByText("This is the first of 3.").waitFor();
  const shown = JSON.parse(await element.locator("pre").innerText());
  await checkAccessibility(page, "a list");

  await element.getByRole("button", { name: "Request 3 signatures" }).click();
  await element.getByText("3 requested", { exact: false }).first().waitFor();
  await element.getByRole("button", { name: "Close these results" }).waitFor();
  assert.deepEqual(service.posted().map(imageOf), [
    `registry.example/one${digest}`,
    `registry.example/two${digest}`,
    `registry.example/five${digest}`,
  ]);
  assert.deepEqual(service.posted()[0], shown);
  assert.equal((await told(page, "ocisign-requested")).length, 3);
  await page.waitForFunction(() => globalThis.element.said.includes("3 requested"));
  await checkAccessibility(page, "the results of a list");
  await element.getByRole("button", { name: "Open the request taken" }).first().click();
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: "taken" }]);
  assert.equal(
    await field.inputValue(),
    `# tonight\n\nregistry.example/Three\nelsewhere.example/four${digest}`,
  );
});

test("of a list, what was refused can be sent again, and what is in doubt is not", async () => {
  let isHealed = false;
  const service = await serviceWith([productOf("registry.example")], (body) => {
    if (imageOf(body).includes("/doubt")) return { status: 500, body: { message: "oh" } };
    if (imageOf(body).includes("/refused") && !isHealed) return { status: 422, body: { message: "no" } };
    return { body: { ...body, id: `id of ${imageOf(body)}`, status: 2 } };
  });
  const { page, element, field } = await openElement(service);
  const names = ["good-1", "doubt", "refused-1", "good-2", "refused-2", "good-3"];
  await field.fill(names.map((name) => `registry.example/${name}${digest}`).join("\n"));
  await element.getByRole("button", { name: "Request 6 signatures" }).click();
  const again = element.getByRole("button", { name: "Send 2 images" });
  await again.waitFor();
  complaints.length = 0;
  const counts = element.locator("#results-counts");
  assert.match(await counts.innerText(), /3 requested.*2 failed.*1 with an unknown outcome/s);
  await element.getByText("Check the queue before you send it again").waitFor();
  await checkAccessibility(page, "a list of which some failed");
  isHealed = true;
  await again.click();
  await counts.getByText("5 requested").waitFor();
  const asked = service.posted().map(imageOf);
  assert.equal(asked.filter((it) => it.includes("/doubt")).length, 1);
  assert.equal(asked.filter((it) => it.includes("/good")).length, 3);
  assert.equal(asked.length, 8);
  const order = await textOf(element.getByRole("group", { name: "Requested" }));
  assert.match(order, /good-1.*refused-1.*good-2.*refused-2.*good-3/s);
});

test("a list stops when asked, and when nothing succeeds any more", async () => {
  let isAway = false;
  const service = await serviceWith([productOf("registry.example")], (body) => {
    if (isAway) return { status: 503, body: { message: "away" } };
    return { body: { ...body, id: "taken", status: 2 } };
  });
  const { page, element, field } = await openElement(service);
  // A client that waits until the test lets go of it.
  await page.evaluate(() => {
    const { client } = globalThis.element;
    globalThis.held = [];
    globalThis.element.client = {
      products: () => client.products(),
      requestSigning: async (...given) => {
        if (globalThis.held) await new Promise((resolve) => globalThis.held.push(resolve));
        return client.requestSigning(...given);
      },
    };
  });
  const lines = Array.from({ length: 100 }, (_, index) => `registry.example/app${index}${digest}`);
  await field.fill(lines.join("\n"));
  await element.getByRole("button", { name: "Request 100 signatures" }).click();
  await page.waitForFunction(() => globalThis.held.length === 4);
  await checkAccessibility(page, "a list under way");
  assert.equal(await field.isVisible(), false, "one list at a time");
  await element.getByRole("button", { name: "Stop" }).click();
  await element.getByText("Stopping after the requests already in progress").waitFor();
  await page.evaluate(() => {
    for (const release of globalThis.held) release();
    globalThis.held = undefined;
  });
  await element.getByRole("button", { name: "Send 96 images" }).waitFor();
  await focusOn(page, "results-heading");
  assert.equal(service.posted().length, 4);

  isAway = true;
  await element.getByRole("button", { name: "Send 96 images" }).click();
  await element.getByText("several requests in a row did not succeed").waitFor();
  complaints.length = 0;
  const sent = service.posted().length;
  assert.ok(sent < 12, `${sent} were sent to a service that is away`);
  const left = 100 - sent;
  await element.getByRole("button", { name: `Put ${left} back into the field` }).click();
  assert.equal(await field.inputValue(), lines.slice(sent).join("\n"));
});

test("ten thousand lines are checked, and few of them are drawn", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  const lines = Array.from({ length: 10_000 }, (_, index) =>
    index % 3 ? `registry.example/app${index}${digest}` : `registry.example/App${index}`,
  );
  await paste(page, field, lines.join("\n"));
  const summary = element.locator("#list-summary");
  await summary.getByText("6,666 images to request").waitFor();
  await summary.getByText("3,334 lines to correct").waitFor();
  assert.ok((await element.locator("li").count()) <= 300);
  await element
    .getByRole("button", { name: /more, of/ })
    .first()
    .click();
  assert.ok((await element.locator("li").count()) <= 300);
  await field.press("Control+End");
  await page.keyboard.type(`\nregistry.example/last${digest}`);
  await summary.getByText("6,667 images to request").waitFor();
});

test("ten thousand requests are sent, and few of them are drawn", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  await page.evaluate(() => {
    const { client } = globalThis.element;
    const requestSigning = async () => ({ id: "taken", status: 2, code: 2, state: "unknown", final: false });
    globalThis.element.client = { products: () => client.products(), requestSigning };
  });
  const lines = Array.from({ length: 10_000 }, (_, index) => `registry.example/app${index}${digest}`);
  await paste(page, field, lines.join("\n"));
  await element.getByRole("button", { name: "Request 10,000 signatures" }).click();
  await element.getByText("✓ 10,000 requested").waitFor();
  assert.ok((await element.locator("li").count()) <= 300);
  assert.equal(await field.inputValue(), "");
});

test("whatever the service says of its products is text, and shows what it hides", async () => {
  const hostile = `<img src=x onerror="document.title='run'">\u202egpj.exe\u200b раураl`;
  const long = "A".repeat(1_000_000);
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
    const { element } = globalThis;
    element.remove();
    element.client = new globalThis.ocisign.SigningClient({ baseUrl, token: "a-token" });
    document.querySelector("main").append(element);
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
    const { element } = globalThis;
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
