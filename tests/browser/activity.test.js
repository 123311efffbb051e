// <ocisign-activity>: what became of requests, how long people waited, and who did what.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { checkAccessibility } from "../support/axe.js";
import { signingOf } from "../support/fake-service.js";
import { mount, told, useStage } from "../support/stage.js";

const stage = useStage();

const statuses = { 1: "new", 2: "waiting", 16: "signed", 32: "rejected", 64: "failed" };
const digest = `sha256:${"7".repeat(64)}`;
const now = Date.UTC(2026, 10, 25, 12);
const hour = 3_600_000;
const day = 24 * hour;

/**
 * A request of some days ago, that ended after some hours.
 *
 * @param {string} id @param {{ days: number, hours?: number, status?: number, more?: Record<string, unknown> }} what
 */
function request(id, { days, hours = 0, status = 2, more = {} }) {
  const created = now - days * day;
  const ended = new Date(created + hours * hour).toISOString();
  const end = { status, at: ended, by: { objectId: "boss", name: "The boss" }, comment: "" };
  return signingOf(`registry.example/team/${id}@${digest}`, {
    ...{ id, name: `Release of ${id}`, productId: "p-1", status },
    requester: { objectId: "requester", name: "Requester" },
    createdAt: new Date(created).toISOString(),
    approvals: status === 16 ? [{ objectId: "boss", name: "The boss", groups: [], at: ended }] : [],
    history: [{ status: 1, at: new Date(created).toISOString() }, ...(status > 2 ? [end] : [])],
    ...more,
  });
}

/** @param {unknown[]} all @param {import("../support/browser.js").ContextOptions} [options] @param {object} [properties] */
async function open(all, options, properties = {}) {
  const service = await stage.serve(({ path }) => {
    const { pathname, searchParams } = new URL(path, "http://service");
    if (pathname.endsWith("/products")) {
      return {
        body: [
          { id: "p-1", name: "OCI SIGN" },
          { id: "p-2", name: "Other" },
        ],
      };
    }
    const offset = Number(searchParams.get("offset") ?? 0);
    return { body: all.slice(offset, offset + Number(searchParams.get("limit") ?? Infinity)) };
  });
  const { page } = await stage.open(options);
  await page.clock.setFixedTime(now);
  const given = { baseUrl: service.url, token: "a.b.c", profile: { statuses } };
  await mount(page, "ocisign-activity", { service: given, properties });
  await page.getByRole("heading", { name: "Export" }).waitFor();
  return { page, service };
}

/** All texts of an element, also of those with a shell of their own. @param {import("playwright-core").Locator} place */
function textOf(place) {
  return place.evaluate((element) => {
    /** @param {Node} node @returns {string} */
    const inside = (node) => {
      if (node instanceof HTMLStyleElement) return "";
      if (node instanceof Text) return node.data;
      const shell = node instanceof Element ? node.shadowRoot : null;
      return [...(shell ?? node).childNodes].map(inside).join("");
    };
    return inside(element).replace(/\s+/g, " ").trim();
  });
}

/** The cells of a table, row by row. @param {import("playwright-core").Locator} table */
async function cells(table) {
  const rows = await table.locator("tr").all();
  return Promise.all(rows.map(async (row) => Promise.all((await row.locator("th, td").all()).map(textOf))));
}

const mixed = [
  request("open", { days: 1 }),
  request("quick", { days: 2, hours: 1, status: 16 }),
  request("slow", { days: 2, hours: 30, status: 16 }),
  request("slowest", { days: 9, hours: 72, status: 16 }),
  request("refused", { days: 3, hours: 2, status: 32, more: { reason: "not this build" } }),
  request("broken", { days: 3, hours: 3, status: 64, more: { productId: "P-2" } }),
  request("old", { days: 200, hours: 5, status: 16 }),
];

test("each week and each product is counted, with how long people waited", async () => {
  const { page } = await open(mixed);
  await page.getByText("The same as a table").click();
  const [weeks, products] = [page.getByRole("table").nth(0), page.getByRole("table").nth(1)];
  const shown = await cells(weeks);
  assert.equal(shown.length, 1 + 12);
  // From Monday the 23rd on; and the week before, in which nothing but "slowest" began, and "refused" ended.
  assert.deepEqual(shown[1]?.slice(1), ["3", "2", "0", "0", "1 hour", "1.3 days"]);
  assert.deepEqual(shown[2]?.slice(1), ["3", "1", "1", "1", "3 hours", "3 days"]);
  assert.deepEqual(await cells(products), [
    ["Product", "Requested", "Signed", "Rejected", "Failed", "Open now", "Median wait", "Longest wait"],
    ["OCI SIGN", "5", "3", "1", "0", "1", "2 hours", "3 days"],
    ["Other", "1", "0", "0", "1", "0", "3 hours", "3 hours"],
  ]);
  // The longest period holds the old one, too.
  await page.getByLabel("Period").selectOption("the last 52 weeks");
  assert.equal((await cells(weeks)).length, 1 + 52);
  assert.deepEqual((await cells(products))[1]?.slice(1, 3), ["6", "4"]);
  await page.getByRole("combobox", { name: "Product" }).selectOption("Other");
  assert.equal((await cells(products)).length, 2);
});

test("what happened is told with who did it, and leads to the request", async () => {
  const { page } = await open(mixed);
  const deeds = page.locator(".deed");
  assert.match(await textOf(deeds.first()), /signed Open Release of slow by The boss$/);
  assert.match(await textOf(deeds.nth(1)), /approved Open Release of slow by The boss$/);
  const rejected = page.locator("li").filter({ has: page.locator(".state.bad", { hasText: "rejected" }) });
  assert.match(await textOf(rejected.last()), /by The boss .* not this build$/);
  await page.getByRole("button", { name: "Open Release of quick" }).first().click();
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: "quick" }]);
});

test("requests are saved as CSV and as JSON, and no cell is a formula", async () => {
  const evil = '=HYPERLINK("https://evil.example")';
  const { page } = await open([...mixed, request("evil", { days: 1, more: { name: evil } })]);
  const save = async (name) => {
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name }).click(),
    ]);
    return { file: saved.suggestedFilename(), text: await readFile(await saved.path(), "utf8") };
  };
  const csv = await save("Download CSV");
  assert.equal(csv.file, "ocisign-requests-2026-11-25.csv");
  const rows = /** @type {Record<string, string>[]} */ (parse(csv.text, { columns: true }));
  // The old one is not of these twelve weeks.
  assert.deepEqual(
    rows.map(({ id }) => id),
    ["open", "quick", "slow", "slowest", "refused", "broken", "evil"],
  );
  assert.equal(rows[6].name, `'${evil}`);
  const { productName, requester, state, waitedSeconds, approvedBy } = rows[1];
  assert.deepEqual(
    { productName, requester, state, waitedSeconds, approvedBy },
    {
      productName: "OCI SIGN",
      requester: "Requester",
      state: "signed",
      waitedSeconds: "3600",
      approvedBy: "The boss",
    },
  );
  const json = JSON.parse((await save("Download JSON")).text);
  assert.equal(json.length, 7);
  assert.equal(json[4].reason, "not this build");
});

test("what has no times and what cannot be read is told, and not counted", async () => {
  const { page } = await open([
    request("dated", { days: 1 }),
    { ...request("undated", { days: 1 }), createdAt: undefined, history: undefined },
    request("odd", { days: 1, status: 99 }),
    { id: 7 },
  ]);
  await page.getByText("1 request could not be read, and is not counted.").waitFor();
  await page.getByText("The service names no times of 1 request.").waitFor();
  await page.getByText("does not explain the status of 1 request.").waitFor();
});

test("a service that refuses is told, and asked again", async () => {
  let isAway = true;
  const service = await stage.serve(() => (isAway ? { status: 403, body: {} } : { body: [] }));
  const { page } = await stage.open();
  const given = { baseUrl: service.url, token: "a.b.c", profile: { statuses } };
  await mount(page, "ocisign-activity", { service: given });
  await page.getByRole("alert").waitFor();
  isAway = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Nothing happened in this period.").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("axe finds nothing, in light and in dark, and nothing is wider than a phone", async () => {
  const hostile = request("hostile", {
    days: 1,
    hours: 1,
    status: 32,
    more: { name: "a\u202Eb".repeat(60), reason: "<img src=x onerror=alert(1)>", productId: "x".repeat(300) },
  });
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const { page } = await open([...mixed, hostile], { viewport: { width: 320, height: 640 }, colorScheme });
    await page.getByText("The same as a table").click();
    await checkAccessibility(page, colorScheme);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${wider} px wider`);
    if (process.env.SHOT)
      await page.screenshot({ path: `${process.env.SHOT}/activity-320-${colorScheme}.png`, fullPage: true });
    await page.setViewportSize({ width: 1280, height: 800 });
    if (process.env.SHOT)
      await page.screenshot({ path: `${process.env.SHOT}/activity-1280-${colorScheme}.png`, fullPage: true });
  }
});

test("people of one name have their ids beside it, others the name alone", async () => {
  const by = (/** @type {string} */ objectId) => ({ requester: { objectId, name: "Same name" } });
  const all = [
    request("one", { days: 1, more: by("person-1") }),
    request("two", { days: 2, more: by("person-2") }),
    request("three", { days: 3 }),
  ];
  const { page } = await open(all);
  const deeds = page.locator(".deed");
  assert.match(await textOf(deeds.nth(0)), /by Same name person-1$/);
  assert.match(await textOf(deeds.nth(1)), /by Same name person-2$/);
  assert.match(await textOf(deeds.nth(2)), /by Requester$/);
});
