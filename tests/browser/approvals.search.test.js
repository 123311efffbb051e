// <ocisign-approvals>: how does one find a request, by filter, by words or by order?
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  digestOf,
  lookAgain,
  mountQueue,
  numbers,
  phone,
  requests,
  useApprovals,
} from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { hasFocus, told } from "../support/stage.js";

const { serviceOf, openQueue } = useApprovals();

test("filters, their counts, and how a portal keeps the view", async () => {
  const codes = [2, 2, 1, 4, 8, 16, 16, 32, 64, 99];
  const own = { requester: { objectId: "approver", name: "Approver" }, requiredGroups: undefined };
  const service = await serviceOf(
    requests(codes.length, (number) => ({ status: codes[number], ...([5, 9].includes(number) ? own : {}) })),
  );
  const queue = await openQueue(service);
  const { page } = queue;
  const shown = {
    "Needs your review 4": [0, 1, 2, 9],
    "Requested by me 2": [5, 9],
    "Open 5": [0, 1, 2, 3, 4],
    "Closed 4": [5, 6, 7, 8],
    "Unexplained 1": [9],
    "All 10": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  };
  for (const [name, expected] of Object.entries(shown)) {
    await page.getByRole("radio", { name, exact: true }).check();
    await page.getByText(`1–${expected.length} of ${expected.length}`, { exact: true }).first().waitFor();
    assert.deepEqual(await numbers(queue), expected, name);
  }
  await page.getByText("status 99").waitFor();
  assert.deepEqual(
    (await told(page, "ocisign-view")).map(({ filter }) => filter),
    ["requested", "open", "closed", "unexplained", "all"],
  );
  await mountQueue(page, service, { filter: "all", search: "image-7", sort: "-age", page: 4 });
  await page.getByText("1–1 of 1", { exact: true }).first().waitFor();
  assert.equal(await page.getByLabel("Search").inputValue(), "image-7");
  assert.deepEqual(await told(page, "ocisign-view"), [], "the person changed nothing");
  // What is none of the choices counts as the first.
  await mountQueue(page, service, {
    filter: "x",
    search: { a: 1 },
    sort: "constructor",
    page: -3,
    pageSize: Number.NaN,
  });
  await page.getByRole("radio", { name: "Needs your review", checked: true }).waitFor();
  await page.getByText("No requests match your search.").waitFor();
});

test("a search looks at everything, and loses nothing that was typed", async () => {
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
  const queue = await openQueue(await serviceOf(all, { products, change }));
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
  assert.equal(await hasFocus(field), true);
});

test("a match among other requests is one press away", async () => {
  const service = await serviceOf(requests(4, (number) => ({ status: number ? 2 : 16 })));
  const queue = await openQueue(service, { search: "image-0" });
  await queue.page.getByRole("button", { name: "Show 1 match among all" }).press("Enter");
  await queue.page.getByText("image-0").waitFor();
  const chosen = queue.page.getByRole("radio", { name: "All 4", checked: true });
  assert.equal(await hasFocus(chosen), true);
});

test("every order, with what is not known last", async () => {
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
    await serviceOf(
      requests(4, (number) => given[number]),
      { products },
    ),
    {
      filter: "all",
    },
  );
  const { page } = queue;
  const orders = {
    "Image, A to Z": [0, 1, 2, 3],
    "Image, Z to A": [3, 2, 1, 0],
    "Product, A to Z": [0, 3, 2, 1],
    "Product, Z to A": [2, 3, 0, 1],
    "Requester, A to Z": [2, 3, 0, 1],
    "State, waiting first": [1, 3, 0, 2],
    "State, final first": [2, 0, 3, 1],
    "Newest first": [0, 1, 2, 3],
    "Oldest first": [2, 1, 0, 3],
  };
  await page.locator(".age", { hasText: "yesterday" }).waitFor();
  assert.deepEqual(await numbers(queue), [0, 1, 2, 3]);
  for (const [name, order] of Object.entries(orders)) {
    await page.getByLabel("Sort by").selectOption(name);
    assert.deepEqual(await numbers(queue), order, name);
  }
  await page.setViewportSize(phone);
  await page.getByLabel("Sort by").selectOption("Requester, Z to A");
  assert.deepEqual(await numbers(queue), [0, 3, 2, 1]);
  assert.equal((await told(page, "ocisign-view")).at(-1).sort, "-requester");
});
