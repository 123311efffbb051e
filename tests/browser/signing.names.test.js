// <ocisign-signing>: are groups and people called by their names, with the ids that the service decides by?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { groupA, groupB } from "../support/sandbox.js";
import { known, profile, shownText, useSigning } from "../support/signing-element.js";

const { openFake } = useSigning();

const ann = "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922";
const ben = "3c58e1f4-7d29-4a63-b1f0-82c4d6e7b933";
const other = "0a1b2c3d-0000-4000-8000-000000000001";

const changes = {
  requester: ann,
  requiredGroups: [groupA, groupB, other],
  missingGroups: [groupB, other],
  approvals: [{ objectId: ben, groups: [groupA], at: "2026-01-01T00:00:00Z" }],
  history: [{ status: 2, at: "2026-01-01T00:00:00Z", by: { objectId: ben } }],
};
const names = {
  groups: { [groupA]: "Release managers", [groupB]: "Profile's own" },
  people: { [ann.toUpperCase()]: "Ann", [ben]: "Ben" },
};

test("the name, and the id behind it; the page's own names precede the profile's", async () => {
  const { page, complaints } = await openFake(changes, {
    client: { profile: { ...profile, names } },
    properties: {
      groupNames: { [groupB.toUpperCase()]: "Security" },
      identity: { objectId: "me", groups: [other] },
    },
  });
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  const approvals = await shownText(page, '[part="approvals"]');
  for (const word of ["Security", "Release managers", "Ben", other])
    assert.ok(approvals.includes(word), `${word}: ${approvals}`);
  for (const word of ["Profile's own", groupA, groupB, ben]) assert.ok(!approvals.includes(word), word);
  assert.match(await shownText(page, '[part="origin"] dl'), /Ann/);
  const ids = await shownText(page, '[part="ids"]');
  for (const [name, id] of [
    ["Security", groupB],
    ["Release managers", groupA],
    ["Ann", ann],
    ["Ben", ben],
  ])
    assert.match(ids, new RegExp(`${name}\\s*${id}`));
  assert.match(await shownText(page, '[part="timeline"]'), /Ben/);
  await page.getByText("Then Security").waitFor();
  await checkAccessibility(page, "groups and people by name");
  assert.deepEqual(known(complaints), []);
});

test("a name from a profile is foreign text, and never stands in the id's place", async () => {
  const hostile = `Security\u202E <img src=x onerror="document.documentElement.dataset.ran=1">`;
  const { page, complaints } = await openFake(changes, {
    client: {
      profile: { ...profile, names: { groups: { [groupB]: hostile }, people: { [ann]: "A\u0430nn" } } },
    },
    properties: { identity: { objectId: "me", groups: [other] } },
  });
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  const approvals = await shownText(page, '[part="approvals"]');
  assert.ok(approvals.includes("U+202E") && approvals.includes(groupB), approvals);
  assert.match(await shownText(page, '[part="decision"]'), /U\+202E/);
  const origin = await shownText(page, '[part="origin"] dl');
  assert.ok(origin.includes("U+0430") && origin.includes(ann), origin);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.ran), undefined);
  assert.deepEqual(known(complaints), []);
});

test("a requester who is an object id alone is shown as that, and is known again", async () => {
  for (const requester of [ann, ann.toUpperCase(), { objectId: ann }]) {
    const { page } = await openFake(
      { ...changes, requester },
      {
        properties: { identity: { objectId: ann, name: "Ann", groups: [groupB] } },
      },
    );
    await page.getByText("You cannot approve this: you requested it yourself.").waitFor();
    assert.match((await shownText(page, '[part="origin"] dl')).toLowerCase(), new RegExp(ann));
  }
});

test("who takes the name of somebody whom the page knows by another id is told apart", async () => {
  const id = "9f8e7d6c-0000-4000-8000-000000000009";
  /** @type {[what: string, requester: object, given: object, isApart: boolean][]} */
  const cases = [
    ["the page's name", { name: "Ann", objectId: id }, { peopleNames: { [ann]: "Ann" } }, true],
    ["in another spelling", { name: "ANN ", objectId: id }, { peopleNames: { [ann]: "Ann" } }, true],
    ["the profile's name", { name: "Ben", objectId: id }, {}, true],
    [
      "their own name",
      { name: "Ann", objectId: ann.toUpperCase() },
      { peopleNames: { [ann]: "Ann" } },
      false,
    ],
    [
      "a name that the page has replaced",
      { name: "Ben", objectId: id },
      { peopleNames: { [ben]: "Benno" } },
      false,
    ],
    ["nobody's name", { name: "Cid", objectId: id }, { peopleNames: { [ann]: "Ann" } }, false],
    [
      "an id that is no UUID, in another case",
      { name: "Eve", objectId: "qYz7Fd" },
      { peopleNames: { qYz7Fd: "Eve" } },
      false,
    ],
  ];
  for (const [what, requester, properties, isApart] of cases) {
    const { page } = await openFake(
      { ...changes, requester },
      {
        client: { profile: { ...profile, names: { people: { [ben]: "Ben" } } } },
        properties: { identity: { objectId: "me", groups: [groupA] }, ...properties },
      },
    );
    await page.getByRole("heading", { name: "What will be signed" }).waitFor();
    const origin = await shownText(page, '[part="origin"] dl');
    const { objectId } = /** @type {{ objectId: string }} */ (requester);
    assert.equal(origin.includes(objectId), isApart, `${what}: ${origin}`);
  }
});

test("of two groups of one name, the id of the one that has to approve stands beside it", async () => {
  const { page } = await openFake(
    { requiredGroups: [groupA], missingGroups: [groupA] },
    { properties: { groupNames: { [groupA]: "Security", [other]: "security", [groupB]: "Others" } } },
  );
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  assert.match(await shownText(page, '[part="approvals"]'), new RegExp(`Security\\s+${groupA}`));
});
