// The main flows in Debian's Firefox: one requests, two approve, and all see what the registry holds; several requests
// are approved together.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { launchFirefox } from "../support/firefox.js";
import { prove } from "../support/proof.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../support/sandbox.js";

const www = fileURLToPath(new URL("../../www/build", import.meta.url));
let sandbox;
let browser;
let as;
let product;
let image;

before(async () => {
  sandbox = await testSandbox({ args: ["--www", www] });
  as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox));
  image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  browser = await launchFirefox();
});
after(async () => {
  await browser?.close();
  await sandbox?.close();
});

/** Finds an element through all shadow trees by what people read: its text, its name or its label. Runs in the page. */
function find(selector, words) {
  const all = (root) =>
    [...root.querySelectorAll("*")].flatMap((it) => (it.shadowRoot ? [it, ...all(it.shadowRoot)] : [it]));
  const names = (it) => [
    it.ariaLabel,
    ...[...(it.labels ?? [])].map((label) => label.textContent),
    it.textContent,
  ];
  // Marks such as a tick stand before words.
  const plain = (name) =>
    (name ?? "")
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^[✓✕○] /, "");
  const isNamed = (it) => names(it).some((name) => plain(name).startsWith(words));
  return all(document).find((it) => it.matches(selector) && isNamed(it) && it.checkVisibility());
}

/** The page for one person of the sandbox. */
async function openAs(name, hash = "") {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${sandbox.url}${hash}`);
  const found = async (selector, words) =>
    (await page.waitForFunction(find, {}, selector, words)).asElement();
  const click = async (words) => (await found("button, a", words)).click();
  const fill = async (words, text) => (await found("input, textarea", words)).type(text);
  const see = (words) => found("p, span, h2, h3, dd, li, strong, button", words);
  const select = async (words) => (await found("input[type=checkbox]", words)).click();
  /** The end of the hash over what is shown, as a person reads it. */
  const hashEnd = async () => {
    const end = await found("#tail mark ~ mark", "");
    return end.evaluate((it) => it.textContent.trim());
  };
  await click(name);
  await see(`You are ${name}.`);
  return { page, click, fill, select, hashEnd, see, complaints, close: () => context.close() };
}

test("request, two approvals, 16, and the proof", async () => {
  const requester = await openAs("Requester", "#/request");
  await requester.fill("Image, or a list of images", image);
  await requester.see("linux/amd64");
  await requester.click("Request signature");
  await requester.see("Open the request");
  const [{ id }] = await as("requester").signings();

  for (const name of ["Approver one", "Approver two"]) {
    const approver = await openAs(name, `#/requests/${id}`);
    await approver.fill("Type the last 8 characters of the digest", image.slice(-8));
    await approver.click(`Approve sha256:…${image.slice(-8)}`);
    await approver.see("Approval recorded");
    assert.deepEqual(approver.complaints, []);
    await approver.close();
  }

  await requester.page.goto(`${sandbox.url}#/requests/${id}`);
  await requester.see("signed (16)");
  await requester.see("Verified");
  await prove(
    new Registry(sandbox.registry),
    image,
    publicKey(product, undefined, await profileOf(sandbox)).pem,
  );
  assert.deepEqual(requester.complaints, []);
  await requester.close();
});

test("several requests are selected and approved together", async () => {
  for (const name of ["first", "second"])
    await as("requester").requestSigning({ product, artifact: image, name });
  const approver = await openAs("Approver one", "#/requests");
  await approver.select("Select all on this page");
  await approver.click("Review 2");
  await approver.see("Approve 2 requests");
  await approver.fill("Type the number and the end of the hash", `2 ${await approver.hashEnd()}`);
  await approver.click("Approve 2 requests");
  await approver.see("2 of 2 approved");
  for (const { approvals } of (await as("requester").signings()).filter(
    ({ name }) => name === "first" || name === "second",
  ))
    assert.equal(approvals?.length, 1);
  assert.deepEqual(approver.complaints, []);
  await approver.close();
});
