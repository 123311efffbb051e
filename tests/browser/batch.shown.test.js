// Does a person see all that a decision about many requests is bound to, and nothing unseen go out?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import {
  drawn,
  groupA,
  groupB,
  hindrances,
  idOf,
  imageOf,
  isReady,
  registry,
  row,
  several,
  useBatch,
  waiting,
  wordsOf,
} from "../support/batch-element.js";
import { bound, fullRequest } from "../support/every-field.js";
import { productOf } from "../support/fake-service.js";
import { shownText } from "../support/signing-element.js";

const { openBatch } = useBatch();

/** @param {string} text */
const missingIn = (text) => bound.filter(({ word }) => !text.includes(word)).map(({ name }) => name);

test("what all say stands there once, and what one says otherwise is marked", async () => {
  const { page, complaints } = await openBatch(
    several(10, (n) =>
      n === 7 ? { requester: { name: "Mallory", objectId: "mallory" }, deployTo: "production" } : {},
    ),
  );
  await drawn(page, 10);
  const common = await shownText(page, '[part="common"]');
  assert.match(common, /Release 2\.0/);
  assert.match(common, /registry\.example/);
  assert.doesNotMatch(common, /Mallory|Rita/);
  assert.match(await shownText(page, '[part="usual"]'), /Rita.*9 of 10/s);
  const odd = await shownText(page, `[data-key="${idOf(7)}"]`);
  assert.match(odd, /Mallory/);
  assert.match(odd, /deployTo.*production/s);
  assert.match(odd, /2 differences/);
  assert.doesNotMatch(await shownText(page, `[data-key="${idOf(6)}"]`), /Rita|Release|difference/);
  // Each row names its image to the last character.
  assert.ok((await shownText(page, `[data-key="${idOf(6)}"]`)).includes(imageOf(6).split("@")[1] ?? "?"));
  await checkAccessibility(page, "a batch with a request that differs");
  assert.deepEqual(complaints, []);
});

test("every field that a decision is bound to is shown, or where all fields are", async () => {
  const { page } = await openBatch([fullRequest({ id: idOf(1) }), waiting(2)], {
    products: { p: productOf(registry) },
  });
  await drawn(page, 2);
  await row(page, 1).locator("[data-fields]").click();
  // Not within the JSON of everything, which has all of it anyway.
  assert.deepEqual(missingIn(await shownText(page, `[data-key="${idOf(1)}"] dl`)), []);
});

test("every field that all say alike is shown, too", async () => {
  const { page } = await openBatch([fullRequest({ id: idOf(1) }), fullRequest({ id: idOf(2) })]);
  await drawn(page, 2);
  await page.locator('[part="common"] summary').click();
  // The last of them lies in what is folded, and is drawn when that opens.
  await page
    .locator('[part="common"]', { hasText: bound.find(({ name }) => name === "requesterId")?.word })
    .waitFor();
  assert.deepEqual(missingIn(await shownText(page, '[part="common"]')), []);
});

for (const [what, changes, odd] of /** @type {[string, Record<string, unknown>, RegExp][]} */ ([
  ["a mark of direction", { description: "Release\u202e 2.0" }, /U\+202E/],
  ["a letter that looks like another", { deployTo: "рrod" }, /U\+0440/],
  [
    "a hidden character in a name of a person",
    { requester: { name: "Ri\u200bta", objectId: "rita" } },
    /U\+200B/,
  ],
  ["a hidden character in the name of a field", { "deploy\u2060To": "x" }, /U\+2060/],
])) {
  test(`a row with ${what} has to be opened`, async () => {
    const { page, posts } = await openBatch(several(3, (n) => (n === 2 ? changes : {})));
    await drawn(page, 3);
    await page.locator("#words").fill(await wordsOf(page));
    await page.locator('[data-hindrance="unopened"]').waitFor();
    assert.equal(await isReady(page).count(), 0);
    await page.locator("#words").press("Enter");
    await page.locator('[data-hindrance="unopened"] button').click();
    // The focus is at the button that shows its fields.
    await page.keyboard.press("Enter");
    await isReady(page).waitFor();
    assert.match(await shownText(page, `[data-key="${idOf(2)}"]`), odd);
    await checkAccessibility(page, `a row with ${what}`);
    assert.deepEqual(posts(), []);
  });
}

test("what is shortened has to be opened, in a row and in what all say", async () => {
  const long = `${"all is well. ".repeat(40)}But not this.`;
  const { page } = await openBatch(
    several(3, (n) => ({ note: "x".repeat(3000), ...(n === 2 && { description: long }) })),
  );
  await drawn(page, 3);
  await page.locator("#words").fill(await wordsOf(page));
  await page.locator('[data-hindrance="folded"]').waitFor();
  await page.locator('[data-hindrance="folded"] button').click();
  await page.keyboard.press("Enter");
  assert.deepEqual(await hindrances(page), ["folded"]);
  await page.locator('[data-hindrance="folded"] button').click();
  await page.keyboard.press("Enter");
  await isReady(page).waitFor();
  assert.ok((await shownText(page, ".shell")).includes("But not this."));
});

test("an image that is written otherwise than it is meant is shown as it was sent", async () => {
  const request = waiting(2);
  const text = imageOf(2).replace("registry.example", "REGISTRY.example");
  request.payload.optionalParameters[0].artifactURI = Buffer.from(text).toString("base64");
  const { page } = await openBatch([waiting(1), request, waiting(3)]);
  await drawn(page, 3);
  assert.match(await shownText(page, `[data-key="${idOf(2)}"]`), /REGISTRY\.example/);
});

test("what could not be read is told, and is not among them", async () => {
  const { page } = await openBatch(several(3), {
    on: ({ id }) => (id === idOf(2) ? { status: 500, body: { message: "broken" } } : undefined),
    client: { retry: { attempts: 1 } },
  });
  await drawn(page, 2);
  await page.getByText("One request could not be read.").waitFor();
  assert.match(await wordsOf(page), /^2 /);
  await checkAccessibility(page, "a batch with a request that could not be read");
});

test("two requests for one image are told", async () => {
  const double = {
    ...waiting(2),
    payload: { ...waiting(2).payload, optionalParameters: waiting(1).payload.optionalParameters },
  };
  const { page } = await openBatch([waiting(1), double, waiting(3)]);
  await drawn(page, 3);
  assert.match(await shownText(page, '[part="repeated"]'), /2 of these requests are for the same image/);
});

test("a person whose groups are unknown reads that the service decides", async () => {
  const { page } = await openBatch(
    several(2, (n) => (n === 2 ? { requiredGroups: undefined } : { requiredGroups: [groupB] })),
    {
      properties: { identity: { objectId: "me", name: "Me" } },
    },
  );
  await drawn(page, 2);
  assert.equal(await page.locator("[data-unforeseen]").getAttribute("data-unforeseen"), "2");
});

test("what changed before the person acts is marked once it is read again, and has to be opened again", async () => {
  const { page, held } = await openBatch(
    several(3, (n) => (n === 2 ? { description: "Release\u200b" } : {})),
  );
  await drawn(page, 3);
  const words = await wordsOf(page);
  await row(page, 2).locator("[data-fields]").click();
  await page.locator("#words").fill(words);
  await isReady(page).waitFor();
  held.get(idOf(2)).description = "Rel\u200bease";
  await page.locator("#again").click();
  await page.locator('[part="changed"]').waitFor();
  assert.match(
    await shownText(page, `[data-key="${idOf(2)}"]`),
    /Changed since you last looked: description/,
  );
  assert.notEqual(await wordsOf(page), words);
  assert.equal(await page.locator("#words").inputValue(), "");
  assert.deepEqual(await hindrances(page), ["unopened"]);
});

test("nothing is wider than 320 pixels", async () => {
  const { page } = await openBatch(several(4, (n) => (n === 2 ? { deployTo: "x".repeat(300) } : {})));
  await page.setViewportSize({ width: 320, height: 640 });
  await drawn(page, 4);
  await row(page, 2).locator("[data-fields]").click();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
});

test("a group that has to approve twice stands there twice, and is no group that has to approve once", async () => {
  const twice = [groupA, groupA];
  const rule = (/** @type {string[]} */ requiredGroups) => ({ requiredGroups });
  const { page } = await openBatch(several(3, (n) => rule(n === 2 ? twice : [groupA])));
  await drawn(page, 3);
  const text = await shownText(page, `[part="row"][data-key="${idOf(2)}"]`);
  assert.match(text, /Groups that must approve\s+Release managers/);
  assert.match(text, /1 difference/);
  const { page: all } = await openBatch(several(2, () => rule(twice)));
  await drawn(all, 2);
  assert.equal((await shownText(all, '[part="common"]')).split("Release managers").length, 3);
});

test("what a requester called the payload is never folded away; what the module called it is", async () => {
  for (const [name, isFolded] of /** @type {[string, boolean][]} */ ([
    ["OCI sign request", true],
    ["Skips the tests", false],
    ["OCI sign request ", false],
    ["oci sign request", false],
  ])) {
    const named = several(3).map((request) => ({ ...request, payload: { ...request.payload, name } }));
    const { page } = await openBatch(named);
    await drawn(page, 3);
    const shown = await shownText(page, '[part="common"] dl.grid');
    assert.equal(shown.includes(name), !isFolded, shown);
  }
});

test("that others still have to approve is said only where that is certain", async () => {
  const both = { requiredGroups: [groupA, groupB] };
  const { page } = await openBatch(
    several(4, (n) => {
      if (n === 1) return both;
      if (n === 2) return { ...both, requiredApprovals: "any" };
      if (n === 3) return { ...both, missingGroups: [groupA] };
      return { ...both, approvals: [{ objectId: "ben" }] };
    }),
  );
  await drawn(page, 4);
  assert.equal(await page.locator("[data-waits]").getAttribute("data-waits"), "1");
  assert.equal(await page.locator("[data-now]").getAttribute("data-now"), "2");
  assert.equal(await page.locator("[data-unforeseen]").getAttribute("data-unforeseen"), "1");
  const text = await shownText(page, `[part="row"][data-key="${idOf(2)}"]`);
  assert.match(text, /Groups of which one must approve/);
});
