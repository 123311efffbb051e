// The sandbox's headers: what do they let a page do, and what do they keep it from?
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { useBrowser, useSandbox, useWhileTesting } from "../support/browser.js";
import { accounts, audience, clientId, startIssuer } from "../support/issuer.js";
import { temporaryFolder } from "../support/sandbox.js";

/** What a debugger evaluates may make code of text, so the page's own script tries it. */
const ownScript = `
  const tried = (work) => work().then(String, ({ name }) => name);
  const code = await tried(async () => new Function("return 1")());
  const module = await tried(() => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  document.title = code + " " + module;
`;
const { newPage } = useBrowser();
const www = useWhileTesting(
  async () => {
    const { folder, remove } = temporaryFolder("policy");
    for (const [name, content] of Object.entries({
      "index.html": '<!doctype html><title>page</title><script type="module" src="own.js"></script>',
      "own.js": ownScript,
      "callback.html": '<!doctype html><title>callback</title><script src="callback.js"></script>',
      "callback.js": 'new BroadcastChannel("sign-in").postMessage(location.search);',
    })) {
      writeFileSync(join(folder, name), content);
    }
    return { folder, remove };
  },
  ({ remove }) => remove(),
);
const issuer = useWhileTesting(
  () => startIssuer(),
  ({ close }) => close(),
);
const started = useSandbox(() => [
  ...["--www", www().folder, "--oidc-issuer", issuer().url],
  ...["--oidc-audience", audience, "--oidc-client-id", clientId],
]);

async function open() {
  const { page } = await newPage();
  await page.goto(started().sandbox.url);
  return page;
}

/** Whether the page can read what is there. @param {import("playwright-core").Page} page @param {string} url */
function reads(page, url) {
  return page.evaluate(async (address) => {
    try {
      return (await fetch(address)).ok;
    } catch {
      return false;
    }
  }, url);
}

test("it reads its own registry and its issuer, and nothing else", async () => {
  const page = await open();
  const registry = new Registry(started().sandbox.registry);
  const digest = await pushImage(registry, "team/app");
  assert.ok(await reads(page, `${started().sandbox.registry.url}/v2/team/app/manifests/${digest}`));
  assert.ok(await reads(page, `${issuer().url}/.well-known/openid-configuration`));
  assert.ok(await reads(page, `${started().sandbox.url}settings.json`));
  const elsewhere = await startIssuer();
  assert.equal(await reads(page, `${elsewhere.url}/.well-known/openid-configuration`), false);
  elsewhere.close();
});

test("text becomes neither markup nor a script", async () => {
  const page = await open();
  const markup = () => {
    document.body.innerHTML = "<b>x</b>";
  };
  const script = () => {
    document.createElement("script").src = "callback.js";
  };
  const policy = () => globalThis.trustedTypes.createPolicy("other", {});
  await assert.rejects(page.evaluate(markup), /TrustedHTML/);
  await assert.rejects(page.evaluate(script), /TrustedScriptURL/);
  await assert.rejects(page.evaluate(policy), /disallowed/);
});

test("what the page itself is made of works: WebAssembly, and Lit's policy", async () => {
  const page = await open();
  await page.waitForFunction(() => document.title !== "page");
  assert.equal(await page.title(), "EvalError [object WebAssembly.Module]");
  const markup = () => {
    const policy = globalThis.trustedTypes.createPolicy("lit-html", { createHTML: (text) => text });
    document.body.innerHTML = policy.createHTML("<b>x</b>");
    return document.body.textContent;
  };
  assert.equal(await page.evaluate(markup), "x");
});

test("a popup that returns from the issuer tells the page", async () => {
  const page = await open();
  const { host } = new URL(started().sandbox.url);
  const request = new URL("/auth", issuer().url);
  request.search = String(
    new URLSearchParams({
      client_id: clientId,
      redirect_uri: `http://${host}/callback.html`,
      response_type: "code",
      scope: "openid profile",
      state: "of-this-page",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    }),
  );
  const popupOpens = page.context().waitForEvent("page");
  const told = page.evaluate((url) => {
    const channel = new BroadcastChannel("sign-in");
    const message = new Promise((resolve) => {
      channel.onmessage = ({ data }) => resolve(data);
    });
    window.open(url, "sign-in", "popup");
    return message;
  }, request.href);
  const popup = await popupOpens;
  await popup.getByText(accounts.ada.name).click();
  const returned = new URLSearchParams(await told);
  assert.equal(returned.get("state"), "of-this-page");
  assert.ok(returned.get("code"));
});
