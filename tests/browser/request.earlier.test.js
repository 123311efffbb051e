// <ocisign-request>: was the image requested before, and what happens then?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productOf, signingOf } from "../support/fake-service.js";
import { digest, image, imageOf, textOf, useRequest } from "../support/request-element.js";
import { told, useStage } from "../support/stage.js";

const stage = useStage();
const { complaints, openElement } = useRequest(stage);

const profile = { statuses: { 2: "waiting", 32: "rejected", 64: "failed" } };
const product = productOf("registry.example");
const nameOf = (/** @type {string} */ name) => `registry.example/${name}${digest}`;
/** @param {string} name @param {number} status @param {object} [more] */
const earlier = (name, status, more = {}) => ({
  ...signingOf(nameOf(name)),
  ...{ id: `id-${name}`, status, productId: product.id, idProductOperation: "o" },
  ...more,
});

/** A service that shows these requests. @param {unknown} list @param {(body: any) => any} [take] */
async function serviceOf(list, take = (body) => ({ body: { ...body, id: "taken", status: 2 } })) {
  const service = await stage.serve(({ method, path, body }) => {
    if (method === "POST") return take(JSON.parse(body));
    return path.includes("imagesignings")
      ? { body: typeof list === "function" ? list() : list }
      : { body: [product] };
  });
  const posted = () =>
    service.asked.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body));
  return { service: { baseUrl: service.url, token: "a-token", profile }, posted };
}

test("an image that waits, was signed, rejected or failed is told, with the request that did", async () => {
  const hostile = {
    name: "<img src=x>",
    requester: { name: "\u202eevil", objectId: "x" },
    reason: "<b>no</b>",
  };
  const fake = await serviceOf([
    earlier("waits", 2, hostile),
    earlier("signed", 16),
    earlier("rejected", 32, hostile),
    earlier("failed", 64),
    earlier("other", 2, { productId: "another" }),
    earlier("unknown", 77),
  ]);
  const { page, element, field } = await openElement(fake.service);
  for (const [name, words, button] of [
    ["waits", "waits already", "Request once more"],
    ["signed", "has signed this image", "Request once more"],
    ["rejected", "was rejected", "Request signature"],
    ["failed", "failed", "Request signature"],
  ]) {
    await field.fill(nameOf(name));
    const notice = element.locator('[part="asked-before"]');
    await notice.getByText(words).first().waitFor();
    await element.getByRole("button", { name: button }).waitFor();
    await notice.getByRole("button", { name: `Open the request id-${name}` }).click();
  }
  assert.deepEqual(
    (await told(page, "ocisign-open")).map(({ id }) => id),
    ["id-waits", "id-signed", "id-rejected", "id-failed"],
  );
  await checkAccessibility(page, "an image that was requested before");
  await field.fill(nameOf("rejected"));
  assert.match(await textOf(element.locator('[part="asked-before"]')), /U\+202E.*<b>no<\/b>/s);
  for (const name of ["other", "unknown", "new"]) {
    await field.fill(nameOf(name));
    await element.getByText("The registry has no such image").waitFor();
    assert.equal(await element.locator('[part="asked-before"]').count(), 0, name);
  }
});

test("a list says of each line what stands against it, and leaves out what waits or is signed", async () => {
  const fake = await serviceOf([earlier("waits", 2), earlier("signed", 16), earlier("rejected", 32)]);
  const { page, element, field } = await openElement(fake.service);
  await field.fill(["waits", "signed", "rejected", "new"].map(nameOf).join("\n"));
  const summary = element.locator("#list-summary");
  for (const words of ["4 images to request", "1 waiting already", "1 signed already", "1 rejected before"]) {
    await summary.getByText(words).waitFor();
  }
  await summary.getByText("4 not in the registry").waitFor();
  assert.match(
    await textOf(element.locator('[part="list"]')),
    /Line 1.*waits already.*no such image.*Line 2/s,
  );
  await checkAccessibility(page, "a list of which some were requested before");
  const leaveOut = element.getByLabel("Leave out the 2 images that wait or are signed already");
  assert.ok(await leaveOut.isChecked());
  await leaveOut.uncheck();
  await element.getByRole("button", { name: "Request 4 signatures" }).waitFor();
  await leaveOut.check();
  await element.getByRole("button", { name: "Request 2 signatures" }).click();
  await element.getByRole("button", { name: "Close these results" }).waitFor();
  assert.deepEqual(fake.posted().map(imageOf).sort(), [nameOf("new"), nameOf("rejected")].sort());
  assert.deepEqual(
    fake
      .posted()
      .map(({ name }) => name)
      .sort(),
    ["new", "rejected"],
  );
  complaints.length = 0;
});

test("numbers stand beside the lines, and an error leads to its line", async () => {
  const fake = await serviceOf([]);
  const { page, element, field } = await openElement(fake.service);
  const lines = Array.from({ length: 40 }, (_, index) => nameOf(`app${index}`));
  lines[29] = "registry.example/Wrong";
  await field.fill(lines.join("\n"));
  await element.locator(".line-numbers span").first().waitFor();
  await element.getByRole("button", { name: "Line 30", exact: true }).click();
  const selected = await page.evaluate(() => {
    const field = globalThis.element.shadowRoot.querySelector("#artifact");
    return field.value.slice(field.selectionStart, field.selectionEnd);
  });
  assert.equal(selected, "registry.example/Wrong");
  const marked = element.locator(".line-numbers .bad");
  await marked.waitFor();
  assert.equal(await marked.textContent(), "30");
  assert.ok((await element.locator(".line-numbers span").count()) < 40, "only those in sight are drawn");
  complaints.length = 0;
});

test("a list that cannot be read hinders nobody, and that is told; a withheld one is not", async () => {
  const broken = await serviceOf("no list");
  const { element, field } = await openElement(broken.service);
  await field.fill(image);
  await element.getByText("could not check whether this was requested before").waitFor();
  await element.getByRole("button", { name: "Request signature" }).click();
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  assert.equal(broken.posted().length, 1);
  complaints.length = 0;
});

test("results tell how the requests stand now, go out as CSV, and come back by their batch", async () => {
  let status = 2;
  /** @type {any[]} */
  const held = [];
  const fake = await serviceOf(
    () => held.map((it) => ({ ...it, status })),
    (body) => {
      held.push({ ...body, id: `=id${held.length}`, status: 2, productId: product.id });
      return { body: held.at(-1) };
    },
  );
  const { page, element, field } = await openElement(fake.service);
  await page.evaluate(() => {
    globalThis.element.hrefOfBatch = (batch) => `#/requests?filter=all&search=batch:${batch}`;
  });
  await field.fill(["one", "two"].map(nameOf).join("\n"));
  await element.getByRole("button", { name: "Request 2 signatures" }).click();
  await element.getByRole("button", { name: "Close these results" }).waitFor();
  const [{ batch }] = await told(page, "ocisign-batch");
  assert.match(batch, /^[a-z0-9]{16}$/);
  const link = element.locator('[part="batch-link"]');
  assert.equal(await link.getAttribute("href"), `#/requests?filter=all&search=batch:${batch}`);
  await element.getByText("waiting for approval (2)").first().waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    element.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const csv = String(Buffer.concat(chunks));
  assert.match(csv, /^image,id,state,code,error\r\n/);
  assert.equal(csv.split("\r\n").length, 4);
  assert.match(csv, /,'=id\d,waiting for approval/, "no cell is a formula");

  // As after a reload: another element, by the batch that the address names.
  status = 16;
  const again = await openElement(fake.service, { batch });
  await again.element.getByText("signed (16)").nth(1).waitFor();
  await checkAccessibility(again.page, "the results of a batch that was sent before");
  await again.element.getByRole("button", { name: "Close these results" }).click();
  assert.equal(await again.element.locator('[part="results"]').count(), 0);
  const broken = await serviceOf("no list");
  const unread = await openElement(broken.service, { batch });
  await unread.element.getByRole("alert").waitFor();
  assert.equal(await unread.element.getByText("shows no request").count(), 0, "nothing was seen");
  const none = await openElement(fake.service, { batch: "never<b>" });
  await none.element.getByText("The service shows no request of the batch never<b>.").waitFor();
  complaints.length = 0;
});
