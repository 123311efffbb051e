// <ocisign-approvals>: what if a service deceives, or sends anything at all?
import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, phone, useApprovals } from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { signingOf } from "../support/fake-service.js";
import { hostileTexts, megabyte } from "../support/hostile.js";
import { invisible, whatIsThere } from "../support/what-is-there.js";

const { serviceOf, openQueue } = useApprovals();

test("the page survives whatever a service sends", async () => {
  const hostile = [
    "<img src=x onerror=globalThis.ran=true><script>globalThis.ran=true</script>",
    "evil\u202egnp.exe\u2066\u200b\u00ad",
    "\u0441\u0440\u0430\u0441\u0435",
    megabyte,
    "\u0301".repeat(500),
    "\ud800",
    { a: [1, { toString: "x", __proto__: null }] },
    ["x"],
    42,
    true,
    null,
    "",
  ];
  const fields = ["name", "description", "productId", "idProductOperation", "createdAt", "updatedAt"];
  fields.push("requester", "requiredGroups", "missingGroups", "approvals", "history", "reason", "payload");
  const all = hostile.flatMap((value, number) => [
    signingOf("x", { ...Object.fromEntries(fields.map((field) => [field, value])), id: `all-${number}` }),
    signingOf(typeof value === "string" ? value : "x", {
      ...{ id: `texts-${number}`, description: value, productId: value },
      ...{ requester: { objectId: value, name: value }, requiredGroups: [value], missingGroups: [value] },
      ...{ approvals: [{ objectId: value, name: value, groups: [value], at: value }] },
      payload: {
        optionalParameters: [{ artifactURI: Buffer.from(String(value)).toString("base64") }],
      },
    }),
  ]);
  all.push(signingOf("x", { id: `<b>${"i".repeat(megabyte.length)}` }), { id: "bare", status: 2 });
  all.push(signingOf("x", { id: "two", payload: { optionalParameters: [{}, {}] } }));
  const products = hostile.map((name, number) => ({ id: `p-${number}`, name }));
  const queue = await openQueue(await serviceOf(all, { products }), { filter: "all", current: "bare" });
  const { page, rows, complaints } = queue;
  await page.getByText(`1–${all.length} of ${all.length}`, { exact: true }).first().waitFor();
  assert.equal(await rows.count(), all.length);
  await page.getByText("U+202E").first().waitFor();
  await page.getByText("names several images").first().waitFor();
  await page.getByText("no valid image").first().waitFor();
  const { ran, images, width } = await page.evaluate(() => ({
    ran: globalThis.ran,
    images: globalThis.element.shadowRoot.querySelectorAll("img, script, b").length,
    width: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  assert.deepEqual({ ran, images, width }, { ran: undefined, images: 0, width: 0 });
  await checkAccessibility(page, "hostile");
  for (const order of ["Image, A to Z", "Product, A to Z", "Requester, A to Z", "State, waiting first"]) {
    await page.getByLabel("Sort by").selectOption(order);
  }
  for (const group of ["By repository", "By product", "By requester", "By batch", "No groups"]) {
    await page.getByLabel("Group by").selectOption(group);
  }
  await page.getByLabel("Search").fill("onerror");
  await page.getByText("1–2 of 2", { exact: true }).first().waitFor();
  await page.getByLabel("Search").fill("");
  await page.setViewportSize(phone);
  const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  assert.equal(await page.evaluate(over), 0, "nothing reaches beyond a phone");
  await checkAccessibility(page, "hostile, on a phone");
  assert.deepEqual(complaints, []);
});

for (const { name, text } of hostileTexts) {
  test(`nothing hides in rows, groups, what all have in common, or what a search says: ${name}`, async () => {
    const hostile = (number, more = {}) =>
      signingOf(`registry.example/team/app-${number}@${digestOf(number)}`, {
        ...{ id: `h/${number}?x#y`, name: text, description: text, productId: text },
        ...{
          requester: { objectId: text, name: text },
          requiredGroups: ["g-1", "g-2"],
          missingGroups: ["g-1", "g-2"],
        },
        payload: {
          metadata: [
            { name: "Version", value: text },
            { name: "ocisign-batch", value: text },
          ],
          optionalParameters: [
            { artifactURI: btoa(`registry.example/team/app-${number}@${digestOf(number)}`) },
          ],
        },
        ...more,
      });
    // The second time one row differs, so that the rows say themselves what all said before.
    for (const last of [
      {},
      { name: "other", description: "other", productId: "p-1", requester: { objectId: "o" } },
    ]) {
      const all = [hostile(1), hostile(2), hostile(3, last)];
      const products = [{ id: text, name: text }];
      const { page, rows, complaints } = await openQueue(await serviceOf(all, { products }), {
        ...{ filter: "all", groupNames: { "g-1": text, "g-2": text }, search: "" },
      });
      await page.getByText("1–3 of 3", { exact: true }).first().waitFor();
      for (const group of ["By product", "By requester", "By batch", "No groups"]) {
        await page.getByLabel("Group by").selectOption(group);
        await page.evaluate(() => globalThis.element.updateComplete);
        const { text: seen, intruders, ran } = await whatIsThere(page);
        assert.deepEqual({ intruders, ran }, { intruders: [], ran: false }, group);
        assert.doesNotMatch(seen, invisible, group);
      }
      await page.getByLabel("Search").fill(`after:${text.replace(/\s/g, "")} nothing:x`);
      await page.getByText("It counts for nothing yet.").waitFor();
      const { text: seen, ran } = await whatIsThere(page);
      assert.equal(ran, false);
      // What a person typed stands in the field as typed.
      assert.doesNotMatch(seen, invisible, "what the search says");
      assert.ok((await rows.count()) <= 3);
      assert.deepEqual(complaints, []);
    }
  });
}

test("two people or products of one name are not said to be the same in all", async () => {
  const product = { productId: "p-1" };
  for (const [name, changes, products] of /** @type {[string, object[], object[]][]} */ ([
    [
      "people",
      [
        { ...product, requester: { name: "Ann", objectId: "ann" } },
        { ...product, requester: { name: "Ann", objectId: "mallory" } },
      ],
      [{ id: "p-1", name: "Releases" }],
    ],
    [
      "products",
      [{ productId: "p-1" }, { productId: "p-2" }],
      [
        { id: "p-1", name: "Ann" },
        { id: "p-2", name: "Ann" },
      ],
    ],
  ])) {
    const list = changes.map((change, at) => signingOf("x", { id: `${at}`, ...change }));
    const { page, rows } = await openQueue(await serviceOf(list, { products }), { filter: "all" });
    await rows.nth(1).waitFor();
    await page.locator(".fact", { hasText: "Ann" }).nth(1).waitFor();
    assert.equal(await page.locator('[part="common"]', { hasText: "Ann" }).count(), 0, name);
  }
});

test("a text in the place of a time is shown, and takes no room of the image", async () => {
  const texts = ["2026-11-30T10:00:00", "yesterday", "x".repeat(5000)];
  const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;
  const list = texts.map((createdAt, at) => signingOf(image, { id: `${at}`, createdAt }));
  const { page, rows } = await openQueue(await serviceOf(list), { filter: "all" });
  await rows.nth(2).waitFor();
  for (const text of texts) await page.locator(".age", { hasText: text.slice(0, 20) }).waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(width, false);
  for (const name of await page.locator(".open").all())
    assert.ok((await name.boundingBox())?.width ?? 0 > 100);
});
