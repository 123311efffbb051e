// <ocisign-verify>: what may a page do with it, and what does it do when left?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { elements, useStage } from "../support/stage.js";
import { mountVerify, other, useVerify } from "../support/verify-element.js";

const stage = useStage();
const on = useVerify(stage);

test("stopping, leaving the page and coming back: what is under way ends, what was typed stays", async () => {
  const { page, element, button, fill, events } = await on.openVerify();
  await page.evaluate(() => {
    // It never answers.
    const fetch = (_, { signal }) => {
      globalThis.signal = signal;
      return new Promise(() => {});
    };
    globalThis.element.registry = { fetch };
  });
  const isAborted = () => page.evaluate(() => globalThis.signal.aborted);
  const { reference } = on.imageOf("slow");
  await fill(reference);
  await button("Verify").click();
  await button("Stop").waitFor();
  await checkAccessibility(page, "verifying");
  assert.equal(await isAborted(), false);
  await button("Stop").click();
  await element.getByText("Stopped.").waitFor({ state: "attached" });
  assert.equal(await isAborted(), true);
  await button("Verify").click();
  await button("Stop").waitFor();
  await page.evaluate(() => {
    const element = globalThis.element;
    element.remove();
    document.querySelector("main")?.append(element);
  });
  await button("Verify").waitFor();
  assert.equal(await isAborted(), true);
  assert.equal(await element.getByLabel("Image", { exact: true }).inputValue(), reference);
  assert.deepEqual(await events("ocisign-error"), []);
  assert.deepEqual(await events("ocisign-verified"), []);
});

test("offline is said", async () => {
  const { page, element } = await on.openVerify();
  await page.context().setOffline(true);
  await element.getByText("You are offline").waitFor();
  await checkAccessibility(page, "offline");
  await page.context().setOffline(false);
  await element.getByText("You are offline").waitFor({ state: "detached" });
});

test("a portal that has not called init(): the element does, says when that fails, and tries again", async () => {
  const { page: bare } = await stage.newPage();
  await bare.route("**/stage.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: `import "${elements}";` }),
  );
  let isThere = false;
  await bare.route("**/ocisign.wasm", (route) =>
    isThere ? route.continue() : route.fulfill({ status: 404 }),
  );
  await bare.goto(stage.origin);
  await bare.waitForFunction(() => customElements.get("ocisign-verify"));
  const { element, button } = await mountVerify(bare);
  await element.getByLabel("Image", { exact: true }).fill("registry.example/Team/app");
  await element.getByText("The WebAssembly module was not found").waitFor();
  await checkAccessibility(bare, "not loaded");
  isThere = true;
  await button("Try again").click();
  await element.getByText("upper-case letter `T` at byte 17").waitFor();
});

test("several on one page, with properties by attribute", async () => {
  const { page } = await on.openVerify();
  const { reference } = on.imageOf("attributes");
  await page.evaluate(
    ([image, pem]) => {
      const second = document.createElement("ocisign-verify");
      second.setAttribute("reference", image);
      second.setAttribute("public-key", pem);
      second.setAttribute("recursive", "");
      second.id = "second";
      document.querySelector("main")?.append(second);
    },
    [reference, other.pem],
  );
  const second = page.locator("#second");
  const element = page.locator("ocisign-verify:not(#second)");
  assert.equal(await second.getByLabel("Image", { exact: true }).inputValue(), reference);
  assert.equal(await second.getByLabel("Every image in an index").isChecked(), true);
  assert.equal(await element.getByLabel("Image", { exact: true }).inputValue(), "");
  await second.getByRole("button", { name: "Verify" }).click();
  await second.getByRole("heading", { name: "Result : Not signed" }).waitFor();
  await checkAccessibility(page, "unsigned, and two elements");
});

test("whatever a page sets, nothing throws", async () => {
  const { page, complaints, element, button } = await on.openVerify();
  for (const value of [undefined, null, 7, {}, "", "x"]) {
    await page.evaluate((given) => {
      const names = ["reference", "publicKey", "productId", "identity", "registry", "client"];
      for (const name of names) globalThis.element[name] = name === "client" ? undefined : given;
    }, value);
    await button("Verify").click();
    await element.locator("#reference[aria-invalid]").waitFor();
  }
  assert.deepEqual(complaints, []);
});
