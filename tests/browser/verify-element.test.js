// <ocisign-verify> in a real Chromium, on a page of another origin than the registry and the service.
import assert from "node:assert/strict";
import { createPublicKey, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { attachSignature, publicKey, simpleSigningPayload } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { launchChromium } from "../../tools/machine/browser.js";
import { checkAccessibility } from "../support/axe.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { fakeService, productOf } from "../support/fake-service.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../support/sandbox.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";
import { mount, openOn, openStage } from "../support/stage.js";

const key = keyPair("P-256");
const other = keyPair("rsa");
const der = createPublicKey(key.pem).export({ type: "spki", format: "der" });
const repository = "team/app";
const indexType = "application/vnd.oci.image.index.v1+json";
const digestPattern = "sha256:[0-9a-f]{64}";

let stage;
let sandbox;
let registry;
let browser;
let page;
let complaints;
let element;
let files;

before(async () => {
  stage = await openStage();
  sandbox = await testSandbox({ args: ["--allow-origin", stage.origin] });
  registry = await fakeRegistry({ isOpen: true });
  browser = await launchChromium();
  files = mkdtempSync(join(tmpdir(), "ocisign-keys-"));
});
after(async () => {
  await browser?.close();
  registry?.close();
  await sandbox?.close();
  stage?.close();
  rmSync(files, { recursive: true, force: true });
});
beforeEach(async () => {
  await page?.context().close();
  ({ page, complaints } = await openOn(browser, stage));
  element = await mount(page, "ocisign-verify");
});

/** An image in the fake registry. @param {string} name */
function imageOf(name) {
  const digest = registry.manifest(repository, manifestOf({ digest: name }));
  return { digest, reference: `${registry.domain}/${repository}@${digest}` };
}

/** Signs an image of the fake registry under its tag. @param {string} digest */
function signByTag(digest, by = key) {
  const named = payloadFor({ repository: `${registry.domain}/${repository}`, digest });
  const bytes = Buffer.from(JSON.stringify(named));
  registry.blob(repository, bytes);
  registry.manifest(
    repository,
    manifestOf(simpleLayer(by.privateKey, bytes)),
    `${digest.replace(":", "-")}.sig`,
  );
}

const button = (name) => element.getByRole("button", { name, exact: true });
const outcome = (word) => element.getByRole("heading", { name: `Result : ${word}` });
const fill = async (reference, pem = key.pem) => {
  await element.getByLabel("Image", { exact: true }).fill(reference);
  await element.getByLabel("Public key, as PEM or base64").fill(pem);
};
const events = (type) =>
  page.evaluate(
    (wanted) => globalThis.told.filter((it) => it.type === wanted).map(({ detail }) => detail),
    type,
  );
const focused = () => page.evaluate(() => globalThis.element.shadowRoot.activeElement?.id);

test("by keyboard alone: what real registries hold, verified and told", async () => {
  const image = `${sandbox.registry.domain}/${repository}@${await pushImage(new Registry(sandbox.registry), repository)}`;
  const { username, password } = sandbox.registry;
  const signature = sign("sha256", Buffer.from(simpleSigningPayload(image).text), key.privateKey);
  await attachSignature(image, { signature, publicKey: key.pem, registry: { username, password } });
  await checkAccessibility(page, "empty");

  await page.keyboard.press("Tab");
  await page.keyboard.insertText(`${image}\n`);
  await page.keyboard.press("Tab");
  await page.keyboard.insertText(key.pem);
  await element.getByText("secp256r1", { exact: true }).waitFor();
  await checkAccessibility(page, "filled");
  await element.getByLabel("Image", { exact: true }).press("Enter");
  await outcome("Verified").waitFor();
  await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "outcome");
  await element.getByText("1 of 1 needed keys signed exactly this image.").first().waitFor();
  const [{ verification }] = await events("ocisign-verified");
  assert.equal(verification.state, "verified");
  assert.equal(verification.reference, image);
  await checkAccessibility(page, "verified");

  await element.getByLabel("Public key, as PEM or base64").fill(other.pem);
  await element.getByText("This result is for the previous input").waitFor();
  await checkAccessibility(page, "outdated");
  await button("Verify").press("Enter");
  await outcome("Not verified").waitFor();
  await element.getByText("The signature was not made with any of the given keys.").first().waitFor();
  await checkAccessibility(page, "invalid");
  assert.deepEqual(complaints, []);
});

test("what is wrong with a reference is marked where it is wrong, in bytes or not", async () => {
  const field = element.getByLabel("Image", { exact: true });
  const mark = element.locator("mark");
  for (const [text, marked, message] of [
    ["registry.example/Team/app", /T$/, /upper-case letter `T` at byte 17/],
    ["registry.example/t\u00e9am/app", /\u00e9⟦U\+00E9⟧$/, /is not ASCII/],
    ["registry.example/\u{1f600}app", /⟦U\+1F600⟧$/, /is not ASCII/],
    ["registry.example/te\u200bam", /⟦U\+200B⟧$/, /200b/],
    ["registry.example/te\u202eam", /⟦U\+202E⟧$/, /202e/],
    ["registry.example/team/app", /the end is missing/, /no digest/],
  ]) {
    await field.fill(text);
    await element.locator("#reference-help .bad").getByText(message).waitFor();
    assert.match((await mark.textContent()).trim(), marked, text);
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
  await element
    .getByLabel("Image", { exact: true })
    .fill(`${"a".repeat(500_000)}\u202e${"b".repeat(500_000)}`);
  await element.locator("mark").waitFor();
  assert.ok((await element.locator("#reference-help").textContent()).length < 2000);
});

test("nothing is verified before there is something to verify, and the first gap has the focus", async () => {
  await button("Verify").click();
  await element.getByText("The reference is empty").waitFor();
  assert.equal(await focused(), "reference");
  await element.getByLabel("Image", { exact: true }).fill(imageOf("missing key").reference);
  await button("Verify").click();
  await element.getByText("The public key is missing.").waitFor();
  assert.equal(await focused(), "key");
  await checkAccessibility(page, "no key");
  assert.deepEqual(await events("ocisign-verified"), []);
});

test("keys: base64, files chosen and dropped; private keys, certificates and nonsense are told apart", async () => {
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
    const file = join(files, name);
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

  await drop(other.pem);
  await fingerprint(others).waitFor();
  assert.equal(
    await element
      .locator("#key-problem")
      .textContent()
      .then((text) => text.trim()),
    "",
  );
});

/** Drops a file on the key's field, as a person does. @param {string} content */
async function drop(content) {
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

test("the key of a product, signed by two people's approval", async () => {
  const as = await clientsOf(sandbox);
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
  element = await mount(page, "ocisign-verify", { service });
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

  element = await mount(page, "ocisign-verify", {
    service,
    properties: { productId: product.id, reference: image },
  });
  await element.locator("#key-found").getByText(fingerprint).waitFor();
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
  const service = await fakeService(({ path }) => {
    if (fails) return { status: 403, body: { message: "no" } };
    const id = decodeURIComponent(path.split("/").at(-1));
    return id === "products" ? { body: products } : { body: products.find((it) => it.id === id) };
  });
  try {
    element = await mount(page, "ocisign-verify", { service: { baseUrl: service.url, token: "t" } });
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
    assert.match(await picker.locator("option[value=hostile]").textContent(), /<img.*⟦U\+202E⟧/);
    assert.ok((await picker.locator("option[value=long]").textContent()).length < 200);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  } finally {
    service.close();
  }
});

test("a registry that wants to know who asks: sign-in, kept for that registry alone, in memory", async () => {
  const authorization = `Basic ${Buffer.from("me:s3cret-word").toString("base64")}`;
  const guarded = await fakeRegistry({ isOpen: true, authorization });
  try {
    const { digest, reference } = imageOf("guarded");
    guarded.manifest(repository, manifestOf({ digest: "guarded" }));
    const there = `${guarded.domain}/${repository}@${digest}`;
    await fill(there);
    await button("Verify").click();
    await outcome("Could not be checked").waitFor();
    await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "username");
    await element.locator(".notice").getByText("Sign in to it above").waitFor();
    await checkAccessibility(page, "sign-in");
    await page.keyboard.type("me");
    await page.keyboard.press("Tab");
    await page.keyboard.type("s3cret-word");
    await page.keyboard.press("Enter");
    await outcome("Not signed").waitFor();

    registry.requests.length = 0;
    await element.getByLabel("Image", { exact: true }).fill(reference);
    await element.getByText(`Sign in to ${registry.domain}`).waitFor();
    assert.equal(await element.getByLabel("Password").inputValue(), "");
    await button("Verify").click();
    await page.waitForFunction(
      (image) => globalThis.told.at(-1).detail.verification.reference === image,
      reference,
    );
    assert.ok(registry.requests.length > 0);
    assert.ok(registry.requests.every(({ headers }) => headers.authorization === undefined));

    await element.getByLabel("Image", { exact: true }).fill(there);
    assert.equal(await element.getByLabel("Password").inputValue(), "s3cret-word", "nothing typed is lost");
    const kept = await page.evaluate(() => [
      JSON.stringify({ ...localStorage, ...sessionStorage }),
      globalThis.element.shadowRoot.innerHTML,
      location.href,
      JSON.stringify(globalThis.told),
    ]);
    assert.doesNotMatch(kept.join(), /s3cret-word/);

    await page.evaluate(() => {
      globalThis.element.identity = { objectId: "a", groups: [] };
    });
    await page.evaluate(() => {
      globalThis.element.identity = { objectId: "b", groups: [] };
    });
    await page.waitForFunction(() => globalThis.element.shadowRoot.querySelector("#password").value === "");
  } finally {
    guarded.close();
  }
});

test("a registry that does not allow the page's origin is unreachable, and the hint says what helps", async () => {
  const closed = await fakeRegistry();
  try {
    await fill(`${closed.domain}/${repository}@${imageOf("closed").digest}`);
    await button("Verify").click();
    await outcome("Could not be checked").waitFor();
    const recipe = element.getByRole("link", { name: "How to set up the proxy" });
    assert.match(await recipe.getAttribute("href"), /docs\/verify\.md#in-a-browser$/);
    await checkAccessibility(page, "unreachable");
    const [{ verification }] = await events("ocisign-verified");
    assert.equal(verification.state, "unreachable");
  } finally {
    closed.close();
  }
});

test("what comes from elsewhere is text, and hides nothing", async () => {
  await page.evaluate(() => {
    const said = '<img src=x onerror="globalThis.ran=1">\u202egnp.exe\u200b';
    globalThis.element.registry = { fetch: () => Promise.reject(new Error(said)) };
  });
  await fill(imageOf("hostile").reference);
  await button("Verify").click();
  await outcome("Could not be checked").waitFor();
  await element.locator("[part=verdict]").getByText("gnp.exe").waitFor();
  const shown = await page.evaluate(() => {
    const { shadowRoot } = globalThis.element;
    const texts = [...shadowRoot.querySelectorAll("ocisign-text")].map((it) => it.shadowRoot);
    return [shadowRoot, ...texts].map(({ textContent }) => textContent).join(" ");
  });
  assert.match(shown, /<img src=x.*gnp\.exe/s);
  assert.doesNotMatch(shown, /[\u202e\u200b]/);
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.equal(await element.locator("img").count(), 0);
  assert.deepEqual(complaints, []);
});

test("the portal's way to a registry is taken", async () => {
  const { digest } = imageOf("by proxy");
  const named = payloadFor({ repository: "registry.example/team/app", digest });
  const bytes = Buffer.from(JSON.stringify(named));
  registry.blob(repository, bytes);
  registry.manifest(
    repository,
    manifestOf(simpleLayer(key.privateKey, bytes)),
    `${digest.replace(":", "-")}.sig`,
  );
  await page.evaluate((url) => {
    globalThis.element.registry = async ({ registry }) => {
      globalThis.askedFor = registry;
      return { url };
    };
  }, `http://${registry.domain}`);
  await fill(`registry.example/${repository}@${digest}`);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  assert.equal(await page.evaluate(() => globalThis.askedFor), "registry.example");
});

test("a bundle names no repository: that is pointed out, and can be refused", async () => {
  const { digest, reference } = imageOf("in a bundle");
  const { layer, bytes } = bundleLayer(key.privateKey, { digest });
  registry.blob(repository, bytes);
  const manifest = registry.manifest(repository, manifestOf(layer));
  registry.referrers(repository, digest, {
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: manifest,
        size: 1,
        artifactType: layer.mediaType,
      },
    ],
  });
  await fill(reference);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  await element.getByText("This signature names the image's digest but no repository").waitFor();
  await checkAccessibility(page, "bundle");
  await element.getByLabel("Named repository").check();
  await button("Verify").click();
  await outcome("Not verified").waitFor();
  await element.getByText("The signature names no repository").first().waitFor();
});

test("an index of a hundred images: those that need a look come first, and each can be opened", async () => {
  const children = Array.from({ length: 100 }, (_, index) => imageOf(`child ${index}`).digest);
  for (const digest of children.slice(0, 98)) signByTag(digest);
  signByTag(children[98], keyPair("P-256"));
  const descriptors = children.map((digest) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest,
    size: 1,
  }));
  const index = { schemaVersion: 2, mediaType: indexType, manifests: descriptors };
  const whole = registry.manifest(repository, Buffer.from(JSON.stringify(index)), undefined, indexType);
  signByTag(whole);
  await fill(`${registry.domain}/${repository}@${whole}`);
  await element.getByLabel("Every image in an index").check();
  await button("Verify").click();
  await outcome("Not verified").waitFor();
  await element.getByText("98 × Verified, 1 × Not verified, 1 × Not signed").waitFor();
  const rows = element.locator("summary").getByText(new RegExp(digestPattern));
  assert.equal(await rows.count(), 50);
  assert.match(await element.locator("details summary").nth(1).textContent(), /Not verified/);
  await button("Show the other 50").press("Enter");
  assert.equal(await rows.count(), 100);
  await element.locator("details summary").nth(1).click();
  const opened = element.locator("details[open] [part=signature]");
  await opened.getByText("The signature was not made with any of the given keys.").waitFor();
  await checkAccessibility(page, "index");
});

test("stopping, leaving the page and coming back: what is under way ends, what was typed stays", async () => {
  await page.evaluate(() => {
    // It never answers.
    const fetch = (_, { signal }) => {
      globalThis.signal = signal;
      return new Promise(() => {});
    };
    globalThis.element.registry = { fetch };
  });
  const isAborted = () => page.evaluate(() => globalThis.signal.aborted);
  const { reference } = imageOf("slow");
  await fill(reference);
  await button("Verify").click();
  await button("Stop").waitFor();
  await checkAccessibility(page, "verifying");
  assert.equal(await isAborted(), false);
  await button("Stop").click();
  await element.getByText("Stopped.").waitFor({ state: "attached" });
  assert.equal(await isAborted(), true);
  await button("Verify").click();
  await button("Stop").waitFor();
  await page.evaluate(() => {
    const { element } = globalThis;
    element.remove();
    document.querySelector("main").append(element);
  });
  await button("Verify").waitFor();
  assert.equal(await isAborted(), true);
  assert.equal(await element.getByLabel("Image", { exact: true }).inputValue(), reference);
  assert.deepEqual(await events("ocisign-error"), []);
  assert.deepEqual(await events("ocisign-verified"), []);
});

test("offline is said", async () => {
  await page.context().setOffline(true);
  await element.getByText("You are offline").waitFor();
  await checkAccessibility(page, "offline");
  await page.context().setOffline(false);
  await element.getByText("You are offline").waitFor({ state: "detached" });
});

test("a portal that has not called init(): the element does, says when that fails, and tries again", async () => {
  const bare = await (await browser.newContext()).newPage();
  await bare.route("**/stage.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: 'import "/pkg/dist/elements.js";' }),
  );
  let isThere = false;
  await bare.route("**/ocisign.wasm", (route) =>
    isThere ? route.continue() : route.fulfill({ status: 404 }),
  );
  await bare.goto(stage.origin);
  await bare.waitForFunction(() => customElements.get("ocisign-verify"));
  element = await mount(bare, "ocisign-verify");
  await element.getByLabel("Image", { exact: true }).fill("registry.example/Team/app");
  await element.getByText("The WebAssembly module was not found").waitFor();
  await checkAccessibility(bare, "not loaded");
  isThere = true;
  await button("Try again").click();
  await element.getByText("upper-case letter `T` at byte 17").waitFor();
  await bare.context().close();
});

test("several on one page, with properties by attribute", async () => {
  const { reference } = imageOf("attributes");
  await page.evaluate(
    ([image, pem]) => {
      const second = document.createElement("ocisign-verify");
      second.setAttribute("reference", image);
      second.setAttribute("public-key", pem);
      second.setAttribute("recursive", "");
      second.id = "second";
      document.querySelector("main").append(second);
    },
    [reference, other.pem],
  );
  const second = page.locator("#second");
  element = page.locator("ocisign-verify:not(#second)");
  assert.equal(await second.getByLabel("Image", { exact: true }).inputValue(), reference);
  assert.equal(await second.getByLabel("Every image in an index").isChecked(), true);
  assert.equal(await element.getByLabel("Image", { exact: true }).inputValue(), "");
  await second.getByRole("button", { name: "Verify" }).click();
  await second.getByRole("heading", { name: "Result : Not signed" }).waitFor();
  await checkAccessibility(page, "unsigned, and two elements");
});

test("whatever a page sets, nothing throws", async () => {
  for (const value of [undefined, null, 7, {}, "", "x"]) {
    await page.evaluate((given) => {
      const names = ["reference", "publicKey", "productId", "identity", "registry", "client"];
      for (const name of names) globalThis.element[name] = name === "client" ? undefined : given;
    }, value);
    await button("Verify").click();
    await element.locator("#reference[aria-invalid]").waitFor();
  }
  assert.deepEqual(complaints, []);
});

test("copied as JSON", async () => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.origin });
  const { reference } = imageOf("copied");
  await fill(reference);
  await button("Verify").click();
  await outcome("Not signed").waitFor();
  await button("Copy the result as JSON").click();
  await element.getByText("Copied.").waitFor({ state: "attached" });
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  const [{ verification }] = await events("ocisign-verified");
  assert.deepEqual(copied, verification);
});

test("at 360 pixels nothing is wider than the page", async () => {
  const { digest, reference } = imageOf("narrow");
  signByTag(digest);
  await page.setViewportSize({ width: 360, height: 740 });
  await fill(reference);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${width}`);
});
