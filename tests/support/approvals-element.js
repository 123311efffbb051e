// <ocisign-approvals> on the stage, on services that are large, odd or hostile.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fakeService, signingOf } from "./fake-service.js";
import { groupA, groupB } from "./sandbox.js";
import { mount, useStage } from "./stage.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("./fake-service.js").Asking} Asking
 * @typedef {import("./fake-service.js").Answer} Answer
 * @typedef {Awaited<ReturnType<typeof fakeService>>} Service
 */

const statuses = {
  1: "new",
  2: "waiting",
  4: "approved",
  8: "signing",
  16: "signed",
  32: "rejected",
  64: "failed",
};
export const wide = { width: 1400, height: 900 };
export const phone = { width: 360, height: 800 };
const approver = { objectId: "approver", name: "Approver", groups: [groupB] };
const hour = 3_600_000;

/** A digest for each number, or name. @param {number | string} number */
export function digestOf(number) {
  return `sha256:${createHash("sha256").update(String(number)).digest("hex")}`;
}

/**
 * So many requests, newest first; the newest is `image-0`.
 *
 * @param {number} count @param {(number: number) => Record<string, unknown>} changes to each
 */
export function requests(count, changes = () => ({})) {
  return Array.from({ length: count }, (_, number) =>
    signingOf(`registry.example/team/image-${number}@${digestOf(number)}`, {
      id: `id-${number}`,
      requester: { objectId: "requester", name: "Requester" },
      productId: "p-1",
      createdAt: new Date(Date.UTC(2026, 0, 1) - number * hour).toISOString(),
      requiredGroups: [groupA, groupB],
      missingGroups: [groupB],
      approvals: [],
      ...changes(number),
    }),
  );
}

/**
 * A service that pages as the sandbox does; `change` says what else it answers.
 *
 * @param {unknown[]} all its requests
 * @param {{ products?: unknown[], change?: (asking: Asking) => Answer | undefined }} [more]
 */
function answering(all, { products = [{ id: "p-1", name: "OCI SIGN" }], change = () => undefined } = {}) {
  /** @param {Asking} asking @returns {Answer} */
  return (asking) => {
    const changed = change(asking);
    if (changed) return changed;
    const { pathname, searchParams } = new URL(asking.path, "http://service");
    if (pathname.endsWith("/products")) return { body: products };
    const offset = Number(searchParams.get("offset") ?? 0);
    return { body: all.slice(offset, offset + Number(searchParams.get("limit") ?? Infinity)) };
  };
}

/** The element on services of a test. */
export function useApprovals(stage = useStage()) {
  /** @param {Parameters<typeof answering>} given */
  const serviceOf = (...given) => stage.serve(answering(...given));

  /**
   * Opens a queue for an approver.
   *
   * @param {Service} service @param {Record<string, unknown>} [properties]
   * @param {import("./browser.js").ContextOptions} [options]
   */
  async function openQueue(service, properties = {}, options = { viewport: wide }) {
    const { page, complaints } = await stage.open(options);
    await mountQueue(page, service, properties);
    const rows = page.locator("ocisign-approvals li.item");
    // Chromium has no inner text of a row that it has not laid out yet.
    const names = async () => (await rows.locator(".open").allTextContents()).map((text) => text.trim());
    return { page, complaints, rows, names };
  }

  return { serviceOf, openQueue };
}

/** @param {Page} page @param {Service} service @param {Record<string, unknown>} properties */
export async function mountQueue(page, service, properties) {
  const given = { baseUrl: service.url, token: "a.b.c", profile: { statuses } };
  await mount(page, "ocisign-approvals", {
    service: given,
    properties: { identity: approver, ...properties },
  });
}

/** The service is looked at again at once, as when the network is back. @param {Page} page */
export function lookAgain(page) {
  return page.evaluate(() => dispatchEvent(new Event("online")));
}

/**
 * Has it look at the service, one look after the other, until something is true.
 *
 * @param {Page} page @param {Service} service @param {() => Promise<boolean>} isTrue
 */
export async function lookUntil(page, { asked }, isTrue) {
  for (let looks = 0; looks < 10; looks += 1) {
    const before = asked.length;
    await lookAgain(page);
    await page.waitForFunction(() =>
      /^Live/.test(globalThis.element.shadowRoot.querySelector(".status").textContent),
    );
    while (asked.length < before + 2) await page.evaluate(() => new Promise(requestAnimationFrame));
    if (await isTrue()) return;
  }
  assert.fail("it was not seen in ten looks");
}

/** The numbers of the images that are drawn, in order. @param {{ names: () => Promise<string[]> }} queue */
export async function numbers({ names }) {
  return (await names()).map((text) => Number(/image-(\d+)/.exec(text)?.[1]));
}
