// How is a token of another kind used: a pasted one, or one of the sandbox's people?
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPerson } from "../support/person.js";
import {
  button,
  call,
  events,
  paste,
  remains,
  signInButton,
  state,
  tokenOf,
  until,
  useSignIn,
} from "../support/sign-in-page.js";
import { importSource } from "../support/source.js";

const { claimsOf } = await importSource("www/src/session/claims.ts");

const at = useSignIn();

test("the sandbox's people are buttons, and renew themselves while the sandbox answers", async () => {
  const page = await at.context.newPage();
  await page.clock.install();
  let given = 0;
  at.place.people = () => {
    given++;
    return [
      {
        name: "Approver one",
        role: "approver-one",
        token: tokenOf({ oid: "one", name: "Approver one", given }, given * 3600),
      },
    ];
  };
  await at.open({ page, service: { isSandbox: true, oidc: undefined } });
  await button(page, "Approver one").click();
  await page.getByText("You are Approver one.").waitFor();
  assert.equal(given, 2, "one for the buttons, one to sign in");
  assert.equal(await signInButton(page).count(), 0);

  await page.clock.fastForward("01:56:00");
  await page.waitForFunction(() => globalThis.inside.session.expiresAt.getTime() - Date.now() > 3600_000 / 2);
  assert.equal(given, 3);
  assert.equal(await state(page), "signed-in");

  await at.context.route(/people$/, (route) => route.abort());
  await page.clock.fastForward("01:00:00");
  await page.getByRole("status").getByText("Your sign-in expires at").waitFor();
  await page.getByRole("alert").getByText("The sandbox does not answer").waitFor();
  await at.context.unroute(/people$/);
  await button(page, "Stay signed in").click();
  await until(page, "signed-in");
  assert.deepEqual(await events(page), []);
});

test("a pasted token is checked, cleared at once, and may be one that says nothing", async () => {
  const { page } = await at.open();
  const field = page.getByLabel("Bearer token");
  for (const [token, message] of [
    ["Bearer ", "The token is empty"],
    ['{"access_token": "abc"}', "The token is JSON."],
    ["two words", "The token has white space in it."],
    [tokenOf({ oid: "ada" }, -3600), "This token expired at"],
  ]) {
    await paste(page, token);
    await page.getByRole("alert").getByText(message).waitFor();
    assert.equal(await field.inputValue(), "");
    assert.equal(await state(page), "signed-out");
  }
  await paste(page, " Bearer opaque-token_1 \n");
  await page.getByText("Your token does not say who you are.").waitFor();
  await openPerson(page);
  await page.getByText("the token does not say").waitFor();
  await (await call(page)).outcome();
  assert.deepEqual(at.place.tokens, ["opaque-token_1"]);
  assert.ok(!(await remains(page)).includes("opaque-token_1"));
});

test("a token is taken out of what it is copied with", async () => {
  for (const text of ["Bearer opaque-1", '"opaque-1"', "\ufeffbearer  'opaque-1' "]) {
    const { page } = await at.open();
    at.place.tokens.length = 0;
    await paste(page, text);
    await until(page, "signed-in");
    await (await call(page)).outcome();
    assert.deepEqual(at.place.tokens, ["opaque-1"], text);
  }
});

test("claims are read from JWTs only, and whatever else comes is none", () => {
  assert.deepEqual(claimsOf(tokenOf({ oid: "o", sub: "s", name: "Ännë", groups: ["g"], exp: 4102444800 })), {
    objectId: "o",
    name: "Ännë",
    groups: ["g"],
    expiresAt: new Date("2100-01-01T00:00:00Z"),
  });
  assert.deepEqual(claimsOf(tokenOf({ sub: "s", upn: "u", exp: 1e300 })), {
    objectId: "s",
    name: "u",
    groups: undefined,
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
