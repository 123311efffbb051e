// Is a sending stopped, left and taken up again without anything going out twice, or as somebody else?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { act, drawn, ended, idOf, outcomes, several, useBatch, waiting } from "../support/batch-element.js";
import { focusOn, told } from "../support/stage.js";

const { openBatch } = useBatch();

/** A service that holds decisions from the nth POST on, until they are released. @param {number} from */
function holding(from) {
  let posts = 0;
  let isHolding = true;
  return {
    release: () => {
      isHolding = false;
    },
    /** @type {import("../support/batch-element.js").Given["on"]} */
    on: ({ method }) => {
      if (method !== "POST") return undefined;
      posts += 1;
      return isHolding && posts >= from ? { hang: true } : undefined;
    },
  };
}

/**
 * Counts the decisions that the page sends, when it sends them: the service hears of some a little later.
 *
 * @param {import("playwright-core").Page} page
 */
const countSent = (page) =>
  page.evaluate(() => {
    const { fetch } = globalThis;
    globalThis.sent = 0;
    globalThis.fetch = (input, init) => {
      if (init?.method === "POST") globalThis.sent += 1;
      return fetch(input, init);
    };
  });

test("a sending is stopped: nothing more goes out, and each is told", async () => {
  const { on, release } = holding(4);
  const { page, posts, complaints } = await openBatch(several(12), { on });
  await drawn(page, 12);
  await act(page);
  await page.getByText("3 of 12 done.", { exact: false }).first().waitFor();
  await checkAccessibility(page, "a batch on its way");
  await focusOn(page, "stop");
  await page.keyboard.press("Enter");
  await ended(page);
  const found = Object.values(await outcomes(page));
  assert.equal(found.filter((it) => it === "approved").length, 3);
  // Those that were under way are in doubt; the others were not sent.
  const doubtful = found.filter((it) => it === "doubtful").length;
  assert.equal(found.filter((it) => it === "notTried").length, 12 - 3 - doubtful);
  assert.equal(posts().length, 3 + doubtful);

  // The rest goes out as it was seen; what is in doubt does not.
  const before = posts().map(({ id }) => id);
  release();
  await page.locator("#go-on").click();
  await page.getByRole("heading", { name: `${12 - doubtful} of 12 approved` }).waitFor();
  const ids = posts().map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(ids.slice(0, before.length), before);
  assert.deepEqual(complaints, []);
});

test("what changed before the rest goes out is told, and not sent", async () => {
  const { on, release } = holding(1);
  const { page, posts, held } = await openBatch(several(8), { on });
  await drawn(page, 8);
  await act(page);
  await page.locator("#stop").click();
  await ended(page);
  const sent = posts().map(({ id }) => id);
  const rest = several(8)
    .map(({ id }) => id)
    .filter((id) => !sent.includes(id));
  held.get(rest[0]).description = "another";
  release();
  await page.locator("#go-on").click();
  await page.locator(`[data-key="${rest[0]}"][data-outcome="changed"]`).waitFor();
  await page.locator("#stop").waitFor({ state: "detached" });
  assert.ok(!posts().some(({ id }) => id === rest[0]));
});

test("the browser asks who leaves in the middle, and not before or after", async () => {
  const { on, release } = holding(2);
  const { page } = await openBatch(several(3), { on });
  await drawn(page, 3);
  const asks = () =>
    page.evaluate(() => {
      const event = new Event("beforeunload", { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    });
  assert.equal(await asks(), false);
  await act(page);
  await page.getByText("1 of 3 done.", { exact: false }).first().waitFor();
  assert.equal(await asks(), true);
  release();
  await page.locator("#stop").click();
  await ended(page);
  assert.equal(await asks(), false);
});

test("other requests that are chosen meanwhile wait until this is done", async () => {
  const { on, release } = holding(2);
  const { page } = await openBatch([...several(3), waiting(4)], {
    on,
    properties: { ids: [1, 2, 3].map(idOf) },
  });
  await drawn(page, 3);
  await act(page);
  await page.getByText("1 of 3 done.", { exact: false }).first().waitFor();
  await page.evaluate((id) => Object.assign(globalThis.element, { ids: [id] }), idOf(4));
  await page.getByRole("heading", { name: "Approve 3 requests" }).waitFor();
  release();
  await page.locator("#stop").click();
  await ended(page);
  await page.locator("#other").click();
  await page.getByRole("heading", { name: "Approve 1 request" }).waitFor();
});

test("another person stops it, and finds nothing of it", async () => {
  const { on } = holding(2);
  const { page } = await openBatch(several(6), { on });
  await countSent(page);
  await drawn(page, 6);
  await act(page);
  await page.getByText("1 of 6 done.", { exact: false }).first().waitFor();
  const sent = await page.evaluate(() => {
    Object.assign(globalThis.element, { identity: { objectId: "other", name: "Other", groups: [] } });
    return globalThis.sent;
  });
  assert.ok(sent > 0);
  await page.locator('[data-block="not-an-approver"]').first().waitFor();
  assert.equal(await page.locator("#receipt").count(), 0);
  assert.equal(await page.evaluate(() => globalThis.sent), sent);
  assert.deepEqual(await told(page, "ocisign-batch-decided"), []);
});

test("an element that is taken off the page sends nothing more", async () => {
  const { on } = holding(2);
  const { page } = await openBatch(several(6), { on });
  await countSent(page);
  await drawn(page, 6);
  await act(page);
  await page.getByText("1 of 6 done.", { exact: false }).first().waitFor();
  const [before, after] = await page.evaluate(async () => {
    const sent = globalThis.sent;
    globalThis.element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    return [sent, globalThis.sent];
  });
  assert.ok(before > 0);
  assert.equal(after, before);
});

test("a token that the service refuses in the middle is renewed, and it goes on: nothing goes out twice", async () => {
  const refused = new Set();
  const world = await openBatch(several(10), {
    on: ({ method, token, nth }) => {
      if (method === "POST" && token === "token-1") {
        refused.add(nth);
        return { status: 401, body: { message: "expired" } };
      }
      return undefined;
    },
  });
  // A token function of the page: it waits for the person, as a sign-in does.
  await world.page.evaluate((baseUrl) => {
    let given = 0;
    const { SigningClient } = globalThis.ocisign;
    const token = () => {
      given += 1;
      if (given === 1) return Promise.resolve("token-1");
      return new Promise((resolve) => Object.assign(globalThis, { signIn: () => resolve("token-2") }));
    };
    const { profile } = globalThis.element.client;
    globalThis.element.client = new SigningClient({ baseUrl, profile, token });
  }, world.service.url);
  await drawn(world.page, 10);
  await act(world.page);
  await world.page.waitForFunction(() => "signIn" in globalThis);
  await world.page.evaluate(() => globalThis.signIn());
  await world.page.getByRole("heading", { name: "10 of 10 approved" }).waitFor();
  const taken = world
    .posts()
    .filter(
      (_, at) => world.service.asked.filter(({ method }) => method === "POST")[at]?.token === "token-2",
    );
  assert.equal(new Set(taken.map(({ id }) => id)).size, 10);
  assert.equal(taken.length, 10);
  assert.ok(refused.size > 0);
});

test("without a sign-in that could be renewed the rest is not sent, and goes out once there is one", async () => {
  let isRefusing = true;
  const world = await openBatch(several(6), {
    on: ({ method }) =>
      isRefusing && method === "POST" ? { status: 401, body: { message: "expired" } } : undefined,
  });
  await drawn(world.page, 6);
  await act(world.page);
  await ended(world.page);
  assert.ok(Object.values(await outcomes(world.page)).every((it) => it === "notTried" || it === "failed"));
  isRefusing = false;
  const sent = world.held;
  assert.ok([...sent.values()].every(({ approvals }) => approvals.length === 0));
  await world.page.locator("#go-on").click();
  await world.page.getByRole("heading", { name: "6 of 6 approved" }).waitFor();
  assert.ok([...sent.values()].every(({ approvals }) => approvals.length === 1));
});
