// <ocisign-approvals>: how does what others do arrive, and what if it cannot?
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  digestOf,
  lookAgain,
  lookUntil,
  numbers,
  phone,
  requests,
  useApprovals,
  wide,
} from "../support/approvals-element.js";
import { checkAccessibility } from "../support/axe.js";
import { signingOf } from "../support/fake-service.js";
import { productFor, profileOf } from "../support/sandbox.js";
import { hasFocus, mount, told, useStageWithSandbox } from "../support/stage.js";

/** @typedef {import("playwright-core").Page} Page */

const { stage, sandbox: started } = useStageWithSandbox();
const { serviceOf, openQueue } = useApprovals(stage);

test("an approver of the sandbox sees what waits for them, and what others decide meanwhile", async () => {
  const { sandbox, as } = started();
  const product = await as("requester").createProduct(productFor(sandbox));
  const artifact = `${sandbox.registry.domain}/team/app@${digestOf(1)}`;
  const request = (description) =>
    as("requester").requestSigning({ productId: product.id, artifact, description });
  const first = await request("the release");
  const second = await request("a mistake");
  const { page, complaints } = await stage.open({ viewport: wide });
  const { objectId, name, groups, token } = sandbox.person("approver-two");
  await mount(page, "ocisign-approvals", {
    service: { baseUrl: sandbox.base, token, profile: await profileOf(sandbox) },
    properties: { identity: { objectId, name, groups } },
  });
  const release = page.locator("li.item", { hasText: "the release" });
  // What both say is said once, above them.
  const common = page.locator("[part=common]");
  for (const said of ["2 of 2 groups missing", String(product.name), "Requester"]) {
    await common.getByText(said).first().waitFor();
    assert.equal(await release.getByText(said).count(), 0, said);
  }
  await page.getByRole("radio", { name: "Needs your review 2" }).waitFor();
  await checkAccessibility(page, "requests that wait");

  // The pointer rests on the list, so that nothing moves there. It does before anything changes: the element also looks
  // by itself.
  await release.hover();
  await as("approver-one").approve(first.id);
  await as("approver-one").reject(second.id, { comment: "not that one" });
  await lookAgain(page);
  await release.getByText("1 of 2 groups missing").waitFor();
  await page.locator("li.item", { hasText: "a mistake" }).getByText("rejected").waitFor();
  await page.getByRole("radio", { name: "Needs your review 1" }).waitFor();

  await release.getByRole("button", { name: /^Open/ }).press("Enter");
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: first.id }]);
  await as("approver-two").approve(first.id);
  await page.getByLabel("Search").focus();
  await page.mouse.move(0, 0);
  await lookAgain(page);
  await page.getByText("Nothing needs your review.").waitFor();
  await checkAccessibility(page, "nothing to decide");
  assert.deepEqual(complaints, []);
});

test("what is new moves nothing under the pointer, and comes by itself otherwise", async () => {
  const all = requests(60);
  const queue = await openQueue(await serviceOf(all));
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
  assert.equal(await hasFocus(heading), true);

  await page.mouse.move(0, 0);
  all.unshift(isNew("image-103"));
  await lookAgain(page);
  await page.getByText("1–50 of 63", { exact: true }).first().waitFor();
  assert.equal((await numbers(queue))[0], 103);
  await page.getByText("1 new request", { exact: true }).waitFor({ state: "attached" });

  // By keyboard one is at it, too.
  await rows.first().getByRole("button", { name: /^Open/ }).focus();
  all.unshift(isNew("image-104"));
  await lookAgain(page);
  await page.getByText("Show it").waitFor();
  assert.equal((await numbers(queue))[0], 103);
  await page.getByLabel("Search").focus();
  await lookAgain(page);
  await page.getByText("1–50 of 64", { exact: true }).first().waitFor();
});

test("while all is read for the first time, a pointer that rests there holds nothing back; one that moves does", async () => {
  // The newest come last, and belong above all others.
  const all = requests(600).reverse();
  /** @type {Map<string, () => void>} */
  const held = new Map();
  const service = await serviceOf(all, {
    change: ({ path }) => {
      const { pathname, searchParams } = new URL(path, "http://service");
      if (!pathname.endsWith("/imagesignings")) return undefined;
      const [offset, limit] = [Number(searchParams.get("offset") ?? 0), Number(searchParams.get("limit"))];
      const after = new Promise((resolve) => held.set(String(offset), () => resolve(undefined)));
      return { body: all.slice(offset, offset + limit), after };
    },
  });
  /** @param {Page} page @param {number} offset */
  const answer = async (page, offset) => {
    while (!held.has(String(offset))) await page.evaluate(() => new Promise(requestAnimationFrame));
    held.get(String(offset))?.();
    held.delete(String(offset));
  };
  for (const isMoving of [false, true]) {
    const queue = await openQueue(service);
    const { page, rows } = queue;
    await page.mouse.move(300, 500);
    await answer(page, 0);
    await rows.first().waitFor();
    // A browser finds out in a later frame what has come up under the pointer.
    await page.locator(".list:hover").waitFor();
    if (isMoving) await page.mouse.move(310, 505);
    await answer(page, 250);
    await answer(page, 500);
    if (isMoving) {
      await page.getByText("350 new requests", { exact: true }).waitFor();
      assert.equal((await numbers(queue))[0], 350);
    } else {
      await page.getByText("1–50 of 600", { exact: true }).first().waitFor();
      assert.equal((await numbers(queue))[0], 0);
    }
  }
});

test("on a phone, where no pointer is seen, what is new waits to be asked for", async () => {
  const all = requests(3);
  const queue = await openQueue(
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

test("older requests are looked at in turn, and a refresh reads all again", async () => {
  const all = requests(1600);
  const service = await serviceOf(all);
  const queue = await openQueue(service, { search: "image-1555" });
  const { page } = queue;
  await queue.rows.getByText("image-1555").waitFor();
  await page.getByText("Read 1,600 requests.").waitFor({ state: "attached" });
  await queue.rows.first().hover();
  all[1555] = { ...all[1555], status: 16 };
  const isSigned = queue.rows.getByText("signed", { exact: true });
  // Each look is at the newest and at one page of the older ones.
  await lookUntil(page, service, () => isSigned.isVisible());
  all.splice(1555, 1);
  await page.getByRole("button", { name: "Refresh" }).press("Enter");
  await page.getByText("Read 1,599 requests.").waitFor({ state: "attached" });
});

test("offline, and while the service is away, what is known stays", async () => {
  let isAway = false;
  const change = () => (isAway ? { status: 503, body: {} } : undefined);
  const queue = await openQueue(await serviceOf(requests(3), { change }));
  const { page } = queue;
  await page.getByText(/^Live, as of/).waitFor();
  await page.context().setOffline(true);
  await page.getByText("You are offline, and this view may be out of date.").waitFor();
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
