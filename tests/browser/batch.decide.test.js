// Does one act decide about all requests that were shown, each once, and does the page tell what came of each?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { checkAccessibility } from "../support/axe.js";
import {
  act,
  drawn,
  ended,
  groupB,
  hindrances,
  idOf,
  imageOf,
  isReady,
  outcomes,
  several,
  useBatch,
  wordsOf,
} from "../support/batch-element.js";
import { shownText } from "../support/signing-element.js";
import { focusOn, told } from "../support/stage.js";

const { openBatch } = useBatch();

test("all requests are approved once, with what the person types", async () => {
  const { page, posts, complaints } = await openBatch(
    several(20, (n) => (n > 18 ? { requiredGroups: [groupB, "b716abb1-2e3b-47a9-bca5-a3669faa50a6"] } : {})),
  );
  await page.getByRole("heading", { name: "Approve 20 requests" }).waitFor();
  await drawn(page, 20);
  assert.equal(await page.locator("[data-now]").textContent(), "18 are signed immediately.");
  assert.match((await page.locator("[data-waits]").textContent()) ?? "", /^2 then wait for: Security/);
  await checkAccessibility(page, "a batch");
  assert.equal(await isReady(page).count(), 0);
  await page.locator("#to-comment").click();
  await page.locator("#comment").fill("as announced");
  await act(page);
  await ended(page);
  assert.equal(await page.locator("#receipt").textContent(), "20 of 20 approved");
  const sent = posts();
  assert.deepEqual(
    sent.map(({ id }) => id).sort(),
    several(20).map(({ id }) => id),
  );
  assert.ok(sent.every(({ act, body }) => act === "approve" && body.comment === "as announced"));
  assert.equal((await told(page, "ocisign-decided")).length, 20);
  await focusOn(page, "receipt");
  await checkAccessibility(page, "a batch that is approved");
  assert.deepEqual(complaints, []);
});

test("the words are compared as a whole", async () => {
  const { page, posts } = await openBatch(several(3));
  const words = await wordsOf(page);
  for (const wrong of [
    words.slice(2),
    words.replace(/^3/, "2"),
    `${words}0`,
    words.replace(/.$/, (end) => (end === "0" ? "1" : "0")),
  ]) {
    await page.locator("#words").fill(wrong);
    await page.locator("#words").press("Enter");
    await focusOn(page, "words");
    assert.equal(await page.locator("#words").getAttribute("aria-invalid"), "true", wrong);
  }
  await checkAccessibility(page, "a batch with wrong words");
  await page.locator("#words").fill(` ${words.toUpperCase().replace(" ", "  ")} `);
  await isReady(page).waitFor();
  assert.deepEqual(posts(), []);
});

test("what changed, what somebody else decided and what is refused is told, and the rest goes on", async () => {
  const { page, held, posts, state } = await openBatch(several(8));
  await drawn(page, 8);
  held.get(idOf(2)).description = "Release 6.6.6";
  Object.assign(held.get(idOf(3)), { status: 32, reason: "no" });
  state.on = ({ method, id }) =>
    method === "POST" && id === idOf(4) ? { status: 403, body: { message: "not you" } } : undefined;
  await act(page);
  await ended(page);
  assert.deepEqual(await outcomes(page), {
    ...{ 1: "approved", 2: "changed", 3: "conflict", 4: "forbidden" },
    ...{ 5: "approved", 6: "approved", 7: "approved", 8: "approved" },
  });
  assert.match(await shownText(page, `[data-key="${idOf(2)}"] .why`), /description/);
  assert.ok(!posts().some(({ id }) => id === idOf(2)));
  await checkAccessibility(page, "a batch with several outcomes");
  const [{ receipt }] = await told(page, "ocisign-batch-decided");
  assert.deepEqual(receipt.counts, { approved: 5, changed: 1, conflict: 1, forbidden: 1 });

  // What is left is read anew, and takes a new act.
  await page.getByRole("button", { name: "Review the other 3 again" }).click();
  await page.getByRole("heading", { name: "Approve 3 requests" }).waitFor();
  await page.locator('[data-key]:has-text("Release 6.6.6")').waitFor();
  assert.equal(await page.locator("[data-blocked]").getAttribute("data-blocked"), "1");
  assert.deepEqual(await hindrances(page), ["blocked"]);
});

test("a product that changed stops its requests", async () => {
  const { page, posts, state } = await openBatch(several(3));
  await drawn(page, 3);
  state.products.p = {
    ...state.products.p,
    productConfigItems: [{ name: "RegistryURL", value: "elsewhere.example" }],
  };
  await act(page);
  await ended(page);
  assert.deepEqual(await outcomes(page), { 1: "changed", 2: "changed", 3: "changed" });
  assert.deepEqual(posts(), []);
});

test("a lost answer is looked at, and never sent again", async () => {
  const world = await openBatch(several(4), {
    client: { timeoutMs: 300 },
    on: ({ method, id }) => {
      if (method !== "POST" || (id !== idOf(2) && id !== idOf(3))) return undefined;
      // The one was taken, the other was not.
      if (id === idOf(2)) world.decide(id, true);
      return { hang: true };
    },
  });
  const { page, posts } = world;
  await act(page);
  await ended(page);
  assert.deepEqual(await outcomes(page), { 1: "approved", 2: "approved", 3: "doubtful", 4: "approved" });
  await page.locator("[data-doubt]").waitFor();
  await checkAccessibility(page, "a batch in doubt");
  assert.equal(posts().filter(({ id }) => id === idOf(3)).length, 1);
  assert.equal(posts().filter(({ id }) => id === idOf(2)).length, 1);

  // It turns out later that it was taken.
  world.decide(idOf(3), true);
  await page.locator(`[data-key="${idOf(3)}"][data-outcome="approved"]`).waitFor();
  await page.locator("[data-doubt]").waitFor({ state: "detached" });
  assert.equal(posts().filter(({ id }) => id === idOf(3)).length, 1);
  const receipts = await told(page, "ocisign-batch-decided");
  assert.deepEqual(
    receipts.map(({ receipt }) => receipt.counts),
    [{ approved: 3, doubtful: 1 }, { approved: 4 }],
  );
});

test("many are rejected with one reason", async () => {
  const { page, posts } = await openBatch(several(5));
  await drawn(page, 5);
  await page.locator("#to-rejection").click();
  await focusOn(page, "reason");
  await page.getByRole("heading", { name: "Reject 5 requests" }).waitFor();
  await page.locator("#words").fill(await wordsOf(page));
  await page.locator("#words").press("Enter");
  await focusOn(page, "reason");
  await page.getByText("Give a reason: the requesters must know why.").waitFor();
  await checkAccessibility(page, "a batch to reject, without a reason");
  await page.locator("#reason").fill("another build replaces these");
  await act(page);
  await ended(page);
  assert.equal(await page.locator("#receipt").textContent(), "5 of 5 rejected");
  assert.deepEqual(
    posts().map(({ act, body }) => [act, body.comment]),
    Array(5).fill(["reject", "another build replaces these"]),
  );
});

test("the receipt is saved as JSON and as CSV that no spreadsheet computes", async () => {
  const formula = '=HYPERLINK("http://evil.example","x")';
  const { page, held } = await openBatch(several(2), {
    properties: {
      identity: { objectId: "me", name: formula, groups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"] },
    },
  });
  await drawn(page, 2);
  held.get(idOf(2)).description = "other";
  await page.locator("#to-comment").click();
  await page.locator("#comment").fill("+1, as announced");
  await act(page);
  await ended(page);
  const saved = async (/** @type {string} */ id) => {
    const download = page.waitForEvent("download");
    await page.locator(`#${id}`).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
  };
  const json = await saved("json");
  const receipt = JSON.parse(json.text);
  assert.deepEqual(
    receipt.requests.map((/** @type {any} */ { id, reference, outcome }) => [id, reference, outcome]),
    [
      [idOf(1), imageOf(1), "approved"],
      [idOf(2), imageOf(2), "changed"],
    ],
  );
  assert.equal(receipt.comment, "+1, as announced");
  assert.match(json.name, new RegExp(`^ocisign-batch-${receipt.hash.slice(-8)}\\.json$`));
  const [, first] = parse((await saved("csv")).text);
  assert.equal(first[0], idOf(1));
  assert.ok(first.includes("'+1, as announced"));
  assert.ok(first.includes(`'${formula}`));
});

test("whoever enlarges a page to 400 % sees all that they type", async () => {
  for (const width of [244, 288, 320, 390]) {
    const { page } = await openBatch(several(100));
    await drawn(page, 100);
    await page.setViewportSize({ width, height: 256 });
    await page.locator("#words").fill(await wordsOf(page));
    const [inside, seen] = await page.locator("#words").evaluate((it) => [it.scrollWidth, it.clientWidth]);
    assert.ok(Number(inside) <= Number(seen), `${width} px: ${inside} in ${seen}`);
  }
});
