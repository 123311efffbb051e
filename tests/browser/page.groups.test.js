// The page with tokens that do not say their person's groups: is a rightful approver let in, and another one told why not?
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { approve, usePage } from "../support/page.js";
import { openPerson } from "../support/person.js";
import { groupA, groupB, temporaryFolder } from "../support/sandbox.js";

const { folder, remove } = temporaryFolder("directory");
after(remove);

const people = {
  requester: "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711",
  "approver-one": "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922",
  "approver-two": "3c58e1f4-7d29-4a63-b1f0-82c4d6e7b933",
  outsider: "4d67f2a5-9e3b-4c74-82a1-93d5e7f8ca44",
};

const on = usePage({
  args() {
    const [shape, directory] = ["shape.json", "people.json"].map((name) => join(folder, name));
    writeFileSync(shape, JSON.stringify({ service: { withoutGroups: true } }));
    const entries = [
      { objectId: people.requester, name: "Requester", groups: [groupA] },
      { objectId: people["approver-one"], name: "Approver one", groups: [groupA] },
      { objectId: people["approver-two"], name: "Approver two", groups: [groupB] },
      { objectId: people.outsider, name: "Outsider", groups: [] },
    ];
    writeFileSync(directory, JSON.stringify({ people: entries }));
    return ["--shape", shape, "--directory", directory];
  },
});

const unknown = "This page does not know your groups";

test("a token says nothing of groups: the decision is offered, and the service takes it", async () => {
  const request = await on.ask({ description: "unknown groups" });
  for (const [name, role] of [
    ["Approver one", "approver-one"],
    ["Approver two", "approver-two"],
  ]) {
    const payload = JSON.parse(
      Buffer.from(on.sandbox.person(role).token.split(".")[1], "base64url").toString(),
    );
    assert.equal(payload.groups, undefined);
    const { page, complaints } = await on.open({ name });
    await openPerson(page);
    await page.getByText("unknown: the token does not name them").waitFor();
    await page.keyboard.press("Escape");
    const row = page.getByRole("row").filter({ hasText: "unknown groups" });
    await row.getByText("may need your review").waitFor();
    await row.getByRole("link", { name: /Open/ }).click();
    await page.getByText(unknown).waitFor();
    await page.getByText("This may be the final approval.").waitFor();
    await checkAccessibility(page, "groups are unknown");
    await approve(page, on.image);
    assert.deepEqual(complaints, []);
  }
  assert.equal((await on.as("requester").waitForSignature(request.id, { intervalMs: 50 })).state, "signed");
});

test("whom the service refuses is told so in its words, and the request is as it was", async () => {
  const request = await on.ask({ description: "not for everybody" });
  const { page } = await on.open({ name: "Outsider", hash: `#/requests/${request.id}` });
  await page.getByText(unknown).waitFor();
  await page.getByLabel("Type the last 8 characters of the digest").fill(on.image.slice(-8));
  await page.getByRole("button", { name: /^Approve sha256/ }).click();
  const refusal = page.locator("[data-refusal]");
  await refusal.getByText(/HTTP 403\. It says: .+/).waitFor();
  await refusal.getByText("The service decides who may approve.").waitFor();
  await refusal.getByText("Your decision was not recorded.").waitFor();
  await checkAccessibility(page, "the service refused");
  assert.deepEqual((await on.as("requester").signing(request.id)).approvals, []);
});

test("whom the directory does not know is told so where the queue would be", async () => {
  const { page } = await on.open({ name: "Admin" });
  await page
    .getByText(/It says: The token does not say your groups, and the directory does not know you/)
    .first()
    .waitFor();
  await page.getByText("Ask the service's operators for access").first().waitFor();
});

test("one's own request is known without any groups", async () => {
  const request = await on.ask({ description: "my own" });
  const { page } = await on.open({ name: "Requester", hash: `#/requests/${request.id}` });
  await page.getByText("You cannot approve this: you requested it yourself.").waitFor();
});
