// `<ocisign-signing>` in a real Chromium: on the sandbox what people do, on services that misbehave what goes wrong.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { launchChromium } from "../../tools/machine/browser.js";
import { checkAccessibility } from "../support/axe.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";
import { hostileTexts, hostileValues, megabyte } from "../support/hostile.js";
import { prove } from "../support/proof.js";
import { clientsOf, groupA, groupB, productFor, profileOf, testSandbox } from "../support/sandbox.js";
import { mount, openOn, openStage } from "../support/stage.js";

const groupNames = { [groupA]: "Release managers", [groupB]: "Security" };
const elsewhere = `registry.example/team/app@sha256:${"3fbc".repeat(14)}0123abcd`;
const tail = "0123abcd";
const profile = {
  statuses: { 1: "new", 2: "waiting", 4: "approved", 8: "signing", 32: "rejected", 64: "failed" },
};
const me = { objectId: "me", name: "Me", groups: [groupA] };

let stage;
let sandbox;
let browser;
let as;
let product;
let image;
/** What a test opened. @type {(() => unknown)[]} */
const opened = [];

before(async () => {
  stage = await openStage();
  sandbox = await testSandbox({ args: ["--allow-origin", stage.origin] });
  as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox));
  image = await pushed("team/app");
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await sandbox?.close();
  stage?.close();
});

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function pushed(repository, text) {
  const digest = await pushImage(new Registry(sandbox.registry), repository, text);
  return `${sandbox.registry.domain}/${repository}@${digest}`;
}

const ask = (more = {}) =>
  as("requester").requestSigning({ product, artifact: image, description: "Release 1.2", ...more });

const accessTo = ({ url, username, password }) => (username ? { url, username, password } : { url });

async function openPage(options) {
  const { page, complaints, close } = await openOn(browser, stage, options);
  opened.push(close);
  return { page, complaints };
}

/** Opens a request of the sandbox for one of its people. */
async function openAs(role, signingId, { options, properties } = {}) {
  const { token, name, objectId, groups } = sandbox.person(role);
  const { page, complaints } = await openPage(options);
  await mount(page, "ocisign-signing", {
    service: { baseUrl: sandbox.base, token, profile: await profileOf(sandbox) },
    properties: {
      signingId,
      groupNames,
      identity: { name, objectId, groups },
      registry: accessTo(sandbox.registry),
      ...properties,
    },
  });
  await page.getByRole("heading", { name: "What will be signed" }).waitFor();
  return { page, complaints };
}

/** A page without an image at its registry complains about that; nobody else may. */
const known = (complaints) => complaints.filter((text) => !/registry\.example|ERR_|CORS/.test(text));

/**
 * Opens a request of a service that says what a test wants: `state.signing` is the request, `state.on(asking)` may
 * answer anything before.
 */
async function openFake(changes = {}, { properties, ...given } = {}) {
  const state = {
    signing: signingOf(elsewhere, { productId: "p", idProductOperation: "o", ...changes }),
    ...given,
  };
  const service = await fakeService((asking) => {
    const own = state.on?.(asking);
    if (own) return own;
    if (asking.path.includes("/products/"))
      return { body: { ...productOf("registry.example"), ...state.product } };
    return { body: state.signing };
  });
  opened.push(service.close);
  const { page, complaints } = await openPage(given.options);
  await page.route("https://registry.example/**", (route) => route.abort());
  await mount(page, "ocisign-signing", {
    service: { baseUrl: service.url, token: "token", profile, ...given.client },
    properties: { signingId: state.signing.id, identity: me, ...properties },
  });
  const posts = () => service.asked.filter(({ method }) => method === "POST");
  return { page, complaints, service, state, posts };
}

const state = (page, text) => page.locator('header [part="state"]', { hasText: text });
const isReady = (page) => page.locator('#approve[aria-disabled="false"]');
const told = (page, type) =>
  page.evaluate(
    (wanted) => globalThis.told.filter((it) => it.type === wanted).map(({ detail }) => detail),
    type,
  );
/** The live look is quick from here on. @param {import("playwright-core").Page} page */
const lookNow = (page) => page.evaluate(() => globalThis.element.watching.start());
const focused = (page) =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.id;
  });

describe("on the sandbox", () => {
  test("by keyboard alone, from loading to the receipt, and the proof arrives live", async () => {
    const fresh = await pushed("team/keyboard", "by keyboard\n");
    const digest = fresh.split("@")[1];
    const request = await ask({ artifact: fresh });
    await as("approver-one").approve(request.id);
    const { page, complaints } = await openAs("approver-two", request.id);
    const key = publicKey(product, undefined, await profileOf(sandbox));
    await page.getByText("The registry holds no signature").waitFor();
    const consequence = await page.locator('[part="consequence"]').textContent();
    assert.ok(consequence.includes("This is the final approval."), consequence);
    for (const part of [key.fingerprint, digest, sandbox.registry.domain, "cannot be undone"]) {
      assert.ok((await shownText(page, '[part="consequence"]')).includes(part), part);
    }
    await page.locator('[part="subject"]', { hasText: "linux/amd64" }).waitFor();
    await page.locator('[data-match="good"]').waitFor();
    await checkAccessibility(page, "before the decision");

    await tabTo(page, "tail");
    await page.keyboard.type(digest.slice(-8));
    await tabTo(page, "comment");
    await page.keyboard.type("as announced");
    await tabTo(page, "approve");
    assert.equal(
      await page
        .locator("#approve")
        .textContent()
        .then((text) => text.trim()),
      `Approve sha256:…${digest.slice(-8)}`,
    );
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
    assert.equal(await focused(page), "receipt");
    const receipt = await shownText(page, '[part="receipt"]');
    for (const part of ["Approver two", digest, fresh, request.id, "as announced", "approved"]) {
      assert.ok(receipt.includes(part), part);
    }

    await state(page, "signed (16)").waitFor();
    await page.locator('[part="proof"] [part="verdict"]', { hasText: "Verified" }).waitFor();
    await page.locator('[part="live"][data-watching="idle"]', { hasText: "final" }).waitFor();
    await checkAccessibility(page, "signed and verified");
    const [decided] = await told(page, "ocisign-decided");
    assert.equal(decided.decision, "approve");
    const [{ verification }] = await told(page, "ocisign-verified");
    assert.equal(verification.state, "verified");
    assert.deepEqual(verification.keys, [key.fingerprint]);
    const codes = (await told(page, "ocisign-status")).map(({ signing }) => signing.status);
    assert.equal(codes[0], 2);
    assert.equal(codes.at(-1), 16);
    const stored = await as("requester").signing(request.id);
    assert.equal(stored.approvals.at(-1).comment, "as announced");
    await prove(new Registry(sandbox.registry), fresh, key.pem);
    assert.deepEqual(complaints, []);
  });

  test("two people at once: one sees the other's approval arrive", async () => {
    const request = await ask({ artifact: await pushed("team/two", "two people\n") });
    const one = await openAs("approver-one", request.id);
    const two = await openAs("approver-two", request.id);
    await one.page.getByText("After your approval, these groups are still missing: Security.").waitFor();
    await two.page
      .getByText("After your approval, these groups are still missing: Release managers.")
      .waitFor();
    await two.page.locator("#comment").fill("half a sente");
    await approve(one.page, request);
    await two.page.getByText("This is the final approval.").waitFor();
    await two.page.locator('[part="approvals"]', { hasText: "Approver one" }).waitFor();
    await two.page.getByRole("status").getByText("Approver one has approved.").waitFor();
    assert.equal(await two.page.locator("#comment").inputValue(), "half a sente");
    assert.equal(await two.page.locator('[part="changed"]').count(), 0);
    await approve(two.page, request);
    for (const { page, complaints } of [one, two]) {
      await state(page, "signed (16)").waitFor();
      await page.locator('[part="proof"] [part="verdict"]', { hasText: "Verified" }).waitFor();
      assert.deepEqual(complaints, []);
    }
  });

  test("who may not approve is told why, and is not offered it", async () => {
    const request = await ask();
    const onlyA = await as("requester").createProduct(productFor(sandbox, { approvalGroups: [groupA] }));
    for (const [role, id, obstacle, mayReject] of [
      ["requester", request.id, "own-request", true],
      ["outsider", request.id, "not-an-approver", false],
      ["approver-two", (await ask({ product: onlyA })).id, "not-an-approver", false],
    ]) {
      const { page } = await openAs(role, id);
      await page.locator(`[data-obstacle="${obstacle}"]`).waitFor();
      assert.equal(await page.locator("#tail").count(), 0, role);
      assert.equal(await page.getByRole("button", { name: "Reject…" }).count(), mayReject ? 1 : 0, role);
      await checkAccessibility(page, obstacle);
    }
    await as("approver-one").approve(request.id);
    const again = await openAs("approver-one", request.id);
    await again.page.locator('[data-obstacle="already-approved"]').waitFor();
    // Another one of the same group, and the other group is missing.
    const { token } = sandbox.person("approver-one");
    assert.ok(token);
    const other = { name: "Third", objectId: "third", groups: [groupA] };
    const third = await openAs("approver-one", request.id, { properties: { identity: other } });
    await third.page.locator('[data-obstacle="group-already-approved"]').waitFor();
  });

  test("a rejection needs a comment, and is final", async () => {
    const request = await ask();
    const { page, complaints } = await openAs("approver-one", request.id);
    await page.getByRole("button", { name: "Reject…" }).click();
    await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "reason");
    await page.getByRole("button", { name: "Reject the request" }).click();
    await page.locator("#reason-error", { hasText: "Give a reason" }).waitFor();
    assert.equal(await page.locator("#reason").getAttribute("aria-invalid"), "true");
    assert.equal(await focused(page), "reason");
    await checkAccessibility(page, "a rejection without a comment");
    await page.locator("#reason").fill("  ");
    await page.getByRole("button", { name: "Reject the request" }).click();
    assert.equal((await as("requester").signing(request.id)).state, "waiting");
    await page.getByRole("button", { name: "Back, without rejecting" }).click();
    await page.getByRole("button", { name: "Reject…" }).click();
    await page.locator("#reason").fill("not this build");
    await page.getByRole("button", { name: "Reject the request" }).click();
    await page.getByRole("heading", { name: "Rejection recorded" }).waitFor();
    assert.equal(await focused(page), "receipt");
    await state(page, "rejected (32)").waitFor();
    assert.ok((await shownText(page, '[part="timeline"]')).includes("not this build"));
    await checkAccessibility(page, "rejected");
    const [{ decision }] = await told(page, "ocisign-decided");
    assert.equal(decision, "reject");
    assert.deepEqual(complaints, []);
  });

  test("who has approved may still reject, while others are missing", async () => {
    const request = await ask();
    const { page } = await openAs("approver-one", request.id);
    await approve(page, request);
    await checkAccessibility(page, "approved, and others are missing");
    await page.getByRole("button", { name: "Reject…" }).click();
    await page.locator("#reason").fill("seen too late");
    await page.getByRole("button", { name: "Reject the request" }).click();
    await page.getByRole("heading", { name: "Rejection recorded" }).waitFor();
    await state(page, "rejected (32)").waitFor();
    assert.equal(await page.getByRole("button", { name: "Reject…" }).count(), 0);
  });

  test("earlier signatures on the digest are shown before the decision", async () => {
    const twice = await pushed("team/twice", "signed twice\n");
    const first = await ask({ artifact: twice });
    await as("approver-one").approve(first.id);
    await as("approver-two").approve(first.id);
    await as("requester").waitForSignature(first.id, { intervalMs: 50 });
    const { page } = await openAs("approver-one", (await ask({ artifact: twice })).id);
    await page
      .locator('[part="earlier"]', { hasText: "The registry holds one signature of this digest." })
      .waitFor();
    await page.locator('[part="earlier"] [part="verdict"]', { hasText: "Verified" }).waitFor();
    await checkAccessibility(page, "with an earlier signature");
  });

  test("a registry that is out of reach, and one that has no such image, are hints", async () => {
    const request = await ask();
    const { page } = await openAs("approver-one", request.id, {
      properties: { registry: { url: "http://127.0.0.1:1" } },
    });
    await page
      .locator('[part="subject"]', { hasText: "could not ask the registry about the image" })
      .waitFor();
    await page.locator('[part="earlier"]', { hasText: "could not check for signatures" }).waitFor();
    await checkAccessibility(page, "registry out of reach");
    await page.locator('[part="earlier"]').getByRole("button", { name: "Try again" }).click();
    assert.equal(await focused(page), "earlier");
    await page.locator("#tail").fill(image.slice(-8));
    await isReady(page).waitFor();
    const missing = image.replace(/.{8}$/, "00000000");
    const other = await openAs("approver-one", (await ask({ artifact: missing })).id);
    await other.page.locator('[part="subject"]', { hasText: "it has no such image" }).waitFor();
    await checkAccessibility(other.page, "no such image");
  });

  test("what is selected, and what is copied, is exactly the digest", async () => {
    const request = await ask();
    const { page } = await openAs("approver-one", request.id, {
      options: { permissions: ["clipboard-read", "clipboard-write"] },
    });
    const digest = image.split("@")[1];
    await page.locator(".digest").click();
    assert.equal(await page.evaluate(() => getSelection()?.toString()), digest);
    await page.keyboard.press("Control+C");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), digest);
    await page.getByRole("button", { name: "Copy the digest" }).click();
    await page.getByRole("status").getByText("Copied.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), digest);
    const key = publicKey(product, undefined, await profileOf(sandbox));
    await page.getByRole("button", { name: "Copy the key's fingerprint" }).click();
    await page.waitForFunction(
      async (fingerprint) => (await navigator.clipboard.readText()) === fingerprint,
      key.fingerprint,
    );
    // The whole digest, as from a build's log, names it as well; a part of it does not.
    await page.locator("#tail").fill(digest.slice(0, -1));
    await page.locator("#tail-error", { hasText: "not the last 8 characters" }).waitFor();
    assert.equal(await isReady(page).count(), 0);
    await page.locator("#tail").fill(` ${digest.toUpperCase()} `);
    await isReady(page).waitFor();
    await page.locator("#tail").fill(digest.slice(-8).toUpperCase());
    await isReady(page).waitFor();
  });
});

describe("on a service that misbehaves", () => {
  test("changed between look and click: nothing is sent, and the page says what changed", async () => {
    const { page, state, posts } = await openFake({ description: "Release 1.2" });
    await page.locator("#tail").fill(tail);
    await page.locator("#comment").fill("kept");
    await isReady(page).waitFor();
    const other = elsewhere.replace("team/app", "evil/app");
    const { payload } = signingOf(other);
    state.signing = { ...state.signing, payload, description: "Release\u202e 1.2" };
    await page.locator("#approve").click();
    await page.locator('[part="changed"]').waitFor();
    const said = await shownText(page, '[part="changed"]');
    assert.ok(
      said.includes("description") && said.includes("payload.optionalParameters[0].artifactURI"),
      said,
    );
    assert.ok(said.includes("U+202E"), said);
    assert.deepEqual(posts(), []);
    assert.equal(await page.locator("#tail").inputValue(), "");
    assert.equal(await page.locator("#comment").inputValue(), "kept");
    assert.ok(
      (await shownText(page, '[part="subject"]')).includes("team/app"),
      "what is shown does not change by itself",
    );
    await page.locator("#tail").fill(tail);
    assert.equal(await isReady(page).count(), 0, "not before it is shown anew");
    await checkAccessibility(page, "changed");
    await page.getByRole("button", { name: "Show the current request" }).click();
    assert.ok((await shownText(page, '[part="subject"]')).includes("evil/app"));
    await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "title");
    assert.equal(await page.locator("#tail").inputValue(), "");
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    assert.deepEqual(posts(), []);
    await page.locator("#approve").click();
    await page.locator('[part="receipt"]').waitFor();
    const [{ body }] = posts();
    assert.equal(JSON.parse(body).expect.description, "Release\u202e 1.2", "bound to what is shown now");
  });

  test("changed between the page's look and the client's own: still nothing is sent", async () => {
    let looks = 0;
    const { page, state, posts } = await openFake();
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    await page.evaluate(() => globalThis.element.watching.stop());
    state.on = ({ method, path }) => {
      if (method !== "GET" || path.includes("products")) return undefined;
      looks += 1;
      return { body: looks > 1 ? { ...state.signing, name: "another" } : state.signing };
    };
    await page.locator("#approve").click();
    await page.locator('[part="changed"]', { hasText: "another" }).waitFor();
    await page.locator("[data-refusal]").waitFor();
    assert.deepEqual(posts(), []);
    assert.equal(await page.locator("#tail").inputValue(), "");
  });

  test("another requester is a change, too; fields that nobody knows are shown as they are now", async () => {
    const { page, state, posts } = await openFake({
      requester: { objectId: "a", name: "Alice" },
      more: "one",
    });
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    state.signing = { ...state.signing, more: "two" };
    await lookNow(page);
    await page.locator('[part="extras"]', { hasText: "two" }).waitFor();
    await isReady(page).waitFor();
    state.signing = { ...state.signing, requester: { objectId: "b", name: "Alice" } };
    await page.locator("#approve").click();
    await page.locator('[part="changed"]', { hasText: "requester.objectId" }).waitFor();
    assert.deepEqual(posts(), []);
  });

  test("a rejection is bound to what was shown as well", async () => {
    const { page, state, posts } = await openFake();
    await page.getByRole("button", { name: "Reject…" }).click();
    await page.locator("#reason").fill("not this build");
    state.signing = { ...state.signing, description: "another" };
    await page.getByRole("button", { name: "Reject the request" }).click();
    await page.locator('[part="changed"]', { hasText: "another" }).waitFor();
    await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "changed");
    assert.deepEqual(posts(), []);
    assert.equal(await page.locator("#reason").inputValue(), "not this build");
    await page.getByRole("button", { name: "Show the current request" }).click();
    await page.getByRole("button", { name: "Reject the request" }).click();
    await page.locator('[part="receipt"]').waitFor();
    assert.deepEqual(
      posts().map(({ body }) => JSON.parse(body)),
      [{ comment: "not this build" }],
    );
  });

  test("what others decided between look and click is not decided again", async () => {
    const { page, state, posts } = await openFake();
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    state.signing = { ...state.signing, status: 32, reason: "Rejected by somebody" };
    await page.locator("#approve").click();
    await page.locator('[part="decision"]', { hasText: "This request is closed" }).waitFor();
    await page.locator('[part="head"]', { hasText: "Rejected by somebody" }).waitFor();
    assert.deepEqual(posts(), []);
  });

  /** Approves, and holds the approval back on its way to the service until it is released. */
  async function approveHeld(page, service) {
    const path = `${service.url}/imagesignings/*/approve`;
    let release = () => {};
    const held = new Promise((resolve) => {
      release = resolve;
    });
    await page.route(path, async (route) => {
      await held;
      await route.continue();
    });
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    const sent = page.waitForRequest(path);
    await page.locator("#approve").click();
    await sent;
    return release;
  }

  test("moved in the page while a decision is under way: it goes on, and is sent once", async () => {
    const { page, service, posts } = await openFake();
    const release = await approveHeld(page, service);
    await page.evaluate(() => {
      globalThis.element.remove();
      document.querySelector("main").prepend(globalThis.element);
    });
    release();
    await page.locator('[part="receipt"]').waitFor();
    assert.equal(posts().length, 1);
  });

  test("the receipt is of what was sent, though something else is shown when the answer comes", async () => {
    const { page, service, state } = await openFake();
    const release = await approveHeld(page, service);
    const other = `registry.example/team/app@sha256:${"66".repeat(32)}`;
    state.signing = { ...state.signing, payload: signingOf(other).payload };
    await lookNow(page);
    await page.getByRole("button", { name: "Show the current request" }).click();
    await page.locator("[part='digest']", { hasText: "66666666" }).waitFor();
    release();
    const receipt = page.locator('[part="receipt"]');
    await receipt.waitFor();
    await receipt.getByText(elsewhere.split("@")[1], { exact: true }).waitFor();
    assert.equal(await receipt.getByText("66666666").count(), 0, "nobody approved the other one");
  });

  test("a service that answers 409 since the request changed", async () => {
    const { page, state, posts } = await openFake();
    await page.locator("#tail").fill(tail);
    await page.locator("#comment").fill("kept");
    await isReady(page).waitFor();
    state.on = ({ method }) => {
      if (method !== "POST") return undefined;
      state.signing = { ...state.signing, description: "another" };
      return { status: 409, body: { message: "The request's description is not what you saw." } };
    };
    await page.locator("#approve").click();
    await page.locator("[data-refusal]", { hasText: "not what you saw" }).waitFor();
    await page.locator('[part="changed"]', { hasText: "another" }).waitFor();
    assert.equal(posts().length, 1);
    assert.equal(await page.locator("#tail").inputValue(), "");
    assert.equal(await page.locator("#comment").inputValue(), "kept");
  });

  for (const [name, answer] of [
    ["a fault of a proxy", { status: 502 }],
    ["no answer in time", { hang: true }],
    ["an answer that makes no sense", { body: ["taken"] }],
    ["a redirect, as many answer to what they took", { status: 303 }],
  ]) {
    test(`in doubt, by ${name}: it may have been taken, is not sent again, and a later look tells`, async () => {
      const { page, state, posts } = await openFake({}, { client: { timeoutMs: 2000 } });
      await page.locator("#tail").fill(tail);
      await page.locator("#comment").fill("kept");
      await isReady(page).waitFor();
      state.on = ({ method }) => (method === "POST" ? answer : undefined);
      await page.locator("#approve").click();
      await page.locator('[data-doubt="open"]').waitFor();
      assert.equal(posts().length, 1);
      assert.equal(await page.locator("#tail").inputValue(), "");
      assert.equal(await page.locator("#comment").inputValue(), "kept");
      await checkAccessibility(page, "in doubt");
      state.signing = { ...state.signing, approvals: [{ objectId: "me", name: "Me", groups: [groupA] }] };
      await lookNow(page);
      await page.locator('[data-doubt="ended"]').waitFor();
      assert.equal(posts().length, 1);
    });
  }

  test("what fails before anything is sent is no doubt, and loses nothing", async () => {
    const { page, state, posts } = await openFake();
    await page.locator("#tail").fill(tail);
    await page.locator("#comment").fill("kept");
    await isReady(page).waitFor();
    await page.evaluate(() => globalThis.element.watching.stop());
    state.on = () => ({ status: 401 });
    await page.locator("#approve").click();
    await page.locator("[data-refusal]", { hasText: "Your input is still here." }).waitFor();
    assert.deepEqual(posts(), []);
    assert.equal(await page.locator("#tail").inputValue(), tail);
    assert.equal(await page.locator("#comment").inputValue(), "kept");
    await checkAccessibility(page, "refused");
    state.on = undefined;
    await page.locator("#approve").click();
    await page.locator('[part="receipt"]').waitFor();
  });

  test("a double click sends once, and what was sent is bound to what was shown", async () => {
    const { page, posts } = await openFake({ description: "why" });
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    await page.locator("#approve").evaluate((button) => {
      button.click();
      button.click();
    });
    await page.locator('[part="receipt"]').waitFor();
    assert.equal(posts().length, 1);
    const { expect } = JSON.parse(posts()[0].body);
    assert.deepEqual(expect.payload, signingOf(elsewhere).payload);
    assert.equal(expect.description, "why");
  });

  test("not ready is said, and leads to what is missing", async () => {
    const { page, posts } = await openFake();
    // Playwright itself does not click on what says that it is disabled.
    await page.locator("#approve").click({ force: true });
    await page
      .getByRole("status")
      .getByText("Type the last 8 characters of the digest to approve.")
      .waitFor();
    assert.equal(await focused(page), "tail");
    assert.equal(await page.locator("#tail").getAttribute("aria-invalid"), "true");
    await page.locator("#tail").fill("00000000");
    await page.locator("#tail").press("Enter");
    await page.locator("#tail-error", { hasText: "Compare the digests before you continue" }).waitFor();
    await checkAccessibility(page, "a wrong digest");
    assert.deepEqual(posts(), []);
  });

  test("an image that could not be signed can only be rejected", async () => {
    const registry = { productConfigItems: [{ name: "RegistryURL", value: "registry.example.evil.com" }] };
    const twice = [{ artifactURI: btoa(elsewhere) }, { artifactURI: btoa(elsewhere) }];
    const payload = (optionalParameters) => ({ payload: { name: "n", optionalParameters } });
    for (const [name, changes, given, said] of [
      ["another registry", {}, { product: registry }, "not in the product's registry"],
      ["none", payload([]), {}, "names no image"],
      ["several", payload(twice), {}, "several things"],
      ["not base64", payload([{ artifactURI: "!!!" }]), {}, "cannot read the image"],
      ["not text", payload([{ artifactURI: "gICA" }]), {}, "cannot read the image"],
      [
        "a tag only",
        payload([{ artifactURI: btoa("registry.example/app:1.0") }]),
        {},
        "cannot read the image",
      ],
      ["no payload", { payload: undefined }, {}, "names no image"],
    ]) {
      const { page, complaints } = await openFake(changes, given);
      await page.locator('[part="decision"] .notice.bad', { hasText: "only reject" }).waitFor();
      assert.equal(await page.locator("#approve").count(), 0, name);
      assert.ok((await shownText(page, "article")).includes(said), name);
      await page.getByRole("button", { name: "Reject…" }).waitFor();
      await checkAccessibility(page, name);
      assert.deepEqual(known(complaints), [], name);
    }
  });

  test("odd spellings of an image are pointed out, and do not stand in the way", async () => {
    for (const [text, said] of [
      [btoa(`${elsewhere}\n`), "not canonical"],
      [btoa(elsewhere).replace(/=+$/, ""), "not canonical"],
      [btoa(elsewhere.replace("@", ":1.2@")), "not canonical: it has a tag"],
      [btoa(elsewhere.replace("registry", "Registry")), "upper-case"],
      [btoa(elsewhere.replace("registry.example", "xn--rgistry-9ya.example")), "xn--"],
    ]) {
      const { page } = await openFake({
        payload: { name: "n", metadata: [], optionalParameters: [{ artifactURI: text }] },
      });
      await page.locator('[part="warning"]', { hasText: said }).waitFor();
    }
  });

  test("the product cannot be read: the rest is there, and approving is possible", async () => {
    const on = ({ path }) => (path.includes("/products/") ? { status: 403 } : undefined);
    const { page, posts } = await openFake({}, { on });
    await page.locator('[part="product"]', { hasText: "could not read the product" }).waitFor();
    await page.locator('[data-match="unknown"]').waitFor();
    await page.locator('[part="earlier"]', { hasText: "needs the product's key" }).waitFor();
    await checkAccessibility(page, "without the product");
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    await page.locator("#approve").click();
    await page.locator('[part="receipt"]').waitFor();
    assert.equal(posts().length, 1);
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
    const asked = service.asked.length;
    await checkAccessibility(page, "hidden");
    await page.context().setOffline(true);
    await hide(false);
    await watching("offline").waitFor();
    await checkAccessibility(page, "offline");
    assert.equal(service.asked.length, asked);
    await page.locator("#comment").fill("typed while offline");
    await page.context().setOffline(false);
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

  test("another request, another person, and a move in the page", async () => {
    const { page, state, posts } = await openFake();
    await page.locator("#tail").fill(tail);
    await page.locator("#comment").fill("mine");
    await page.evaluate(() => {
      const { element } = globalThis;
      const aside = document.createElement("aside");
      document.querySelector("main").append(aside);
      aside.append(element);
    });
    await page.locator('[part="live"][data-watching="live"]').waitFor();
    assert.equal(await page.locator("#comment").inputValue(), "mine");
    await isReady(page).waitFor();
    await page.evaluate(() => {
      globalThis.element.identity = { objectId: "other", name: "Other", groups: [] };
    });
    await page.waitForFunction(() => globalThis.element.shadowRoot.querySelector("#comment")?.value === "");
    await page.locator("#comment").fill("the other's");
    state.signing = { ...state.signing, id: "second", name: "Second" };
    await page.evaluate(() => {
      globalThis.element.signingId = "second";
    });
    await page.getByRole("heading", { name: "Second" }).waitFor();
    assert.equal(await page.locator("#comment").inputValue(), "");
    assert.equal(await page.locator("#tail").inputValue(), "");
    assert.deepEqual(posts(), []);
  });
});

describe("whoever comes next", () => {
  test("somebody of whom nothing is known finds nothing of the one before", async () => {
    const { page, service } = await openFake();
    await page.locator("#tail").fill(tail);
    await page.locator("#comment").fill("mine");
    await isReady(page).waitFor();
    // A token ended: whoever comes back is the same, and so is what was typed.
    await page.evaluate(() => {
      globalThis.element.identity = undefined;
    });
    await page.getByText("The service will decide").or(page.locator("#comment")).first().waitFor();
    assert.equal(await page.locator("#comment").inputValue(), "mine");
    await page.evaluate(
      ([baseUrl, profile]) => {
        const client = new globalThis.ocisign.SigningClient({ baseUrl, token: "opaque", profile });
        Object.assign(globalThis.element, { client, identity: undefined });
      },
      [service.url, profile],
    );
    await page.waitForFunction(() => globalThis.element.shadowRoot.querySelector("#comment")?.value === "");
    assert.equal(await page.locator("#tail").inputValue(), "");
  });

  test("a portal may say anything of a person and of groups", async () => {
    const { page, complaints } = await openFake({ requiredGroups: [groupA, groupB] });
    for (const [identity, groupNames] of [
      [
        { objectId: 7, name: {}, groups: [1, null, {}] },
        { [groupA]: 7, [groupB]: null },
      ],
      [{ groups: [groupA, 1] }, { [groupA]: { a: 1 }, [groupB]: ["b"] }],
      [7, 7],
    ]) {
      await page.evaluate((given) => Object.assign(globalThis.element, given), { identity, groupNames });
      await page.evaluate(() => globalThis.element.updateComplete);
      await page.getByRole("heading", { name: "What will be signed" }).waitFor();
    }
    assert.deepEqual(known(complaints), []);
  });
});

describe("on a service that deceives", () => {
  /** Every field of a request, each with the same in it. */
  const requestOf = (value, artifact = elsewhere) => ({
    name: value,
    description: value,
    productId: "p",
    idProductOperation: "o",
    payload: {
      name: value,
      metadata: [{ name: value, value, more: value }, value],
      optionalParameters: [{ artifactURI: btoa(artifact), more: value }],
      more: value,
    },
    requester: { name: value, objectId: value },
    createdAt: value,
    updatedAt: value,
    requiredGroups: [value, groupA],
    missingGroups: [value],
    approvals: [{ objectId: value, name: value, groups: [value], at: value, comment: value }],
    history: [
      { status: value, at: value, by: { name: value, objectId: value }, comment: value },
      { status: 2 },
    ],
    reason: value,
    more: value,
  });
  const productWith = (value) => ({
    name: value,
    description: value,
    productOperations: [
      { id: "o", name: value, operationType: "SignOCI", approvalRule: { approvalGroups: [value] } },
    ],
  });
  const sections = ["head", "origin", "product", "approvals", "timeline"];

  /** Nothing ran, nothing but our own elements is there, and the page still answers. */
  async function assertHarmless(page, complaints, name) {
    const found = await page.evaluate(() => {
      const all = (root) =>
        [...root.querySelectorAll("*")].flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])]);
      const nodes = all(globalThis.element.shadowRoot);
      return {
        ran: document.documentElement.dataset.ran,
        foreign: nodes
          .map(({ localName }) => localName)
          .filter((tag) => /^(img|script|svg|iframe|a|b|object)$/.test(tag)),
        handlers: nodes.flatMap((node) =>
          [...node.attributes].filter(({ name }) => /^(on|style$)/.test(name)),
        ).length,
      };
    });
    assert.deepEqual(found, { ran: undefined, foreign: [], handlers: 0 }, name);
    assert.deepEqual(known(complaints), [], name);
  }

  for (const { name, text, seen } of hostileTexts) {
    test(`${name}, in every field`, async () => {
      const { page, complaints } = await openFake(requestOf(text), { product: productWith(text) });
      await page.locator('[part="product"] dl', { hasText: "SignOCI" }).waitFor();
      for (const section of sections) {
        const shown = await shownText(page, `[part="${section}"]`);
        for (const part of seen) assert.ok(shown.includes(part), `${section}: ${part} in ${shown}`);
      }
      await assertHarmless(page, complaints, name);
      // One with what is invisible, and one with what is not what it seems.
      if (name === "zero width" || name === "look-alikes") await checkAccessibility(page, name);
      await page.setViewportSize({ width: 320, height: 640 });
      const isTooWide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
      assert.equal(await page.evaluate(isTooWide), false, "nothing sticks out on a phone");
    });

    test(`${name}, in the image`, async () => {
      const artifact = new TextDecoder("latin1").decode(new TextEncoder().encode(`${text}${elsewhere}`));
      const { page, complaints } = await openFake(requestOf("x", artifact));
      await page.locator('[data-obstacle="no-reference"]').waitFor();
      const shown = await shownText(page, '[part="subject"]');
      // A half of a pair has no UTF-8.
      for (const part of seen)
        assert.ok(shown.includes(part === "U+D800" ? "\ufffd" : part), `${part} in ${shown}`);
      await assertHarmless(page, complaints, name);
    });
  }

  test("anything in place of a text", async () => {
    const { page, state, complaints } = await openFake();
    let id = 0;
    for (const value of hostileValues) {
      for (const fields of [
        requestOf(value),
        { payload: value },
        { payload: { metadata: value, optionalParameters: value } },
        { payload: { optionalParameters: [value] } },
        { approvals: value, history: value, requiredGroups: value, missingGroups: value },
        { productId: value, idProductOperation: value, requester: value },
      ]) {
        id += 1;
        state.signing = { id: `number-${id}`, status: 2, ...fields };
        state.product = { ...productWith(value), productOperations: value };
        await page.evaluate((next) => {
          globalThis.element.signingId = next;
        }, state.signing.id);
        await page.locator('[part="head"]', { hasText: state.signing.id }).waitFor();
        await page.locator('[part="decision"]').waitFor();
        await assertHarmless(page, complaints, JSON.stringify(fields));
      }
    }
  });

  test("values of a megabyte are folded, and are to be opened before one may approve", async () => {
    const { page, state, complaints, posts } = await openFake({
      description: megabyte,
      payload: {
        name: megabyte,
        metadata: [
          { name: "n", value: megabyte },
          ...Array.from({ length: 50_000 }, (_, index) => ({ name: `n${index}`, value: "v" })),
        ],
        optionalParameters: [{ artifactURI: btoa(elsewhere) }],
      },
    });
    await page.locator("#tail").fill(tail);
    await page.locator('[data-hindrance="folded"]').waitFor();
    assert.equal(await page.locator('[part="origin"] tbody tr').count(), 101);
    await page.locator("#tail").press("Enter");
    await checkAccessibility(page, "folded");
    for (const left of [4, 3, 2, 1]) {
      assert.equal(await page.evaluate(() => globalThis.element.folded), left);
      await page.getByRole("button", { name: "Go to the next one" }).click();
      await page.keyboard.press("Enter");
      await page.waitForFunction((count) => globalThis.element.folded < count, left);
    }
    await isReady(page).waitFor();
    // Another look that brings news elsewhere leaves open what was opened.
    state.signing = { ...state.signing, approvals: [{ name: "Another", objectId: "another" }] };
    await lookNow(page);
    await page.locator('[part="approvals"]', { hasText: "Another" }).waitFor();
    await isReady(page).waitFor();
    await page.locator("#approve").click();
    await page.locator('[part="receipt"]').waitFor();
    assert.equal(posts().length, 1);
    await assertHarmless(page, complaints, "megabytes");
  });

  test("texts that are not long but endless are folded, each of them, and the page is there at once", async () => {
    const lines = "a\n".repeat(1000);
    const { page, posts } = await openFake({
      description: lines,
      payload: {
        ...signingOf(elsewhere).payload,
        metadata: Array.from({ length: 100 }, () => ({ name: lines, value: "\u200b\u200c".repeat(1000) })),
      },
    });
    await page.getByRole("heading", { name: "What will be signed" }).waitFor();
    await page.waitForFunction(() => globalThis.element.folded === 201);
    await page.locator("#tail").fill(tail);
    await page.locator('[data-hindrance="folded"]').waitFor();
    assert.deepEqual(posts(), []);
  });

  test("lists of tens of thousands, and everything as JSON", async () => {
    const many = (make) => Array.from({ length: 30_000 }, (_, index) => make(index));
    const { page, complaints } = await openFake({
      approvals: many((index) => ({ objectId: `o${index}`, name: `n${index}`, groups: [`g${index}`] })),
      history: many((index) => ({ status: 2, by: { objectId: `o${index}` } })),
      requiredGroups: many((index) => `g${index}`),
      missingGroups: many((index) => `g${index}`),
    });
    await page.locator("#tail").waitFor();
    await page
      .locator('[part="approvals"]')
      .getByRole("button", { name: /^Show 50 more/ })
      .first()
      .click();
    assert.equal(await page.locator('[part="approvals"] li').count(), 150);
    await page.getByText("Everything the service sent, as JSON").click();
    await page.locator('[part="origin"] pre', { hasText: '"objectId": "o29999"' }).waitFor();
    await assertHarmless(page, complaints, "long lists");
  });

  test("what is nested too deeply to be read is not to be approved", async () => {
    const { page, service, state, posts } = await openFake();
    await page.locator("#tail").waitFor();
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const body = JSON.stringify({ ...state.signing, description: "DEEP" }).replace('"DEEP"', deep);
    await page.route(`${service.url}/imagesignings/**`, (route) =>
      route.fulfill({
        body,
        headers: { "access-control-allow-origin": "*" },
        contentType: "application/json",
      }),
    );
    await page.locator("#tail").fill(tail);
    await page.locator("#approve").click();
    await page.locator("[data-refusal]", { hasText: "nested too deeply" }).waitFor();
    assert.deepEqual(posts(), []);
    await lookNow(page);
    await page.getByRole("alert").filter({ hasText: "nested too deeply" }).first().waitFor();
  });
});

/** The text of an element with that of the shadow trees in it. */
function shownText(page, selector) {
  return page
    .locator(selector)
    .first()
    .evaluate(function textOf(node) {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (node instanceof HTMLStyleElement) return "";
      return [...(node.shadowRoot ?? node).childNodes].map(textOf).join("");
    });
}

/** Presses Tab until an element has the focus. */
async function tabTo(page, id) {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)) === id) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${id} cannot be reached by Tab`);
}

async function approve(page, request) {
  const encoded = request.payload.optionalParameters[0].artifactURI;
  await page.locator("#tail").fill(Buffer.from(encoded, "base64").toString().slice(-8));
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
}
