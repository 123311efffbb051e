// All elements: what if a service deceives? Every field that it returns holds whatever it likes: nothing runs, nothing
// throws, nothing is hidden from the approver, and what is invisible is made visible.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hiddenMegabyte, hostileTexts, hostileValues, markedMegabyte, megabyte } from "../support/hostile.js";
import { shownNumber } from "../support/large.js";
import { mount, useStage } from "../support/stage.js";
import { invisible, lookAlikeDomains, whatIsThere } from "../support/what-is-there.js";

const group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
const identity = { objectId: "me", name: "Me", groups: [group] };
const profile = { statuses: { 2: "waiting" } };
const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const stage = useStage();

/**
 * A page, and a service that answers with this one request and this one product.
 *
 * @param {object} signing @param {object} product
 */
async function open(signing, product) {
  const { asked, url } = await stage.serve(({ path }) => {
    if (path.includes("/imagesignings/")) return { body: signing };
    if (path.includes("/imagesignings")) return { body: [signing] };
    return { body: path.endsWith("/products") ? [product] : product };
  });
  return { asked, service: { baseUrl: url, token: "t", profile }, ...(await stage.openAgain()) };
}

/** @param {unknown} text */
const base64 = (text) =>
  Buffer.from(typeof text === "string" ? text : JSON.stringify(text)).toString("base64");

/** A request with one value everywhere. @param {unknown} value */
function signingWith(value) {
  return {
    id: "1",
    status: 2,
    name: value,
    description: value,
    productId: "p",
    idProductOperation: "o",
    payload: {
      name: value,
      metadata: [{ name: value, value }, { name: "plain", value: "row" }, value],
      optionalParameters: [{ artifactURI: base64(image) }],
      more: value,
    },
    requester: { objectId: value, name: value },
    createdAt: value,
    updatedAt: value,
    requiredGroups: [group, value],
    missingGroups: [group, value],
    approvals: [{ objectId: value, name: value, groups: [value], at: value, comment: value }, value],
    history: [{ status: 2, at: value, by: { objectId: value, name: value }, comment: value }, value],
    reason: value,
    extra: value,
    "<img src=x onerror=globalThis.ran=true>\u202e": value,
  };
}

/** @param {unknown} value */
function productWith(value) {
  return {
    id: "p",
    name: value,
    description: value,
    enabled: true,
    productOperations: [
      {
        id: "o",
        name: value,
        operationType: "SignOCI",
        token: { keyType: value, publicKey: value },
        more: value,
      },
      { id: "q", name: value, operationType: "SignOCI", approvalRule: { allowedGroups: [value] } },
    ],
    productConfigItems: [{ name: "RegistryURL", value }],
  };
}

/** Opens what is folded, so that all of it can be looked at. @param {import("playwright-core").Page} page */
async function unfold(page) {
  await page.evaluate(async () => {
    const open = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.localName === "details") element.open = true;
        if (element.shadowRoot) open(element.shadowRoot);
      }
    };
    open(document);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

/**
 * @param {{ page: import("playwright-core").Page, complaints: string[] }} visit
 * @param {readonly string[]} seen what has to be there to be read
 */
async function check({ page, complaints: said }, seen) {
  await unfold(page);
  const { text, intruders, ran } = await whatIsThere(page);
  assert.equal(ran, false, "nothing runs");
  assert.deepEqual(intruders, [], "nothing is markup");
  assert.doesNotMatch(text, invisible, "nothing is invisible");
  // There is no such registry, and the policy does not let one be asked.
  const complaints = said.filter((it) => !it.includes("https://registry.example/v2/"));
  assert.deepEqual(complaints, [], "nothing is broken");
  for (const part of seen) assert.ok(text.includes(part), `${part} can be seen`);
}

const values = [
  ...hostileTexts.map(({ name, text, seen }) => ({ name, value: text, seen })),
  ...hostileValues.map((value) => ({ name: JSON.stringify(value), value, seen: [] })),
  { name: "a megabyte", value: megabyte, seen: [shownNumber(megabyte.length)] },
  { name: "a megabyte that hides", value: hiddenMegabyte, seen: [shownNumber(hiddenMegabyte.length)] },
  { name: "a megabyte of marks", value: markedMegabyte, seen: [shownNumber(markedMegabyte.length)] },
  { name: "many lines", value: `top${"\n".repeat(400)}bottom`, seen: ["top", "bottom"] },
  { name: "from right to left", value: "שלום abc مرحبا", seen: ["שלום abc مرحبا"] },
  { name: "our own marks", value: "⟦U+202E⟧ ↵", seen: ["U+202E"] },
];

for (const { name, value, seen } of values) {
  test(`${name}: in a request, in the queue, and in a product`, async () => {
    const visit = await open(signingWith(value), productWith(value));
    const { page, service } = visit;
    const request = await mount(page, "ocisign-signing", {
      service,
      properties: { signingId: "1", identity },
    });
    await request.getByText("3f3f3f3f").first().waitFor();
    await request.getByRole("heading", { name: "Product and key" }).waitFor();
    await check(visit, seen);

    const queue = await mount(page, "ocisign-approvals", {
      service,
      properties: { filter: "all", identity },
    });
    await queue.getByText("team/app").first().waitFor();
    await check(visit, []);

    const form = await mount(page, "ocisign-request", {
      service,
      properties: { identity, artifact: image },
    });
    await form.getByLabel("Product", { exact: true }).waitFor();
    await check(visit, []);
  });
}

for (const domain of lookAlikeDomains) {
  test(`${JSON.stringify(domain)} is not registry.example, and cannot be approved`, async () => {
    const artifactURI = base64(`${domain}/team/app@sha256:${"3f".repeat(32)}`);
    const signing = signingWith("plain");
    signing.payload.optionalParameters = [{ artifactURI }];
    const product = {
      ...productWith("plain"),
      productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
    };
    const { page, service, asked } = await open(signing, product);
    const element = await mount(page, "ocisign-signing", {
      service,
      properties: { signingId: "1", identity },
    });
    // Where it agrees with the text, it is folded.
    await element.getByText(artifactURI).first().waitFor({ state: "attached" });
    await element.getByText("You can only reject").waitFor();
    const { text } = await whatIsThere(page);
    assert.doesNotMatch(text, invisible);
    assert.equal(asked.filter(({ method }) => method === "POST").length, 0);
  });
}
