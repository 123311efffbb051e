// The page at a service of another shape, with nothing but the profile in its settings.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { publicKey } from "ocisign";
import { Registry } from "../../demo/registry.js";
import { usePage } from "../support/page.js";
import { signThroughPage } from "../support/page-flow.js";
import { prove } from "../support/proof.js";
import { profileOf } from "../support/sandbox.js";
import { shapeFile, shapes } from "../support/shapes.js";

// Two decisions at one place, numbered pages of two, keys beside the operations, requesters as ids, and no echo.
const { args, remove } = shapeFile(shapes.numbered);
after(remove);
const on = usePage({ args: () => args });

test("one requests, two approve, and all see the signature that the registry holds", async () => {
  const { id, complaintsOf } = await signThroughPage(on, 9);
  assert.deepEqual(complaintsOf.approvers, []);
  assert.equal((await on.as("requester").signing(id)).state, "signed");
  const product = await on.as("requester").product(on.product.id);
  const { pem } = publicKey(product, undefined, await profileOf(on.sandbox));
  await prove(new Registry(on.sandbox.registry), on.image, pem);
  assert.deepEqual(complaintsOf.requester, []);
});

test("the queue reads all pages", async () => {
  const product = await on.as("requester").product(on.product.id);
  const ids = [];
  for (let index = 0; index < 5; index++) {
    const { id } = await on
      .as("requester")
      .requestSigning({ product, artifact: on.image, description: `D${index}` });
    ids.push(id);
  }
  const { page, complaints } = await on.open({ name: "Approver one" });
  for (const id of ids) await page.locator(`a[href*="${id}"]`).first().waitFor();
  assert.deepEqual(complaints, []);
});

test("a profile that is wrong is told at the first call, and nothing is sent", async () => {
  const { page } = await on.open();
  /** @type {string[]} */
  const sent = [];
  page.on("request", (request) => {
    if (request.url().includes("/v2/jobs")) sent.push(request.url());
  });
  await page.route("**/settings.json", async (route) => {
    const reply = await route.fetch();
    const settings = await reply.json();
    settings.profile.routes.approve.methode = "PUT";
    await route.fulfill({ json: settings });
  });
  await page.reload();
  await page.locator("[data-usable]").waitFor();
  await page.getByRole("button", { name: "Approver one", exact: true }).click();
  await page.getByText("profile.routes.approve.methode is unknown.").first().waitFor();
  assert.deepEqual(sent, []);
});
