// The page: what a person is notified of, by whose will, and in which words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { signInAs, usePage } from "../support/page.js";

const on = usePage();

/** @typedef {import("playwright-core").Page} Page */

/**
 * Opens the page for an approver, with a clock that the test moves on, and the browser's notifications noted.
 *
 * @param {{ permission?: string, refuses?: boolean, isHidden?: boolean, context?: import("playwright-core").BrowserContext, hash?: string }} [given]
 */
async function opened({
  permission = "granted",
  refuses = false,
  isHidden = false,
  context,
  hash = "",
} = {}) {
  const own = context ?? (await on.newContext());
  if (permission === "granted") await own.grantPermissions(["notifications"], { origin: on.sandbox.url });
  const page = await own.newPage();
  await page.clock.install();
  await page.addInitScript(
    ({ permission, refuses }) => {
      Object.assign(globalThis, { isHidden: false, shown: [] });
      Object.defineProperty(document, "hidden", { get: () => globalThis.isHidden });
      const asked = { count: 0 };
      class Noted extends EventTarget {
        static permission = permission === "granted" ? "granted" : "default";
        static async requestPermission() {
          asked.count += 1;
          Noted.permission = permission;
          return permission;
        }
        close() {}
        /** @param {string} title @param {object} options */
        constructor(title, options) {
          super();
          if (refuses) throw new TypeError("Illegal constructor.");
          globalThis.shown.push({ title, ...options, notification: this });
        }
      }
      Object.assign(globalThis, { Notification: Noted, asked });
    },
    { permission, refuses },
  );
  await page.goto(`${on.sandbox.url}${hash}`);
  await page.locator("[data-usable]").waitFor();
  if (isHidden) await hide(page, true);
  await signInAs(page, "Approver one");
  await page.getByRole("heading", { name: "Signing requests" }).waitFor();
  // All was read.
  await page
    .locator("ocisign-approvals")
    .getByText(/^Live, as of/)
    .waitFor();
  return { page, context: own };
}

/** @param {Page} page */
async function openPanel(page) {
  await page.locator("page-sign-in .who").click();
  return page.locator("page-notify");
}

/** @param {Page} page @param {boolean} isHidden */
async function hide(page, isHidden) {
  await page.evaluate((isHidden) => {
    globalThis.isHidden = isHidden;
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

/** Lets a minute pass, so that a hidden page looks again, until so many were shown. @param {Page} page @param {number} count */
async function shown(page, count) {
  for (;;) {
    const all = await page.evaluate(() =>
      globalThis.shown.map(({ title, body, tag }) => ({ title, body, tag })),
    );
    if (all.length >= count) return all;
    const looked = page.waitForResponse((reply) => reply.url().includes("imagesignings"));
    await page.clock.fastForward(61_000);
    await looked;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** Ends once a hidden page has looked again. @param {Page} page */
async function lookedAgain(page) {
  for (let times = 0; times < 2; times += 1) {
    const looked = page.waitForResponse((reply) => reply.url().includes("imagesignings"));
    await page.clock.fastForward(61_000);
    await looked;
  }
}

test("asked for by a click, a notification tells of a new request while the page is hidden, and opens it", async () => {
  await on.ask({ description: "there already" });
  const { page } = await opened();
  const panel = await openPanel(page);
  assert.equal(await page.evaluate(() => globalThis.asked.count), 0);
  await panel.getByRole("button", { name: "Notify me of new requests" }).click();
  await panel.getByRole("button", { name: "Stop notifying me" }).waitFor();
  await checkAccessibility(page, "notifications are on");
  await page.keyboard.press("Escape");
  await hide(page, true);
  const { id } = await on.ask({ description: "new" });
  const [first, ...others] = await shown(page, 1);
  assert.deepEqual(others, []);
  assert.deepEqual(first, {
    title: "A request needs your review",
    body: "team/app, by Requester",
    tag: "ocisign-notify",
  });
  await page.evaluate(() => globalThis.shown[0].notification.dispatchEvent(new Event("click")));
  await page.waitForFunction((id) => location.hash.startsWith(`#/requests/${id}`), id);
});

test("nothing is shown while the page is seen, without the choice, or of one's own decision", async () => {
  const { page } = await opened();
  await hide(page, true);
  await on.ask();
  // Without the choice a hidden page is quiet.
  await hide(page, false);
  const panel = await openPanel(page);
  await panel.getByRole("button", { name: "Notify me" }).click();
  await panel.getByRole("button", { name: "Stop" }).waitFor();
  await on.ask();
  await lookedAgain(page);
  await hide(page, true);
  await lookedAgain(page);
  assert.deepEqual(await page.evaluate(() => globalThis.shown), []);
});

test("hostile names are written out and cut, and several requests are counted", async () => {
  const { page } = await opened();
  const panel = await openPanel(page);
  await panel.getByRole("button", { name: "Notify me" }).click();
  await panel.getByRole("button", { name: "Stop" }).waitFor();
  await page.route("**/imagesignings?*", async (route) => {
    const reply = await route.fetch();
    const list = await reply.json();
    const hostile = { name: `\u202eevil\u200b${"x".repeat(500)}`, objectId: "x" };
    for (const one of list) one.requester = hostile;
    await route.fulfill({ json: list });
  });
  await hide(page, true);
  await on.ask();
  await on.ask();
  const [{ title, body }] = await shown(page, 1);
  assert.match(title, /^\d+ more requests need your review$|^A request needs your review$/);
  assert.match(body, /^team\/app, by ⟦U\+202E⟧evil⟦U\+200B⟧x+…$/);
  assert.ok(body.length < 120, body);
});

test("a browser that blocks notifications, or shows none, is told of", async () => {
  const denied = await opened({ permission: "denied" });
  const panel = await openPanel(denied.page);
  await panel.getByRole("button", { name: "Notify me" }).click();
  await panel.getByText("Your browser blocks notifications of this page.").waitFor();
  await panel.getByRole("button", { name: "Notify me" }).waitFor();
  const { page } = await opened({ refuses: true });
  const other = await openPanel(page);
  await other.getByRole("button", { name: "Notify me" }).click();
  await other.getByRole("button", { name: "Stop" }).waitFor();
  await hide(page, true);
  await on.ask();
  await lookedAgain(page);
  await other.getByText("Your browser shows no notifications of a page.").waitFor();
});

test("the choice is kept, without anything else, and taken back by a click", async () => {
  const { page, context } = await opened();
  let panel = await openPanel(page);
  await panel.getByRole("button", { name: "Notify me" }).click();
  await panel.getByRole("button", { name: "Stop" }).waitFor();
  assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), { "ocisign-notify": "on" });
  await page.close();
  // What a hidden page reads first is not new.
  await on.ask({ description: "there already" });
  const again = await opened({ context, isHidden: true });
  await lookedAgain(again.page);
  assert.deepEqual(await again.page.evaluate(() => globalThis.shown), []);
  await hide(again.page, false);
  panel = await openPanel(again.page);
  await panel.getByRole("button", { name: "Stop" }).click();
  await panel.getByRole("button", { name: "Notify me" }).waitFor();
  assert.deepEqual(await again.page.evaluate(() => ({ ...localStorage })), {});
  assert.equal(await again.page.evaluate(() => globalThis.asked.count), 0);
});
