// <ocisign-approvals>: can one work through many requests, by hand and by keyboard?
import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAgain, mountQueue, numbers, requests, useApprovals } from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { hasFocus, told } from "../support/stage.js";

const { serviceOf, openQueue } = useApprovals();

/** Twelve requests: the first nine of a batch, and of those the third is signed. */
const twelve = () =>
  requests(12, (number) => ({
    name: "Release 2.0",
    status: number === 2 ? 16 : 2,
    payload: {
      ...requests(12)[number].payload,
      metadata: [
        { name: "VERSION", value: `2.0.${number}` },
        ...(number < 9 ? [{ name: "ocisign-batch", value: "release20" }] : []),
      ],
    },
  }));

test("a batch is selected at once and reviewed together; what is decided meanwhile is left out", async () => {
  const all = twelve();
  const queue = await openQueue(await serviceOf(all), { filter: "all", group: "batch" });
  const { page, rows } = queue;
  await rows.nth(11).waitFor();
  const groups = page.locator("[part=group]");
  assert.deepEqual(await groups.locator("h3 .count").allInnerTexts(), ["9", "3"]);
  assert.equal(await rows.nth(2).getByRole("checkbox").count(), 0, "a signed request is not to be decided");
  await page.getByRole("button", { name: "Select all 8 of Batch release20" }).click();
  await rows.nth(11).getByRole("checkbox").check();
  await page.getByText("9 selected").first().waitFor();
  await checkAccessibility(page, "some are selected, in groups");
  all[0] = { ...all[0], status: 32 };
  await lookAgain(page);
  await page.getByText("8 selected").first().waitFor();
  await page.getByRole("button", { name: "Review 8" }).click();
  const ids = [1, 3, 4, 5, 6, 7, 8, 11].map((number) => `id-${number}`);
  assert.deepEqual(await told(page, "ocisign-review"), [{ ids }]);
  await page.getByRole("button", { name: "Clear", exact: true }).last().click();
  assert.equal(await page.locator("[part=picked]").count(), 0);
});

test("all of a page, then all of the list; a range by the shift key", async () => {
  const queue = await openQueue(await serviceOf(requests(120)));
  const { page, rows } = queue;
  await page.getByText("1–50 of 120", { exact: true }).first().waitFor();
  await page.getByLabel("Select all on this page").check();
  await page.getByRole("button", { name: "Review 50" }).waitFor();
  await page.getByRole("button", { name: "Select all 120" }).click();
  await page.getByRole("button", { name: "Review 120" }).waitFor();
  await page.getByLabel("Select all on this page").uncheck();
  await page.getByRole("button", { name: "Review 70" }).waitFor();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await rows.nth(2).getByRole("checkbox").click();
  await rows
    .nth(5)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "Review 4" }).click();
  assert.deepEqual((await told(page, "ocisign-review"))[0].ids, ["id-2", "id-3", "id-4", "id-5"]);
});

test("by single keys from one request to the next, and to what is selected", async () => {
  const queue = await openQueue(await serviceOf(twelve()), { current: "id-1" });
  const { page, rows } = queue;
  await rows.nth(10).waitFor();
  const opener = (/** @type {number} */ at) => rows.nth(at).locator(".open");
  await page.keyboard.press("j");
  assert.ok(await hasFocus(opener(1)), "it begins at the open request");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  assert.ok(await hasFocus(opener(0)), "it ends at the first");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Review 2" }).waitFor();
  await page.keyboard.press("Enter");
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: "id-0" }]);
  await page.keyboard.press("Shift+X");
  await page.getByRole("button", { name: "Review 11" }).waitFor();
  await page.keyboard.press("/");
  const search = page.getByLabel("Search");
  assert.ok(await hasFocus(search));
  await page.keyboard.type("jxa?/");
  assert.equal(await search.inputValue(), "jxa?/", "in a field they are letters");
  await page.getByRole("button", { name: "Review 11" }).waitFor();
  await search.fill("");
  await page.keyboard.press("Escape");
  assert.ok(await hasFocus(opener(0)), "from the search to the list");
  await page.keyboard.press("Control+j");
  assert.ok(await hasFocus(opener(0)), "the browser's own keys stay its own");

  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Help with this list" });
  await dialog.getByText("who requested it").waitFor();
  await checkAccessibility(page, "help");
  await dialog.getByLabel("Single keys do this").uncheck();
  assert.deepEqual(await told(page, "ocisign-shortcuts"), [{ shortcuts: "off" }]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await opener(0).focus();
  await page.keyboard.press("j");
  assert.ok(await hasFocus(opener(0)), "turned off");
});

test("the neighbours of a request, also of one that has left the list", async () => {
  const all = requests(60);
  const queue = await openQueue(await serviceOf(all), { current: "id-55" });
  const { page } = queue;
  // It stands on the second page, and is shown.
  await page.locator("[part~=current]").getByText("image-55").waitFor();
  assert.equal((await told(page, "ocisign-view")).at(-1).page, 2);
  const beside = (/** @type {string} */ id) =>
    page.evaluate((one) => [globalThis.element.previous(one), globalThis.element.next(one)], id);
  assert.deepEqual(await beside("id-55"), ["id-54", "id-56"]);
  assert.deepEqual(await beside("ID-55"), ["id-54", "id-56"], "ids compare without case");
  assert.deepEqual(await beside("id-0"), [undefined, "id-1"]);
  assert.deepEqual(await beside("nobody"), [undefined, undefined]);
  const orders = (await told(page, "ocisign-order")).length;
  all[55] = { ...all[55], status: 16 };
  all[56] = { ...all[56], status: 32 };
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("radio", { name: "Needs your review 58" }).waitFor();
  assert.deepEqual(await beside("id-55"), ["id-54", "id-57"]);
  assert.ok((await told(page, "ocisign-order")).length > orders);
  const reviews = (await told(page, "ocisign-count")).map(({ review }) => review);
  assert.deepEqual([reviews[0], reviews.at(-1)], [60, 58]);
});

test("the open request is in sight, in a column that scrolls by itself", async () => {
  const service = await serviceOf(requests(40));
  const queue = await openQueue(service);
  const { page } = queue;
  await page.getByText("1–40 of 40", { exact: true }).first().waitFor();
  await page.evaluate(() => {
    const column = document.createElement("div");
    column.style.cssText = "block-size: 400px; inline-size: 420px; overflow: auto";
    document.querySelector("main")?.append(column);
    column.append(globalThis.element);
    globalThis.element.current = "id-38";
  });
  await page.waitForFunction(() => {
    const row = globalThis.element.shadowRoot.querySelector(".current")?.getBoundingClientRect();
    const column = globalThis.element.parentElement.getBoundingClientRect();
    return row && row.top >= column.top && row.bottom <= column.bottom;
  });
});

test("what is the same in all is said once above them; each row has two lines", async () => {
  const queue = await openQueue(await serviceOf(twelve()));
  const { page, rows } = queue;
  await rows.nth(10).waitFor();
  const common = await page.locator("[part=common]").innerText();
  for (const said of ["registry.example", "Release 2.0", "OCI SIGN", "Requester"]) {
    assert.ok(common.includes(said), `${said} in ${common}`);
    assert.ok(!(await rows.first().innerText()).includes(said), said);
  }
  assert.match(await rows.first().innerText(), /^team\/image-0\s+Version:\s+2\.0\.0\s/);
  for (const [viewport, most] of /** @type {const} */ ([
    [{ width: 1280, height: 800 }, 56],
    [{ width: 390, height: 844 }, 64],
  ])) {
    await page.setViewportSize(viewport);
    const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
    assert.ok(Math.max(...heights) <= most, `${Math.max(...heights)} px at ${viewport.width}`);
  }
});

test("conditions of a search, and what is wrong with one", async () => {
  const all = twelve();
  all[3] = { ...all[3], status: 32, history: [{ status: 32, comment: "not this build" }] };
  all[4] = { ...all[4], requester: { objectId: "u-9", name: "Zoe" }, createdAt: "2026-11-01T12:00:00Z" };
  const products = [{ id: "p-1", name: "OCI SIGN" }];
  const queue = await openQueue(await serviceOf(all, { products }), { filter: "all" });
  const { page, rows } = queue;
  await rows.nth(11).waitFor();
  const search = page.getByLabel("Search");
  const found = {
    "state:signed": [2],
    "state:32": [3],
    rejected: [3],
    '"not this build"': [3],
    "by:zoe": [4],
    "after:2026-11-01 before:2026-11-02": [4],
    "batch:release image-7": [7],
    "repo:image-11": [11],
    'product:"oci sign" 2.0.5': [5],
    "digest:sha256:": [4, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11],
  };
  for (const [words, expected] of Object.entries(found)) {
    await search.fill(words);
    await page
      .getByText(new RegExp(`of ${expected.length}$`))
      .first()
      .waitFor();
    assert.deepEqual(await numbers(queue), expected, words);
  }
  const problems = page.locator("#search-problems");
  for (const [words, said] of Object.entries({
    "after:2026-02-30": /“2026-02-30” is no date/,
    "state:sigend": /“sigend” is no state/,
    "prodcut:x": /knows no condition “prodcut:”/,
    "after:\u202egnp": /U\+202E/,
  })) {
    await search.fill(words);
    await problems.getByText(said).first().waitFor();
    await checkAccessibility(page, words);
  }
  for (const words of ["localhost:5000/x", "https://ci.example/1", "product:", "sha256:abc"]) {
    await search.fill(words);
    await page.waitForFunction(() => !globalThis.element.shadowRoot.querySelector("#search-problems p"));
  }
  await mountQueue(page, await serviceOf(all), { filter: "all", search: "by:me" });
  await page.getByText("No requests match your search.").waitFor();
});
