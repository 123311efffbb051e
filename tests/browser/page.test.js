// The page in a real Chromium, on a sandbox: people at their work, and what comes between.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { launchChromium } from "../../tools/machine/browser.js";
import { checkAccessibility } from "../support/axe.js";
import { accounts, audience, clientId, startIssuer } from "../support/issuer.js";
import { approve, openPage, signInAs } from "../support/page.js";
import { prove } from "../support/proof.js";
import { clientsOf, groupB, productFor, profileOf, testSandbox } from "../support/sandbox.js";

const www = fileURLToPath(new URL("../../www/build", import.meta.url));
let issuer;
let sandbox;
let browser;
let as;
let product;
let image;
/** What a test opened. @type {{ close: () => Promise<void> }[]} */
const opened = [];

before(async () => {
  issuer = await startIssuer();
  const oidc = ["--oidc-issuer", issuer.url, "--oidc-audience", audience, "--oidc-client-id", clientId];
  sandbox = await testSandbox({ args: ["--www", www, ...oidc] });
  as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox));
  image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await sandbox?.close();
  issuer?.close();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** @param {Parameters<typeof openPage>[2]} [options] */
async function open(options) {
  const visit = await openPage(browser, sandbox, options);
  opened.push(visit);
  return visit;
}

const ask = (more = {}) => as("requester").requestSigning({ product, artifact: image, ...more });

test("a title says what an address hides", async () => {
  const { page } = await open({ name: "Requester", hash: "#/requests/a%E2%80%AEb" });
  assert.equal(await page.title(), "Request a⟦U+202E⟧b – ocisign");
});

test("one requests, two approve, and all see the signature that the registry holds", async () => {
  const requester = await open({ name: "Requester" });
  const { page } = requester;
  await page.getByRole("link", { name: "Request a signature" }).click();
  await page.getByLabel("Image, or a list of images").fill(image);
  await page.getByText("linux/amd64").waitFor();
  await page.getByLabel("Why").fill("for the release");
  await page.getByRole("button", { name: "Request signature" }).click();
  await page
    .getByRole("link", { name: "Open the request" })
    .or(page.getByRole("button", { name: "Open the request" }))
    .click();
  await page.waitForURL(/#\/requests\//);
  const id = decodeURIComponent(new URL(page.url()).hash.split("/")[2]);
  await page.getByText("You cannot approve this: you requested it yourself.").waitFor();

  for (const name of ["Approver one", "Approver two"]) {
    const approver = await open({ name });
    await approver.page
      .getByRole("link", { name: /Open.*team\/app/ })
      .first()
      .click();
    await approver.page.getByText("for the release").last().waitFor();
    await approve(approver.page, image);
    assert.deepEqual(approver.complaints, []);
  }

  const detail = page.locator("ocisign-signing");
  await detail.getByText("signed (16)").first().waitFor();
  await detail.getByText("Verified", { exact: true }).first().waitFor();
  assert.equal((await as("requester").signing(id)).state, "signed");
  await prove(
    new Registry(sandbox.registry),
    image,
    publicKey(product, undefined, await profileOf(sandbox)).pem,
  );
  assert.deepEqual(requester.complaints, []);
});

test("an address brings one back to the same request, and to the queue as it was left", async () => {
  const request = await ask({ description: "come back" });
  const { page } = await open({ hash: `#/requests/${request.id}?filter=all&search=come` });
  await page.getByRole("heading", { name: "Signatures of container images" }).waitFor();
  await signInAs(page, "Approver one");
  await page.locator("ocisign-signing").getByText("come back").waitFor();
  await page.getByRole("link", { name: "All signing requests" }).click();
  assert.equal(await page.getByLabel("Search").inputValue(), "come");
  await page.goBack();
  await page.locator("ocisign-signing").getByText("come back").waitFor();
  await page.reload();
  await signInAs(page, "Approver one");
  await page.locator("ocisign-signing").getByText("come back").waitFor();
});

test("by keyboard on a phone, the focus goes along to what one came for", async () => {
  const request = await ask({ description: "by keyboard", name: "By keyboard" });
  const { page } = await open({ context: { viewport: { width: 360, height: 740 } } });
  const isFocused = (/** @type {string} */ name) =>
    page.locator("h2:focus").filter({ hasText: name }).waitFor();
  await page.getByRole("button", { name: "Approver one", exact: true }).press("Enter");
  await isFocused("Signing requests");
  await page.locator(`a[href*="${request.id}"]`).press("Enter");
  await isFocused("By keyboard");
  await page.getByRole("link", { name: "All signing requests" }).press("Enter");
  await isFocused("Signing requests");
});

test("what was typed is there after a look elsewhere", async () => {
  const { page } = await open({ name: "Requester", hash: "#/request" });
  await page.getByLabel("Why").fill("half a sentence");
  await page.getByRole("link", { name: "Verify" }).click();
  await page.getByRole("heading", { name: "Verify" }).waitFor();
  await page.getByRole("link", { name: "Request a signature" }).click();
  assert.equal(await page.getByLabel("Why").inputValue(), "half a sentence");
});

test("a token that the service refuses is asked for again; the approval goes on, and nothing typed is lost", async () => {
  const request = await ask({ description: "in the middle" });
  const { page } = await open({ hash: `#/requests/${request.id}` });
  const { token } = sandbox.person("approver-one");
  await page.getByLabel("Bearer token").fill(token);
  await page.getByRole("button", { name: "Use this token" }).click();
  await page.getByLabel("Type the last 8 characters of the digest").fill(image.slice(-8));
  await page.getByLabel("Comment (optional)").fill("as announced");
  let refused = 0;
  await page.route(`**/imagesignings/${request.id}/approve`, (route) => {
    refused += 1;
    return refused > 1 ? route.fallback() : route.fulfill({ status: 401, json: { message: "expired" } });
  });
  await page.getByRole("button", { name: /^Approve sha256/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "The service does not accept your sign-in" }).waitFor();
  await checkAccessibility(page, "asked to sign in again");
  assert.equal(await page.getByLabel("Comment (optional)").inputValue(), "as announced");
  await dialog.getByRole("button", { name: "Approver one" }).click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
  const { approvals } = await as("requester").signing(request.id);
  assert.deepEqual(
    approvals.map(({ name, comment }) => [name, comment]),
    [["Approver one", "as announced"]],
  );
});

test("what one person began is never sent as another", async () => {
  const request = await ask({ description: "changing hands" });
  const { page } = await open({ name: "Approver one", hash: `#/requests/${request.id}` });
  await page.getByLabel("Type the last 8 characters of the digest").fill(image.slice(-8));
  await page.route(`**/imagesignings/${request.id}/approve`, (route) =>
    route.fulfill({ status: 401, json: { message: "expired" } }),
  );
  await page.route("**/ocisign-sandbox/people", (route) => route.fulfill({ status: 503, json: {} }));
  await page.getByRole("button", { name: /^Approve sha256/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Bearer token").fill(sandbox.person("approver-two").token);
  await page.unrouteAll();
  await dialog.getByRole("button", { name: "Use this token" }).click();
  await page.getByText("You are Approver two.").waitFor();
  assert.deepEqual((await as("requester").signing(request.id)).approvals, []);
});

test("a person of an OpenID Connect issuer approves, and no secret is left anywhere", async () => {
  const request = await ask({ description: "from the company" });
  const { page, complaints } = await open({ hash: `#/requests/${request.id}` });
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: /^Sign in with/ }).click();
  await (await popup).getByRole("link", { name: accounts.ben.name }).click();
  await page.getByText(`You are ${accounts.ben.name}.`).waitFor();
  await approve(page, image);
  const { approvals } = await as("requester").signing(request.id);
  assert.deepEqual(
    approvals.map(({ name }) => name),
    [accounts.ben.name],
  );
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  assert.equal(kept, '[{},{},""]');
  assert.doesNotMatch(page.url(), /code|token|state/);
  assert.deepEqual(complaints, []);
});

test("a pasted token that is wrong is explained, and neither it nor a good one is kept", async () => {
  const { page } = await open();
  await page.getByLabel("Bearer token").fill("not-a-token");
  await page.getByRole("button", { name: "Use this token" }).click();
  await page.getByRole("dialog").getByText("The service does not accept your sign-in").waitFor();
  const stored = await page.evaluate(() =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      document.body.outerHTML,
    ]),
  );
  assert.ok(!stored.includes("not-a-token"));
});

test("groups have the names that the settings give them", async () => {
  const request = await ask({ description: "by name" });
  const context = await browser.newContext();
  opened.push(context);
  const page = await context.newPage();
  await page.route("**/settings.json", async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ json: { ...(await reply.json()), groupNames: { [groupB]: "Security" } } });
  });
  await page.goto(`${sandbox.url}#/requests/${request.id}`);
  await signInAs(page, "Approver one");
  await page.locator("ocisign-signing").getByText("Security").first().waitFor();
});

test("verifying needs no sign-in", async () => {
  const { page, complaints } = await open({ hash: `#/verify?image=${encodeURIComponent(image)}` });
  const element = page.locator("ocisign-verify");
  await element.getByLabel(/key/i).first().waitFor();
  const { pem } = publicKey(product, undefined, await profileOf(sandbox));
  await element.getByLabel("Public key").fill(pem);
  await element.getByRole("button", { name: "Verify" }).click();
  await element.getByText(/^(Verified|Not signed)$/).waitFor();
  assert.deepEqual(complaints, []);
});

test("axe finds nothing on any view, and nothing is wider than a phone", async () => {
  const request = await ask({ description: "looked at" });
  const { page } = await open({ context: { viewport: { width: 320, height: 640 } } });
  const check = async (view) => {
    await checkAccessibility(page, view);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${view} is ${wider} px wider than the screen`);
  };
  await check("welcome");
  await signInAs(page, "Approver one");
  for (const hash of ["#/requests?filter=all", `#/requests/${request.id}`, "#/request", "#/verify"]) {
    await page.goto(`${sandbox.url}${hash}`);
    await page.locator("main h2:visible").first().waitFor();
    await check(hash);
  }
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.goto(`${sandbox.url}#/requests/${request.id}`);
  await page.locator("ocisign-approvals h2").waitFor();
  await check("queue and request side by side");
});

test("what keeps the page from starting is said", async () => {
  const context = await browser.newContext();
  opened.push(context);
  for (const [path, said] of [
    ["**/settings.json", /settings/],
    ["**/ocisign.wasm", /WebAssembly module/],
  ]) {
    const page = await context.newPage();
    await page.route(path, (route) => route.fulfill({ status: 404, body: "" }));
    await page.goto(sandbox.url);
    await page.getByRole("alert").getByText(said).waitFor();
    await checkAccessibility(page, path);
    await page.close();
  }
});
