// Are requests that a person cannot decide about told, and left out by an act of the person only?
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import {
  act,
  drawn,
  ended,
  groupA,
  groupB,
  hindrances,
  idOf,
  me,
  outcomes,
  profile,
  registry,
  row,
  several,
  useBatch,
  waiting,
  wordsOf,
} from "../support/batch-element.js";
import { productOf } from "../support/fake-service.js";
import { shownText } from "../support/signing-element.js";
import { focusOn, told } from "../support/stage.js";

const { openBatch } = useBatch();
const keyOf = () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(publicKey.export({ type: "spki", format: "pem" }));
};
const mine = { requester: { name: "Me", objectId: "me" } };

/** @type {Record<string, { changes: Record<string, unknown>, words: RegExp, products?: Record<string, any>, profile?: any }>} */
const blocks = {
  "not-waiting": { changes: { status: 32 }, words: /already closed/ },
  "own-request": { changes: mine, words: /requested by you/ },
  "already-approved": { changes: { approvals: [{ objectId: "me" }] }, words: /already approved by you/ },
  "not-an-approver": { changes: { requiredGroups: [groupB] }, words: /your groups are not asked/ },
  "group-already-approved": {
    changes: { requiredGroups: [groupA, groupB], approvals: [{ objectId: "other", groups: [groupA] }] },
    words: /your groups have already approved/,
  },
  "no-reference": {
    changes: {
      payload: {
        name: "OCI sign request",
        metadata: [],
        optionalParameters: [{ artifactURI: "not an image" }],
      },
    },
    words: /names no valid image/,
  },
  mismatch: {
    changes: { productId: "q" },
    words: /not in its product's registry/,
    products: { p: productOf(registry), q: productOf("elsewhere.example") },
  },
};

for (const [name, { changes, words, products }] of Object.entries(blocks)) {
  test(`one that cannot be approved has to be left out: ${name}`, async () => {
    const { page, posts } = await openBatch(
      several(3, (n) => (n === 2 ? changes : {})),
      products && { products },
    );
    await drawn(page, 3);
    assert.equal(await row(page, 2).getAttribute("data-block"), name);
    assert.match(await shownText(page, '[part="blocked"]'), words);
    await page.locator("#words").fill(await wordsOf(page));
    assert.deepEqual(await hindrances(page), ["blocked"]);
    await page.locator("#words").press("Enter");
    assert.deepEqual(posts(), []);
    await page.locator("#leave-out").click();
    await page.locator('[part="left-out"]').waitFor();
    await focusOn(page, "left-out-title");
    assert.match(await wordsOf(page), /^2 /);
    assert.equal(await page.locator("#words").inputValue(), "");
    await act(page);
    await ended(page);
    assert.deepEqual(
      posts()
        .map(({ id }) => id)
        .sort(),
      [idOf(1), idOf(3)],
    );
    const [{ receipt }] = await told(page, "ocisign-batch-decided");
    assert.deepEqual(receipt.leftOut, [idOf(2)]);
  });
}

test("a product whose key is not the pinned one: only a rejection is left", async () => {
  const [right, wrong] = [keyOf(), keyOf()];
  const { page, posts } = await openBatch(several(2), {
    client: { profile: { ...profile, keys: { products: { p: wrong } } } },
    products: {
      p: {
        ...productOf(registry),
        productOperations: [{ id: "o", operationType: "SignOCI", token: { publicKey: right } }],
      },
    },
  });
  await drawn(page, 2);
  assert.equal(await row(page, 1).getAttribute("data-block"), "key-mismatch");
  await page.getByText("You cannot approve any of these requests.").waitFor();
  assert.equal(await page.locator("#words").count(), 0);
  await checkAccessibility(page, "a batch that can only be rejected");
  await page.locator("#to-rejection").click();
  await page.locator("#reason").fill("the key is not pinned");
  await act(page);
  await ended(page);
  assert.deepEqual(
    posts().map(({ act }) => act),
    ["reject", "reject"],
  );
});

test("what is left out can come back, and one may be left out that could be approved", async () => {
  const { page, posts } = await openBatch(several(4));
  await drawn(page, 4);
  const all = await wordsOf(page);
  await row(page, 3).locator("[data-leave-out]").click();
  await page.getByRole("heading", { name: "Approve 3 requests" }).waitFor();
  assert.match(await wordsOf(page), /^3 /);
  await checkAccessibility(page, "a batch without one of its requests");
  await page.getByRole("button", { name: "Put back team/app-3" }).click();
  await page.getByRole("heading", { name: "Approve 4 requests" }).waitFor();
  // The hash is over what is shown, and over nothing else.
  assert.equal(await wordsOf(page), all);
  await row(page, 1).locator("[data-leave-out]").click();
  await page.getByRole("heading", { name: "Approve 3 requests" }).waitFor();
  await act(page);
  await ended(page);
  assert.deepEqual(
    posts()
      .map(({ id }) => id)
      .sort(),
    [idOf(2), idOf(3), idOf(4)],
  );
});

test("words for all of them do not decide about a part", async () => {
  const { page, posts } = await openBatch(several(4));
  await drawn(page, 4);
  const all = await wordsOf(page);
  await row(page, 3).locator("[data-leave-out]").click();
  await page.getByRole("heading", { name: "Approve 3 requests" }).waitFor();
  await page.locator("#words").fill(all);
  await page.locator("#words").press("Enter");
  await focusOn(page, "words");
  assert.deepEqual(posts(), []);
});

test("what this person approved before is told on the way back", async () => {
  const { page } = await openBatch(several(5, (n) => (n <= 3 ? { approvals: [{ objectId: "me" }] } : {})));
  await drawn(page, 5);
  assert.match(
    await shownText(page, '[part="blocked"]'),
    /cannot approve 3 of these 5 requests.*3: already approved by you/s,
  );
});

test("for a rejection other requests are in the way than for an approval", async () => {
  const identity = { ...me, groups: [groupA] };
  const { page } = await openBatch([waiting(1), waiting(2, mine), waiting(3, { requiredGroups: [groupB] })], {
    properties: { identity },
  });
  await drawn(page, 3);
  assert.equal(await page.locator("[data-blocked]").getAttribute("data-blocked"), "2");
  await page.locator("#to-rejection").click();
  await page.locator('[data-blocked="1"]').waitFor();
  assert.equal(await row(page, 3).getAttribute("data-block"), "not-an-approver");
  await page.locator("#back").click();
  await page.locator('[data-blocked="2"]').waitFor();
  assert.deepEqual(Object.values(await outcomes(page)), ["", "", ""]);
});
