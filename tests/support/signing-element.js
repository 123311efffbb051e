// <ocisign-signing> on the stage: on a sandbox what people do, on a fake service what goes wrong.
import assert from "node:assert/strict";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { useWhileTesting } from "./browser.js";
import { productOf, signingOf } from "./fake-service.js";
import { groupA, groupB, productFor, profileOf } from "./sandbox.js";
import { focused, mount, useStage, useStageWithSandbox } from "./stage.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("./fake-service.js").Asking} Asking
 * @typedef {import("./fake-service.js").Answer} Answer
 * @typedef {import("./browser.js").ContextOptions} ContextOptions
 */

export const groupNames = { [groupA]: "Release managers", [groupB]: "Security" };
/** An image of a registry that nobody has. */
export const elsewhere = `registry.example/team/app@sha256:${"3fbc".repeat(14)}0123abcd`;
/** What an approver types of its digest. */
export const tail = "0123abcd";
export const profile = {
  statuses: { 1: "new", 2: "waiting", 4: "approved", 8: "signing", 32: "rejected", 64: "failed" },
};
const me = { objectId: "me", name: "Me", groups: [groupA] };

/** The element on a sandbox with a product and an image. */
export function useSigningOnSandbox() {
  const { stage, sandbox: started } = useStageWithSandbox();
  const given = useWhileTesting(
    async () => ({
      product: await as("requester").createProduct(productFor(started().sandbox)),
      image: await pushed("team/app"),
    }),
    () => {},
  );

  /** @param {string} role */
  const as = (role) => started().as(role);

  /** An image that is there, by its digest. @param {string} repository @param {string} [text] what is in it */
  async function pushed(repository, text) {
    const { registry } = started().sandbox;
    const digest = await pushImage(new Registry(registry), repository, text);
    return `${registry.domain}/${repository}@${digest}`;
  }

  /** Requests a signature. @param {Partial<import("ocisign").SigningRequestInput>} [more] */
  const ask = (more) =>
    as("requester").requestSigning({
      product: given().product,
      artifact: given().image,
      description: "Release 1.2",
      ...more,
    });

  /**
   * Opens a request for a person of the sandbox.
   *
   * @param {string} role @param {string} signingId
   * @param {{ options?: ContextOptions, properties?: Record<string, unknown> }} [more]
   */
  async function openAs(role, signingId, { options, properties } = {}) {
    const { sandbox } = started();
    const { token, name, objectId, groups } = sandbox.person(role);
    const { page, complaints } = await stage.open(options);
    await mount(page, "ocisign-signing", {
      service: { baseUrl: sandbox.base, token, profile: await profileOf(sandbox) },
      properties: {
        signingId,
        groupNames,
        identity: { name, objectId, groups },
        registry: accessTo(sandbox.registry),
        ...properties,
      },
    });
    await page.getByRole("heading", { name: "What will be signed" }).waitFor();
    return { page, complaints };
  }

  return {
    get sandbox() {
      return started().sandbox;
    },
    get product() {
      return given().product;
    },
    get image() {
      return given().image;
    },
    ...{ as, pushed, ask, openAs },
  };
}

/** @param {import("../../demo/sandbox.js").Ready["registry"]} registry */
const accessTo = ({ url, username, password }) => (username ? { url, username, password } : { url });

/**
 * @typedef {object} State what the fake service says
 * @property {any} signing the request
 * @property {(asking: Asking) => Answer | undefined} [on] answers before anything else
 * @property {Record<string, unknown>} [product] changes to the product
 *
 * @typedef {object} Given
 * @property {State["on"]} [on] @property {State["product"]} [product]
 * @property {Record<string, unknown>} [client] more options of the client
 * @property {Record<string, unknown>} [properties] more properties of the element
 */

/**
 * The element on a service that says what a test wants.
 *
 * @param {{ windows?: "one" | "each" }} [how] `each`: a test that turns the network off has a window of its own
 */
export function useSigning({ windows = "one" } = {}) {
  const stage = useStage();

  /** Opens a request, with these changes to it. @param {Record<string, unknown>} [changes] @param {Given} [given] */
  async function openFake(changes = {}, { on, product, client, properties } = {}) {
    /** @type {State} */
    const state = {
      signing: signingOf(elsewhere, { productId: "p", idProductOperation: "o", ...changes }),
      ...{ on, product },
    };
    const service = await stage.serve((asking) => {
      const own = state.on?.(asking);
      if (own) return own;
      if (asking.path.includes("/products/"))
        return { body: { ...productOf("registry.example"), ...state.product } };
      return { body: state.signing };
    });
    const { page, complaints } = await (windows === "one" ? stage.openAgain() : stage.open());
    await page.route("https://registry.example/**", (route) => route.abort());
    await mount(page, "ocisign-signing", {
      service: { baseUrl: service.url, token: "token", profile, ...client },
      properties: { signingId: state.signing.id, identity: me, ...properties },
    });
    const posts = () => service.asked.filter(({ method }) => method === "POST");
    return { page, complaints, service, state, posts };
  }

  return { openFake };
}

/** A page without an image at its registry complains about that; nobody else may. @param {string[]} complaints */
export const known = (complaints) => complaints.filter((text) => !/registry\.example|ERR_|CORS/.test(text));

/** @param {Page} page @param {string | RegExp} text */
export const state = (page, text) => page.locator('header [part="state"]', { hasText: text });

/** @param {Page} page */
export const isReady = (page) => page.locator('#approve[aria-disabled="false"]');

/** The live look is quick from here on. @param {Page} page */
export const lookNow = (page) => page.evaluate(() => globalThis.element.watching.start());

/**
 * The text of an element with that of the shadow trees in it.
 *
 * @param {Page} page @param {string} selector @returns {Promise<string>}
 */
export function shownText(page, selector) {
  return page
    .locator(selector)
    .first()
    .evaluate(function textOf(/** @type {any} */ node) {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (node instanceof HTMLStyleElement) return "";
      return [...(node.shadowRoot ?? node).childNodes].map(textOf).join("");
    });
}

/** Presses Tab until an element has the focus. @param {Page} page @param {string} id */
export async function tabTo(page, id) {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)) === id) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${id} cannot be reached by Tab`);
}

/** Writes a comment, whose field is behind a button. @param {Page} page @param {string} text */
export async function comment(page, text) {
  const toField = page.locator("#to-comment");
  if (await toField.count()) await toField.click();
  await page.locator("#comment").fill(text);
}

/** Approves the request that is open. @param {Page} page @param {any} request */
export async function approve(page, request) {
  const encoded = request.payload.optionalParameters[0].artifactURI;
  await page.locator("#tail").fill(Buffer.from(encoded, "base64").toString().slice(-8));
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
}

/**
 * Approves, and holds the approval back on its way to the service until it is released.
 *
 * @param {Page} page @param {{ url: string }} service @returns {Promise<() => void>} releases it
 */
export async function approveHeld(page, service) {
  const path = `${service.url}/imagesignings/*/approve`;
  let release = () => {};
  /** @type {Promise<void>} */
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(path, async (route) => {
    await held;
    await route.continue();
  });
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  const sent = page.waitForRequest(path);
  await page.locator("#approve").click();
  await sent;
  return release;
}

/**
 * Nothing ran, nothing but our own elements is there, and the page still answers.
 *
 * @param {Page} page @param {string[]} complaints @param {string} name for the message
 */
export async function assertHarmless(page, complaints, name) {
  const found = await page.evaluate(() => {
    /** @returns {Element[]} */
    const all = (/** @type {ParentNode} */ root) =>
      [...root.querySelectorAll("*")].flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])]);
    const nodes = all(globalThis.element.shadowRoot);
    return {
      ran: document.documentElement.dataset.ran,
      foreign: nodes
        .map(({ localName }) => localName)
        .filter((tag) => /^(img|script|svg|iframe|a|b|object)$/.test(tag)),
      handlers: nodes.flatMap((node) => [...node.attributes].filter(({ name }) => /^(on|style$)/.test(name)))
        .length,
    };
  });
  assert.deepEqual(found, { ran: undefined, foreign: [], handlers: 0 }, name);
  assert.deepEqual(known(complaints), [], name);
}
