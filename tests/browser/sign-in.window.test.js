// What becomes of the window in which a person signs in?
import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts, signInAt } from "../support/issuer.js";
import { button, finishInVain, popupOf, signInButton, useSignIn, who } from "../support/sign-in-page.js";

const at = useSignIn();

test("says when the window was closed, and when the person gave up", async () => {
  const { page } = await at.open();
  const popup = await popupOf(page);
  await popup.getByRole("link", { name: accounts.ben.name }).waitFor();
  await popup.close();
  await page.getByRole("alert").getByText("closed before").waitFor();

  const next = await popupOf(page);
  await next.getByRole("link", { name: accounts.ada.name }).waitFor();
  await button(page, "Cancel sign-in").click();
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.equal(await button(page, "Cancel sign-in").count(), 0);
  await finishInVain(next, "ada");
  await signInButton(page).waitFor();
});

test("says when the browser blocked the window", async () => {
  const { page } = await at.open({ path: "/without-popups" });
  await signInButton(page).click();
  await page.getByRole("alert").getByText("blocked the sign-in window").waitFor();
});

test("a second click gives up the first window", async () => {
  const { page } = await at.open();
  const first = await popupOf(page);
  await first.getByRole("link", { name: accounts.ben.name }).waitFor();
  const second = await popupOf(page);
  await second.getByRole("link", { name: accounts.ada.name }).waitFor();
  await finishInVain(first, "ben");
  await signInAt(second, "ada");
  await who(page, "ada").waitFor();
});

test("a callback that nobody waits for says so, and clears its address", async () => {
  const page = await at.context.newPage();
  await page.goto(`${at.place.origin}/callback.html?code=secret-code&state=a.b`);
  await page.getByText("no longer waits for this sign-in").waitFor();
  await page.waitForURL(`${at.place.origin}/callback.html`);
});

test("the issuer's window cannot lead the page that opened it elsewhere", async () => {
  const { page } = await at.open();
  await page.getByLabel("Why").fill("typed before");
  const popup = await popupOf(page);
  await popup.waitForURL(`${at.place.issuer}/**`);
  assert.equal(await popup.evaluate(() => window.opener), null);
  await signInAt(popup, "ada");
  await who(page, "ada").waitFor();
  assert.equal(await page.getByLabel("Why").inputValue(), "typed before");
});

test("signs in within a frame of another site, which the browser keeps apart", async () => {
  // Playwright turns this keeping apart off.
  await at.context.addInitScript(() => {
    const Real = globalThis.BroadcastChannel;
    globalThis.BroadcastChannel = class extends Real {
      constructor(name) {
        super(window.top === window ? name : `${name}, elsewhere`);
      }
    };
  });
  const { page } = await at.open({ path: "/portal" });
  await page.goto(`http://localhost:${at.place.port}/portal`);
  const frame = page.frameLocator("iframe");
  const popup = await popupOf(page, signInButton(frame));
  await signInAt(popup, "ada");
  await who(frame, "ada").waitFor();
});

test("signs in where a policy cuts the window off, which then looks closed though it is not", async () => {
  const { page } = await at.open({ path: "/isolated" });
  const [popup] = await Promise.all([at.context.waitForEvent("page"), signInButton(page).click()]);
  const closed = popup.waitForEvent("close");
  // Without a screen every page believes to have the focus, whichever window is in front: so it says so here.
  await page.getByRole("alert").getByText("continue there").waitFor();
  await signInAt(popup, "ada");
  await who(page, "ada").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await closed;
});
