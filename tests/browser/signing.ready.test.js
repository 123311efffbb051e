// <ocisign-signing>: what has to be there before one may approve?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productOf, signingOf } from "../support/fake-service.js";
import { groupA, groupB } from "../support/sandbox.js";
import {
  elsewhere,
  groupNames,
  isReady,
  known,
  shownText,
  tail,
  useSigning,
} from "../support/signing-element.js";
import { focused } from "../support/stage.js";

const { openFake } = useSigning();

test("not ready is said, and leads to what is missing", async () => {
  const { page, posts } = await openFake();
  // Playwright itself does not click on what says that it is disabled.
  await page.locator("#approve").click({ force: true });
  await page.getByRole("status").getByText("Type the last 8 characters of the digest to approve.").waitFor();
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
  const beside = (digest) => payload([{ artifactURI: btoa(elsewhere), ...digest }]);
  for (const [name, changes, given, said] of /** @type {[string, object, object, string][]} */ ([
    ["another registry", {}, { product: registry }, "not in the product's registry"],
    ["none", payload([]), {}, "names no image"],
    ["several", payload(twice), {}, "several things"],
    ["not base64", payload([{ artifactURI: "!!!" }]), {}, "cannot read the image"],
    ["not text", payload([{ artifactURI: "gICA" }]), {}, "cannot read the image"],
    ["a tag only", payload([{ artifactURI: btoa("registry.example/app:1.0") }]), {}, "cannot read the image"],
    [
      "a digest in hexadecimal digits",
      beside({ digest: "07".repeat(32), hashAlgorithm: "SHA256" }),
      {},
      "cannot read",
    ],
    ["a digest that is no text", beside({ digest: [7] }), {}, "digest that this page cannot read"],
    ["no payload", { payload: undefined }, {}, "names no image"],
  ])) {
    const { page, complaints } = await openFake(changes, given);
    await page.locator('[part="decision"] .notice.bad', { hasText: "only reject" }).waitFor();
    assert.equal(await page.locator("#approve").count(), 0, name);
    assert.ok((await shownText(page, "article")).includes(said), name);
    await page.getByRole("button", { name: "Reject…" }).waitFor();
    await checkAccessibility(page, name);
    assert.deepEqual(known(complaints), [], name);
  }
});

test("a request or a product of which JavaScript loses a part can only be rejected, and that is said at once", async () => {
  const long = ["9007199254740993", "1.00000000000000000001", "1e999"];
  const request = JSON.stringify(
    signingOf(elsewhere, { productId: "p", idProductOperation: "o", priority: 0 }),
  );
  const product = JSON.stringify({ ...productOf("registry.example"), limit: 0 });
  for (const [name, asked, its] of [
    ...long.map((number) => [number, request.replace('"priority":0', `"priority":${number}`), product]),
    ["a field twice", request.replace('"priority":0', '"priority":1,"priority":0'), product],
    ["an image twice", request.replace("[{", '[{"artifactURI":"YmFk",'), product],
    ...long.map((number) => [
      `product: ${number}`,
      request,
      product.replace('"limit":0', `"limit":${number}`),
    ]),
  ]) {
    const { page, complaints, posts } = await openFake(
      {},
      {
        on: ({ method, path }) =>
          method === "GET" ? { body: path.includes("/products/") ? its : asked } : undefined,
      },
    );
    await page.locator('[data-obstacle="loss"]', { hasText: "more than this page can show" }).waitFor();
    assert.equal(await page.locator("#approve").count(), 0, name);
    await page.getByRole("button", { name: "Reject…" }).click();
    await page.locator("#reason").fill("odd");
    await page.locator('[part="reject"] button[type="submit"]').click();
    await page.getByRole("heading", { name: "Rejection recorded" }).waitFor();
    assert.equal(posts().length, 1, name);
    assert.deepEqual(known(complaints), [], name);
  }
});

test("a look for such a part that fails stands in nobody's way", async () => {
  let looks = 0;
  let failed = () => {};
  const hasFailed = new Promise((resolve) => (failed = () => resolve(undefined)));
  const { page, posts } = await openFake(
    {},
    {
      on: ({ method, path }) => {
        if (method !== "GET" || !path.includes("/imagesignings/")) return undefined;
        looks += 1;
        if (looks !== 2) return undefined;
        failed();
        return { status: 400, body: {} };
      },
    },
  );
  await hasFailed;
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
  assert.equal(posts().length, 1);
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

test("that others still have to approve is said only where that is certain", async () => {
  const both = { requiredGroups: [groupA, groupB] };
  const ben = { objectId: "ben", name: "Ben" };
  for (const [name, changes, said] of /** @type {[string, object, string][]} */ ([
    ["two groups", { ...both, missingGroups: [groupB, groupA] }, "Then Security"],
    ["two groups, by the rule alone", both, "Then Security"],
    ["any of two groups", { ...both, requiredApprovals: "any" }, "This is the final approval."],
    [
      "any of two groups, both of which are called missing",
      { ...both, missingGroups: [groupA, groupB], requiredApprovals: "any" },
      "This is the final approval.",
    ],
    ["a rule that nobody knows", { ...both, requiredApprovals: 1 }, "This may be the final approval."],
    [
      "approvals that do not say for which group they count",
      { ...both, approvals: [ben], missingGroups: [groupA] },
      "This is the final approval.",
    ],
    [
      "the same, and nothing is said to be missing",
      { ...both, approvals: [ben] },
      "This may be the final approval.",
    ],
    [
      "fewer are missing than the approvals say",
      { ...both, missingGroups: [groupA] },
      "This is the final approval.",
    ],
    [
      "more are missing than the rule names",
      { ...both, missingGroups: [groupA, groupB, "c"] },
      "This may be the final approval.",
    ],
  ])) {
    const { page, complaints } = await openFake(changes, { properties: { groupNames } });
    await page.locator('[part="decision"]', { hasText: said }).waitFor();
    const isCertain = said.startsWith("Then");
    assert.equal(await page.locator("[data-leaves]").count(), isCertain ? 1 : 0, name);
    assert.equal(await page.locator('[part="consequence"]').count(), isCertain ? 0 : 1, name);
    assert.deepEqual(known(complaints), [], name);
  }
});

test("where one group is enough, that is said of the groups", async () => {
  const any = { requiredGroups: [groupA, groupB], requiredApprovals: "any" };
  const { page } = await openFake(
    { ...any, missingGroups: [groupA, groupB] },
    { properties: { groupNames } },
  );
  assert.match(await shownText(page, '[part="approvals"]'), /Still missing, one of\s+○ Release managers/);
  const { page: other } = await openFake(any, { properties: { groupNames } });
  assert.match(await shownText(other, '[part="approvals"]'), /Groups of which one must approve/);
});
