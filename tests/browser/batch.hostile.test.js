// Many requests of a service that deceives: nothing runs, nothing throws, and what is invisible is made visible.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  drawn,
  groupA,
  hindrances,
  idOf,
  registry,
  useBatch,
  waiting,
  wordsOf,
} from "../support/batch-element.js";
import { productOf } from "../support/fake-service.js";
import { hiddenMegabyte, hostileTexts, hostileValues, megabyte } from "../support/hostile.js";
import { assertHarmless, shownText } from "../support/signing-element.js";
import { invisible, whatIsThere } from "../support/what-is-there.js";

const { openBatch } = useBatch();

/** One with this value wherever a service may put one. @param {number} n @param {unknown} value */
function hostile(n, value) {
  const request = waiting(n);
  return {
    ...request,
    name: value,
    description: value,
    payload: {
      ...request.payload,
      name: value,
      metadata: [{ name: value, value }, value],
      more: value,
    },
    requester: { objectId: value, name: value },
    createdAt: value,
    updatedAt: value,
    requiredGroups: [groupA, value],
    missingGroups: [value],
    approvals: [{ objectId: value, name: value, groups: [value], at: value, comment: value }, value],
    history: [{ status: 2, at: value, by: { objectId: value, name: value }, comment: value }],
    reason: value,
    extra: value,
    "<img src=x onerror=globalThis.ran=true>\u202e": value,
  };
}

/** @param {unknown} value */
const product = (value) => ({
  ...productOf(registry),
  name: value,
  state: value,
  description: value,
  productOperations: [{ id: "o", name: value, operationType: "SignOCI", token: { publicKey: value } }],
});

const values = [
  ...hostileTexts.map(({ name, text, seen }) => ({ name, value: text, seen })),
  ...hostileValues.map((value) => ({ name: JSON.stringify(value), value, seen: [] })),
];

for (const { name, value, seen } of values) {
  test(`in every place: ${name}`, async () => {
    const requests = [waiting(1), hostile(2, value), hostile(3, value)];
    const { page, complaints } = await openBatch(requests, { products: { p: product(value) } });
    // What cannot be read at all is told in place of a row.
    await page.locator('[part="row"], [part="error"], [part="unread"]').first().waitFor();
    const rows = page.locator("[data-fields]");
    for (let at = 0; at < (await rows.count()); at += 1) await rows.nth(at).click();
    await page.evaluate(() => globalThis.element.updateComplete);
    await assertHarmless(page, complaints, name);
    const { text } = await whatIsThere(page);
    assert.doesNotMatch(text, invisible, "nothing is invisible");
    for (const part of seen) assert.ok(text.includes(part), `${part} can be seen`);
  });
}

test("a megabyte is folded, and has to be opened", async () => {
  for (const text of [megabyte, hiddenMegabyte]) {
    const { page } = await openBatch([waiting(1), waiting(2, { description: text }), waiting(3)]);
    await drawn(page, 3);
    await page.locator("#words").fill(await wordsOf(page));
    await page.locator('[data-hindrance="folded"]').waitFor();
    assert.ok((await shownText(page, ".shell")).length < 20_000);
    assert.ok((await hindrances(page)).includes("folded"));
  }
});

test("a batch id and ids of any kind lead to an error or a batch, and to nothing else", async () => {
  for (const properties of [
    { ids: undefined, batch: "<img src=x onerror=globalThis.ran=true>" },
    { ids: ["../../products/p", "?a=b", "<b>"], batch: undefined },
    { ids: [7, null], batch: undefined },
    { ids: "abc", batch: undefined },
    { ids: [], batch: "" },
  ]) {
    const { page, complaints } = await openBatch([waiting(1)], { properties });
    await page.locator('[part="error"], .muted').first().waitFor();
    await assertHarmless(
      page,
      complaints.filter((text) => !/404|400/.test(text)),
      JSON.stringify(properties),
    );
  }
});

test("a registry that imitates another is pointed out", async () => {
  const odd = (/** @type {number} */ n) => {
    const request = waiting(n, { productId: "q" });
    const text = `xn--rgistry-c1a.example/team/app@sha256:${"ab".repeat(32)}`;
    request.payload.optionalParameters[0].artifactURI = Buffer.from(text).toString("base64");
    return request;
  };
  const { page } = await openBatch([odd(1), odd(2)], {
    products: { q: productOf("xn--rgistry-c1a.example") },
    properties: { ids: [1, 2].map(idOf) },
  });
  await drawn(page, 2);
  assert.match(await shownText(page, '[part="common"]'), /xn-- stand for letters outside ASCII/);
});

test("what a requester calls a field does not pass for what the page calls one", async () => {
  const names = ["Requester", "Product", "Key fingerprint", "Registry"];
  const metadata = names.map((name) => ({ name, value: `claimed ${name}` }));
  const claiming = (/** @type {number} */ n, more = metadata) => {
    const request = waiting(n);
    return { ...request, payload: { ...request.payload, metadata: more } };
  };
  const { page } = await openBatch([claiming(1), claiming(2)], { properties: { ids: [1, 2].map(idOf) } });
  await drawn(page, 2);
  const same = await shownText(page, '[part="common"]');
  assert.match(same, /(?<!“)Requester(?!”)/, "what the service says stands without them");
  const { page: mixed } = await openBatch([claiming(3), claiming(4, [])], {
    properties: { ids: [3, 4].map(idOf) },
  });
  await drawn(mixed, 2);
  for (const text of [same, await shownText(mixed, '[part="list"]')]) {
    for (const name of names) assert.match(text, new RegExp(`“${name}”.*\\s*claimed ${name}`), text);
  }
});

test("a value of another kind among texts that look like it is no same value", async () => {
  for (const [text, value] of /** @type {[string, unknown][]} */ ([
    ["1", 1],
    ["true", true],
    ['{"a":1}', { a: 1 }],
  ])) {
    const one = (/** @type {number} */ n, /** @type {unknown} */ of) => {
      const request = waiting(n, { ticket: of });
      return { ...request, payload: { ...request.payload, metadata: [{ name: "build", value: of }] } };
    };
    const { page } = await openBatch([one(1, text), one(2, value), one(3, text)]);
    await drawn(page, 3);
    const rows = await shownText(page, '[part="list"]');
    for (const path of ["payload.metadata[0].value", "ticket"]) assert.ok(rows.includes(path), rows);
  }
});

test("what is called a version, and is none, stands beside its title, and is marked where it differs", async () => {
  for (const value of ["✓ approved by Security · signed (16)", "approved", "not verified 2"]) {
    const one = (/** @type {number} */ n) => {
      const request = waiting(n);
      const metadata = [{ name: "version", value: n === 2 ? value : "1.2" }];
      return { ...request, payload: { ...request.payload, metadata } };
    };
    const { page } = await openBatch([1, 2, 3].map(one));
    await drawn(page, 3);
    const text = (await shownText(page, `[part="row"][data-key="${idOf(2)}"]`)).replace(/\s+/g, " ");
    assert.ok(text.includes(`“version” as the request calls it ${value}`), text);
    assert.match(text, /≠ 1 difference/);
  }
});
