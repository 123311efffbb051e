// <ocisign-signing>: what is left when another person comes, and what may a portal say of people?
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupA, groupB } from "../support/sandbox.js";
import { comment, isReady, known, profile, tail, useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();

test("another request, another person, and a move in the page", async () => {
  const { page, state, posts } = await openFake();
  await page.locator("#tail").fill(tail);
  await comment(page, "mine");
  await page.evaluate(() => {
    const element = globalThis.element;
    const aside = document.createElement("aside");
    document.querySelector("main")?.append(aside);
    aside.append(element);
  });
  await page.locator('[part="live"][data-watching="live"]').waitFor();
  assert.equal(await page.locator("#comment").inputValue(), "mine");
  await isReady(page).waitFor();
  await page.evaluate(() => {
    globalThis.element.identity = { objectId: "other", name: "Other", groups: [] };
  });
  await page.waitForFunction(() => globalThis.element.shadowRoot.querySelector("#to-comment"));
  await comment(page, "the other's");
  state.signing = { ...state.signing, id: "second", name: "Second" };
  await page.evaluate(() => {
    globalThis.element.signingId = "second";
  });
  await page.getByRole("heading", { name: "Second" }).waitFor();
  await page.locator("#to-comment").click();
  assert.equal(await page.locator("#comment").inputValue(), "");
  assert.equal(await page.locator("#tail").inputValue(), "");
  assert.deepEqual(posts(), []);
});

test("somebody of whom nothing is known finds nothing of the one before", async () => {
  const { page, service } = await openFake();
  await page.locator("#tail").fill(tail);
  await comment(page, "mine");
  await isReady(page).waitFor();
  // A token ended: whoever comes back is the same, and so is what was typed.
  await page.evaluate(() => {
    globalThis.element.identity = undefined;
  });
  await page.getByText("The service will decide").or(page.locator("#comment")).first().waitFor();
  assert.equal(await page.locator("#comment").inputValue(), "mine");
  await page.evaluate(
    ([baseUrl, profile]) => {
      const client = new globalThis.ocisign.SigningClient({ baseUrl, token: "opaque", profile });
      Object.assign(globalThis.element, { client, identity: undefined });
    },
    [service.url, profile],
  );
  await page.waitForFunction(() => globalThis.element.shadowRoot.querySelector("#to-comment"));
  assert.equal(await page.locator("#tail").inputValue(), "");
});

test("a portal may say anything of a person and of groups", async () => {
  const { page, complaints } = await openFake({ requiredGroups: [groupA, groupB] });
  for (const [identity, groupNames] of [
    [
      { objectId: 7, name: {}, groups: [1, null, {}] },
      { [groupA]: 7, [groupB]: null },
    ],
    [{ groups: [groupA, 1] }, { [groupA]: { a: 1 }, [groupB]: ["b"] }],
    [7, 7],
  ]) {
    await page.evaluate((given) => Object.assign(globalThis.element, given), { identity, groupNames });
    await page.evaluate(() => globalThis.element.updateComplete);
    await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  }
  assert.deepEqual(known(complaints), []);
});
