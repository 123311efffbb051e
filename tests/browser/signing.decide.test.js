// <ocisign-signing> on a sandbox: who may approve or reject, and what comes of it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey } from "ocisign";
import { Registry } from "../../demo/registry.js";
import { checkAccessibility } from "../support/axe.js";
import { prove } from "../support/proof.js";
import { groupA, productFor, profileOf } from "../support/sandbox.js";
import {
  approve,
  comment,
  shownText,
  state,
  tabTo,
  useSigningOnSandbox,
} from "../support/signing-element.js";
import { focused, focusOn, told } from "../support/stage.js";

const on = useSigningOnSandbox();

test("by keyboard alone, from loading to the receipt, and the proof arrives live", async () => {
  const fresh = await on.pushed("team/keyboard", "by keyboard\n");
  const digest = fresh.split("@")[1];
  const request = await on.ask({ artifact: fresh });
  await on.as("approver-one").approve(request.id);
  const { page, complaints } = await on.openAs("approver-two", request.id);
  const key = publicKey(on.product, undefined, await profileOf(on.sandbox));
  await page.getByText("The registry holds no signature").waitFor();
  const consequence = await shownText(page, '[part="consequence"]');
  const [place] = fresh.split("@");
  for (const part of ["This is the final approval.", key.fingerprint.slice(-8), place, "cannot be undone"]) {
    assert.ok(consequence.includes(part), `${part}: ${consequence}`);
  }
  assert.ok((await shownText(page, ".about")).includes(digest.slice(-8)), "the bar names the digest");
  assert.ok((await shownText(page, '[part="product"]')).includes(key.fingerprint));
  await page.locator('[part="subject"]', { hasText: "linux/amd64" }).waitFor();
  await page.locator('[data-match="good"]').waitFor();
  await checkAccessibility(page, "before the decision");

  await tabTo(page, "tail");
  await page.keyboard.type(digest.slice(-8));
  await tabTo(page, "to-comment");
  await page.keyboard.press("Enter");
  await focusOn(page, "comment");
  await page.keyboard.type("as announced");
  await tabTo(page, "approve");
  assert.equal(
    await page
      .locator("#approve")
      .textContent()
      .then((text) => text?.trim()),
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
  const stored = await on.as("requester").signing(request.id);
  assert.equal(stored.approvals?.at(-1)?.comment, "as announced");
  await prove(new Registry(on.sandbox.registry), fresh, key.pem);
  assert.deepEqual(complaints, []);
});

test("two people at once: one sees the other's approval arrive", async () => {
  const request = await on.ask({ artifact: await on.pushed("team/two", "two people\n") });
  const one = await on.openAs("approver-one", request.id);
  const two = await on.openAs("approver-two", request.id);
  await one.page.getByText("Then Security").waitFor();
  await two.page.getByText("Then Release managers").waitFor();
  await comment(two.page, "half a sente");
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
  const request = await on.ask();
  const onlyA = await on.as("requester").createProduct(productFor(on.sandbox, { approvalGroups: [groupA] }));
  for (const [role, id, obstacle, mayReject] of /** @type {const} */ ([
    ["requester", request.id, "own-request", true],
    ["outsider", request.id, "not-an-approver", false],
    ["approver-two", (await on.ask({ product: onlyA })).id, "not-an-approver", false],
  ])) {
    const { page } = await on.openAs(role, id);
    await page.locator(`[data-obstacle="${obstacle}"]`).waitFor();
    assert.equal(await page.locator("#tail").count(), 0, role);
    assert.equal(await page.locator("#to-rejection").count(), mayReject ? 1 : 0, role);
    await checkAccessibility(page, obstacle);
  }
  await on.as("approver-one").approve(request.id);
  const again = await on.openAs("approver-one", request.id);
  await again.page.locator('[data-obstacle="already-approved"]').waitFor();
  // Another one of the same group, and the other group is missing.
  const { token } = on.sandbox.person("approver-one");
  assert.ok(token);
  const other = { name: "Third", objectId: "third", groups: [groupA] };
  const third = await on.openAs("approver-one", request.id, { properties: { identity: other } });
  await third.page.locator('[data-obstacle="group-already-approved"]').waitFor();
});

test("a rejection needs a comment, and is final", async () => {
  const request = await on.ask();
  const { page, complaints } = await on.openAs("approver-one", request.id);
  await page.getByRole("button", { name: "Reject…" }).click();
  await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "reason");
  await page.getByRole("button", { name: "Reject the request" }).click();
  await page.locator("#reason-error", { hasText: "Give a reason" }).waitFor();
  assert.equal(await page.locator("#reason").getAttribute("aria-invalid"), "true");
  assert.equal(await focused(page), "reason");
  await checkAccessibility(page, "a rejection without a comment");
  await page.locator("#reason").fill("  ");
  await page.getByRole("button", { name: "Reject the request" }).click();
  assert.equal((await on.as("requester").signing(request.id)).state, "waiting");
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
  const request = await on.ask();
  const { page } = await on.openAs("approver-one", request.id);
  await approve(page, request);
  await checkAccessibility(page, "approved, and others are missing");
  await page.getByRole("button", { name: "Reject…" }).click();
  await page.locator("#reason").fill("seen too late");
  await page.getByRole("button", { name: "Reject the request" }).click();
  await page.getByRole("heading", { name: "Rejection recorded" }).waitFor();
  await state(page, "rejected (32)").waitFor();
  assert.equal(await page.getByRole("button", { name: "Reject…" }).count(), 0);
});
