// What if another person signs in, or nobody knows who it is?
import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts } from "../support/issuer.js";
import { openPerson } from "../support/person.js";
import {
  askedAgain,
  button,
  call,
  events,
  paste,
  popupOf,
  signIn,
  tokenOf,
  useSignIn,
} from "../support/sign-in-page.js";
import { importSource } from "../support/source.js";

const { claimsOf } = await importSource("www/src/session/claims.ts");

const at = useSignIn();

/** A promise and what fulfils it. @returns {{ promise: Promise<any>, resolve: (value?: unknown) => void }} */
function deferred() {
  let resolve = (/** @type {unknown} */ _value) => {};
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test("a waiting call of one person is refused when another signs in", async () => {
  const { page } = await at.open();
  await paste(page, tokenOf({ oid: accounts.ada.oid, name: "Ada" }, 3600));
  at.place.answer = () => 401;
  const { outcome } = await call(page);
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
  await signIn(page, "ben");
  assert.equal(await outcome(), "unauthorized");
  await page.getByRole("status").getByText("Another person signed in.").waitFor();
  assert.deepEqual(await events(page), ["needed", "changed-person"]);
  assert.equal(at.place.tokens.length, 1);
});

test("a call that is on its way when another signs in is not sent again as theirs", async () => {
  const { page } = await at.open();
  await paste(page, tokenOf({ oid: "ada", name: "Ada" }, 3600));
  const arrival = deferred();
  const answer = deferred();
  at.place.answer = () => {
    arrival.resolve();
    return answer.promise;
  };
  const { outcome } = await call(page);
  await arrival.promise;
  await openPerson(page);
  await button(page, "Change person").click();
  await paste(page, tokenOf({ oid: "ben", name: "Ben" }, 3600));
  await page.getByText("You are Ben.").waitFor();
  answer.resolve(401);
  assert.equal(await outcome(), "unauthorized");
  assert.equal(at.place.tokens.length, 1);
  at.place.answer = () => 200;
  assert.equal(await (await call(page, "second")).outcome(), "done");
});

test("whoever wants to be somebody else is asked who, though the provider still knows them", async () => {
  const { page } = await at.open();
  await signIn(page, "ada");
  await openPerson(page);
  await button(page, "Change person").click();
  await signIn(page, "ben");
  assert.deepEqual(await events(page), ["changed-person"]);
  await (await call(page)).outcome();
  assert.equal(claimsOf(at.place.tokens[0])?.objectId, accounts.ben.oid);
});

test("of two choices the later one counts, whichever is answered first", async () => {
  const everyone = ["One", "Two"].map((name) => ({
    name,
    role: name,
    token: tokenOf({ oid: name, name }, 3600),
  }));
  at.place.people = () => everyone;
  const { page } = await at.open({ service: { isSandbox: true } });
  await button(page, "One").waitFor();
  const held = deferred();
  at.place.people = () => held.promise;
  await button(page, "One").click();
  at.place.people = () => everyone;
  await button(page, "Two").click();
  await page.getByText("You are Two.").waitFor();
  held.resolve(everyone);
  assert.equal(await (await call(page)).outcome(), "done");
  assert.equal(claimsOf(at.place.tokens[0])?.objectId, "Two");
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.deepEqual(await events(page), []);
});

test("who cannot be told from one another is taken for another person", async () => {
  const { page } = await at.open();
  await paste(page, "opaque-1");
  at.place.answer = () => 401;
  const { outcome } = await call(page);
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
  await paste(page, "opaque-2");
  assert.equal(await outcome(), "unauthorized");
  assert.deepEqual(await events(page), ["needed", "changed-person"]);
});

test("a sign-out forgets: calls are refused, and the provider asks who it is", async () => {
  const { page } = await at.open();
  await signIn(page, "ada");
  at.place.answer = () => 401;
  const { outcome } = await call(page);
  await page.getByRole("dialog", { name: askedAgain }).waitFor();
  await page.keyboard.press("Escape");
  await openPerson(page);
  await button(page, "Sign out").click();
  assert.equal(await outcome(), "unauthorized");
  assert.deepEqual(
    await page.evaluate(() => {
      const { state, identity, expiresAt } = globalThis.inside.session;
      return [state, identity, expiresAt];
    }),
    ["signed-out", undefined, undefined],
  );
  at.place.tokens = [];
  assert.equal(await (await call(page)).outcome(), "unauthorized");

  // The provider still knows Ada, but is told to ask.
  const popup = await popupOf(page);
  await popup.getByRole("link", { name: accounts.ben.name }).waitFor();
});
