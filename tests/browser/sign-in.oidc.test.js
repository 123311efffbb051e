// How does a person sign in at an OpenID Connect provider, and what if it refuses, is away or deceives?
import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts, audience, clientId, signInAt } from "../support/issuer.js";
import { openPerson } from "../support/person.js";
import {
  call,
  popupOf,
  remains,
  signIn,
  signInButton,
  state,
  useSignIn,
  who,
} from "../support/sign-in-page.js";

const at = useSignIn();

test("signs in at a provider, loads what that takes only then, and leaves no secret anywhere", async () => {
  const { page, said } = await at.open();
  await page.getByLabel("Why").fill("half a sentence");
  await signInButton(page).waitFor();
  const loadedBefore = at.place.loaded.length;

  const popup = await popupOf(page);
  await signInAt(popup, "ada");
  await who(page, "ada").waitFor();
  await openPerson(page);
  await page.getByText(accounts.ada.oid).waitFor();
  await page.getByText(accounts.ada.groups[0]).waitFor();
  assert.ok(popup.isClosed());
  assert.equal(await page.getByLabel("Why").inputValue(), "half a sentence");
  assert.match(
    at.place.loaded.slice(loadedBefore).join(),
    /\.js,\/callback\.html/,
    "the library, then the callback",
  );

  assert.equal(await (await call(page)).outcome(), "done");
  const token = String(at.place.tokens[0]);
  const { aud, sub } = JSON.parse(String(Buffer.from(token.split(".")[1], "base64url")));
  assert.deepEqual([aud, sub], [audience, "ada"]);

  const left = await remains(page);
  for (const secret of [token, token.split(".")[1], "eyJ", "code="]) {
    assert.ok(!left.includes(secret), `${secret} in ${left}`);
  }
  assert.deepEqual(said, []);
});

test("sends the ID token where the settings say so", async () => {
  const { page } = await at.open({ oidc: { token: "id_token" } });
  await signIn(page, "ben");
  await (await call(page)).outcome();
  const { aud } = JSON.parse(String(Buffer.from(String(at.place.tokens[0]).split(".")[1], "base64url")));
  assert.equal(aud, clientId);
});

test("says when the provider refuses, and signs in at the next try", async () => {
  const { page } = await at.open();
  const popup = await popupOf(page);
  await popup.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("alert").getByText("did not let you in: access_denied").waitFor();
  await signIn(page, "ada");
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("says when the provider does not answer, and finds it when it is back", async () => {
  const { page } = await at.open();
  await at.context.route(/openid-configuration/, (route) => route.abort());
  await signInButton(page).click();
  await page.getByRole("alert").getByText("does not answer: the connection failed").waitFor();
  await at.context.unroute(/openid-configuration/);
  await signIn(page, "ada");
});

for (const [name, changed, message] of /** @type {[string, (value: string) => string, string][]} */ ([
  ["state", (value) => `${value.split(".")[0]}.of-another`, "belongs to another sign-in (state)"],
  ["nonce", () => "of-another", "belongs to another sign-in (nonce)"],
])) {
  test(`refuses the answer to another sign-in by its ${name}`, async () => {
    const { page } = await at.open();
    await at.context.route(/\/auth\?/, (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set(name, changed(url.searchParams.get(name) ?? ""));
      return route.continue({ url: url.href });
    });
    await signInAt(await popupOf(page), "ada");
    await page.getByRole("alert").getByText(message).waitFor();
    assert.equal(await state(page), "signed-out");
  });
}

test("says when the clocks differ too much", async () => {
  const { page } = await at.open();
  await page.clock.setFixedTime(Date.now() + 3 * 3600_000);
  await signInAt(await popupOf(page), "ada");
  await page.getByRole("alert").getByText("Set the clock of this computer").waitFor();
});

test("takes no insecure provider, and no callback of another origin", async () => {
  for (const [oidc, message] of /** @type {[object, string][]} */ ([
    [{ issuer: "http://login.example" }, "not an https address"],
    [{ issuer: "javascript:alert(1)" }, "not an https address"],
    [{ redirectUri: "https://elsewhere.example/callback.html" }, "has the origin https://elsewhere.example"],
  ])) {
    const { page } = await at.open({ oidc });
    await page.getByRole("alert").getByText(message).waitFor();
    assert.equal(await signInButton(page).count(), 0);
    await page.close();
  }
});

test("does not go where a provider says, if that is a script", async () => {
  const { page, said } = await at.open();
  await at.context.route(/openid-configuration/, async (route) => {
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
