// <ocisign-verify>: how does it reach a registry, and what if it cannot?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { manifestOf } from "../support/signatures.js";
import { key, repository, useVerify } from "../support/verify-element.js";

const on = useVerify();

test("a registry that wants to know who asks: sign-in, kept for that registry alone, in memory", async () => {
  const { page, element, button, outcome, fill } = await on.openVerify();
  const authorization = `Basic ${Buffer.from("me:s3cret-word").toString("base64")}`;
  const guarded = await on.registryOf({ isOpen: true, authorization });
  const { digest, reference } = on.imageOf("guarded");
  guarded.manifest(repository, manifestOf({ digest: "guarded" }));
  const there = `${guarded.domain}/${repository}@${digest}`;
  await fill(there);
  await button("Verify").click();
  await outcome("Could not be checked").waitFor();
  await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "username");
  await element.locator(".notice").getByText("Sign in to it above").waitFor();
  await checkAccessibility(page, "sign-in");
  await page.keyboard.type("me");
  await page.keyboard.press("Tab");
  await page.keyboard.type("s3cret-word");
  await page.keyboard.press("Enter");
  await outcome("Not signed").waitFor();

  on.registry.requests.length = 0;
  await element.getByLabel("Image", { exact: true }).fill(reference);
  await element.getByText(`Sign in to ${on.registry.domain}`).waitFor();
  assert.equal(await element.getByLabel("Password").inputValue(), "");
  await button("Verify").click();
  await page.waitForFunction(
    (image) => globalThis.told.some(({ detail }) => detail?.verification?.reference === image),
    reference,
  );
  assert.ok(on.registry.requests.length > 0);
  assert.ok(on.registry.requests.every(({ headers }) => headers.authorization === undefined));

  await element.getByLabel("Image", { exact: true }).fill(there);
  assert.equal(await element.getByLabel("Password").inputValue(), "s3cret-word", "nothing typed is lost");
  const kept = await page.evaluate(() => [
    JSON.stringify({ ...localStorage, ...sessionStorage }),
    globalThis.element.shadowRoot.innerHTML,
    location.href,
    JSON.stringify(globalThis.told),
  ]);
  assert.doesNotMatch(kept.join(), /s3cret-word/);

  await page.evaluate(() => {
    globalThis.element.identity = { objectId: "a", groups: [] };
  });
  await page.evaluate(() => {
    globalThis.element.identity = { objectId: "b", groups: [] };
  });
  await page.waitForFunction(() => globalThis.element.shadowRoot.querySelector("#password").value === "");
});

test("a registry that does not allow the page's origin is unreachable, and the hint says what helps", async () => {
  const { page, element, button, outcome, fill, events } = await on.openVerify();
  const closed = await on.registryOf();
  await fill(`${closed.domain}/${repository}@${on.imageOf("closed").digest}`);
  await button("Verify").click();
  await outcome("Could not be checked").waitFor();
  const recipe = element.getByRole("link", { name: "How to set up the proxy" });
  assert.match(String(await recipe.getAttribute("href")), /docs\/verify\.md#in-a-browser$/);
  await checkAccessibility(page, "unreachable");
  const [{ verification }] = await events("ocisign-verified");
  assert.equal(verification.state, "unreachable");
});

test("what comes from elsewhere is text, and hides nothing", async () => {
  const { page, complaints, element, button, outcome, fill } = await on.openVerify();
  await page.evaluate(() => {
    const said = '<img src=x onerror="globalThis.ran=1">\u202egnp.exe\u200b';
    globalThis.element.registry = { fetch: () => Promise.reject(new Error(said)) };
  });
  await fill(on.imageOf("hostile").reference);
  await button("Verify").click();
  await outcome("Could not be checked").waitFor();
  await element.locator("[part=verdict]").getByText("gnp.exe").waitFor();
  const shown = await page.evaluate(() => {
    const { shadowRoot } = globalThis.element;
    const texts = [...shadowRoot.querySelectorAll("ocisign-text")].map((it) => it.shadowRoot);
    return [shadowRoot, ...texts].map(({ textContent }) => textContent).join(" ");
  });
  assert.match(shown, /<img src=x.*gnp\.exe/s);
  assert.doesNotMatch(shown, /[\u202e\u200b]/);
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  assert.equal(await element.locator("img").count(), 0);
  assert.deepEqual(complaints, []);
});

test("the portal's way to a registry is taken", async () => {
  const { page, button, outcome, fill } = await on.openVerify();
  const { digest } = on.imageOf("by proxy");
  on.signByTag(digest, key, "registry.example/team/app");
  await page.evaluate((url) => {
    globalThis.element.registry = async ({ registry }) => {
      globalThis.askedFor = registry;
      return { url };
    };
  }, `http://${on.registry.domain}`);
  await fill(`registry.example/${repository}@${digest}`);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  assert.equal(await page.evaluate(() => globalThis.askedFor), "registry.example");
});
