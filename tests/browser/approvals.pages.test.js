// <ocisign-approvals>: how does it read a service that has many requests, or pages in a way of its own?
import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAgain, numbers, requests, useApprovals } from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { shownNumber, sized } from "../support/large.js";
import { hasFocus, told } from "../support/stage.js";

const { serviceOf, openQueue } = useApprovals();

test("ten thousand requests: the first at once, the others meanwhile, by pages", async () => {
  let isOpen = false;
  const change = ({ path }) => (!isOpen && /offset=(?!0\b)/.test(path) ? { hang: true } : undefined);
  // A service is read by 500 at a time, and 50 are drawn.
  const count = sized(1200, 10_000);
  const [all, pages] = [shownNumber(count), count / 50];
  const service = await serviceOf(requests(count), { change });
  const queue = await openQueue(service);
  const { page } = queue;
  await page.getByText("1–50 of 500+").first().waitFor();
  await page.getByText("Reading older requests: 500 so far…").waitFor();
  await checkAccessibility(page, "older requests are being read");
  isOpen = true;
  await lookAgain(page);
  await page.getByText(`1–50 of ${all}`, { exact: true }).first().waitFor();
  await page.getByText(`Read ${all} requests.`).waitFor({ state: "attached" });
  const firstPages = service.asked.filter(({ path }) => /offset=0\b/.test(path)).length;
  assert.equal(firstPages, 1, "it went on where it stopped");

  const above = page.getByRole("navigation", { name: "Pages", exact: true });
  const below = page.getByRole("navigation", { name: "Pages, below the list" });
  /** @param {number} number @param {string} range @param {number} first */
  const isAt = async (number, range, first) => {
    await above.getByText(`Page ${number} of ${pages}`, { exact: true }).waitFor();
    await above.getByText(range).waitFor();
    assert.deepEqual((await numbers(queue)).slice(0, 2), [first, first + 1]);
  };
  await isAt(1, `1–50 of ${all}`, 0);
  await above.getByRole("button", { name: "Previous page" }).click({ force: true });
  await below.getByRole("button", { name: "Next page" }).press("Enter");
  await isAt(2, `51–100 of ${all}`, 50);
  const next = above.getByRole("button", { name: "Next page" });
  assert.equal(await hasFocus(next), true, "at the top again");
  await below.getByRole("button", { name: "Last page" }).click();
  await isAt(pages, `${shownNumber(count - 49)}–${all} of ${all}`, count - 50);
  await above.getByRole("button", { name: "First page" }).click();
  await isAt(1, `1–50 of ${all}`, 0);
  assert.deepEqual(
    (await told(page, "ocisign-view")).map((view) => view.page),
    [2, pages, 1],
  );
  await page.getByLabel("Search").fill(`image-${count - 1}`);
  await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
  assert.deepEqual(await numbers(queue), [count - 1]);
});

test("services that page in their own way are read whole", async () => {
  const all = requests(1234);
  const page = (path, cap) => {
    const { searchParams } = new URL(path, "http://service");
    const offset = Number(searchParams.get("offset") ?? 0);
    return all.slice(offset, offset + cap);
  };
  // One in the second page, and all of the fourth.
  const unlessUnreadable = (request) => {
    const index = all.indexOf(request);
    return index === 150 || (index >= 300 && index < 400) ? { ...request, status: "waiting" } : request;
  };
  const ways = {
    "a lower limit": ({ path }) => ({ body: page(path, 100) }),
    "no limit": () => ({ body: all }),
    "no offset": () => ({ body: all.slice(0, 300) }),
    "elements that cannot be read": ({ path }) => ({ body: page(path, 100).map(unlessUnreadable) }),
    "no query": ({ path }) => (path.includes("?") ? { status: 400, body: {} } : { body: all }),
  };
  for (const [way, answer] of Object.entries(ways)) {
    const service = await serviceOf(all, {
      change: (asking) => (asking.path.includes("imagesignings") ? answer(asking) : undefined),
    });
    const queue = await openQueue(service, { filter: "all" });
    const count =
      { "no offset": "300", "elements that cannot be read": "1,133, and 101 that cannot be read" }[way] ??
      "1,234";
    await queue.page.getByText(`1–50 of ${count}`, { exact: true }).first().waitFor();
    assert.deepEqual(
      queue.complaints.filter((it) => !/400/.test(it)),
      [],
      way,
    );
  }
});

test("an error is said, and trying again goes on where it stopped", async () => {
  /** @type {import("../support/fake-service.js").Answer | undefined} */
  let fault = { status: 401, body: { message: "Who are <b>you</b>?" } };
  const service = await serviceOf(requests(700), { change: () => fault });
  const queue = await openQueue(service);
  const { page } = queue;
  await page.getByRole("alert").getByText("Who are <b>you</b>?").waitFor();
  assert.equal(await page.getByText("Nothing needs").count(), 0, "that is not known");
  await checkAccessibility(page, "unauthorized");
  assert.equal((await told(page, "ocisign-error")).length, 2, "of the requests, and of the products' names");
  await page.getByLabel("Search").fill("image-6");
  fault = undefined;
  // Only the names of products go wrong, and later a page in the middle.
  const isProducts = ({ path }) => path.includes("products");
  service.close();
  const again = await serviceOf(requests(700), {
    change: (asking) =>
      isProducts(asking) || (fault && /offset=500/.test(asking.path))
        ? { status: 403, body: { message: "Not you." } }
        : undefined,
  });
  fault = {};
  await page.evaluate((baseUrl) => {
    const { SigningClient } = globalThis.ocisign;
    globalThis.element.client = new SigningClient({
      baseUrl,
      token: "a.b.c",
      profile: { statuses: { 2: "waiting" } },
    });
  }, again.url);
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Search").inputValue(), "image-6");
  await page.getByText("1–11 of 11+").first().waitFor();
  fault = undefined;
  const before = again.asked.length;
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).press("Enter");
  await page.getByText("1–50 of 111", { exact: true }).first().waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await page.getByText("The product names could not be read").waitFor();
  await checkAccessibility(page, "no names");
  const next = again.asked.slice(before).find((asking) => !isProducts(asking));
  assert.match(String(next?.path), /offset=500/);
});
