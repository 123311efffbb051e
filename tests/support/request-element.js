// <ocisign-request> on the stage, with an image at a registry that holds nothing.
import assert from "node:assert/strict";
import { afterEach } from "node:test";
import { useWhileTesting } from "./browser.js";
import { fakeService } from "./fake-service.js";
import { mount, useStage } from "./stage.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 * @typedef {import("./fake-service.js").Answer} Answer
 */

export const digest = `@sha256:${"a".repeat(64)}`;
export const image = `registry.example/team/app${digest}`;

/** The element on services of a test. What its page complains about fails the test, unless the test took it away. */
export function useRequest(stage = useStage()) {
  const emptyRegistry = useWhileTesting(
    () => fakeService(() => ({ status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN" }] } })),
    ({ close }) => close(),
  );
  /** @type {string[]} */
  const complaints = [];
  afterEach(() => assert.deepEqual(complaints.splice(0), []));

  /**
   * A service that shows these products and answers a request as `take` says.
   *
   * @param {unknown[]} products @param {(body: any) => Answer} [take]
   */
  async function serviceWith(products, take = (body) => ({ body: { ...body, id: "taken", status: 2 } })) {
    const service = await stage.serve(({ method, body }) =>
      method === "GET" ? { body: products } : take(JSON.parse(body)),
    );
    const posted = () =>
      service.asked.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body));
    return { ...service, posted };
  }

  /**
   * The element on a page of its own.
   *
   * @param {{ url: string } | import("./stage.js").Service} given @param {Record<string, unknown>} [properties]
   */
  async function openElement(given, properties = {}) {
    const service = "url" in given ? { baseUrl: given.url, token: "a-token" } : given;
    const { page } = await stage.open({ complaints });
    const registry = { url: new URL(emptyRegistry().url).origin };
    const element = await mount(page, "ocisign-request", {
      service,
      properties: { registry, ...properties },
    });
    return { page, element, field: element.getByLabel("Image, or a list of images") };
  }

  /**
   * As a person does it; a browser is much slower to take ten thousand lines in another way.
   *
   * @param {Page} page @param {Locator} field @param {string} text
   */
  async function paste(page, field, text) {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.origin });
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await field.focus();
    await page.keyboard.press("Control+V");
  }

  return { complaints, serviceWith, openElement, paste };
}

/** All text in it, through shadow trees. @param {Locator} locator */
export function textOf(locator) {
  return locator.evaluate((element) => {
    /** @param {any} node @returns {string} */
    const inside = (node) =>
      node.nodeType === Node.TEXT_NODE
        ? node.data
        : [...(node.shadowRoot ?? node).childNodes].map(inside).join(" ");
    return inside(element).replaceAll(/\s+/g, " ");
  });
}

/** Playwright waits for a button that says that it is disabled; a person can press it. @param {Locator} button */
export async function pressAnyway(button) {
  await button.focus();
  await button.press("Enter");
}

/** The image that a body names. @param {any} body */
export const imageOf = (body) =>
  Buffer.from(body.payload.optionalParameters[0].artifactURI, "base64").toString();

/** Tabs until a field has the focus. @param {Page} page @param {string} id */
export async function reach(page, id) {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => globalThis.element.shadowRoot.activeElement?.id);
    if (focused === id) return;
  }
  assert.fail(`${id} cannot be reached by keyboard`);
}
