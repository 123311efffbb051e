// Do hundreds of requests come up, each of them, and is nothing approved before all are there?
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, drawn, ended, isReady, several, useBatch, wordsOf } from "../support/batch-element.js";

const { openBatch } = useBatch();
const count = 500;

test("five hundred requests are drawn a few at a time, and approved", async () => {
  const { page, posts } = await openBatch(
    several(count, (n) => ({
      payload: {
        ...several(1)[0].payload,
        optionalParameters: several(n)[n - 1].payload.optionalParameters,
        metadata: [{ name: "Version", value: `2.0.${n}` }],
      },
    })),
    { properties: { ids: undefined } },
  );
  await page.evaluate(
    (ids) => Object.assign(globalThis.element, { ids }),
    several(count).map(({ id }) => id),
  );
  await page.getByRole("heading", { name: `Approve ${count} requests` }).waitFor();
  await page.locator("#words").fill(await wordsOf(page));
  await drawn(page, count);
  await isReady(page).waitFor();
  // An element for each text would take seconds.
  assert.ok((await page.locator("ocisign-text").count()) < 20);
  await act(page);
  await ended(page);
  assert.equal(await page.locator("#receipt").textContent(), `${count} of ${count} approved`);
  assert.equal(new Set(posts().map(({ id }) => id)).size, count);
  assert.equal(posts().length, count);
});

test("nothing is approved while rows are still to come", async () => {
  const { page } = await openBatch(several(200));
  await page.getByRole("heading", { name: "Approve 200 requests" }).waitFor();
  const told = await page.evaluate(async () => {
    const element = globalThis.element;
    // As if a slow machine had drawn only some of them.
    element.drawn = 40;
    await element.updateComplete;
    const found = [...element.shadowRoot.querySelectorAll("[data-hindrance]")];
    return found.map((/** @type {HTMLElement} */ it) => it.dataset.hindrance);
  });
  assert.deepEqual(told, ["drawing"]);
  await drawn(page, 200);
});
