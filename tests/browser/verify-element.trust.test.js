// <ocisign-verify> with a trust file in the place of a key: pasted, dropped, or given by the page.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { usePage } from "../support/page.js";
import { temporaryFolder } from "../support/sandbox.js";
import { useStage } from "../support/stage.js";
import { key, other, repository, useVerify } from "../support/verify-element.js";

const own = usePage();
const stage = useStage();
const on = useVerify(stage);

const retired = { at: "2026-01-01T00:00:00Z", reason: "rotated" };

/** A trust file for the images of the registry. @param {Record<string, unknown>} [differs] */
function trustFile(differs = {}) {
  return {
    version: 1,
    keys: { "release-2025": { publicKey: other.pem, retired }, "release-2026": { publicKey: key.pem } },
    rules: [
      {
        name: "team apps",
        images: [`${on.registry.domain}/${repository}`],
        keys: ["release-2025", "release-2026"],
      },
    ],
    ...differs,
  };
}

/** Images of other registries only. */
function elsewhere() {
  return trustFile({ rules: [{ name: "else", images: ["registry.example/**"], keys: ["release-2026"] }] });
}

/**
 * The element with a trust file and an image, asked to verify.
 *
 * @param {string} reference @param {unknown} trust
 */
async function verifyBy(reference, trust) {
  const opened = await on.openVerify({ properties: { reference, trust } });
  await opened.element.locator("#trust-found").waitFor();
  await opened.button("Verify").click();
  return opened;
}

/** Nothing is wider than the window. @param {import("playwright-core").Page} page @param {string} name */
async function checkWidths(page, name) {
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${name}: ${wide} at ${width}`);
    const folder = process.env.OCISIGN_SCREENSHOTS;
    if (folder) await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
}

test("a file that is dropped tells its rule; the outcome names rule and keys, and so do others", async () => {
  const { digest, reference } = on.imageOf("trusted");
  on.signByTag(digest);
  const { folder, remove } = temporaryFolder("trust");
  stage.closeAfterTest(remove);
  const file = join(folder, "release.trust.json");
  writeFileSync(file, JSON.stringify(trustFile()));
  const asked = [];
  const { page, complaints, element, button, outcome, events } = await on.openVerify({
    properties: { reference },
  });
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await element.getByLabel("Public key, as PEM or base64").fill(other.pem);
  await element.locator("#key-found").waitFor();
  assert.ok(
    !asked.some((path) => path.endsWith("/trust.js")),
    "without a trust file nothing of it is loaded",
  );

  await element.locator("#key-file").setInputFiles(file);
  const found = element.locator("#trust-found");
  await found.getByText("team apps").waitFor();
  assert.ok(asked.some((path) => path.endsWith("/trust.js")));
  await found.getByText("release.trust.json").waitFor();
  const keys = found.locator(".trust-keys li");
  await keys.nth(0).getByText("does not count").waitFor();
  await keys.nth(0).getByText(`The key is retired since ${retired.at}: rotated.`).waitFor();
  await keys.nth(1).getByText("release-2026").waitFor();
  await keys.nth(1).getByText("✓ counts").waitFor();
  await checkAccessibility(page, "trust file in the field");
  await checkWidths(page, "field");

  await button("Verify").click();
  await outcome("Verified").waitFor();
  await element.getByText('Signed by release-2026, as the rule "team apps" asks (1 of 1).').first().waitFor();
  await element.locator('[part="signature"] .steps').getByText("key, by the trust file").waitFor();
  const [{ verification }] = await events("ocisign-verified");
  assert.equal(verification.trust.rule, "team apps");
  await element.getByText("Who else accepts this image?").click();
  await element.locator('[data-tool="containers-image"]').getByText("✓ accepts").waitFor();
  await checkAccessibility(page, "verified by a trust file");
  await checkWidths(page, "verified");
  assert.deepEqual(complaints, []);
});

test("a signature by a key that is retired says why it does not count", async () => {
  const { digest, reference } = on.imageOf("retired");
  on.signByTag(digest, other);
  const rules = [
    { name: "team apps", images: [`${on.registry.domain}/**`], keys: ["release-2025"], threshold: 1 },
  ];
  const { page, element, outcome } = await verifyBy(reference, trustFile({ rules }));
  await outcome("Not verified").waitFor();
  const verdict = element.locator('[part="verdict"]');
  await verdict
    .getByText(`No key of the rule "team apps" counts: release-2025 is retired since ${retired.at}: rotated.`)
    .waitFor();
  const signature = element.locator('[part="signature"]');
  await signature
    .getByText('the key release-2025 is retired since 2026-01-01T00:00:00Z: rotated (rule "team apps")')
    .waitFor();
  const failed = signature.locator(".steps .bad");
  assert.match(String(await failed.textContent()), /key, by the trust file: failed/);
  await checkAccessibility(page, "retired key");
  await checkWidths(page, "retired");
});

test("an image without a rule is refused: the file is named, and the registry is not asked", async () => {
  const { digest, reference } = on.imageOf("no rule");
  on.signByTag(digest);
  const { page, element, button, outcome, events, focused } = await on.openVerify({
    properties: { reference },
  });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  const trust = JSON.stringify(elsewhere());
  await page.evaluate(async (text) => {
    const loader = "/pkg/dist/trust.js";
    const { readTrust } = await import(loader);
    globalThis.element.trust = readTrust(text, { called: "release.trust.json" });
  }, trust);
  await element.getByText("No rule of this file is for the image. It will be refused.").waitFor();
  await button("Verify").click();
  await outcome("Refused").waitFor();
  const verdict = element.locator('[part="verdict"]');
  await verdict.getByText(`release.trust.json has no rule for ${reference}.`).waitFor();
  assert.equal(await element.locator('[part="error"]').count(), 0);
  assert.equal(await focused(), "outcome");
  assert.deepEqual(await events("ocisign-verified"), []);
  assert.deepEqual(
    asked.filter((url) => url.includes("/v2/")),
    [],
  );
  await checkAccessibility(page, "no rule");
  await checkWidths(page, "no-rule");
  // A key takes the file's place.
  await button("Change key").click();
  await element.getByLabel("Public key, as PEM or base64").fill(key.pem);
  await button("Verify").click();
  await outcome("Verified").waitFor();
});

test("a mistake in the file is told with its place, and nothing is verified before it is corrected", async () => {
  const { digest, reference } = on.imageOf("mistaken");
  on.signByTag(digest);
  const { page, element, button, outcome, events, focused } = await on.openVerify({
    properties: { reference },
  });
  const field = element.getByLabel("Public key, as PEM or base64");
  const problem = element.locator("#key-problem");
  const rules = [{ ...trustFile().rules[0], tresholds: 1, threshold: undefined }];
  await field.fill(JSON.stringify(trustFile({ rules }), null, 2));
  await problem.getByText("the trust file: rules[0] has the unknown field `tresholds`.").waitFor();
  await problem.getByText('Did you mean "threshold"?').waitFor();
  await button("Verify").click();
  await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "key");
  assert.equal(await focused(), "key");
  assert.deepEqual(await events("ocisign-verified"), []);
  await checkAccessibility(page, "mistake in a trust file");
  await checkWidths(page, "mistake");

  await field.fill(JSON.stringify(trustFile()).slice(0, -1));
  await problem.getByText(/^the trust file:/).waitFor();
  await field.fill('{ "kty": "EC" }');
  await problem.getByText("This is a JSON Web Key.").waitFor();
  await field.fill(JSON.stringify(trustFile()));
  await element.locator("#trust-found").getByText("team apps").waitFor();
  assert.equal(await problem.textContent(), "");
  await button("Verify").click();
  await outcome("Verified").waitFor();
});

test("a revoked digest is never verified, and the reason is the file's", async () => {
  const { digest, reference } = on.imageOf("revoked");
  on.signByTag(digest);
  const revokedDigests = [{ digest, reason: "CVE-2026-1", at: "2026-03-01T00:00:00Z" }];
  const { page, element, outcome } = await verifyBy(reference, JSON.stringify(trustFile({ revokedDigests })));
  await outcome("Not verified").waitFor();
  const why = "is revoked since 2026-03-01T00:00:00Z: CVE-2026-1 (the trust file: revokedDigests[0]).";
  await element.locator('[part="verdict"]').getByText(why).waitFor();
  await checkAccessibility(page, "revoked digest");
  await checkWidths(page, "revoked");
});

test("the page takes the file that its settings name, and tells a mistake in it with its place", async () => {
  const { page } = await own.open();
  const { domain } = own.sandbox.registry;
  const rules = [{ name: "all of ours", images: [`${domain}/**`], keys: ["release-2026"] }];
  const good = trustFile({ rules });
  /** @type {{ settings: unknown, file: unknown }} */
  const given = { settings: "team/trust.json", file: good };
  await page.route("**/settings.json", async (route) => {
    const settings = await (await route.fetch()).json();
    await route.fulfill({ json: { ...settings, trust: given.settings } });
  });
  let asked = 0;
  await page.route("**/team/trust.json", (route) => {
    asked += 1;
    return route.fulfill({ json: given.file });
  });
  const open = async () => {
    await page.reload();
    await page.locator("[data-usable]").waitFor();
  };
  await open();
  assert.equal(asked, 0, "before the form is shown");
  await page.goto(`${own.sandbox.url}#/verify?image=${own.image}`);
  const found = page.locator("#verify #trust-found");
  await found.getByText("team/trust.json").waitFor();
  await found.getByText("all of ours").waitFor();
  assert.equal(asked, 1);

  const failure = page.locator("#failure");
  given.file = { ...good, version: 2 };
  await open();
  await failure.getByText("team/trust.json: version is not 1.").waitFor();
  assert.equal(await found.count(), 0);
  given.settings = good;
  await open();
  await found.getByText("settings.json: trust").waitFor();
  await failure.waitFor({ state: "hidden" });
});
