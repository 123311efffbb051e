// <ocisign-signing>: does a person see each value that their decision is bound to, where another one could stand for it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { known, shownText, useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();
const drawn = (/** @type {import("playwright-core").Page} */ page) =>
  page.getByRole("heading", { name: "What will be signed" }).waitFor();

test("a text in the place of a time is shown, whatever a browser makes of it", async () => {
  for (const text of ["Release 1", "approved by Ann 5", "1", "2026-02-31T00:00:00Z", "11/12/2026"]) {
    const { page } = await openFake({
      createdAt: text,
      updatedAt: text,
      approvals: [{ name: "Ben", at: text }],
    });
    await drawn(page);
    const origin = await shownText(page, '[part="origin"]');
    assert.equal(origin.split(text).length - 1, 2, origin);
    assert.ok((await shownText(page, '[part="approvals"]')).includes(text), text);
  }
  const { page } = await openFake({ createdAt: "2026-02-28T10:00:00+02:00" });
  await drawn(page);
  assert.doesNotMatch(await shownText(page, '[part="origin"]'), /2026-02-28/);
});

test("ids that are no UUIDs belong to two people where only their case differs", async () => {
  const [one, two] = ["qYz7Fd", "qyz7fd"];
  const { page } = await openFake({
    requester: { name: "Ann", objectId: one },
    approvals: [{ name: "Ann", objectId: two }],
  });
  await drawn(page);
  assert.match(await shownText(page, '[part="origin"] dl'), new RegExp(`Ann\\s+${one}`));
  assert.match(await shownText(page, '[part="approvals"]'), new RegExp(`Ann\\s+${two}`));
});
