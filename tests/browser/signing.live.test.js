// <ocisign-signing>: how does it follow its request, and what if that cannot be read?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { comment, lookNow, state, useSigning } from "../support/signing-element.js";
import { focused, told } from "../support/stage.js";

const { openFake } = useSigning({ windows: "each" });

test("loading, an error with a way on, and no request at all", async () => {
  let isDown = true;
  const hang = {
    on: ({ path }) => (isDown && path.includes("imagesignings") ? { hang: true } : undefined),
  };
  const { page, state: service } = await openFake({}, hang);
  await page.getByText("Loading…").waitFor();
  await checkAccessibility(page, "loading");
  service.on = ({ path }) => (isDown && path.includes("imagesignings") ? { status: 404 } : undefined);
  await lookNow(page);
  await page.getByRole("alert").waitFor();
  await checkAccessibility(page, "not found");
  assert.equal((await told(page, "ocisign-error")).length, 1);
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  assert.equal(await focused(page), "title");
  await page.evaluate(() => {
    globalThis.element.signingId = undefined;
  });
  await page.getByText("No request is chosen.").waitFor();
});

test("offline, a request that nobody has read says when it opens, and then does", async () => {
  const { page } = await openFake();
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  await page.context().setOffline(true);
  await page.evaluate(async () => {
    const element = globalThis.element;
    const { signingId } = element;
    element.signingId = undefined;
    await element.updateComplete;
    element.signingId = signingId;
  });
  await page.getByText("You are offline. This request opens as soon as you are online again.").waitFor();
  await checkAccessibility(page, "offline, and nothing read");
  await page.context().setOffline(false);
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
});

test("quiet in a hidden tab and offline, patient while the service is away, and back by itself", async () => {
  const { page, service, state } = await openFake();
  const watching = (is) => page.locator(`[part="live"][data-watching="${is}"]`);
  await watching("live").waitFor();
  const hide = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await watching("hidden").waitFor();
  // What else is read for a request that is opened, such as its predecessor, may come late.
  const looks = () => service.asked.filter(({ path }) => /imagesignings\/[^/?]+$/.test(path)).length;
  const looked = looks();
  await checkAccessibility(page, "hidden");
  await page.context().setOffline(true);
  await hide(false);
  await watching("offline").waitFor();
  await checkAccessibility(page, "offline");
  assert.equal(looks(), looked);
  await comment(page, "typed while offline");
  await page.context().setOffline(false);
  await watching("live").waitFor();
  // A proxy answers in the service's place: it says nothing about the request.
  state.on = () => ({ body: "Bad Gateway" });
  await lookNow(page);
  await watching("away").waitFor();
  state.on = undefined;
  await lookNow(page);
  await watching("live").waitFor();
  state.on = () => ({ status: 400 });
  await lookNow(page);
  await page.getByRole("alert").waitFor();
  state.on = undefined;
  await page.getByRole("button", { name: "Try again" }).click();
  await watching("live").waitFor();
  await page.evaluate(() => {
    // One try is enough here: the client's own patience is tested elsewhere.
    const { client } = globalThis.element;
    client.signing = async () => {
      throw new globalThis.ocisign.OcisignError("network", "away", "wait");
    };
    globalThis.element.watching.start();
  });
  await watching("away").waitFor();
  await checkAccessibility(page, "away");
  assert.equal(await page.locator("#comment").inputValue(), "typed while offline");
});

test("a code that nobody explained is shown as it is, and may be decided", async () => {
  const { page, state: service } = await openFake({ status: 3 }, { client: { profile: {} } });
  await state(page, /^status 3$/).waitFor();
  await page.locator('[part="timeline"]', { hasText: "status 3" }).waitFor();
  await page.locator("#approve").waitFor();
  service.signing = { ...service.signing, status: 77 };
  await lookNow(page);
  await state(page, /^status 77$/).waitFor();
  await page.locator('[part="timeline"]', { hasText: "status 77" }).waitFor();
  await page.locator('[part="timeline"]', { hasText: "status 3" }).waitFor();
  assert.deepEqual(
    (await told(page, "ocisign-status")).map(({ signing }) => signing.status),
    [3, 77],
  );
});
