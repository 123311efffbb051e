// <ocisign-approvals>: how is a queue drawn, and how does one get from it to a request?
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  digestOf,
  mountQueue,
  numbers,
  phone,
  requests,
  useApprovals,
  wide,
} from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { groupA, groupB } from "../support/sandbox.js";
import { hasFocus, told } from "../support/stage.js";

const { serviceOf, openQueue } = useApprovals();

test("whose decision it is, and why not", async () => {
  const cases = {
    "needs your review": {},
    "you requested it": { requester: { objectId: "approver", name: "Approver" } },
    "you approved it": { approvals: [{ objectId: "approver", name: "Approver", groups: [groupB] }] },
    "your group approved it": {
      approvals: [{ objectId: "x", name: "X", groups: [groupB] }],
      missingGroups: [groupA],
    },
    "you are in none of its groups": { requiredGroups: [groupA] },
    "may need your review": { requiredGroups: undefined },
  };
  const kinds = Object.entries(cases);
  const service = await serviceOf(requests(kinds.length, (number) => kinds[number][1]));
  const queue = await openQueue(service, { filter: "open" });
  await queue.rows.nth(kinds.length - 1).waitFor();
  for (const [number, [words]] of kinds.entries()) {
    await queue.rows.nth(number).locator(".in-you").getByText(words, { exact: true }).waitFor();
  }
  await queue.page.getByRole("radio", { name: "Needs your review" }).check();
  assert.deepEqual(await numbers(queue), [0, 5]);
  // Without knowing the person, all that waits may wait for them.
  await queue.page.evaluate(() => {
    globalThis.element.identity = undefined;
  });
  await queue.page.getByRole("radio", { name: "Needs your review 6" }).waitFor();
  assert.deepEqual(await numbers(queue), [0, 1, 2, 3, 4, 5]);
});

test("requests are links where the portal has addresses for them", async () => {
  const queue = await openQueue(await serviceOf(requests(4)), { current: "ID-2" });
  const { page, rows } = queue;
  await rows.nth(3).waitFor();
  await page.evaluate(() => {
    globalThis.element.hrefOf = ({ id }) => {
      if (id === "id-1") return "javascript:globalThis.ran=true";
      if (id === "id-3") throw new Error("the portal's mistake");
      return `#/requests/${id}`;
    };
  });
  const link = page.getByRole("link", { name: `Open registry.example/team/image-0 ${digestOf(0)}` });
  await link.waitFor();
  assert.equal(await page.getByRole("link").count(), 2, "the others stay buttons");
  await link.click({ modifiers: ["Control"] });
  assert.deepEqual(await told(page, "ocisign-open"), []);
  await link.click();
  assert.equal(new URL(page.url()).hash, "#/requests/id-0");
  await rows.nth(2).locator(".age").click();
  assert.equal(new URL(page.url()).hash, "#/requests/id-2", "a click anywhere in the row");
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: "id-0" }, { id: "id-2" }]);
  await page.evaluate(() => {
    globalThis.element.addEventListener("ocisign-open", (event) => event.preventDefault());
  });
  await link.click();
  assert.equal(new URL(page.url()).hash, "#/requests/id-2", "the portal opens it itself");
  await rows.nth(1).getByRole("button", { name: /^Open/ }).click();
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  await page.locator("[aria-current=true]").getByText("image-2").waitFor();
  await page.locator("[part~=current]").getByText("image-2").waitFor();
  await checkAccessibility(page, "links, one of them open");
  assert.ok(queue.complaints.some((it) => it.includes("the portal's mistake")));
});

test("by keyboard alone, from the filter to the request", async () => {
  const service = await serviceOf(requests(120, (number) => ({ status: number % 2 ? 16 : 2 })));
  const queue = await openQueue(service);
  const { page } = queue;
  await page.getByText("1–50 of 60", { exact: true }).first().waitFor();
  await page.getByRole("radio", { checked: true }).focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.getByRole("radio", { name: "Closed 60", checked: true }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.type("image-1");
  await page.getByText("1–16 of 16", { exact: true }).first().waitFor();
  /** @param {"button"} role @param {string} name */
  const isFocused = (role, name) => hasFocus(page.getByRole(role, { name, exact: true }));
  await page.keyboard.press("Tab");
  assert.ok(await isFocused("button", "Help"));
  for (const place of ["Group by", "Sort by"]) {
    await page.keyboard.press("Tab");
    assert.ok(await hasFocus(page.getByLabel(place)), place);
  }
  await page.keyboard.type("Image");
  await page.keyboard.press("Tab");
  assert.ok(await isFocused("button", `Open registry.example/team/image-1 ${digestOf(1)}`));
  await page.keyboard.press("Enter");
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: "id-1" }]);
});

test("another client, another place on the page, and several queues", async () => {
  const hanging = await serviceOf([], { change: () => ({ hang: true }) });
  const queue = await openQueue(hanging);
  const { page } = queue;
  await page.getByText("Reading requests…").waitFor();
  await checkAccessibility(page, "being read");
  const service = await serviceOf(requests(3));
  await page.evaluate((baseUrl) => {
    const { SigningClient } = globalThis.ocisign;
    const client = new SigningClient({ baseUrl, token: "a.b.c", profile: { statuses: { 2: "waiting" } } });
    globalThis.element.client = client;
    const second = document.createElement("ocisign-approvals");
    document
      .querySelector("main")
      ?.append(Object.assign(second, { client, filter: "requested", id: "second" }));
    document.querySelector("main")?.append(globalThis.element);
  }, service.url);
  const [first, second] = [page.locator("ocisign-approvals:not([id])"), page.locator("#second")];
  await first.getByText("1–3 of 3", { exact: true }).waitFor();
  await second.getByText("No requests match this filter.").waitFor();
  await second.getByRole("button", { name: "Show all requests" }).click();
  await second.getByText("1–3 of 3", { exact: true }).first().waitFor();
  await first.getByRole("radio", { name: "Needs your review", checked: true }).waitFor();
  await page.evaluate(() => {
    globalThis.element.client = undefined;
  });
  await first.getByText("This element needs its `client` property").waitFor();
  assert.deepEqual(queue.complaints, []);
});

test("light, dark, wide and on a phone, with nothing at all", async () => {
  const service = await serviceOf([]);
  const queue = await openQueue(service);
  await queue.page.getByText("The service has no requests for you yet.").waitFor();
  await checkAccessibility(queue.page, "no requests");
  const some = await serviceOf(requests(120, (number) => ({ status: [2, 16, 32, 64, 8, 99][number % 6] })));
  for (const viewport of [wide, { width: 800, height: 800 }, phone]) {
    await queue.page.setViewportSize(viewport);
    await mountQueue(queue.page, some, { filter: "all" });
    await queue.page.getByText("1–50 of 120", { exact: true }).first().waitFor();
    await checkAccessibility(queue.page, `${viewport.width} wide`);
    const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    assert.equal(await queue.page.evaluate(over), 0, "nothing reaches beyond the page");
  }
});
