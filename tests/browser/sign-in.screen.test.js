// What does a sign-in show?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { openPerson } from "../support/person.js";
import { askedAgain, button, paste, tokenOf, useSignIn } from "../support/sign-in-page.js";

const at = useSignIn();

test("what hides in a name is written out", async () => {
  const { page, said } = await at.open();
  await paste(page, tokenOf({ oid: "x", name: "<img src=x>\u202ennA\u200b", groups: ["a\u2066b"] }, 3600));
  await page.getByText("You are <img src=x>⟦U+202E⟧nnA⟦U+200B⟧.").waitFor();
  await openPerson(page);
  await page.getByText("a⟦U+2066⟧b").waitFor();
  await openPerson(page);
  await button(page, "Sign out").click();
  await paste(
    page,
    tokenOf({ oid: "x", groups: Array.from({ length: 200 }, (_, at) => `group ${at}`) }, 3600),
  );
  await openPerson(page);
  await page.getByText("200 groups").click();
  await page.getByText("group 199").waitFor();
  assert.deepEqual(said, []);
});

test("axe finds nothing in any state, in light and in dark", async () => {
  at.place.people = () => [{ name: "Requester", role: "requester" }];
  const page = await at.context.newPage();
  await page.clock.install();
  await at.open({ page, service: { isSandbox: true } });
  await button(page, "Requester").waitFor();
  await checkAccessibility(page, "signed out");
  await paste(page, "two words");
  await page.getByRole("alert").waitFor();
  await checkAccessibility(page, "with a problem");
  await paste(page, tokenOf({ oid: "ada", name: "Ada", groups: ["g"] }, 3600));
  await page.getByText("You are Ada.").waitFor();
  await checkAccessibility(page, "signed in");
  await openPerson(page);
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
