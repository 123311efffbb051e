// <ocisign-request>: how is a list of images requested?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { productOf } from "../support/fake-service.js";
import { shownNumber, sized } from "../support/large.js";
import { digest, imageOf, pressAnyway, textOf, useRequest } from "../support/request-element.js";
import { focusOn, told } from "../support/stage.js";

/** They are drawn 50 at a time, of each kind. */
const count = sized(1000, 10_000);
/** How many of them are right, where each third is wrong. */
const right = count - Math.ceil(count / 3);

const { complaints, openElement, paste, serviceWith } = useRequest();

test("a list with wrong lines is sent only if the person chooses so: as many requests, each once, and the wrong lines stay", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  const lines = [
    ...["# tonight", `registry.example/one${digest}`, "", `  registry.example/two:1.0${digest}\t`],
    ...["registry.example/Three", `registry.example/two${digest}`, `elsewhere.example/four${digest}`],
    `registry.example/five${digest}`,
  ];
  await paste(page, field, lines.join("\r\n"));
  const summary = element.locator("#list-summary");
  await summary.getByText("3 images to request").waitFor();
  assert.match(await summary.innerText(), /2 lines to correct.*1 duplicate/s);
  const found = element.locator('[part="list"]');
  assert.match(await textOf(found), /Line 5.*upper-case.*Line 7.*signs only for/s);
  await found.getByText("Duplicates", { exact: true }).click();
  assert.match(await textOf(found), /Line 6.*the same image as line 4/s);
  await checkAccessibility(page, "a list with wrong lines");
  const send = element.getByRole("button", { name: "Request 3 signatures" });
  await pressAnyway(send);
  const obstacle = "Correct 2 lines, or choose to request the other images. Nothing is sent until then.";
  await element.locator("#obstacle").getByText(obstacle).waitFor();
  await page.waitForFunction((words) => globalThis.element.said.includes(words), obstacle);
  assert.deepEqual(service.posted(), []);

  // The choice is for the list as it stands.
  const keepGoing = element.getByLabel("Request the 3 images that are right, and keep the other lines here");
  await keepGoing.check();
  await field.press("Control+End");
  await page.keyboard.type("\n# typed");
  await element.locator("#obstacle").getByText(obstacle).waitFor();
  assert.equal(await keepGoing.isChecked(), false);
  await keepGoing.focus();
  await page.keyboard.press("Space");
  await element.getByText("The exact JSON that will be sent").click();
  await element.getByText("This is the first of 3.").waitFor();
  const shown = JSON.parse(await element.locator("pre").innerText());
  await checkAccessibility(page, "a list");

  await send.click();
  await element.getByText("3 requested", { exact: false }).first().waitFor();
  await element.getByRole("button", { name: "Close these results" }).waitFor();
  const names = ["one", "two", "five"].map((name) => `registry.example/${name}${digest}`);
  // Several are sent at a time: they may arrive in another order.
  assert.deepEqual(service.posted().map(imageOf).sort(), names.toSorted());
  assert.deepEqual(
    service.posted().find((body) => imageOf(body) === names[0]),
    shown,
  );
  const [batch, ...otherBatches] = new Set(service.posted().map((body) => metadataOf(body, "ocisign-batch")));
  assert.match(batch, /^[a-z0-9]{16}$/);
  assert.equal(otherBatches.length, 0, "one sending is one batch");
  assert.equal((await told(page, "ocisign-requested")).length, 3);
  await page.waitForFunction(() => globalThis.element.said.includes("3 requested"));
  await checkAccessibility(page, "the results of a list");
  await element.getByRole("button", { name: "Open the request taken" }).first().click();
  assert.deepEqual(await told(page, "ocisign-open"), [{ id: "taken" }]);
  assert.equal(
    await field.inputValue(),
    `# tonight\n\nregistry.example/Three\nelsewhere.example/four${digest}\n# typed`,
  );
});

/** @param {any} body @param {string} name of metadata */
const metadataOf = (body, name) =>
  body.payload.metadata
    .filter((/** @type {any} */ entry) => entry.name === name)
    .map(({ value }) => value)
    .join();

test("each sending of a list is a batch of its own; a person's own batch is kept, and one image is none", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { element, field } = await openElement(service);
  const send = async (/** @type {string[]} */ ...names) => {
    const before = service.posted().length;
    await field.fill(names.map((name) => `registry.example/${name}${digest}`).join("\n"));
    await element.getByRole("button", { name: /^Request (\d+ )?signatures?$/ }).click();
    await element.getByRole("button", { name: /Close these results|Request another/ }).click();
    return service
      .posted()
      .slice(before)
      .map((body) => metadataOf(body, "ocisign-batch"));
  };
  const [first, again, ...others] = await send("one", "two");
  assert.deepEqual([first, others.length], [again, 0]);
  const [second] = await send("three", "four");
  assert.notEqual(second, first);
  assert.deepEqual(await send("five"), [""]);
  await element.getByRole("button", { name: "Add a row" }).click();
  await element.getByLabel("Metadata: Name, row 1").fill("ocisign-batch");
  await element.getByLabel("Metadata: Value, row 1").fill("nightly");
  assert.deepEqual(await send("six", "seven"), ["nightly", "nightly"]);
});

test("of a list, what was refused can be sent again, and what is in doubt is not", async () => {
  let isHealed = false;
  const service = await serviceWith([productOf("registry.example")], (body) => {
    if (imageOf(body).includes("/doubt")) return { status: 500, body: { message: "oh" } };
    if (imageOf(body).includes("/refused") && !isHealed) return { status: 422, body: { message: "no" } };
    return { body: { ...body, id: `id of ${imageOf(body)}`, status: 2 } };
  });
  const { page, element, field } = await openElement(service);
  const names = ["good-1", "doubt", "refused-1", "good-2", "refused-2", "good-3"];
  await field.fill(names.map((name) => `registry.example/${name}${digest}`).join("\n"));
  await element.getByRole("button", { name: "Request 6 signatures" }).click();
  const again = element.getByRole("button", { name: "Send 2 images" });
  await again.waitFor();
  complaints.length = 0;
  const counts = element.locator("#results-counts");
  assert.match(await counts.innerText(), /3 requested.*2 failed.*1 with an unknown outcome/s);
  await element.getByText("Check the queue before you send it again").waitFor();
  await checkAccessibility(page, "a list of which some failed");
  isHealed = true;
  await again.click();
  await counts.getByText("5 requested").waitFor();
  const asked = service.posted().map(imageOf);
  assert.equal(asked.filter((it) => it.includes("/doubt")).length, 1);
  assert.equal(asked.filter((it) => it.includes("/good")).length, 3);
  assert.equal(asked.length, 8);
  const order = await textOf(element.getByRole("group", { name: "Requested" }));
  assert.match(order, /good-1.*refused-1.*good-2.*refused-2.*good-3/s);
});

test("a list stops when asked, and when nothing succeeds any more", async () => {
  let isAway = false;
  const service = await serviceWith([productOf("registry.example")], (body) => {
    if (isAway) return { status: 503, body: { message: "away" } };
    return { body: { ...body, id: "taken", status: 2 } };
  });
  const { page, element, field } = await openElement(service);
  // A client that waits until the test lets go of it.
  await page.evaluate(() => {
    const { client } = globalThis.element;
    globalThis.held = [];
    globalThis.element.client = {
      products: () => client.products(),
      requestSigning: async (...given) => {
        if (globalThis.held) await new Promise((resolve) => globalThis.held.push(resolve));
        return client.requestSigning(...given);
      },
    };
  });
  const lines = Array.from({ length: 100 }, (_, index) => `registry.example/app${index}${digest}`);
  await field.fill(lines.join("\n"));
  await element.getByRole("button", { name: "Request 100 signatures" }).click();
  await page.waitForFunction(() => globalThis.held.length === 4);
  await checkAccessibility(page, "a list under way");
  assert.equal(await field.isVisible(), false, "one list at a time");
  await element.getByRole("button", { name: "Stop" }).click();
  await element.getByText("Stopping after the requests already in progress").waitFor();
  await page.evaluate(() => {
    for (const release of globalThis.held) release();
    globalThis.held = undefined;
  });
  await element.getByRole("button", { name: "Send 96 images" }).waitFor();
  await focusOn(page, "results-heading");
  assert.equal(service.posted().length, 4);

  isAway = true;
  await element.getByRole("button", { name: "Send 96 images" }).click();
  await element.getByText("several requests in a row did not succeed").waitFor();
  complaints.length = 0;
  const sent = service.posted().length;
  assert.ok(sent < 12, `${sent} were sent to a service that is away`);
  const left = 100 - sent;
  await element.getByRole("button", { name: `Put ${left} back into the field` }).click();
  assert.equal(await field.inputValue(), lines.slice(sent).join("\n"));
});

test("ten thousand lines are checked, and few of them are drawn", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  const lines = Array.from({ length: count }, (_, index) =>
    index % 3 ? `registry.example/app${index}${digest}` : `registry.example/App${index}`,
  );
  await paste(page, field, lines.join("\n"));
  const summary = element.locator("#list-summary");
  await summary.getByText(`${shownNumber(right)} images to request`).waitFor();
  await summary.getByText(`${shownNumber(count - right)} lines to correct`).waitFor();
  assert.ok((await element.locator("li").count()) <= 300);
  await element
    .getByRole("button", { name: /more, of/ })
    .first()
    .click();
  assert.ok((await element.locator("li").count()) <= 300);
  await field.press("Control+End");
  await page.keyboard.type(`\nregistry.example/last${digest}`);
  await summary.getByText(`${shownNumber(right + 1)} images to request`).waitFor();
});

test("ten thousand requests are sent, and few of them are drawn", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { page, element, field } = await openElement(service);
  await page.evaluate(() => {
    const { client } = globalThis.element;
    const requestSigning = async () => ({ id: "taken", status: 2, code: 2, state: "unknown", final: false });
    globalThis.element.client = { products: () => client.products(), requestSigning };
  });
  const lines = Array.from({ length: count }, (_, index) => `registry.example/app${index}${digest}`);
  await paste(page, field, lines.join("\n"));
  await element.getByRole("button", { name: `Request ${shownNumber(count)} signatures` }).click();
  await element.getByText(`✓ ${shownNumber(count)} requested`).waitFor();
  assert.ok((await element.locator("li").count()) <= 300);
  assert.equal(await field.inputValue(), "");
});
