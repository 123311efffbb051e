// <ocisign-verify>: what does it say of an image that was looked at?
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { test } from "node:test";
import { attachSignature, signingPayload, simpleSigningPayload } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { envelopeLayer, putUnderTag } from "../support/attested.js";
import { checkAccessibility } from "../support/axe.js";
import { bundleLayer, keyPair, manifestOf } from "../support/signatures.js";
import { useStageWithSandbox } from "../support/stage.js";
import { indexType, key, other, repository, useVerify } from "../support/verify-element.js";

const digestPattern = "sha256:[0-9a-f]{64}";

const { stage, sandbox: started } = useStageWithSandbox();
const on = useVerify(stage);

test("by keyboard alone: what real registries hold, verified and told", async () => {
  const { page, complaints, element, button, outcome, events } = await on.openVerify();
  const access = started().sandbox.registry;
  const image = `${access.domain}/${repository}@${await pushImage(new Registry(access), repository)}`;
  const { username, password } = access;
  const signature = sign("sha256", Buffer.from(simpleSigningPayload(image).text), key.privateKey);
  await attachSignature(image, {
    signature,
    publicKey: key.pem,
    registry: { username: String(username), password: String(password) },
  });
  await checkAccessibility(page, "empty");

  await page.keyboard.press("Tab");
  await page.keyboard.insertText(`${image}\n`);
  await page.keyboard.press("Tab");
  await page.keyboard.insertText(key.pem);
  await element.getByText("secp256r1", { exact: true }).waitFor();
  await checkAccessibility(page, "filled");
  await element.getByLabel("Image", { exact: true }).press("Enter");
  await outcome("Verified").waitFor();
  await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "outcome");
  await element.getByText("Signed by the required key (1 of 1).").first().waitFor();
  const [{ verification }] = await events("ocisign-verified");
  assert.equal(verification.state, "verified");
  assert.equal(verification.reference, image);
  await checkAccessibility(page, "verified");

  await button("Change key").press("Enter");
  await element.getByLabel("Public key, as PEM or base64").fill(other.pem);
  await element.getByText("This result is for the previous input").waitFor();
  await checkAccessibility(page, "outdated");
  await button("Verify").press("Enter");
  await outcome("Not verified").waitFor();
  await element.getByText("The signature was not made with any of the given keys.").first().waitFor();
  await checkAccessibility(page, "invalid");
  assert.deepEqual(complaints, []);
});

test("an answer that a page has overtaken is told as one to another question", async () => {
  const { page, element, button, outcome, fill, events } = await on.openVerify();
  const { digest, reference } = on.imageOf("late");
  on.signByTag(digest);
  const another = on.imageOf("unsigned").reference;
  const told = (/** @type {string} */ words) =>
    page.waitForFunction(
      (it) => globalThis.element.shadowRoot.querySelector("[role=status]").textContent.includes(it),
      words,
    );
  for (const overtake of [
    { reference: another },
    { publicKey: other.pem },
    { requireRepository: true },
    { require: "spdx" },
    { coveredBy: another },
  ]) {
    let [answer, asked] = [() => {}, () => {}];
    const isAsked = new Promise((resolve) => (asked = () => resolve(undefined)));
    const mayAnswer = new Promise((resolve) => (answer = () => resolve(undefined)));
    on.registry.answer(`GET /v2/${repository}/manifests/${digest}`, async (_, reply) => {
      asked();
      await mayAnswer;
      const type = "application/vnd.oci.image.manifest.v1+json";
      reply.writeHead(200, { "content-type": type }).end(manifestOf({ digest: "late" }));
    });
    await page.evaluate(() =>
      Object.assign(globalThis.element, { requireRepository: false, require: "", coveredBy: "" }),
    );
    await fill(reference);
    await button("Verify").press("Enter");
    await isAsked;
    await page.evaluate((changed) => Object.assign(globalThis.element, changed), overtake);
    answer();
    await outcome("Verified").waitFor();
    await element.getByText("This result is for the previous input").first().waitFor();
    await told("You changed the form. This result is for the previous input. Verified");
    assert.deepEqual(
      await events("ocisign-verified"),
      [],
      "who listens takes it for no answer to what is asked now",
    );
    await button("Change key").press("Enter");
  }
});

test("a bundle names no repository: that is pointed out, and can be refused", async () => {
  const { page, element, button, outcome, fill } = await on.openVerify();
  const { digest, reference } = on.imageOf("in a bundle");
  const { layer, bytes } = bundleLayer(key.privateKey, { digest });
  on.registry.blob(repository, bytes);
  const manifest = on.registry.manifest(repository, manifestOf(layer));
  on.registry.referrers(repository, digest, {
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: manifest,
        size: 1,
        artifactType: layer.mediaType,
      },
    ],
  });
  await fill(reference);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  await element.getByText("This signature names the image's digest but no repository").waitFor();
  await checkAccessibility(page, "bundle");
  await element.getByLabel("Named repository").check();
  await button("Verify").click();
  await outcome("Not verified").waitFor();
  await element.getByText("The signature names no repository").first().waitFor();
});

test("a required attestation stands apart from signatures; without it, nothing is verified", async () => {
  const { page, element, button, outcome, fill } = await on.openVerify();
  await page.evaluate(() => {
    globalThis.element.require = "slsaprovenance";
  });
  const { digest, reference } = on.imageOf("attested");
  on.signByTag(digest);
  await fill(reference);
  await button("Verify").click();
  await outcome("Not verified").waitFor();
  await element.getByText("Required, and not attested").waitFor();
  await checkAccessibility(page, "not attested");
  putUnderTag(on.registry, repository, digest, envelopeLayer(key.privateKey, { digest }));
  await button("Verify").click();
  await outcome("Verified").waitFor();
  await element.getByText("Attestations (1)").click();
  await element.getByText("attested by a given key").waitFor();
  await element.getByText("SLSA provenance v1").waitFor();
  await checkAccessibility(page, "attested");
});

test("both formats by one key: that the bundle names no repository is no warning", async () => {
  const { page, element, button, outcome, fill } = await on.openVerify();
  const access = started().sandbox.registry;
  const image = `${access.domain}/${repository}@${await pushImage(new Registry(access), repository, "both\n")}`;
  const signed = async (/** @type {"simple-signing" | "bundle"} */ format) =>
    sign("sha256", (await signingPayload(image, format)).bytes, key.privateKey);
  await attachSignature(image, {
    format: "both",
    signature: { "simple-signing": await signed("simple-signing"), bundle: await signed("bundle") },
    publicKey: key.pem,
    registry: { username: String(access.username), password: String(access.password) },
  });
  await fill(image);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  for (const text of ["Signatures (2)", "Simple signing (cosign)", "Sigstore bundle"])
    await element.getByText(text).first().waitFor();
  await element.getByText("Another one of the same key names the repository").waitFor();
  assert.equal(await element.locator(".notice.warn").count(), 0);
  await checkAccessibility(page, "both");
});

test("an index of a hundred images: those that need a look come first, and each can be opened", async () => {
  const { page, element, button, outcome, fill } = await on.openVerify();
  const children = Array.from({ length: 100 }, (_, index) => on.imageOf(`child ${index}`).digest);
  for (const digest of children.slice(0, 98)) on.signByTag(digest);
  on.signByTag(children[98], keyPair("P-256"));
  const descriptors = children.map((digest) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest,
    size: 1,
  }));
  const index = { schemaVersion: 2, mediaType: indexType, manifests: descriptors };
  const whole = on.registry.manifest(repository, Buffer.from(JSON.stringify(index)), undefined, indexType);
  on.signByTag(whole);
  await fill(`${on.registry.domain}/${repository}@${whole}`);
  await element.getByLabel("Every image in an index").check();
  await button("Verify").click();
  await outcome("Not verified").waitFor();
  await element.getByText("98 × Verified, 1 × Not verified, 1 × Not signed").waitFor();
  const rows = element.locator("summary").getByText(new RegExp(digestPattern));
  assert.equal(await rows.count(), 50);
  assert.match(String(await element.locator("details summary").nth(1).textContent()), /Not verified/);
  await button("Show the other 50").press("Enter");
  assert.equal(await rows.count(), 100);
  await element.locator("details summary").nth(1).click();
  const opened = element.locator("details[open] [part=signature]");
  await opened.getByText("The signature was not made with any of the given keys.").waitFor();
  await checkAccessibility(page, "index");
});

test("copied as JSON", async () => {
  const { page, element, button, outcome, fill, events } = await on.openVerify();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.origin });
  const { reference } = on.imageOf("copied");
  await fill(reference);
  await button("Verify").click();
  await outcome("Not signed").waitFor();
  await button("Copy the result as JSON").click();
  await element.getByText("Copied.").waitFor({ state: "attached" });
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  const [{ verification }] = await events("ocisign-verified");
  assert.deepEqual(copied, verification);
});

test("at 360 pixels nothing is wider than the page", async () => {
  const { page, button, outcome, fill } = await on.openVerify();
  const { digest, reference } = on.imageOf("narrow");
  on.signByTag(digest);
  await page.setViewportSize({ width: 360, height: 740 });
  await fill(reference);
  await button("Verify").click();
  await outcome("Verified").waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${width}`);
});
