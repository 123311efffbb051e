// The pages of the documents, pasted into a file and opened in Chromium, with node_modules and a sign-in beside them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium } from "../../tools/machine/browser.js";
import { blocksFor } from "../support/documents.js";
import { openPage, portal, ready } from "../support/examples.js";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof ready>>} */
let world;
/** @type {Awaited<ReturnType<typeof portal>>} */
let place;
/** @type {Record<string, string>} */
const pages = {};

before(async () => {
  place = await portal({ pages, token: () => world.sandbox.person("requester").token });
  world = await ready([], ["--allow-origin", place.origin]);
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.sandbox.close();
  place?.close();
});

/** What a person does on the page, by its document. @type {Record<string, (page: import("playwright-core").Page) => Promise<unknown>>} */
const uses = {
  "README.md": async (page) => {
    await page.locator("#image").fill("nginx");
    await page.locator("#sign").click();
    await page.getByText("Begin with the registry").waitFor();
    await page.locator("#image").fill(world.image);
    await page.locator("#sign").click();
    await page.getByText(`${world.image}: signed`).waitFor();
  },
};

for (const { place: where, file, code, needs } of blocksFor("page")) {
  test(`${where} opens without a complaint, and works`, async () => {
    assert.equal(needs, undefined, "a page stands whole: a browser would guess what is left out");
    const use =
      uses[file] ?? assert.fail(`nobody says what a person does on the page of ${file}: add it here`);
    pages["/"] = world.adapt(code);
    const { page, complaints } = await openPage(browser, place.origin);
    await use(page);
    assert.deepEqual(complaints, []);
    await page.close();
  });
}
