// <ocisign-signing>: what if the request is another one than the approver has seen?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { bound, changedAt, fullRequest, live } from "../support/every-field.js";
import { productOf, signingOf } from "../support/fake-service.js";
import {
  approveHeld,
  comment,
  elsewhere,
  isReady,
  lookNow,
  shownText,
  tail,
  useSigning,
} from "../support/signing-element.js";

const { openFake } = useSigning();

const [operation] = productOf("registry.example").productOperations;
const registries = (/** @type {string[]} */ ...domains) => ({
  productConfigItems: domains.map((value) => ({ name: "RegistryURL", value })),
});
/** A P-256 key. */
const spki =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==";

test("changed between look and click: nothing is sent, and the page says what changed", async () => {
  const { page, state, posts } = await openFake({ description: "Release 1.2" });
  await page.locator("#tail").fill(tail);
  await comment(page, "kept");
  await isReady(page).waitFor();
  const other = elsewhere.replace("team/app", "evil/app");
  const { payload } = signingOf(other);
  state.signing = { ...state.signing, payload, description: "Release\u202e 1.2" };
  await page.locator("#approve").click();
  await page.locator('[part="changed"]').waitFor();
  const said = await shownText(page, '[part="changed"]');
  assert.ok(said.includes("description") && said.includes("payload.optionalParameters[0].artifactURI"), said);
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

test("changed when the client looks before a decision: nothing is sent", async () => {
  const { page, state, posts } = await openFake();
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  await page.evaluate(() => globalThis.element.watching.stop());
  state.on = ({ method, path }) => {
    if (method !== "GET" || path.includes("products")) return undefined;
    return { body: { ...state.signing, name: "another" } };
  };
  await page.locator("#approve").click();
  await page.locator('[part="changed"]', { hasText: "another" }).waitFor();
  await page.locator("[data-refusal]").waitFor();
  assert.deepEqual(posts(), []);
  assert.equal(await page.locator("#tail").inputValue(), "");
});

test("every field that is drawn is bound; what moves by itself is drawn as it is now", async () => {
  // Of a person whose groups are not known, the page does not say that they are no approver.
  const { page, state, posts } = await openFake(fullRequest(), {
    properties: { identity: { objectId: "me" } },
  });
  await page.locator('[part="extras"]').first().waitFor();
  const drawn = await shownText(page, "article");
  for (const { name, word } of [...bound, ...live])
    assert.ok(drawn.includes(word), `${name} is drawn: ${drawn}`);
  for (const { place, word } of bound) {
    const before = state.signing;
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    state.signing = changedAt(before, place);
    await page.locator("#approve").click();
    await page.locator('[part="changed"]', { hasText: word }).waitFor();
    state.signing = before;
    await lookNow(page);
    await page.locator('[part="changed"]').waitFor({ state: "detached" });
  }
  for (const { place, name } of live) {
    state.signing = changedAt(state.signing, place);
    await lookNow(page);
    await page.waitForFunction(
      (/** @type {string} */ now) => JSON.stringify(globalThis.element.now.signing) === now,
      JSON.stringify({ ...state.signing, code: 2, state: "waiting", final: false }),
    );
    assert.equal(await page.locator('[part="changed"]').count(), 0, name);
  }
  assert.deepEqual(posts(), []);
});

test("the product and its key are bound as they are drawn", async () => {
  for (const [path, changes] of /** @type {[string, object][]} */ ([
    ["product.name", { name: "Another product" }],
    ["product.registries[0]", registries("Registry.Example")],
    ["product.operations[0].name", { productOperations: [{ ...operation, name: "other" }] }],
    ["product.key", { productOperations: [{ ...operation, token: { publicKey: spki } }] }],
  ])) {
    const { page, state, posts } = await openFake();
    await page.locator('[part="product"]', { hasText: "P" }).waitFor();
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    state.product = changes;
    await page.locator("#approve").click();
    await page.locator('[part="changed"]', { hasText: path }).waitFor();
    assert.deepEqual(posts(), [], path);
    assert.equal(await isReady(page).count(), 0);
    await checkAccessibility(page, path);
    await page.getByRole("button", { name: "Show the current request" }).click();
    await page.locator('[part="changed"]').waitFor({ state: "detached" });
    await page.locator("#tail").fill(tail);
    await isReady(page).waitFor();
    await page.locator("#approve").click();
    await page.locator('[part="receipt"]').waitFor();
    assert.equal(posts().length, 1);
  }
});

test("a product that is withheld once it was drawn is a change; a replaced client changes nothing by itself", async () => {
  const { page, state, posts } = await openFake();
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  state.product = { name: "Swapped" };
  await page.evaluate(() => {
    const { client } = globalThis.element;
    globalThis.element.client = new Proxy(client, {
      get: (target, name) => (typeof target[name] === "function" ? target[name].bind(target) : target[name]),
    });
  });
  await page.locator('[part="changed"]', { hasText: "Swapped" }).waitFor();
  assert.ok(!(await shownText(page, '[part="product"]')).includes("Swapped"), "the drawn product stays");
  await page.getByRole("button", { name: "Show the current request" }).click();
  await page.locator('[part="product"]', { hasText: "Swapped" }).waitFor();
  state.on = ({ path }) => (path.includes("/products/") ? { status: 403 } : undefined);
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await page.locator("[data-refusal]").waitFor();
  await page.locator('[part="changed"]', { hasText: "Swapped" }).waitFor();
  assert.deepEqual(posts(), []);
});

test("a product that cannot be read this time is waited for", async () => {
  let isAway = true;
  const on = ({ path }) => (isAway && path.includes("/products/") ? { status: 400 } : undefined);
  const { page, posts } = await openFake({}, { on });
  await page.locator("#tail").fill(tail);
  await page.locator('[data-hindrance="product-unread"]').waitFor();
  isAway = false;
  await page.locator('[part="product"]').getByRole("button", { name: "Try again" }).click();
  await isReady(page).waitFor();
  assert.deepEqual(posts(), []);
});

test("what a portal does to the objects that its client handed out changes nothing", async () => {
  const { page, state, posts } = await openFake({ description: "as drawn" });
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  await page.evaluate(() => {
    globalThis.element.addEventListener("ocisign-status", (/** @type {CustomEvent} */ { detail }) => {
      detail.signing.description = "refreshed in place";
    });
  });
  state.signing = { ...state.signing, status: 1 };
  await lookNow(page);
  await page.locator('header [part="state"]', { hasText: "New" }).waitFor();
  await page.locator("#approve").click();
  await page.locator('[part="receipt"]').waitFor();
  assert.equal(JSON.parse(posts()[0].body).expect.description, "as drawn");
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
  const [{ comment, expect }, ...more] = posts().map(({ body }) => JSON.parse(body));
  assert.deepEqual([comment, expect.description, more], ["not this build", "another", []]);
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
  await receipt.getByText("Receipt", { exact: true }).click();
  await receipt.getByText(elsewhere.split("@")[1], { exact: true }).waitFor();
  assert.equal(await receipt.getByText("66666666").count(), 0, "nobody approved the other one");
});

test("a service that answers 409 since the request changed", async () => {
  const { page, state, posts } = await openFake();
  await page.locator("#tail").fill(tail);
  await comment(page, "kept");
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
