// <ocisign-approvals>: where are requests of which nobody knows how they stand, or that cannot be read?
import assert from "node:assert/strict";
import { test } from "node:test";
import { mountQueue, phone, requests, useApprovals, wide } from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { shownNumber, sized } from "../support/large.js";
import { shownText } from "../support/signing-element.js";

const { serviceOf, openQueue } = useApprovals();

/** @param {import("playwright-core").Page} page @param {string} name */
const pill = (page, name) => page.locator(".pill", { hasText: name });

/** The number at each filter. @param {import("playwright-core").Page} page */
const counts = (page) =>
  page.locator(".pill").evaluateAll((pills) =>
    Object.fromEntries(
      pills.map((it) =>
        String(it.textContent)
          .trim()
          .split(/\s+(?=[\d,+]+$)/),
      ),
    ),
  );

test("a status that nobody explained is neither waiting nor ended, and its codes are named once", async () => {
  const codes = [2, 2, 2, 16, 32, 7, 7, 9];
  const all = requests(codes.length, (number) => ({ status: codes[number] }));
  const service = await serviceOf(all);
  const { page, rows } = await openQueue(service, { filter: "all" });
  await page.getByText("1–8 of 8", { exact: true }).first().waitFor();
  assert.deepEqual(await counts(page), {
    "Needs your review": "6",
    "Requested by me": "0",
    Open: "3",
    Closed: "2",
    Unexplained: "3",
    All: "8",
  });
  const notice = page.locator("[data-unexplained]");
  assert.equal(await notice.count(), 1);
  assert.match(
    await notice.innerText(),
    /status codes: 7 \(2 requests\), 9 \(1 request\)\..*profile\.statuses/s,
  );
  await pill(page, "Unexplained").click();
  await page.getByText("1–3 of 3", { exact: true }).first().waitFor();
  assert.deepEqual(await rows.locator('[part="state"]').allInnerTexts(), [
    "status 7",
    "status 7",
    "status 9",
  ]);
  await pill(page, "Open").click();
  await page.getByText("1–3 of 3", { exact: true }).first().waitFor();
  // What waits is no news among what is open.
  assert.deepEqual(await rows.locator('[part="state"]').allInnerTexts(), []);
  await checkAccessibility(page, "statuses that nobody explained");
});

test("where every status is explained there is no such place, and no notice", async () => {
  const service = await serviceOf(requests(2));
  const { page } = await openQueue(service, { filter: "all" });
  await page.getByText("1–2 of 2", { exact: true }).first().waitFor();
  assert.equal(await pill(page, "Unexplained").count(), 0);
  assert.equal(await page.locator("[data-unexplained]").count(), 0);
});

test("ten thousand unexplained statuses, each with a code of its own: told in bounds, and quick to go through", async () => {
  const count = sized(1200, 10_000);
  const service = await serviceOf(requests(count, (number) => ({ status: 1000 + number })));
  const { page } = await openQueue(service, { filter: "unexplained" });
  await page
    .getByText(`1–50 of ${shownNumber(count)}`, { exact: true })
    .first()
    .waitFor();
  const notice = await page.locator("[data-unexplained]").innerText();
  assert.match(notice, /1000 \(1 request\), 1001 .*and [\d,]+ more codes/s);
  assert.ok(notice.length < 600, notice);
  await pill(page, "Open").click();
  await page.getByText("No requests match this filter.").waitFor();
});

const hostile = `<img src=x onerror="document.documentElement.dataset.ran = 1">\u202Etxt`;

test("what cannot be read has a row with its id or place and the reason, and is counted", async () => {
  const [first, second, third] = requests(3);
  const bad = { id: "request-17", status: "2" };
  const service = await serviceOf([first, bad, second, null, third, { id: hostile, status: [2] }]);
  const { page, complaints } = await openQueue(service, { filter: "review" });
  await page.getByText("1–3 of 3", { exact: true }).first().waitFor();
  const notice = page.locator("[data-unreadable]");
  await notice.getByText("This page cannot read 3 requests of the service's list.").waitFor();
  assert.equal((await counts(page)).All, "6");
  await notice.getByRole("button", { name: "Show what cannot be read" }).click();
  const lines = page.locator("li.unreadable");
  await lines.first().waitFor();
  await page.getByText("no requests, and 3 that cannot be read").first().waitFor();
  assert.match(
    await shownText(page, "li.unreadable"),
    /Cannot be read\s+request-17\s+.*element 1: The status is not an integer\. .*`request-17`\.\s*$/,
  );
  await lines.nth(1).getByText("Element 3 of the service's list").waitFor();
  await lines.nth(2).getByText("U+202E", { exact: true }).first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.ran), undefined);
  await checkAccessibility(page, "requests that cannot be read");
  await page.getByLabel("Search").fill("request-17");
  await page.waitForFunction(
    () => globalThis.element.shadowRoot.querySelectorAll("li.unreadable").length === 1,
  );
  await page.getByLabel("Search").fill("");
  await page.setViewportSize(phone);
  await checkAccessibility(page, "requests that cannot be read, on a phone");
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(isWide, false);
  assert.deepEqual(complaints, []);
});

test("a list of nothing else is no empty list", async () => {
  const many = Array.from({ length: 3000 }, (_, index) => ({ id: `bad-${index}` }));
  const service = await serviceOf(many);
  const { page } = await openQueue(service, { filter: "all" });
  await page.getByText("2,980 more requests cannot be read.").waitFor();
  assert.equal(await page.locator("li.unreadable").count(), 21);
  assert.equal(await page.getByText("The service has no requests").count(), 0);
});

test("a requester who is an object id alone has the name that the page or the profile knows", async () => {
  const ids = [
    "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922",
    "3c58e1f4-7d29-4a63-b1f0-82c4d6e7b933",
    "104729104729104729104",
  ];
  const service = await serviceOf(requests(3, (number) => ({ requester: ids[number] })));
  const { page, rows } = await openQueue(service, {}, { viewport: wide });
  const profile = { statuses: { 2: "waiting" }, names: { people: { [ids[1].toUpperCase()]: "Ben\u200B" } } };
  await page.evaluate(
    ([baseUrl, profile]) => {
      globalThis.element.client = new globalThis.ocisign.SigningClient({ baseUrl, token: "a.b.c", profile });
    },
    /** @type {const} */ ([service.url, profile]),
  );
  await page.evaluate((id) => {
    globalThis.element.peopleNames = { [id]: "Ann" };
  }, ids[0]);
  await rows.getByText("Ann").waitFor();
  const requester = (/** @type {number} */ number) => rows.nth(number).locator(".in-requester .line");
  assert.equal(await requester(0).getAttribute("title"), `Requester: Ann (${ids[0]})`);
  assert.equal(await requester(1).getAttribute("title"), `Requester: Ben⟦U+200B⟧ (${ids[1]})`);
  await requester(1).getByText("U+200B", { exact: true }).first().waitFor();
  assert.equal(await requester(2).getAttribute("title"), `Requester: ${ids[2]}`);
  await page.getByLabel("Search").fill("ann");
  await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
});

test("the same queue for another person keeps no unreadable row of the one before", async () => {
  const { page } = await openQueue(await serviceOf([{ id: "x" }, ...requests(1)]), { filter: "all" });
  await page.locator("li.unreadable").waitFor();
  await mountQueue(page, await serviceOf(requests(1)), { filter: "all" });
  await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
  assert.equal(await page.locator("li.unreadable").count(), 0);
});
