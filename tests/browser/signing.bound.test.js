// <ocisign-signing>: does a person see each value that their decision is bound to, where another one could stand for it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { signingOf } from "../support/fake-service.js";
import { groupA, groupB } from "../support/sandbox.js";
import { elsewhere, known, lookNow, shownText, useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();
const other = "0a1b2c3d-0000-4000-8000-000000000001";
const drawn = (/** @type {import("playwright-core").Page} */ page) =>
  page.getByRole("heading", { name: "What will be signed" }).waitFor();

test("groups that are missing do not stand for a rule that names others, or one of them twice", async () => {
  for (const [required, missing, isTold] of /** @type {[string[], string[], boolean][]} */ ([
    [[groupA, groupB], [groupB, groupA.toUpperCase()], true],
    [[groupA, groupB], [groupA, other], false],
    [[groupA, groupA, groupB], [groupA, groupB, groupB], false],
    [[groupA, groupB], [groupA], false],
  ])) {
    const { page, complaints } = await openFake({ requiredGroups: required, missingGroups: missing });
    await drawn(page);
    const approvals = await shownText(page, '[part="approvals"]');
    assert.equal(
      approvals.includes("Groups that must approve"),
      !isTold,
      `${required} ${missing}: ${approvals}`,
    );
    for (const group of required) assert.ok(approvals.toLowerCase().includes(group), group);
    assert.deepEqual(known(complaints), []);
  }
});

test("of a rule of hundreds of groups, those that are not drawn one by one have to be unfolded", async () => {
  const groups = Array.from(
    { length: 300 },
    (_, at) => `${other.slice(0, -4)}${String(at).padStart(4, "0")}`,
  );
  groups[0] = groupA;
  const { page } = await openFake({ requiredGroups: groups, missingGroups: groups });
  await drawn(page);
  await page.locator('[data-hindrance="folded"]').waitFor();
  await page.locator('[part="approvals"] ocisign-text[folded] button').click();
  assert.ok((await shownText(page, '[part="approvals"]')).includes(String(groups.at(-1))));
});

test("a text in the place of a time is shown, whatever a browser makes of it", async () => {
  // Of a time without a zone, each approver would read another moment.
  const zoneless = ["2026-02-28T10:00:00", "2026-02-28 10:00", "2026-02-28"];
  for (const text of [
    "Release 1",
    "approved by Ann 5",
    "1",
    "2026-02-31T00:00:00Z",
    "11/12/2026",
    ...zoneless,
  ]) {
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

test("a value of another kind does not pass for the text that looks like it", async () => {
  const { payload } = signingOf(elsewhere);
  /** Each pair is told alike by its values alone. @type {[path: string, value: unknown, text: string, put: (value: unknown) => object][]} */
  const places = [
    ["name", 7, "7", (name) => ({ name })],
    ["description", true, "true", (description) => ({ description })],
    ["payload.name", { a: 1 }, '{"a":1}', (name) => ({ payload: { ...payload, name } })],
    [
      "payload.metadata[0].value",
      1,
      "1",
      (value) => ({ payload: { ...payload, metadata: [{ name: "build", value }] } }),
    ],
    [
      "payload.metadata[0].name",
      [1],
      "[1]",
      (name) => ({ payload: { ...payload, metadata: [{ name, value: "x" }] } }),
    ],
    ["requester", 5, "5", (requester) => ({ requester })],
    ["createdAt", 1, "1", (createdAt) => ({ createdAt })],
    ["requiredGroups[0]", 3, "3", (group) => ({ requiredGroups: [group], missingGroups: [] })],
    ["ticket", 1, "1", (ticket) => ({ ticket })],
    ["ticket", false, "false", (ticket) => ({ ticket })],
    ["ticket", '"1"', '"\\"1\\""', (ticket) => ({ ticket })],
  ];
  for (const [path, value, text, put] of places) {
    /** @type {string[]} */
    const seen = [];
    for (const one of [value, text]) {
      const { page, complaints } = await openFake(put(one));
      await drawn(page);
      seen.push(`${await shownText(page, '[part="origin"]')}${await shownText(page, '[part="approvals"]')}`);
      assert.deepEqual(known(complaints), []);
    }
    const [ofValue = "", ofText = ""] = seen.map((shown) => shown.replace(/\s+/g, " "));
    assert.notEqual(ofValue, ofText, path);
    assert.ok(ofValue.includes(path), `${path}: ${ofValue}`);
  }
});

test("a change from a text to what looks like it is seen as one", async () => {
  const { page, state } = await openFake({ ticket: "1" });
  await drawn(page);
  state.signing = { ...state.signing, ticket: 1 };
  await lookNow(page);
  await page.locator('[part="changed"]').waitFor();
  assert.match(await shownText(page, '[part="changed"]'), /ticket[\s\S]*"1"[\s\S]*[^"]1[^"]/);
});

test("what a requester calls a version stands without its title only where it can be taken for nothing else", async () => {
  const { payload } = signingOf(elsewhere);
  for (const [value, isOne] of /** @type {[string, boolean][]} */ ([
    ["1.2", true],
    ["v2.0.0-rc.1+build~5", true],
    ["2026-11-30", true],
    ["✓ approved by Security · signed (16)", false],
    ["approved", false],
    ["verified 2", false],
    ["1.2\n✓ the product's registry", false],
    ["9".repeat(61), false],
  ])) {
    const { page } = await openFake({ payload: { ...payload, metadata: [{ name: "Version", value }] } });
    await drawn(page);
    assert.equal(await page.locator('[part="head"] .version').count(), isOne ? 1 : 0, value);
    const [first = ""] = value.split("\n");
    assert.ok((await shownText(page, ".metadata")).includes(first), value);
  }
});
