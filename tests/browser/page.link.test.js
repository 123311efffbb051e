// The page: is the link to a request one that opens it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { usePage } from "../support/page.js";

const on = usePage();

test("the copied link opens the request, and nothing of the list that it was opened from", async () => {
  const request = await on.ask({ name: "Linked" });
  const { page } = await on.open({
    name: "Approver one",
    hash: `#/requests/${request.id}?filter=all`,
    context: { permissions: ["clipboard-read", "clipboard-write"] },
  });
  await page.getByRole("heading", { name: "Linked" }).waitFor();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("status").getByText("Copied.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, `${on.sandbox.url}#/requests/${request.id}`);
  await page.goto(link);
  await page.getByRole("heading", { name: "Linked" }).waitFor();
});
