// Sign-in, session and expiry in a real Chromium, with a real OpenID Connect provider, on a page as strict as ours.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launchChromium } from "../../tools/machine/browser.js";
import { checkAccessibility } from "../support/axe.js";
import { accounts, agreeAt, audience, clientId, signInAt, startIssuer } from "../support/issuer.js";
import { signInPage, tokenOf } from "../support/sign-in-page.js";
import { importSource } from "../support/source.js";

const { claimsOf } = await importSource("www/src/session/claims.ts");

/** What a dialog says in whose time is over, be it by the clock or by the service. */
const askedAgain = /^(Your sign-in has expired|The service does not accept your sign-in)$/;

let place;
let provider;
let brief;
let browser;
let context;

before(async () => {
  place = await signInPage();
  provider = await startIssuer();
  brief = await startIssuer({ accessTokenS: 2 });
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  for (const it of [provider, brief, place]) it?.close();
});
beforeEach(async () => {
  Object.assign(place, { answer: () => 200, tokens: [], people: () => [], loaded: [] });
  context = await browser.newContext();
});
afterEach(() => context.close());

/** The page, with a provider; whatever it complains about fails the test at its end. */
async function open({ path = "/", from = provider, oidc = {}, service = {}, warnBeforeMs, page } = {}) {
  place.issuer = from.url;
  const settings = { issuer: from.url, clientId, scope: "openid profile", token: "access_token", ...oidc };
  const all = { service: { baseUrl: `${place.origin}/api`, oidc: settings, ...service }, warnBeforeMs };
  await context.addInitScript((given) => {
    globalThis.settings = given;
  }, all);
  const opened = page ?? (await context.newPage());
  const said = [];
  opened.on("pageerror", (error) => said.push(String(error)));
  opened.on("console", (message) => said.push(message.text()));
  await opened.goto(place.origin + path);
  return { page: opened, said };
}

const button = (page, name) => page.getByRole("button", { name, exact: true });
const signInButton = (page) => page.getByRole("button", { name: /^Sign in with / });
const who = (page, login) => page.getByText(`You are ${accounts[login].name}.`);

/** Clicks, and gives the window that opens. */
async function popupOf(page, clicked = signInButton(page)) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), clicked.click()]);
  return popup;
}

async function signIn(page, login, { agrees = false } = {}) {
  const popup = await popupOf(page);
  await signInAt(popup, login);
  if (agrees) await agreeAt(popup);
  await who(page, login).waitFor();
}

async function paste(page, token) {
  await page.getByLabel("Bearer token").fill(token);
  await button(page, "Use this token").click();
}

/** Begins a call to the service; the outcome is there when it is over. */
async function call(page, client = "first") {
  await page.evaluate((name) => {
    const { inside } = globalThis;
    inside[name] ??= inside.client();
    inside.outcome = inside[name].products().then(
      () => "done",
      ({ code }) => code,
    );
  }, client);
  return { outcome: () => page.evaluate(() => globalThis.inside.outcome) };
}

/** A promise and what fulfils it. */
function deferred() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const state = (page) => page.evaluate(() => globalThis.inside.session.state);
const events = (page) => page.evaluate(() => globalThis.inside.events);

/** Waits until the session is in a state. */
async function until(page, wanted) {
  await page.waitForFunction((it) => globalThis.inside.session.state === it, wanted);
}

/** Everything of a page in which a secret must not be. */
async function remains(page) {
  return page.evaluate(async () => {
    const all = (root) =>
      [...root.querySelectorAll("*")].flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])]);
    const attributes = all(document).flatMap((it) => [...it.attributes].map(({ value }) => value));
    const texts = all(document).map((it) => `${it.shadowRoot?.textContent ?? ""} ${it.value ?? ""}`);
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const kept = [
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      history.state,
      document.title,
    ];
    return JSON.stringify([
      kept,
      databases,
      await caches.keys(),
      attributes,
      texts,
      globalThis.inside.session,
    ]);
  });
}

test("signs in at a provider, loads what that takes only then, and leaves no secret anywhere", async () => {
  const { page, said } = await open();
  await page.getByLabel("Why").fill("half a sentence");
  await signInButton(page).waitFor();
  const loadedBefore = place.loaded.length;

  const popup = await popupOf(page);
  await signInAt(popup, "ada");
  await who(page, "ada").waitFor();
  await page.getByText("Object id and groups").click();
  await page.getByText(accounts.ada.oid).waitFor();
  await page.getByText(accounts.ada.groups[0]).waitFor();
  assert.ok(popup.isClosed());
  assert.equal(await page.getByLabel("Why").inputValue(), "half a sentence");
  assert.match(
    place.loaded.slice(loadedBefore).join(),
    /\.js,\/callback\.html/,
    "the library, then the callback",
  );

  assert.equal(await (await call(page)).outcome(), "done");
  const [token] = place.tokens;
  const { aud, sub } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.deepEqual([aud, sub], [audience, "ada"]);

  const left = await remains(page);
  for (const secret of [token, token.split(".")[1], "eyJ", "code="]) {
    assert.ok(!left.includes(secret), `${secret} in ${left}`);
  }
  assert.deepEqual(said, []);
});

test("sends the ID token where the settings say so", async () => {
  const { page } = await open({ oidc: { token: "id_token" } });
  await signIn(page, "ben");
  await (await call(page)).outcome();
  const { aud } = JSON.parse(Buffer.from(place.tokens[0].split(".")[1], "base64url"));
  assert.equal(aud, clientId);
});

test("says when the provider refuses, and signs in at the next try", async () => {
  const { page } = await open();
  const popup = await popupOf(page);
  await popup.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("alert").getByText("did not let you in: access_denied").waitFor();
  await signIn(page, "ada");
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("says when the window was closed, and when the person gave up", async () => {
  const { page } = await open();
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

/** The page has no hold on a window that was disowned; what is done there later is taken by nobody. */
async function finishInVain(popup, account) {
  await popup.getByRole("link", { name: accounts[account].name }).click();
  await popup.getByText("no longer waits for this sign-in").waitFor();
}

test("says when the browser blocked the window", async () => {
  const { page } = await open({ path: "/without-popups" });
  await signInButton(page).click();
  await page.getByRole("alert").getByText("blocked the sign-in window").waitFor();
});

test("says when the provider does not answer, and finds it when it is back", async () => {
  const { page } = await open();
  await context.route(/openid-configuration/, (route) => route.abort());
  await signInButton(page).click();
  await page.getByRole("alert").getByText("does not answer: the connection failed").waitFor();
  await context.unroute(/openid-configuration/);
  await signIn(page, "ada");
});

for (const [name, changed, message] of [
  ["state", (value) => `${value.split(".")[0]}.of-another`, "belongs to another sign-in (state)"],
  ["nonce", () => "of-another", "belongs to another sign-in (nonce)"],
]) {
  test(`refuses the answer to another sign-in by its ${name}`, async () => {
    const { page } = await open();
    await context.route(/\/auth\?/, (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set(name, changed(url.searchParams.get(name)));
      return route.continue({ url: url.href });
    });
    await signInAt(await popupOf(page), "ada");
    await page.getByRole("alert").getByText(message).waitFor();
    assert.equal(await state(page), "signed-out");
  });
}

test("says when the clocks differ too much", async () => {
  const { page } = await open();
  await page.clock.setFixedTime(Date.now() + 3 * 3600_000);
  await signInAt(await popupOf(page), "ada");
  await page.getByRole("alert").getByText("Set the clock of this computer").waitFor();
});

test("takes no insecure provider, and no callback of another origin", async () => {
  for (const [oidc, message] of [
    [{ issuer: "http://login.example" }, "not an https address"],
    [{ issuer: "javascript:alert(1)" }, "not an https address"],
    [{ redirectUri: "https://elsewhere.example/callback.html" }, "has the origin https://elsewhere.example"],
  ]) {
    const { page } = await open({ oidc });
    await page.getByRole("alert").getByText(message).waitFor();
    assert.equal(await signInButton(page).count(), 0);
    await page.close();
  }
});

test("does not go where a provider says, if that is a script", async () => {
  const { page, said } = await open();
  await context.route(/openid-configuration/, async (route) => {
    const reply = await route.fetch();
    const json = {
      ...(await reply.json()),
      authorization_endpoint: "javascript:opener.document.title='run'",
    };
    await route.fulfill({ response: reply, json });
  });
  await signInButton(page).click();
  await page.getByRole("alert").getByText("not an https address").waitFor();
  assert.equal(await page.title(), "A page");
  assert.deepEqual(said, []);
});

const offline = { scope: "openid profile offline_access", prompt: "consent" };

test("renews with the refresh token when the service refuses, as often as it takes", async () => {
  const { page } = await open({ oidc: offline });
  await signIn(page, "ada", { agrees: true });
  const before = provider.grants.length;
  for (let times = 1; times <= 2; times++) {
    const refused = place.tokens.at(-1);
    place.answer = (token) => (token === refused || place.tokens.length === 1 ? 401 : 200);
    assert.equal(await (await call(page)).outcome(), "done");
  }
  assert.deepEqual(provider.grants.slice(before), ["refresh_token", "refresh_token"]);
  assert.equal(new Set(place.tokens).size, 3);
  assert.deepEqual(await events(page), []);
});

test("renews before the end without a person, and a call that comes late waits for it", async () => {
  const { page } = await open({ from: brief, oidc: offline });
  await signIn(page, "ada", { agrees: true });
  const first = await page.evaluate(() => globalThis.inside.session.expiresAt.getTime());
  await page.waitForFunction((end) => globalThis.inside.session.expiresAt.getTime() > end, first);
  assert.equal(await (await call(page)).outcome(), "done");
  assert.equal(await state(page), "signed-in");
  assert.deepEqual(await events(page), []);
});

test("asks the person when the refresh token is refused", async () => {
  const { page } = await open({ oidc: offline });
  await signIn(page, "ada", { agrees: true });
  await context.route(/\/token$/, (route) =>
    route.fulfill({
      status: 400,
      json: { error: "invalid_grant", error_description: "grant request is invalid" },
      headers: { "access-control-allow-origin": place.origin },
    }),
  );
  place.answer = () => (place.tokens.length === 1 ? 401 : 200);
  const { outcome } = await call(page);
  const dialog = page.getByRole("dialog", { name: askedAgain });
  await dialog.getByRole("alert").getByText("refused: invalid_grant").waitFor();
  await context.unroute(/\/token$/);
  await agreeAt(await popupOf(page));
  assert.equal(await outcome(), "done");
});

test("a call waits until the person has signed in again, below a dialog that keeps what was typed", async () => {
  const { page } = await open({ from: brief });
  await signIn(page, "ada");
  await page.getByLabel("Why").fill("half a sentence");
  await until(page, "expired");
  const { outcome } = await call(page);
  const dialog = page.getByRole("dialog", { name: askedAgain });
  await dialog.waitFor();
  assert.deepEqual(await events(page), ["needed"]);
  assert.deepEqual(place.tokens, []);

  // The provider still knows Ada: its window closes by itself.
  await popupOf(page);
  assert.equal(await outcome(), "done");
  assert.equal(place.tokens.length, 1);
  assert.equal(await page.getByLabel("Why").inputValue(), "half a sentence");
  assert.deepEqual(await events(page), ["needed"]);
});

test("a waiting call of one person is refused when another signs in", async () => {
  const { page } = await open();
  await paste(page, tokenOf({ oid: accounts.ada.oid, name: "Ada" }, 3600));
  place.answer = () => 401;
  const { outcome } = await call(page);
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
  await signIn(page, "ben");
  assert.equal(await outcome(), "unauthorized");
  await page.getByRole("status").getByText("Another person signed in.").waitFor();
  assert.deepEqual(await events(page), ["needed", "changed-person"]);
  assert.equal(place.tokens.length, 1);
});

test("a call that is on its way when another signs in is not sent again as theirs", async () => {
  const { page } = await open();
  await paste(page, tokenOf({ oid: "ada", name: "Ada" }, 3600));
  const arrival = deferred();
  const answer = deferred();
  place.answer = () => {
    arrival.resolve();
    return answer.promise;
  };
  const { outcome } = await call(page);
  await arrival.promise;
  await button(page, "Change person").click();
  await paste(page, tokenOf({ oid: "ben", name: "Ben" }, 3600));
  await page.getByText("You are Ben.").waitFor();
  answer.resolve(401);
  assert.equal(await outcome(), "unauthorized");
  assert.equal(place.tokens.length, 1);
  place.answer = () => 200;
  assert.equal(await (await call(page, "second")).outcome(), "done");
});

test("whoever wants to be somebody else is asked who, though the provider still knows them", async () => {
  const { page } = await open();
  await signIn(page, "ada");
  await button(page, "Change person").click();
  await signIn(page, "ben");
  assert.deepEqual(await events(page), ["changed-person"]);
  await (await call(page)).outcome();
  assert.equal(claimsOf(place.tokens[0]).objectId, accounts.ben.oid);
});

test("of two choices the later one counts, whichever is answered first", async () => {
  const everyone = ["One", "Two"].map((name) => ({
    name,
    role: name,
    token: tokenOf({ oid: name, name }, 3600),
  }));
  place.people = () => everyone;
  const { page } = await open({ service: { isSandbox: true } });
  await button(page, "One").waitFor();
  const held = deferred();
  place.people = () => held.promise;
  await button(page, "One").click();
  place.people = () => everyone;
  await button(page, "Two").click();
  await page.getByText("You are Two.").waitFor();
  held.resolve(everyone);
  assert.equal(await (await call(page)).outcome(), "done");
  assert.equal(claimsOf(place.tokens[0]).objectId, "Two");
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.deepEqual(await events(page), []);
});

test("warns before the end, and asks at the end; what is put off can be done later", async () => {
  const page = await context.newPage();
  await page.clock.install();
  await open({ page });
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
  const { page } = await open();
  await paste(page, tokenOf({ oid: "ada", name: "Ada" }, 3600));
  await page.getByText("You are Ada.").waitFor();
  // Another time, and no timer that runs: as after a sleep.
  await page.clock.setFixedTime(Date.now() + 2 * 3600_000);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
});

test("the sandbox's people are buttons, and renew themselves while the sandbox answers", async () => {
  const page = await context.newPage();
  await page.clock.install();
  let given = 0;
  place.people = () => {
    given++;
    return [
      {
        name: "Approver one",
        role: "approver-one",
        token: tokenOf({ oid: "one", name: "Approver one", given }, given * 3600),
      },
    ];
  };
  await open({ page, service: { isSandbox: true, oidc: undefined } });
  await button(page, "Approver one").click();
  await page.getByText("You are Approver one.").waitFor();
  assert.equal(given, 2, "one for the buttons, one to sign in");
  assert.equal(await signInButton(page).count(), 0);

  await page.clock.fastForward("01:56:00");
  await page.waitForFunction(() => globalThis.inside.session.expiresAt.getTime() - Date.now() > 3600_000 / 2);
  assert.equal(given, 3);
  assert.equal(await state(page), "signed-in");

  await context.route(/people$/, (route) => route.abort());
  await page.clock.fastForward("01:00:00");
  await page.getByRole("status").getByText("Your sign-in expires at").waitFor();
  await page.getByRole("alert").getByText("The sandbox does not answer").waitFor();
  await context.unroute(/people$/);
  await button(page, "Stay signed in").click();
  await until(page, "signed-in");
  assert.deepEqual(await events(page), []);
});

test("a pasted token is checked, cleared at once, and may be one that says nothing", async () => {
  const { page } = await open();
  const field = page.getByLabel("Bearer token");
  for (const [token, message] of [
    ["Bearer abc", "This is not a bearer token"],
    ["two words", "This is not a bearer token"],
    [tokenOf({ oid: "ada" }, -3600), "This token expired at"],
  ]) {
    await paste(page, token);
    await page.getByRole("alert").getByText(message).waitFor();
    assert.equal(await field.inputValue(), "");
    assert.equal(await state(page), "signed-out");
  }
  await paste(page, " opaque-token_1 \n");
  await page.getByText("Your token does not say who you are.").waitFor();
  await page.getByText("the token does not say").waitFor();
  await (await call(page)).outcome();
  assert.deepEqual(place.tokens, ["opaque-token_1"]);
  assert.ok(!(await remains(page)).includes("opaque-token_1"));
});

test("who cannot be told from one another is taken for another person", async () => {
  const { page } = await open();
  await paste(page, "opaque-1");
  place.answer = () => 401;
  const { outcome } = await call(page);
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
  await paste(page, "opaque-2");
  assert.equal(await outcome(), "unauthorized");
  assert.deepEqual(await events(page), ["needed", "changed-person"]);
});

test("a sign-out forgets: calls are refused, and the provider asks who it is", async () => {
  const { page } = await open();
  await signIn(page, "ada");
  place.answer = () => 401;
  const { outcome } = await call(page);
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
  await page.keyboard.press("Escape");
  await button(page, "Sign out").click();
  assert.equal(await outcome(), "unauthorized");
  assert.deepEqual(
    await page.evaluate(() => {
      const { state, identity, expiresAt } = globalThis.inside.session;
      return [state, identity, expiresAt];
    }),
    ["signed-out", undefined, undefined],
  );
  place.tokens = [];
  assert.equal(await (await call(page)).outcome(), "unauthorized");

  // The provider still knows Ada, but is told to ask.
  const popup = await popupOf(page);
  await popup.getByRole("link", { name: accounts.ben.name }).waitFor();
});

test("a second click gives up the first window", async () => {
  const { page } = await open();
  const first = await popupOf(page);
  await first.getByRole("link", { name: accounts.ben.name }).waitFor();
  const second = await popupOf(page);
  await second.getByRole("link", { name: accounts.ada.name }).waitFor();
  await finishInVain(first, "ben");
  await signInAt(second, "ada");
  await who(page, "ada").waitFor();
});

test("a callback that nobody waits for says so, and clears its address", async () => {
  const page = await context.newPage();
  await page.goto(`${place.origin}/callback.html?code=secret-code&state=a.b`);
  await page.getByText("no longer waits for this sign-in").waitFor();
  await page.waitForURL(`${place.origin}/callback.html`);
});

test("the issuer's window cannot lead the page that opened it elsewhere", async () => {
  const { page } = await open();
  await page.getByLabel("Why").fill("typed before");
  const popup = await popupOf(page);
  await popup.waitForURL(`${place.issuer}/**`);
  assert.equal(await popup.evaluate(() => window.opener), null);
  await signInAt(popup, "ada");
  await who(page, "ada").waitFor();
  assert.equal(await page.getByLabel("Why").inputValue(), "typed before");
});

test("signs in within a frame of another site, which the browser keeps apart", async () => {
  // Playwright turns this keeping apart off.
  await context.addInitScript(() => {
    const Real = globalThis.BroadcastChannel;
    globalThis.BroadcastChannel = class extends Real {
      constructor(name) {
        super(window.top === window ? name : `${name}, elsewhere`);
      }
    };
  });
  const { page } = await open({ path: "/portal" });
  await page.goto(`http://localhost:${place.port}/portal`);
  const frame = page.frameLocator("iframe");
  const popup = await popupOf(page, signInButton(frame));
  await signInAt(popup, "ada");
  await who(frame, "ada").waitFor();
});

test("signs in where a policy cuts the window off, which then looks closed though it is not", async () => {
  const { page } = await open({ path: "/isolated" });
  const [popup] = await Promise.all([context.waitForEvent("page"), signInButton(page).click()]);
  const closed = popup.waitForEvent("close");
  // Without a screen every page believes to have the focus, whichever window is in front: so it says so here.
  await page.getByRole("alert").getByText("continue there").waitFor();
  await signInAt(popup, "ada");
  await who(page, "ada").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await closed;
});

test("what hides in a name is written out", async () => {
  const { page, said } = await open();
  await paste(page, tokenOf({ oid: "x", name: "<img src=x>\u202ennA\u200b", groups: ["a\u2066b"] }, 3600));
  await page.getByText("You are <img src=x>⟦U+202E⟧nnA⟦U+200B⟧.").waitFor();
  await page.getByText("Object id and groups").click();
  await page.getByText("a⟦U+2066⟧b").waitFor();
  await button(page, "Sign out").click();
  await paste(
    page,
    tokenOf({ oid: "x", groups: Array.from({ length: 200 }, (_, at) => `group ${at}`) }, 3600),
  );
  await page.getByText("Object id and groups").click();
  await page.getByText("200 groups").click();
  await page.getByText("group 199").waitFor();
  assert.deepEqual(said, []);
});

test("axe finds nothing in any state, in light and in dark", async () => {
  place.people = () => [{ name: "Requester", role: "requester" }];
  const page = await context.newPage();
  await page.clock.install();
  await open({ page, service: { isSandbox: true } });
  await button(page, "Requester").waitFor();
  await checkAccessibility(page, "signed out");
  await paste(page, "two words");
  await page.getByRole("alert").waitFor();
  await checkAccessibility(page, "with a problem");
  await paste(page, tokenOf({ oid: "ada", name: "Ada", groups: ["g"] }, 3600));
  await page.getByText("You are Ada.").waitFor();
  await checkAccessibility(page, "signed in");
  await button(page, "Change person").click();
  await page.getByRole("dialog", { name: "Change person" }).waitFor();
  await checkAccessibility(page, "changing");
  await paste(page, tokenOf({ oid: "ada", name: "Ada" }, 60));
  await button(page, "Stay signed in").waitFor();
  await checkAccessibility(page, "expiring");
  await page.clock.fastForward("02:00");
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
  await checkAccessibility(page, "expired");
});

test("claims are read from JWTs only, and whatever else comes is none", () => {
  assert.deepEqual(
    claimsOf(tokenOf({ oid: "o", sub: "s", name: "Ännë", groups: ["g", 1], exp: 4102444800 })),
    {
      objectId: "o",
      name: "Ännë",
      groups: ["g"],
      expiresAt: new Date("2100-01-01T00:00:00Z"),
    },
  );
  assert.deepEqual(claimsOf(tokenOf({ sub: "s", upn: "u", exp: 1e300 })), {
    objectId: "s",
    name: "u",
    groups: [],
    expiresAt: undefined,
  });
  assert.equal(claimsOf(tokenOf({ preferred_username: "p", upn: "u" }))?.name, "p");
  const notJwts = [
    "",
    "a.b.c",
    "a.bnVsbA.c",
    "a.W10.c",
    "a.gICA.c",
    "a.b",
    undefined,
    null,
    7,
    {},
    "..",
    "\u0000.\uffff. ",
  ];
  for (const token of notJwts) assert.equal(claimsOf(token), undefined, String(token));
});
