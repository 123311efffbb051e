// The page in a real Chromium: two people sign one image, and what goes wrong is said.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { launchChromium } from "../../tools/browser.js";
import { prove } from "../support/proof.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../support/sandbox.js";

const www = fileURLToPath(new URL("../../www/build", import.meta.url));
let sandbox;
let browser;
let product;
let image;

before(async () => {
  sandbox = await testSandbox({ args: ["--www", www] });
  const as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox));
  image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await sandbox?.close();
});

/** A page of its own for a person; whatever it complains about fails the test. */
async function openAs(name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(sandbox.url);
  await page.getByText("stand-in for development and tests").waitFor();
  if (name) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByText(`You are ${name}.`).waitFor();
  }
  return { page, complaints, close: () => context.close() };
}

test("request, two approvals by two people, and 16", async () => {
  const requester = await openAs("Requester");
  const page = requester.page;
  await page.getByLabel("Image").fill(image);
  await page.getByText(`Will be signed: ${image}.`).waitFor();
  await page.getByLabel("Why").fill("for the release");
  await page.getByText("What will be sent").click();
  const sent = JSON.parse(await page.locator("#preview").textContent());
  assert.equal(sent.productId, product.id);
  assert.equal(Buffer.from(sent.payload.optionalParameters[0].artifactURI, "base64").toString(), image);
  await page.getByRole("button", { name: "Request signature" }).click();
  await page.locator('#detail[data-state="waiting"]').waitFor();
  assert.match(await page.locator("#facts").textContent(), new RegExp(`${image}.*for the release`));

  for (const name of ["Approver one", "Approver two"]) {
    const approver = await openAs(name);
    await approver.page.getByRole("button", { name: `Open ${image}` }).click();
    const facts = approver.page.locator("#facts");
    await facts.getByText("RSA2048 sha256:").waitFor();
    const shown = await facts.textContent();
    assert.ok(shown.includes(image), "the decoded artifact");
    assert.ok(shown.includes(sent.payload.optionalParameters[0].artifactURI), "and its base64");
    await approver.page.getByRole("button", { name: "Approve this image" }).click();
    await approver.page.getByText("Your approval was recorded.").waitFor();
    assert.deepEqual(approver.complaints, []);
    await approver.close();
  }

  await page.locator('#detail[data-state="signed"]').waitFor();
  assert.match(await page.locator("#facts").textContent(), /signed \(16\)/);
  await page.locator("#rows").getByText("signed (16)").waitFor();
  const key = publicKey(product, undefined, await profileOf(sandbox));
  await prove(new Registry(sandbox.registry), image, key.pem);
  assert.deepEqual(requester.complaints, []);
  await requester.close();
});

test("a wrong image is refused while it is typed", async () => {
  const { page, close } = await openAs("Requester");
  for (const [text, said] of [
    [`https://${image}`, "begins with a scheme"],
    [image.replace("127.0.0.1", "127.0.0.1.evil.com"), "signs only for"],
    [image.split("@")[0], "no digest"],
    [`${image}0`, "hexadecimal digits"],
  ]) {
    await page.getByLabel("Image").fill(text);
    await page.locator("#artifact-check").getByText(said).waitFor();
    assert.ok(await page.getByRole("button", { name: "Request signature" }).isDisabled(), text);
  }
  await close();
});

test("nobody approves what they asked for themselves, and a rejection needs a comment", async () => {
  const { page, close } = await openAs("Requester");
  await page.getByLabel("Image").fill(image);
  await page.getByRole("button", { name: "Request signature" }).click();
  await page.locator('#detail[data-state="waiting"]').waitFor();
  await page.getByRole("button", { name: "Approve this image" }).click();
  await page.locator("#message.error").getByText("HTTP 403").waitFor();
  await page.getByRole("button", { name: "Reject", exact: true }).click();
  await page.locator("#message.error").getByText("needs a comment").waitFor();
  await close();
});

test("a pasted token works, a wrong one is explained, and neither is stored", async () => {
  const { page, close } = await openAs();
  await page.getByLabel("Bearer token").fill("not-a-token");
  await page.getByRole("button", { name: "Use this token" }).click();
  await page.locator("#message.error").getByText("HTTP 401").waitFor();
  const { token } = sandbox.person("approver-one");
  await page.getByLabel("Bearer token").fill(token);
  await page.getByRole("button", { name: "Use this token" }).click();
  await page.getByText("You use a pasted token.").waitFor();
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
  );
  assert.ok(!stored.includes(token));
  assert.equal(await page.getByLabel("Bearer token").inputValue(), "");
  await close();
});

test("markup from the service stays text, and what is invisible is written out", async () => {
  const as = await clientsOf(sandbox);
  const hostile = "<img src=x onerror=\"document.title='run'\">\u202egnp.exe\u200b";
  await as("requester").requestSigning({ productId: product.id, artifact: image, description: hostile });
  const { page, complaints, close } = await openAs("Approver one");
  await page.locator("#rows").getByText("<img src=x").first().waitFor();
  const row = await page.locator("#rows tr", { hasText: "<img src=x" }).first().textContent();
  assert.ok(row.includes("\\u{202e}") && row.includes("\\u{200b}"), row);
  assert.notEqual(await page.title(), "run");
  assert.equal(await page.locator("#rows img").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});
