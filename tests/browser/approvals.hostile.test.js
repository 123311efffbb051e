// <ocisign-approvals>: what if a service deceives, or sends anything at all?
import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, useApprovals } from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { signingOf } from "../support/fake-service.js";
import { megabyte } from "../support/hostile.js";

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
