// What if a sign-in ends: is it renewed, is the person asked, and what becomes of calls?
import assert from "node:assert/strict";
import { test } from "node:test";
import { agreeAt } from "../support/issuer.js";
import {
  askedAgain,
  button,
  call,
  events,
  offline,
  paste,
  popupOf,
  signIn,
  state,
  tokenOf,
  until,
  useBriefProvider,
  useSignIn,
} from "../support/sign-in-page.js";

const at = useSignIn();
const brief = useBriefProvider();

test("renews with the refresh token when the service refuses, as often as it takes", async () => {
  const { page } = await at.open({ oidc: offline });
  await signIn(page, "ada", { agrees: true });
  const before = at.provider.grants.length;
  for (let times = 1; times <= 2; times++) {
    const refused = at.place.tokens.at(-1);
    at.place.answer = (token) => (token === refused || at.place.tokens.length === 1 ? 401 : 200);
    assert.equal(await (await call(page)).outcome(), "done");
  }
  assert.deepEqual(at.provider.grants.slice(before), ["refresh_token", "refresh_token"]);
  assert.equal(new Set(at.place.tokens).size, 3);
  assert.deepEqual(await events(page), []);
});

test("renews before the end without a person, and a call that comes late waits for it", async () => {
  const { page } = await at.open({ from: brief(), oidc: offline });
  await signIn(page, "ada", { agrees: true });
  const first = await page.evaluate(() => globalThis.inside.session.expiresAt.getTime());
  await page.waitForFunction((end) => globalThis.inside.session.expiresAt.getTime() > end, first);
  assert.equal(await (await call(page)).outcome(), "done");
  assert.equal(await state(page), "signed-in");
  assert.deepEqual(await events(page), []);
});

test("asks the person when the refresh token is refused", async () => {
  const { page } = await at.open({ oidc: offline });
  await signIn(page, "ada", { agrees: true });
  await at.context.route(/\/token$/, (route) =>
    route.fulfill({
      status: 400,
      json: { error: "invalid_grant", error_description: "grant request is invalid" },
      headers: { "access-control-allow-origin": at.place.origin },
    }),
  );
  at.place.answer = () => (at.place.tokens.length === 1 ? 401 : 200);
  const { outcome } = await call(page);
  const dialog = page.getByRole("dialog", { name: askedAgain });
  await dialog.getByRole("alert").getByText("refused: invalid_grant").waitFor();
  await at.context.unroute(/\/token$/);
  await agreeAt(await popupOf(page));
  assert.equal(await outcome(), "done");
});

test("a call waits until the person has signed in again, below a dialog that keeps what was typed", async () => {
  const { page } = await at.open({ from: brief() });
  await signIn(page, "ada");
  await page.getByLabel("Why").fill("half a sentence");
  await until(page, "expired");
  const { outcome } = await call(page);
  const dialog = page.getByRole("dialog", { name: askedAgain });
  await dialog.waitFor();
  assert.deepEqual(await events(page), ["needed"]);
  assert.deepEqual(at.place.tokens, []);

  // The provider still knows Ada: its window closes by itself.
  await popupOf(page);
  assert.equal(await outcome(), "done");
  assert.equal(at.place.tokens.length, 1);
  assert.equal(await page.getByLabel("Why").inputValue(), "half a sentence");
  assert.deepEqual(await events(page), ["needed"]);
});

test("warns before the end, and asks at the end; what is put off can be done later", async () => {
  const page = await at.context.newPage();
  await page.clock.install();
  await at.open({ page });
  await paste(page, tokenOf({ oid: "ada", name: "Ada" }, 15 * 60));
  await page.getByText("You are Ada.").waitFor();
  assert.equal(await page.getByRole("status").getByText("expires at").count(), 0);

  await page.clock.fastForward("11:00");
  await page.getByRole("status").getByText("Your sign-in expires at").waitFor();
  await button(page, "Stay signed in").click();
  const dialog = page.getByRole("dialog", { name: "Stay signed in" });
  await paste(dialog.page(), tokenOf({ oid: "ada", name: "Ada" }, 26 * 60));
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await state(page), "signed-in");
  assert.deepEqual(await events(page), []);

  await page.clock.fastForward("20:00");
  const ended = page.getByRole("dialog", { name: askedAgain });
  await ended.waitFor();
  // Whoever was typing goes on for a moment: that must not choose anything.
  const heading = page.getByRole("heading", { name: askedAgain });
  assert.ok(await heading.evaluate((it) => it.matches(":focus")));
  await page.keyboard.press("Escape");
  await ended.waitFor({ state: "hidden" });
  await page.getByRole("status").getByText("Your sign-in has expired").waitFor();
  await button(page, "Sign in again").click();
  await ended.waitFor();
});

test("looks at the time again when the page is seen again, as timers stand still in a laptop that sleeps", async () => {
  const { page } = await at.open();
  await paste(page, tokenOf({ oid: "ada", name: "Ada" }, 3600));
  await page.getByText("You are Ada.").waitFor();
  // Another time, and no timer that runs: as after a sleep.
  await page.clock.setFixedTime(Date.now() + 2 * 3600_000);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
});
