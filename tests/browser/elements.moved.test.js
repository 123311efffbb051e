// An element that a page moves into a frame or a window of its own, or makes for one: it looks and works as before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mount, useStage } from "../support/stage.js";

const names = ["ocisign-request", "ocisign-approvals", "ocisign-signing", "ocisign-batch", "ocisign-verify"];
const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const stage = useStage();

/**
 * Opens another document for elements: `globalThis.elsewhere`.
 *
 * @type {Record<string, (page: import("playwright-core").Page) => Promise<unknown>>}
 */
const places = {
  "a frame": (page) =>
    page.evaluate(() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      globalThis.elsewhere = frame.contentDocument;
    }),
  "a window": (page) =>
    page.evaluate(() => {
      globalThis.elsewhere = open("about:blank", "other", "width=600,height=400")?.document;
    }),
};

/** What shows whether the styles of an element, and of the texts in it, are there. @param {import("playwright-core").Page} page */
function looks(page) {
  return page.evaluate(async () => {
    const element = globalThis.element;
    await element.updateComplete;
    const view = element.ownerDocument.defaultView;
    const text = element.shadowRoot.querySelector("ocisign-text");
    await text?.updateComplete;
    const within = text?.shadowRoot.querySelector(".text");
    return {
      drawn: element.shadowRoot.textContent.trim() !== "",
      host: view.getComputedStyle(element).display,
      shell: view.getComputedStyle(element.shadowRoot.querySelector(".shell")).containerType,
      // Only with a client do some elements show their error, and with it a text.
      text: within ? view.getComputedStyle(within).whiteSpaceCollapse : "none",
    };
  });
}

/** @param {string} name */
const dressed = (name) => ({
  ...{ drawn: true, host: "block", shell: "inline-size" },
  text: name === "ocisign-verify" ? "preserve" : "none",
});

for (const [place, openPlace] of Object.entries(places)) {
  for (const name of names) {
    test(`${name}, moved to ${place} and back`, async () => {
      const { page, complaints } = await stage.open();
      // Something to see, with a text from elsewhere in it.
      await mount(page, name, { properties: { error: "nothing" } });
      assert.deepEqual(await looks(page), dressed(name));
      await openPlace(page);
      await page.evaluate(() => globalThis.elsewhere.body.append(globalThis.element));
      assert.deepEqual(await looks(page), dressed(name));
      await page.evaluate(() => document.body.append(globalThis.element));
      assert.deepEqual(await looks(page), dressed(name));
      assert.deepEqual(complaints, []);
    });
  }

  test(`made for ${place}, and drawn first there`, async () => {
    const { page, complaints } = await stage.open();
    await openPlace(page);
    for (const name of names) {
      await page.evaluate((tag) => {
        globalThis.element = Object.assign(document.createElement(tag), { error: "nothing" });
        globalThis.elsewhere.body.append(globalThis.element);
      }, name);
      assert.deepEqual(await looks(page), dressed(name), name);
    }
    assert.deepEqual(complaints, []);
  });

  test(`a person works with it in ${place}`, async () => {
    const { page, complaints } = await stage.open();
    await mount(page, "ocisign-verify");
    await openPlace(page);
    await page.evaluate(() => globalThis.elsewhere.body.append(globalThis.element));
    const there = await theOther(page);
    await there.locator("#reference").fill(image.slice(0, -1));
    await there.locator("#reference").press("Enter");
    await there.locator("[part=reference-error]").waitFor();
    await there.locator("#reference").fill(image);
    await there.locator("#key-file").setInputFiles({
      name: "key.pem",
      mimeType: "text/plain",
      buffer: Buffer.from("no key"),
    });
    await there.locator("#key[aria-invalid=true]").waitFor();
    assert.deepEqual(complaints, []);
  });
}

test("moved to a document without a window, and from there to a frame", async () => {
  const { page, complaints } = await stage.open();
  await mount(page, "ocisign-verify", { properties: { error: "nothing" } });
  await page.evaluate(() => document.createElement("template").content.append(globalThis.element));
  await places["a frame"](page);
  await page.evaluate(() => globalThis.elsewhere.body.append(globalThis.element));
  assert.deepEqual(await looks(page), dressed("ocisign-verify"));
  assert.deepEqual(complaints, []);
});

/** The frame or the window, for the driver. @param {import("playwright-core").Page} page */
async function theOther(page) {
  const [, frame] = page.frames();
  const [, other] = page.context().pages();
  const there = frame ?? other;
  assert.ok(there);
  return there;
}
