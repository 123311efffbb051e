// <ocisign-request> for a person who may request, but to whom the service shows no products.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { image, useRequest } from "../support/request-element.js";
import { useStage } from "../support/stage.js";

const stage = useStage();
const { complaints, openElement } = useRequest(stage);

const withheld = { status: 403, body: { message: "readers only" } };

/** A service that shows no products, and takes requests. */
async function serviceWithoutProducts() {
  const service = await stage.serve(({ method, body }) =>
    method === "GET" ? withheld : { body: { ...JSON.parse(body), id: "taken", status: 2 } },
  );
  const posted = () =>
    service.asked.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body));
  return { ...service, posted };
}

test("the ids are typed, or given by the page, and the request goes out", async () => {
  const service = await serviceWithoutProducts();
  const { page, element, field } = await openElement(service);
  await element.getByText("readers only").waitFor();
  await field.fill(image);
  const send = element.getByRole("button", { name: "Request signature" });
  await element.getByText("Enter the ids of the product and its operation.").waitFor();
  await checkAccessibility(page, "without products");
  assert.equal(await send.getAttribute("aria-disabled"), "true");
  await element.getByLabel("Product id").fill(" e1ec8ea5 ");
  await element.getByLabel("Operation id").fill("b4f4c9e4");
  await send.click();
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  const [{ productId, idProductOperation }] = service.posted();
  assert.deepEqual([productId, idProductOperation], ["e1ec8ea5", "b4f4c9e4"]);

  const given = await openElement(service, { productId: "p", operationId: "o", artifact: image });
  await given.element.getByRole("button", { name: "Request signature" }).click();
  await given.element.getByRole("heading", { name: "Requested" }).waitFor();
  assert.equal(service.posted()[1].productId, "p");
  assert.ok(complaints.splice(0).length > 0, "browsers report a 403");
});

test("what a refusal for another reason hides is no reason to ask for ids", async () => {
  const service = await stage.serve(() => ({ status: 500, body: { message: "broken" } }));
  const { element } = await openElement(service, { artifact: image });
  await element.getByText("broken").waitFor({ timeout: 20_000 });
  assert.equal(await element.getByLabel("Product id").count(), 0);
  assert.ok(complaints.splice(0).length > 0, "browsers report a 500");
});
