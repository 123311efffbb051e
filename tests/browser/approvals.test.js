// `<ocisign-approvals>` in a real Chromium, on a portal's page of another origin: against the sandbox, and against
// services that are large, odd or hostile.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { launchChromium } from "../../tools/machine/browser.js";
import { checkAccessibility } from "../support/axe.js";
import { fakeService, signingOf } from "../support/fake-service.js";
import { clientsOf, groupA, groupB, productFor, profileOf, testSandbox } from "../support/sandbox.js";
import { mount, openOn, openStage } from "../support/stage.js";

const statuses = {
  1: "new",
  2: "waiting",
  4: "approved",
  8: "signing",
  16: "signed",
  32: "rejected",
  64: "failed",
};
const wide = { width: 1400, height: 900 };
const phone = { width: 360, height: 800 };
const approver = { objectId: "approver", name: "Approver", groups: [groupB] };
const hour = 3_600_000;
let stage;
let browser;

before(async () => {
  stage = await openStage();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  stage?.close();
});

/** A digest for each number. */
function digestOf(number) {
  return `sha256:${createHash("sha256").update(String(number)).digest("hex")}`;
}

/** So many requests, newest first; the newest is `image-0`. */
function requests(count, changes = () => ({})) {
  return Array.from({ length: count }, (_, number) =>
    signingOf(`registry.example/team/image-${number}@${digestOf(number)}`, {
      id: `id-${number}`,
      requester: { objectId: "requester", name: "Requester" },
      productId: "p-1",
      createdAt: new Date(Date.UTC(2026, 0, 1) - number * hour).toISOString(),
      requiredGroups: [groupA, groupB],
      missingGroups: [groupB],
      approvals: [],
      ...changes(number),
    }),
  );
}

/** A service that pages as the sandbox does; `change` says what else it answers. */
function serviceOf(all, { products = [{ id: "p-1", name: "OCI SIGN" }], change = () => undefined } = {}) {
  return fakeService((asking) => {
    const changed = change(asking);
    if (changed) return changed;
    const { pathname, searchParams } = new URL(asking.path, "http://service");
    if (pathname.endsWith("/products")) return { body: products };
    const offset = Number(searchParams.get("offset") ?? 0);
    return { body: all.slice(offset, offset + Number(searchParams.get("limit") ?? Infinity)) };
  });
}

/** Opens a queue for somebody; what the page complains about fails the test that closes it. */
async function openQueue(t, service, properties = {}, options = { viewport: wide }) {
  const { page, complaints, close } = await openOn(browser, stage, options);
  t.after(async () => {
    await close();
    service.close();
  });
  await mountQueue(page, service, properties);
  const rows = page.getByRole("row").filter({ has: page.getByRole("rowheader") });
  return { page, complaints, rows, names: () => rows.locator(".open .text").allInnerTexts() };
}

async function mountQueue(page, service, properties) {
  const given = { baseUrl: service.url, token: "a.b.c", profile: { statuses } };
  await mount(page, "ocisign-approvals", {
    service: given,
    properties: { identity: approver, ...properties },
  });
}

/** The service is looked at again at once, as when the network is back. */
function lookAgain(page) {
  return page.evaluate(() => dispatchEvent(new Event("online")));
}

/** Has it look at the service, one look after the other, until something is true. */
async function lookUntil(page, { asked }, isTrue) {
  for (let looks = 0; looks < 10; looks += 1) {
    const before = asked.length;
    await lookAgain(page);
    await page.waitForFunction(() =>
      /^Live/.test(globalThis.element.shadowRoot.querySelector(".status").textContent),
    );
    while (asked.length < before + 2) await page.evaluate(() => new Promise(requestAnimationFrame));
    if (await isTrue()) return;
  }
  assert.fail("it was not seen in ten looks");
}

/** What the portal was told by events of one kind. */
function told(page, name) {
  return page.evaluate(
    (type) => globalThis.told.filter((it) => it.type === type).map(({ detail }) => detail),
    `ocisign-${name}`,
  );
}

/** The numbers of the images that are drawn, in order. */
async function numbers({ names }) {
  return (await names()).map((text) => Number(/image-(\d+)/.exec(text)?.[1]));
}

test("an approver of the sandbox sees what waits for them, and what others decide meanwhile", async (t) => {
  const sandbox = await testSandbox({ args: ["--allow-origin", stage.origin] });
  t.after(() => sandbox.close());
  const as = await clientsOf(sandbox);
  const product = await as("requester").createProduct(productFor(sandbox));
  const artifact = `${sandbox.registry.domain}/team/app@${digestOf(1)}`;
  const request = (description) =>
    as("requester").requestSigning({ productId: product.id, artifact, description });
  const first = await request("the release");
  const second = await request("a mistake");
  const { page, complaints, close } = await openOn(browser, stage, { viewport: wide });
  t.after(close);
  const { objectId, name, groups, token } = sandbox.person("approver-two");
  await mount(page, "ocisign-approvals", {
    service: { baseUrl: sandbox.base, token, profile: await profileOf(sandbox) },
    properties: { identity: { objectId, name, groups } },
  });
  const release = page.getByRole("row", { name: "the release" });
  await release.getByText("2 of 2 groups missing").waitFor();
  await release.getByText("needs your review").waitFor();
  await release.getByText(product.name).waitFor();
  await release.locator(".in-requester .text").getByText("Requester").waitFor();
  await page.getByRole("radio", { name: "For you 2" }).waitFor();
  await checkAccessibility(page, "requests that wait");

  await as("approver-one").approve(first.id);
  await as("approver-one").reject(second.id, { comment: "not that one" });
  // The pointer rests on the list, so that nothing moves there.
  await release.hover();
  await lookAgain(page);
  await release.getByText("1 of 2 groups missing").waitFor();
  await page.getByRole("row", { name: "a mistake" }).getByText("rejected").waitFor();
  await page.getByRole("radio", { name: "For you 1" }).waitFor();

  await release.getByRole("button").press("Enter");
  assert.deepEqual(await told(page, "open"), [{ id: first.id }]);
  await as("approver-two").approve(first.id);
  await page.getByLabel("Search").focus();
  await page.mouse.move(0, 0);
  await lookAgain(page);
  await page.getByText("No request waits for your decision.").waitFor();
  await checkAccessibility(page, "nothing to decide");
  assert.deepEqual(complaints, []);
});

test("whose decision it is, and why not", async (t) => {
  const cases = {
    "needs your review": {},
    "you requested it": { requester: { objectId: "approver", name: "Approver" } },
    "you approved it": { approvals: [{ objectId: "approver", name: "Approver", groups: [groupB] }] },
    "your group approved it": { approvals: [{ objectId: "x", name: "X", groups: [groupB] }] },
    "you are in none of its groups": { requiredGroups: [groupA] },
    "may need your review": { requiredGroups: undefined },
  };
  const kinds = Object.entries(cases);
  const service = await serviceOf(requests(kinds.length, (number) => kinds[number][1]));
  const queue = await openQueue(t, service, { filter: "waiting" });
  await queue.rows.nth(kinds.length - 1).waitFor();
  for (const [number, [words]] of kinds.entries()) {
    await queue.rows.nth(number).getByRole("cell", { name: words, exact: true }).waitFor();
  }
  await queue.page.getByRole("radio", { name: "For you" }).check();
  assert.deepEqual(await numbers(queue), [0, 5]);
  // Without knowing the person, all that waits may wait for them.
  await queue.page.evaluate(() => {
    globalThis.element.identity = undefined;
  });
  await queue.page.getByRole("radio", { name: "For you 6" }).waitFor();
  assert.deepEqual(await numbers(queue), [0, 1, 2, 3, 4, 5]);
});

test("filters, their counts, and how a portal keeps the view", async (t) => {
  const codes = [2, 2, 1, 4, 8, 16, 16, 32, 64, 99];
  const service = await serviceOf(requests(codes.length, (number) => ({ status: codes[number] })));
  const queue = await openQueue(t, service);
  const { page } = queue;
  const shown = { "For you 4": [0, 1, 2, 9], "Waiting 6": [0, 1, 2, 3, 4, 9] };
  Object.assign(shown, {
    "Signed 2": [5, 6],
    "Rejected or failed 2": [7, 8],
    "All 10": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  });
  for (const [name, expected] of Object.entries(shown)) {
    await page.getByRole("radio", { name, exact: true }).check();
    await page.getByText(`1–${expected.length} of ${expected.length}`, { exact: true }).first().waitFor();
    assert.deepEqual(await numbers(queue), expected, name);
  }
  await page.getByText("status 99").waitFor();
  assert.deepEqual(
    (await told(page, "view")).map(({ filter }) => filter),
    ["waiting", "signed", "ended", "all"],
  );
  await mountQueue(page, service, { filter: "all", search: "image-7", sort: "-age", page: 4 });
  await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
  assert.equal(await page.getByLabel("Search").inputValue(), "image-7");
  assert.deepEqual(await told(page, "view"), [], "the person changed nothing");
  // What is none of the choices counts as the first.
  await mountQueue(page, service, {
    filter: "x",
    search: { a: 1 },
    sort: "constructor",
    page: -3,
    pageSize: Number.NaN,
  });
  await page.getByRole("radio", { name: "For you", checked: true }).waitFor();
  await page.getByText("No requests match your search.").waitFor();
});

test("a search looks at everything, and loses nothing that was typed", async (t) => {
  const odd = {
    requester: { objectId: "u-77", name: "Zoe\u0301 Ångström" },
    description: "Hotfix for the TLS",
  };
  const all = requests(9, (number) => (number === 4 ? { ...odd, name: "special", productId: "p-2" } : {}));
  const products = [
    { id: "p-1", name: "OCI SIGN" },
    { id: "P-2", name: "Firmware" },
  ];
  let refuses = false;
  const change = () => (refuses ? { status: 401, body: {} } : undefined);
  const queue = await openQueue(t, await serviceOf(all, { products, change }));
  const { page } = queue;
  const field = page.getByLabel("Search");
  const digest = digestOf(4).slice("sha256:".length);
  const found = [
    "image-4",
    "TEAM/image-4",
    digest,
    `sha256:${digest}`,
    `${digest.slice(0, 12)}…${digest.slice(-8)}`,
  ];
  for (const words of [
    ...found,
    "Zo\u00e9",
    "u-77",
    "hotfix tls",
    "ID-4",
    "special",
    "firmware",
    "firmware zoé",
  ]) {
    await field.fill(words);
    await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
    assert.deepEqual(await numbers(queue), [4], words);
  }
  await field.fill("firmware image-3");
  await page.getByText("No requests match your search.").waitFor();
  await checkAccessibility(page, "no match");
  refuses = true;
  await lookAgain(page);
  await page.getByRole("alert").waitFor();
  await checkAccessibility(page, "an error, and what was read before");
  assert.equal(await field.inputValue(), "firmware image-3");
  await page.getByRole("button", { name: "Clear the search" }).press("Enter");
  await page.getByText("1–9 of 9").first().waitFor();
  assert.equal(await field.evaluate((it) => it === it.getRootNode().activeElement), true);
});

test("a match among other requests is one press away", async (t) => {
  const service = await serviceOf(requests(4, (number) => ({ status: number ? 2 : 16 })));
  const queue = await openQueue(t, service, { search: "image-0" });
  await queue.page.getByRole("button", { name: "Show 1 match among all" }).press("Enter");
  await queue.page.getByText("image-0").waitFor();
  const chosen = queue.page.getByRole("radio", { name: "All 4", checked: true });
  assert.equal(await chosen.evaluate((it) => it === it.getRootNode().activeElement), true);
});

test("sorting by every column, with what is not known last", async (t) => {
  const given = [
    { requester: { name: "carol" }, productId: "p-2", status: 16 },
    { requester: undefined, productId: undefined, status: 2 },
    { requester: { name: "Alice" }, productId: "p-1", status: 32 },
    { requester: { name: "bob" }, productId: "p-3", status: 4, createdAt: "yesterday" },
  ];
  const products = [
    { id: "p-1", name: "Zebra" },
    { id: "p-2", name: "Ant" },
  ];
  const queue = await openQueue(
    t,
    await serviceOf(
      requests(4, (number) => given[number]),
      { products },
    ),
    {
      filter: "all",
    },
  );
  const { page } = queue;
  const orders = { Image: [0, 1, 2, 3], Product: [0, 3, 2, 1], Requester: [2, 3, 0, 1], State: [1, 3, 0, 2] };
  await page.getByText("time unknown").waitFor();
  assert.deepEqual(await numbers(queue), [0, 1, 2, 3]);
  const header = (name) => page.getByRole("columnheader", { name, exact: true });
  const isSorted = (name, direction) =>
    page.locator(`th[aria-sort=${direction}]`).filter({ hasText: name }).waitFor();
  for (const [name, order] of Object.entries(orders)) {
    await header(name).getByRole("button").press("Enter");
    await isSorted(name, "ascending");
    assert.deepEqual(await numbers(queue), order, name);
    await header(name).getByRole("button").press("Enter");
    await isSorted(name, "descending");
    const last = { Product: [1], Requester: [1] }[name] ?? [];
    const turned = order.filter((number) => !last.includes(number)).reverse();
    assert.deepEqual(await numbers(queue), [...turned, ...last], `${name}, turned round`);
  }
  await header("Age").getByRole("button").click();
  await isSorted("Age", "ascending");
  await header("Age").getByRole("button").click();
  await isSorted("Age", "descending");
  assert.deepEqual(await numbers(queue), [2, 1, 0, 3], "without a time: last");
  await page.setViewportSize(phone);
  await page.getByLabel("Sort by").selectOption("requester, Z to A");
  assert.deepEqual(await numbers(queue), [0, 3, 2, 1]);
  assert.equal((await told(page, "view")).at(-1).sort, "-requester");
});

test("ten thousand requests: the first at once, the others meanwhile, by pages", async (t) => {
  let isOpen = false;
  const change = ({ path }) => (!isOpen && /offset=(?!0\b)/.test(path) ? { hang: true } : undefined);
  const service = await serviceOf(requests(10_000), { change });
  const queue = await openQueue(t, service);
  const { page } = queue;
  await page.getByText("1–50 of 500+").first().waitFor();
  await page.getByText("Reading older requests: 500 so far…").waitFor();
  await checkAccessibility(page, "older requests are being read");
  isOpen = true;
  await lookAgain(page);
  await page.getByText("1–50 of 10,000", { exact: true }).first().waitFor();
  await page.getByText("Read 10,000 requests.").waitFor({ state: "attached" });
  const firstPages = service.asked.filter(({ path }) => /offset=0\b/.test(path)).length;
  assert.equal(firstPages, 1, "it went on where it stopped");

  const above = page.getByRole("navigation", { name: "Pages", exact: true });
  const below = page.getByRole("navigation", { name: "Pages, below the list" });
  const isAt = async (number, range, first) => {
    await above.getByText(`Page ${number} of 200`, { exact: true }).waitFor();
    await above.getByText(range).waitFor();
    assert.deepEqual((await numbers(queue)).slice(0, 2), [first, first + 1]);
  };
  await isAt(1, "1–50 of 10,000", 0);
  await above.getByRole("button", { name: "Previous page" }).click({ force: true });
  await below.getByRole("button", { name: "Next page" }).press("Enter");
  await isAt(2, "51–100 of 10,000", 50);
  const next = above.getByRole("button", { name: "Next page" });
  assert.equal(await next.evaluate((it) => it === it.getRootNode().activeElement), true, "at the top again");
  await below.getByRole("button", { name: "Last page" }).click();
  await isAt(200, "9,951–10,000 of 10,000", 9950);
  await above.getByRole("button", { name: "First page" }).click();
  await isAt(1, "1–50 of 10,000", 0);
  assert.deepEqual(
    (await told(page, "view")).map((view) => view.page),
    [2, 200, 1],
  );
  await page.getByLabel("Search").fill("image-9999");
  await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
  assert.deepEqual(await numbers(queue), [9999]);
});

test("services that page in their own way are read whole", async (t) => {
  const all = requests(1234);
  const page = (path, cap) => {
    const { searchParams } = new URL(path, "http://service");
    const offset = Number(searchParams.get("offset") ?? 0);
    return all.slice(offset, offset + cap);
  };
  const ways = {
    "a lower limit": ({ path }) => ({ body: page(path, 100) }),
    "no limit": () => ({ body: all }),
    "no offset": () => ({ body: all.slice(0, 300) }),
    "no query": ({ path }) => (path.includes("?") ? { status: 400, body: {} } : { body: all }),
  };
  for (const [way, answer] of Object.entries(ways)) {
    const service = await serviceOf(all, {
      change: (asking) => (asking.path.includes("imagesignings") ? answer(asking) : undefined),
    });
    const queue = await openQueue(t, service, { filter: "all" });
    const count = way === "no offset" ? "300" : "1,234";
    await queue.page.getByText(`1–50 of ${count}`, { exact: true }).first().waitFor();
    assert.deepEqual(
      queue.complaints.filter((it) => !/400/.test(it)),
      [],
      way,
    );
  }
});

test("what is new moves nothing under the pointer, and comes by itself otherwise", async (t) => {
  const all = requests(60);
  const queue = await openQueue(t, await serviceOf(all));
  const { page, rows } = queue;
  await page.getByText("1–50 of 60", { exact: true }).first().waitFor();
  const first = rows.first();
  await first.hover();
  const isNew = (name) =>
    signingOf(`registry.example/team/${name}@${digestOf(name)}`, {
      ...{ id: name, createdAt: new Date(Date.UTC(2026, 0, 2)).toISOString(), description: "new" },
    });
  all.unshift(isNew("image-100"), isNew("image-101"), isNew("image-102"));
  all[3] = { ...all[3], status: 32 };
  await lookAgain(page);
  await page.getByText("3 new requests").first().waitFor();
  // What it says of itself is what is true now.
  await first.getByText("rejected").waitFor();
  assert.deepEqual((await numbers(queue)).slice(0, 2), [0, 1]);
  await checkAccessibility(page, "new requests");
  await page.getByRole("button", { name: "Show them" }).press("Enter");
  await page.getByText("1–50 of 62", { exact: true }).first().waitFor();
  assert.deepEqual((await numbers(queue)).slice(0, 4), [100, 101, 102, 1]);
  const heading = page.getByRole("heading", { name: "Signing requests" });
  assert.equal(await heading.evaluate((it) => it === it.getRootNode().activeElement), true);

  await page.mouse.move(0, 0);
  all.unshift(isNew("image-103"));
  await lookAgain(page);
  await page.getByText("1–50 of 63", { exact: true }).first().waitFor();
  assert.equal((await numbers(queue))[0], 103);
  await page.getByText("1 new request", { exact: true }).waitFor({ state: "attached" });

  // By keyboard one is at it, too.
  await rows.first().getByRole("button").focus();
  all.unshift(isNew("image-104"));
  await lookAgain(page);
  await page.getByText("Show it").waitFor();
  assert.equal((await numbers(queue))[0], 103);
  await page.getByLabel("Search").focus();
  await lookAgain(page);
  await page.getByText("1–50 of 64", { exact: true }).first().waitFor();
});

test("on a phone, where no pointer is seen, what is new waits to be asked for", async (t) => {
  const all = requests(3);
  const queue = await openQueue(
    t,
    await serviceOf(all),
    {},
    { viewport: phone, hasTouch: true, isMobile: true },
  );
  const { page, rows } = queue;
  await page.getByText("1–3 of 3", { exact: true }).first().waitFor();
  const place = await rows.first().boundingBox();
  all.unshift(
    ...requests(5)
      .slice(3)
      .map((it) => ({ ...it, createdAt: "2026-01-02T00:00:00Z" })),
  );
  await lookAgain(page);
  const show = page.getByRole("button", { name: "Show them" });
  await show.waitFor();
  assert.deepEqual(await rows.first().boundingBox(), place, "nothing moved");
  assert.deepEqual(await numbers(queue), [0, 1, 2]);
  await show.tap();
  await page.getByText("1–5 of 5", { exact: true }).first().waitFor();
  assert.deepEqual(await numbers(queue), [3, 4, 0, 1, 2]);
});

test("older requests are looked at in turn, and a refresh reads all again", async (t) => {
  const all = requests(1600);
  const service = await serviceOf(all);
  const queue = await openQueue(t, service, { search: "image-1555" });
  const { page } = queue;
  await queue.rows.getByText("image-1555").waitFor();
  await page.getByText("Read 1,600 requests.").waitFor({ state: "attached" });
  await queue.rows.first().hover();
  all[1555] = { ...all[1555], status: 16 };
  const isSigned = queue.rows.getByText("signed (16)", { exact: true });
  // Each look is at the newest and at one page of the older ones.
  await lookUntil(page, service, () => isSigned.isVisible());
  all.splice(1555, 1);
  await page.getByRole("button", { name: "Refresh" }).press("Enter");
  await page.getByText("Read 1,599 requests.").waitFor({ state: "attached" });
});

test("the page survives whatever a service sends", async (t) => {
  const hostile = [
    "<img src=x onerror=globalThis.ran=true><script>globalThis.ran=true</script>",
    "evil\u202egnp.exe\u2066\u200b\u00ad",
    "\u0441\u0440\u0430\u0441\u0435",
    "x".repeat(1_000_000),
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
  all.push(signingOf("x", { id: `<b>${"i".repeat(1_000_000)}` }), { id: "bare", status: 2 });
  all.push(signingOf("x", { id: "two", payload: { optionalParameters: [{}, {}] } }));
  const products = hostile.map((name, number) => ({ id: `p-${number}`, name }));
  const queue = await openQueue(t, await serviceOf(all, { products }), { filter: "all", current: "bare" });
  const { page, rows, complaints } = queue;
  await page.getByText(`1–${all.length} of ${all.length}`, { exact: true }).first().waitFor();
  assert.equal(await rows.count(), all.length);
  await page.getByText("U+202E").first().waitFor();
  await page.getByText("names several images").first().waitFor();
  await page.getByText("no valid image").first().waitFor();
  await page.getByText("(1,000,000 characters in total)").first().waitFor();
  const { ran, images, width } = await page.evaluate(() => ({
    ran: globalThis.ran,
    images: globalThis.element.shadowRoot.querySelectorAll("img, script, b").length,
    width: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  assert.deepEqual({ ran, images, width }, { ran: undefined, images: 0, width: 0 });
  await checkAccessibility(page, "hostile");
  for (const column of ["Image", "Product", "Requester", "State"]) {
    await page.getByRole("columnheader", { name: column, exact: true }).getByRole("button").click();
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

test("an error is said, and trying again goes on where it stopped", async (t) => {
  let fault = { status: 401, body: { message: "Who are <b>you</b>?" } };
  const service = await serviceOf(requests(700), { change: () => fault });
  const queue = await openQueue(t, service);
  const { page } = queue;
  await page.getByRole("alert").getByText("Who are <b>you</b>?").waitFor();
  assert.equal(await page.getByText("No request waits").count(), 0, "that is not known");
  await checkAccessibility(page, "unauthorized");
  assert.equal((await told(page, "error")).length, 2, "of the requests, and of the products' names");
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
  t.after(() => again.close());
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
  assert.match(next.path, /offset=500/);
});

test("offline, and while the service is away, what is known stays", async (t) => {
  let isAway = false;
  const change = () => (isAway ? { status: 503, body: {} } : undefined);
  const queue = await openQueue(t, await serviceOf(requests(3), { change }));
  const { page } = queue;
  await page.getByText(/^Live, as of/).waitFor();
  await page.context().setOffline(true);
  await page.getByText("You are offline.").waitFor();
  assert.deepEqual(await numbers(queue), [0, 1, 2]);
  await checkAccessibility(page, "offline");
  isAway = true;
  await page.context().setOffline(false);
  await page.getByText("The service is unreachable.").waitFor();
  assert.deepEqual(await numbers(queue), [0, 1, 2]);
  await checkAccessibility(page, "away");
  isAway = false;
  await lookAgain(page);
  await page.getByText(/^Live, as of/).waitFor();
});

test("requests are links where the portal has addresses for them", async (t) => {
  const queue = await openQueue(t, await serviceOf(requests(4)), { current: "ID-2" });
  const { page, rows } = queue;
  await rows.nth(3).waitFor();
  await page.evaluate(() => {
    globalThis.element.hrefOf = ({ id }) => {
      if (id === "id-1") return "javascript:globalThis.ran=true";
      if (id === "id-3") throw new Error("the portal's mistake");
      return `#/requests/${id}`;
    };
  });
  const link = page.getByRole("link", { name: `registry.example/team/image-0 ${digestOf(0)}` });
  await link.waitFor();
  assert.equal(await page.getByRole("link").count(), 2, "the others stay buttons");
  await link.click({ modifiers: ["Control"] });
  assert.deepEqual(await told(page, "open"), []);
  await link.click();
  assert.equal(new URL(page.url()).hash, "#/requests/id-0");
  await rows.nth(2).getByRole("cell").last().click();
  assert.equal(new URL(page.url()).hash, "#/requests/id-2", "a click anywhere in the row");
  assert.deepEqual(await told(page, "open"), [{ id: "id-0" }, { id: "id-2" }]);
  await page.evaluate(() => {
    globalThis.element.addEventListener("ocisign-open", (event) => event.preventDefault());
  });
  await link.click();
  assert.equal(new URL(page.url()).hash, "#/requests/id-2", "the portal opens it itself");
  await rows.nth(1).getByRole("button").click();
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  await page.locator("[aria-current=true]").getByText("image-2").waitFor();
  await page.getByText("open now").waitFor();
  await checkAccessibility(page, "links, one of them open");
  assert.ok(queue.complaints.some((it) => it.includes("the portal's mistake")));
});

test("by keyboard alone, from the filter to the request", async (t) => {
  const service = await serviceOf(requests(120, (number) => ({ status: number % 2 ? 16 : 2 })));
  const queue = await openQueue(t, service);
  const { page } = queue;
  await page.getByText("1–50 of 60", { exact: true }).first().waitFor();
  await page.getByRole("radio", { checked: true }).focus();
  for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.getByRole("radio", { name: "Signed 60", checked: true }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("image-1");
  await page.getByText("1–16 of 16", { exact: true }).first().waitFor();
  const isFocused = (role, name) =>
    page.getByRole(role, { name, exact: true }).evaluate((it) => it === it.getRootNode().activeElement);
  await page.keyboard.press("Tab");
  assert.ok(await isFocused("button", "Image"));
  await page.keyboard.press("Enter");
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("Tab");
  assert.ok(await isFocused("button", `Open registry.example/team/image-1 ${digestOf(1)}`));
  await page.keyboard.press("Enter");
  assert.deepEqual(await told(page, "open"), [{ id: "id-1" }]);
});

test("another client, another place on the page, and several queues", async (t) => {
  const hanging = await serviceOf([], { change: () => ({ hang: true }) });
  t.after(() => hanging.close());
  const queue = await openQueue(t, hanging);
  const { page } = queue;
  await page.getByText("Reading requests…").waitFor();
  await checkAccessibility(page, "being read");
  const service = await serviceOf(requests(3));
  t.after(() => service.close());
  await page.evaluate((baseUrl) => {
    const { SigningClient } = globalThis.ocisign;
    const client = new SigningClient({ baseUrl, token: "a.b.c", profile: { statuses: { 2: "waiting" } } });
    globalThis.element.client = client;
    const second = document.createElement("ocisign-approvals");
    document.querySelector("main").append(Object.assign(second, { client, filter: "signed", id: "second" }));
    document.querySelector("main").append(globalThis.element);
  }, service.url);
  const [first, second] = [page.locator("ocisign-approvals:not([id])"), page.locator("#second")];
  await first.getByText("1–3 of 3", { exact: true }).waitFor();
  await second.getByText("No requests match this filter.").waitFor();
  await second.getByRole("button", { name: "Show all requests" }).click();
  await second.getByText("1–3 of 3", { exact: true }).first().waitFor();
  await first.getByRole("radio", { name: "For you", checked: true }).waitFor();
  await page.evaluate(() => {
    globalThis.element.client = undefined;
  });
  await first.getByText("This element needs its `client` property").waitFor();
  assert.deepEqual(queue.complaints, []);
});

test("light, dark, wide and on a phone, with nothing at all", async (t) => {
  const service = await serviceOf([]);
  const queue = await openQueue(t, service);
  await queue.page.getByText("The service has no requests for you yet.").waitFor();
  await checkAccessibility(queue.page, "no requests");
  const some = await serviceOf(requests(120, (number) => ({ status: [2, 16, 32, 64, 8, 99][number % 6] })));
  t.after(() => some.close());
  for (const viewport of [wide, { width: 800, height: 800 }, phone]) {
    await queue.page.setViewportSize(viewport);
    await mountQueue(queue.page, some, { filter: "all" });
    await queue.page.getByText("1–50 of 120", { exact: true }).first().waitFor();
    await checkAccessibility(queue.page, `${viewport.width} wide`);
    const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    assert.equal(await queue.page.evaluate(over), 0, "nothing reaches beyond the page");
  }
});
