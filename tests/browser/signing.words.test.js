// <ocisign-signing>: do its sentences fit together, and the person who reads them?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productFor } from "../support/sandbox.js";
import { shownText, tail, useSigning, useSigningOnSandbox } from "../support/signing-element.js";

const { openFake } = useSigning();
const on = useSigningOnSandbox();

test("a final request waits for nothing, and each reason has a name of its own", async () => {
  for (const [status, title] of /** @type {const} */ ([
    [32, "Why it was rejected:"],
    [64, "Why it failed:"],
    [16, "What the service says:"],
  ])) {
    const { page } = await openFake({ status, reason: "the cause", description: "the wish" });
    await page.getByText(title).waitFor();
    const approvals = await shownText(page, '[part="approvals"]');
    assert.ok(!/yet|missing/i.test(approvals), approvals);
    const labels = await page.locator("dt, strong").allInnerTexts();
    assert.equal(labels.filter((label) => /^Reason/.test(label)).length, 0);
    assert.match(await shownText(page, '[part="origin"] dl'), /Requester's reason\s*the wish/);
  }
});

test("signatures by another product's key are told calmly while nothing is signed", async () => {
  const twice = await on.pushed("team/others", "signed by another product\n");
  const requester = on.as("requester");
  const another = await requester.createProduct(
    productFor(on.sandbox, { name: "another", approvalGroups: [] }),
  );
  const { id } = await requester.requestSigning({ product: another, artifact: twice });
  await requester.waitForSignature(id, { intervalMs: 50 });
  const { page } = await on.openAs("approver-one", (await on.ask({ artifact: twice })).id);
  const earlier = page.locator('[part="earlier"]');
  await earlier.getByText("The product's key made none of them.").waitFor();
  await earlier.getByText("Details").click();
  await earlier.getByText("Another key made this signature.").waitFor();
  const text = await shownText(page, '[part="earlier"]');
  assert.ok(!/Not verified|given keys|✕/.test(text), text);
  assert.equal(await earlier.locator(".bad").count(), 0);
  await checkAccessibility(page, "signatures by another key");
});

test("what is wrong with the digest's end is said once", async () => {
  const { page } = await openFake();
  await page.locator("#not-ready").getByText("Type the last 8 characters").waitFor();
  await page.locator("#tail").fill("ffffffff");
  await page.getByText("These are not the last 8 characters of this digest.").waitFor();
  assert.equal(await page.locator("#not-ready").innerText(), "");
  await page.locator("#tail").fill(tail.slice(0, 4));
  await page.locator("#not-ready").getByText("Type the last 8 characters").waitFor();
});

test("a refusal has the service's words, and advice for the person who sees it", async () => {
  for (const [status, said, advice] of /** @type {const} */ ([
    [403, "Nobody approves their own request.", "The service decides who may approve."],
    [404, "no such request", "Check the link that you opened."],
  ])) {
    const { page } = await openFake(
      {},
      {
        on: ({ method }) => (method === "POST" ? { status, body: { message: said } } : undefined),
      },
    );
    await page.locator("#tail").fill(tail);
    await page.locator('#approve[aria-disabled="false"]').click();
    const refusal = page.locator("[data-refusal]");
    await refusal.getByText(said).waitFor();
    await refusal.getByText(advice).waitFor();
    const text = await shownText(page, "[data-refusal]");
    assert.ok(!/your groups may do this|baseUrl/.test(text), text);
  }
});

test("what cannot be opened says what the reader can do", async () => {
  for (const [status, advice] of /** @type {const} */ ([
    [403, "Ask the service's operators for access"],
    [404, "Check the link that you opened."],
    [400, "Check the link that you opened."],
  ])) {
    const { page } = await openFake({}, { on: () => ({ status, body: {} }) });
    await page.locator('[part="error"]').getByText(advice).waitFor();
    const text = await shownText(page, '[part="error"]');
    assert.ok(!/baseUrl|accepted it|product's owner/.test(text), text);
  }
});

test("a status that nobody explained is told once, with its code and where to explain it", async () => {
  const { page } = await openFake({ status: 77 });
  const notice = page.locator("[data-unexplained]");
  await notice.getByText("The profile does not explain status 77").waitFor();
  assert.equal(await notice.count(), 1);
  assert.match(await notice.innerText(), /profile\.statuses/);
  await page.getByText("This page cannot tell whether the request still waits for a decision.").waitFor();
  await page.locator("#approve").waitFor();
  await checkAccessibility(page, "a status that nobody explained");
});

test("what the page's own policy blocks is not taken for the registry's fault", async () => {
  const { page } = await openFake();
  const subject = page.locator('[part="subject"]');
  await subject.getByText("This page's Content-Security-Policy blocks https://registry.example.").waitFor();
  assert.ok(!/CORS/.test(await shownText(page, '[part="subject"]')));
});
