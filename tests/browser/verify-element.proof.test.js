// <ocisign-verify>: is a proof file verified in the page, without a request to any registry?
import assert from "node:assert/strict";
import { test } from "node:test";
import { createProof } from "ocisign";
import { checkAccessibility } from "../support/axe.js";
import { useStage } from "../support/stage.js";
import { key, other, repository, useVerify } from "../support/verify-element.js";

const stage = useStage();
const on = useVerify(stage);

/** A file as a person chooses it. @param {string} text */
const file = (text, name = "proof.json") => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(text),
});

/** @param {string} name */
async function proved(name) {
  const { digest, reference } = on.imageOf(name);
  on.signByTag(digest);
  const { proof = "" } = await createProof(reference, { publicKey: key.pem });
  return { reference, proof };
}

test("a proof file is verified without a network, and is of the image that is named", async () => {
  const { reference, proof } = await proved("carried");
  const { reference: another } = await proved("another");
  const { page, complaints, element, button, outcome, fill, events } = await on.openVerify();
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => {
    if (request.url().includes("/v2/")) asked.push(request.url());
  });
  await fill(reference);
  await page.locator("#proof-file").setInputFiles(file(proof, "proof‮.json"));
  await element.getByText("is verified in place of the registry.").waitFor();
  await checkAccessibility(page, "proof chosen");
  await button("Verify").press("Enter");
  await outcome("Verified").waitFor();
  const [{ verification }] = await events("ocisign-verified");
  assert.equal(verification.reference, reference);
  await checkAccessibility(page, "proof verified");

  await element.getByLabel("Image", { exact: true }).fill(another);
  await element.getByText("This result is for the previous input").waitFor();
  await button("Verify").press("Enter");
  await element
    .getByText(/The proof file is of another image/)
    .first()
    .waitFor();

  await element.getByLabel("Image", { exact: true }).fill("");
  await button("Verify").press("Enter");
  await outcome("Verified").waitFor();
  await element.getByText("You named no image.").waitFor();
  // What names no image yet names none either.
  await element.getByLabel("Image", { exact: true }).fill("team/app");
  await element.getByText("You named no image.").waitFor();
  assert.deepEqual(asked, []);
  assert.deepEqual(complaints, []);
});

test("what is no proof, damaged, or of another key is never verified", async () => {
  const { reference, proof } = await proved("damaged");
  const { page, element, button, outcome, fill } = await on.openVerify();
  await fill(reference);
  /** @type {[text: string, said: RegExp][]} */
  const wrong = [
    ["", /not JSON/],
    ["{}", /no proof file/],
    [proof.slice(0, -5), /not JSON/],
    [proof.replace(repository, "team/apx"), /checksum|another image/],
  ];
  for (const [text, said] of wrong) {
    await page.locator("#proof-file").setInputFiles(file(text));
    await button("Verify").press("Enter");
    await element.getByText(said).first().waitFor();
    assert.equal(await outcome("Verified").count(), 0);
    if (await button("Remove the proof file").count()) await button("Remove the proof file").press("Enter");
    await button("Choose a proof file…").waitFor();
  }
  await page.locator("#proof-file").setInputFiles(file(proof));
  await button("Change key").press("Enter");
  await element.getByLabel("Public key, as PEM or base64").fill(other.pem);
  await button("Verify").press("Enter");
  await outcome("Not verified").waitFor();
  await checkAccessibility(page, "proof not verified");
});
