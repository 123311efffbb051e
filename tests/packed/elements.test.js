// The packed package's elements in a portal of another origin than the service and the registry, by the snippets of
// docs/elements.md: without a bundler, in React and in Vue.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../support/sandbox.js";
import { browsers, openPage } from "./support/browsers.js";
import { readDocument } from "./support/docs.js";
import { openProject } from "./support/project.js";
import { freePort, startServer } from "./support/server.js";
import { openSite } from "./support/site.js";

const { blocks, filesOf, commandsOf } = readDocument("elements.md");

let site;
let developing;
let sandbox;
let image;
let product;
let request;
let portal;

before(async () => {
  site = await openSite();
  developing = await freePort();
  const origins = [site.origin, `http://127.0.0.1:${developing}`];
  sandbox = await testSandbox({ args: origins.flatMap((origin) => ["--allow-origin", origin]) });
  const as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox, { approvalGroups: [] }));
  image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  const { id } = await as("requester").requestSigning({ product, artifact: image });
  await as("requester").waitForSignature(id);
  request = id;
  const { token, objectId, name, groups } = sandbox.person("requester");
  const identity = JSON.stringify({ objectId, name, groups: groups ?? [] });
  const profile = JSON.stringify(await profileOf(sandbox));
  portal = `globalThis.portal = { token: () => "${token}", identity: async () => (${identity}), profile: ${profile} };`;
});
after(async () => {
  await sandbox?.close();
  site?.close();
});

/** What a reader replaces. @param {string} text */
function adapt(text) {
  return text
    .replaceAll("https://app.laavat.io/acme/api/v1", sandbox.base)
    .replaceAll("https://app.laavat.io", new URL(sandbox.base).origin)
    .replaceAll("https://registry.example", sandbox.registry.url);
}

/** The documented files, with the reader's own portal beside them. @param {string} heading @param {string} main */
function files(heading, main) {
  const documented = Object.entries(filesOf(heading)).map(([name, text]) => [name, adapt(text)]);
  const given = Object.fromEntries(documented);
  return { ...given, [main]: `import "./portal.js";\n${given[main]}`, "portal.js": portal };
}

/**
 * A person verifies the image with the product's key: the element got its client, works in its own tree, and the
 * portal hears of it. Chromium and Firefox are driven by what their drivers have in common.
 *
 * @param {any} page
 */
async function verifies(page) {
  await page.evaluate(
    ([reference, id]) => {
      globalThis.wanted = { reference, id };
    },
    [image, product.id],
  );
  await page.waitForFunction(() =>
    ["request", "approvals", "signing", "verify"].every((name) => {
      const element = document.querySelector(`ocisign-${name}`);
      return element?.client && element.shadowRoot?.querySelector(".shell")?.childElementCount > 0;
    }),
  );
  await page.evaluate(() => {
    const inside = document.querySelector("ocisign-verify").shadowRoot;
    const field = inside.querySelector("#reference");
    field.value = globalThis.wanted.reference;
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    inside.querySelectorAll("[name=key-from]")[1].click();
  });
  await page.waitForFunction(() => {
    const picker = document.querySelector("ocisign-verify").shadowRoot.querySelector("#product");
    return [...(picker?.options ?? [])].some(({ value }) => value === globalThis.wanted.id);
  });
  await page.evaluate(() => {
    const picker = document.querySelector("ocisign-verify").shadowRoot.querySelector("#product");
    picker.value = globalThis.wanted.id;
    picker.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.waitForFunction(() =>
    document.querySelector("ocisign-verify").shadowRoot.querySelector("#key-found"),
  );
  await page.evaluate(() =>
    document.querySelector("ocisign-verify").shadowRoot.querySelector("[part=submit]").click(),
  );
  await page.waitForFunction(() => document.getElementById("said").textContent === "verified");
}

/** A person opens the one request in the queue: the portal hears of it, and another element shows it. @param {any} page */
async function opens(page) {
  await page.evaluate(() => {
    document.querySelector("ocisign-approvals").filter = "all";
  });
  await page.waitForFunction(() =>
    document.querySelector("ocisign-approvals").shadowRoot.querySelector("[part=open]"),
  );
  await page.evaluate(() =>
    document.querySelector("ocisign-approvals").shadowRoot.querySelector("[part=open]").click(),
  );
  // As a property, or as the attribute of the same name.
  const id = () => {
    const element = document.querySelector("ocisign-signing");
    return element.signingId ?? element.getAttribute("signing-id");
  };
  await page.waitForFunction(id);
  assert.equal(await page.evaluate(id), request);
}

/** @param {any} browser @param {string} address */
async function worksIn(browser, address) {
  const { page, complaints } = await openPage(browser, address);
  await verifies(page);
  await opens(page);
  assert.deepEqual(complaints, []);
  await page.close();
}

for (const [name, launch] of Object.entries(browsers)) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser?.close());

    test("plain HTML without a bundler, under the documented policy", async () => {
      const project = await openProject({
        name: "node",
        tools: false,
        files: files("Plain HTML", "main.js"),
      });
      try {
        const [{ code }] = blocks("Content-Security-Policy");
        const [, policy] = code.match(/^Content-Security-Policy: (.*)\n$/);
        const headers = { "content-type": "text/html", "content-security-policy": adapt(policy) };
        site.serve(project.folder, { "/": { headers } });
        await worksIn(browser, `${site.origin}/`);
      } finally {
        project.remove();
      }
    });
  });
}

for (const { heading, name, main } of [
  { heading: "React", name: "react", main: "main.jsx" },
  { heading: "Vue", name: "vue", main: "main.js" },
]) {
  test(`${heading}, built by Vite`, async () => {
    const browser = await browsers.Chromium();
    const project = await openProject({ name, files: files(heading, main) });
    try {
      const [command] = commandsOf(heading);
      const { stdout, stderr } = await project.run(command);
      assert.doesNotMatch(stdout + stderr, /warn|⚠|\(!\)/i);
      site.serve(join(project.folder, "dist"));
      await worksIn(browser, `${site.origin}/`);
    } finally {
      project.remove();
      await browser.close();
    }
  });
}

test("React, on Vite's development server", async () => {
  const browser = await browsers.Chromium();
  const project = await openProject({ name: "react", files: files("React", "main.jsx") });
  const address = ["--host", "127.0.0.1", "--port", String(developing), "--strictPort"];
  const server = await startServer(["node_modules/vite/bin/vite.js", ...address], project.folder, /ready in/);
  try {
    await worksIn(browser, `http://127.0.0.1:${developing}/`);
    assert.doesNotMatch(server.said(), /warn|error|failed/i);
  } finally {
    await server.stop();
    project.remove();
    await browser.close();
  }
});

test("the documented strings can be replaced as documented, on a server too", async () => {
  const [{ code }] = blocks("What they say");
  const project = await openProject({ name: "node", tools: false, files: { "say.mjs": code } });
  try {
    assert.equal((await project.run("node say.mjs")).stdout, "Copy\n");
  } finally {
    project.remove();
  }
});
