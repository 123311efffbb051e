// <ocisign-request>: which digest does a tag name, and who says that it is the right one?
import assert from "node:assert/strict";
import { test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { manifestTypes, Registry } from "../../demo/registry.js";
import { checkAccessibility } from "../support/axe.js";
import { productOf } from "../support/fake-service.js";
import { image, imageOf, pressAnyway, textOf, useRequest } from "../support/request-element.js";
import { productFor, profileOf } from "../support/sandbox.js";
import { focusOn, useStageWithSandbox } from "../support/stage.js";

const { stage, sandbox: started } = useStageWithSandbox();
const { complaints, openElement, serviceWith } = useRequest(stage);

/** The element on the sandbox, with images under tags. @param {string} name @param {string[]} tags */
async function withTags(name, tags) {
  const { sandbox, as } = started();
  await as("admin").createProduct(productFor(sandbox, { name }));
  const registry = new Registry(sandbox.registry);
  const digest = await pushImage(registry, "team/tagged");
  const manifest = await registry.manifest("team/tagged", digest);
  for (const tag of tags) await registry.pushManifest("team/tagged", tag, manifest, manifestTypes[0]);
  const { domain, url, username, password } = sandbox.registry;
  const service = {
    ...{ baseUrl: sandbox.base, profile: await profileOf(sandbox) },
    token: sandbox.person("requester").token,
  };
  const opened = await openElement(service, { registry: { url, username, password } });
  await opened.element.getByLabel("Product").selectOption({ label: name });
  return { ...opened, as, digest, repository: `${domain}/team/tagged` };
}

test("a tag is shown with its digest, and requested only once a person took the digest", async () => {
  const { page, element, field, as, digest, repository } = await withTags("One tag", ["1.0"]);
  await field.fill(`${repository}:1.0`);
  const tag = element.locator('[part="tag"]');
  await tag.getByText(digest).waitFor();
  assert.match(await textOf(tag), /:1\.0.*linux\/amd64/);
  await checkAccessibility(page, "a tag that was looked up");
  const before = (await as("admin").signings()).length;
  const send = element.getByRole("button", { name: "Request signature" });
  await pressAnyway(send);
  await focusOn(page, "take-digest");
  assert.equal((await as("admin").signings()).length, before);

  await page.keyboard.press("Enter");
  await focusOn(page, "artifact");
  assert.equal(await field.inputValue(), `${repository}:1.0@${digest}`);
  await element.getByText("The tag 1.0 is not signed").waitFor();
  assert.equal(await element.getByLabel("Name of the request").getAttribute("placeholder"), "team/tagged");
  await send.click();
  await element.getByRole("heading", { name: "Requested" }).waitFor();
  const held = (await as("admin").signings()).find((it) => it.name === "team/tagged");
  assert.equal(
    imageOf(held),
    `${repository}@${digest}`,
    "the digest is bound, and the repository is the name",
  );
});

test("the tags of a list are looked up by one press, and those that nobody knows stay, with why", async () => {
  const { page, element, field, digest, repository } = await withTags("Tags of a list", ["2.0", "3.0"]);
  await field.fill([`${repository}:2.0`, "# here", `${repository}:gone`, `${repository}:3.0`].join("\n"));
  await element.getByRole("button", { name: "Look up the digests of 3 tags" }).click();
  await page.waitForFunction(() => globalThis.element.said.includes("2 found, 1 not"));
  assert.equal(
    await field.inputValue(),
    [`${repository}:2.0@${digest}`, "# here", `${repository}:gone`, `${repository}:3.0@${digest}`].join("\n"),
  );
  await element
    .getByText(/has no tag gone in team\/tagged/)
    .first()
    .waitFor();
  await checkAccessibility(page, "a list of which one tag is unknown");
});

test("a tag that the registry does not tell is not requested; no text becomes more than text", async () => {
  const service = await serviceWith([productOf("registry.example")]);
  const { element, field } = await openElement(service);
  await field.fill("registry.example/team/app:1.0");
  await element.getByText("The registry has no such tag").waitFor();
  await pressAnyway(element.getByRole("button", { name: "Request signature" }));
  // It stands in a product's way, and nobody asks its registry.
  await field.fill("elsewhere.example/team/app:1.0");
  await element.locator("#mismatch").waitFor();
  for (const wrong of [
    "registry.example/app:",
    "registry.example/app:\u202e1",
    "registry.example/app:<b>",
    ":1",
  ]) {
    await field.fill(wrong);
    await element.locator("#artifact-error").waitFor();
  }
  await field.fill(image);
  await element.getByText("The registry has no such image").waitFor();
  assert.deepEqual(service.posted(), []);
  complaints.length = 0;
});
