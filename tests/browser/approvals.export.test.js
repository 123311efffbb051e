// <ocisign-approvals>: the list as a file, for those who work on with it elsewhere.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { requests, useApprovals } from "../support/approvals-element.js";

const { serviceOf, openQueue } = useApprovals();

/** @param {import("playwright-core").Page} page @param {string} format */
async function saved(page, format) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: `Save the list as ${format}` }).click();
  const file = await download;
  assert.match(
    file.suggestedFilename(),
    new RegExp(`^ocisign-requests-\\d{4}-\\d\\d-\\d\\d\\.${format.toLowerCase()}$`),
  );
  return readFile(await file.path(), "utf8");
}

test("what is chosen and found is saved, on all pages and in its order, as CSV and as JSON", async () => {
  const all = requests(30, (number) => ({ name: number < 25 ? `wanted ${number}` : `other ${number}` }));
  const { page } = await openQueue(await serviceOf(all), {
    filter: "all",
    search: "wanted",
    pageSize: 10,
    sort: "-age",
  });
  await page.getByText("1–10 of 25", { exact: true }).first().waitFor();
  const rows = /** @type {Record<string, string>[]} */ (parse(await saved(page, "CSV"), { columns: true }));
  const wanted = Array.from({ length: 25 }, (_, number) => `wanted ${24 - number}`);
  assert.deepEqual(
    rows.map(({ name }) => name),
    wanted,
  );
  assert.equal(rows[0].productName, "OCI SIGN");
  const json = JSON.parse(await saved(page, "JSON"));
  assert.deepEqual(
    json.map(({ id }) => id),
    rows.map(({ id }) => id),
  );
});

test("a file takes no text of a requester for a formula, and hides nothing", async () => {
  const all = requests(1, () => ({
    name: "=HYPERLINK(1)",
    description: "x",
    requester: { objectId: "o", name: "a\u202eb\nc" },
  }));
  const { page } = await openQueue(await serviceOf(all), { filter: "all" });
  await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
  const csv = await saved(page, "CSV");
  const [row] = /** @type {Record<string, string>[]} */ (parse(csv, { columns: true }));
  assert.doesNotMatch(row.name, /^=/);
  assert.match(row.name, /=HYPERLINK\(1\)/);
  assert.doesNotMatch(csv, /\u202e/);
  assert.match(row.requester, /202E/i);
  assert.equal(csv.trimEnd().split("\n").length, 2);
});
