// The packed package's elements in a portal of another origin than the service and the registry, by the snippets of
// docs/elements.md: without a bundler, in React and in Vue.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { freePort } from "../support/free-port.js";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";
import { browsers, openPage } from "./support/browsers.js";
import { readDocument } from "./support/docs.js";
import { openProject } from "./support/project.js";
import { startServer } from "./support/server.js";
import { openSite } from "./support/site.js";

const { blocks, filesOf, commandsOf } = readDocument("elements.md");

/** @type {Awaited<ReturnType<typeof openSite>>} */
let site;
/** The port of the development server. @type {number} */
let developing;
/** @type {Awaited<ReturnType<typeof testSandbox>>} */
let sandbox;
/** @type {any} */
let chromium;
/** @type {string} */
let image;
/** @type {import("ocisign").StoredProduct} */
let product;
/** The id of one that is signed. @type {string} */
let request;
/** What the portal's sign-in would give. @type {string} */
let token;

/** @typedef {import("./support/project.js").Project} Project */

/** One folder for each kind. @type {Map<string, Promise<Project>>} */
const projects = new Map();

/** @param {string} name of the project @param {Record<string, string>} files @param {boolean} [tools] */
async function projectFor(name, files, tools = true) {
  const opening = projects.get(name) ?? openProject({ name, tools });
  projects.set(name, opening);
  const project = await opening;
  project.write(files);
  return project;
}

before(async () => {
  site = await openSite();
  chromium = await browsers.Chromium();
  developing = await freePort();
  const origins = [site.origin, `http://127.0.0.1:${developing}`];
  sandbox = await testSandbox({ args: origins.flatMap((origin) => ["--allow-origin", origin]) });
  const as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox, { approvalGroups: [] }));
  image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  const { id } = await as("requester").requestSigning({ product, artifact: image });
  await as("requester").waitForSignature(id);
  request = id;
  token = sandbox.person("requester").token;
});
after(async () => {
  await chromium?.close();
  await sandbox?.close();
  site?.close();
  for (const project of projects.values()) (await project).remove();
});

/** What a reader replaces. @param {string} text */
function adapt(text) {
  return text
    .replaceAll("https://app.laavat.io/acme/api/v1", sandbox.base)
    .replaceAll("https://app.laavat.io", new URL(sandbox.base).origin)
    .replaceAll("https://registry.example", sandbox.registry.url);
}

/** The documented files, and the token that the portal serves. @param {string} heading @param {string} [served] */
function files(heading, served = "token") {
  const documented = { ...filesOf("What your portal knows"), ...filesOf(heading) };
  const adapted = Object.entries(documented).map(([name, text]) => [name, adapt(text)]);
  return { ...Object.fromEntries(adapted), [served]: token };
}

/**
 * A person verifies the image with the product's key: the element got its client, works in its own tree, and the
 * portal hears of it. Chromium and Firefox are driven by what their drivers have in common.
 *
 * @param {any} page
 */
async function verifies(page) {
  await page.evaluate(
    (/** @type {[string, string]} */ [reference, id]) => {
      Object.assign(globalThis, {
        wanted: { reference, id },
        /** Within an element's own tree. */
        inside: (/** @type {string} */ name, /** @type {string} */ selector) =>
          document.querySelector(`ocisign-${name}`)?.shadowRoot?.querySelector(selector),
      });
    },
    [image, product.id],
  );
  await page.waitForFunction(() =>
    ["request", "approvals", "signing", "verify"].every((name) => {
      const { client } = /** @type {any} */ (document.querySelector(`ocisign-${name}`) ?? {});
      return client && globalThis.inside(name, ".shell")?.childElementCount > 0;
    }),
  );
  await page.evaluate(() => {
    const field = globalThis.inside("verify", "#reference");
    field.value = globalThis.wanted.reference;
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    const root = /** @type {ShadowRoot} */ (document.querySelector("ocisign-verify")?.shadowRoot);
    /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[name=key-from]"))[1].click();
  });
  await page.waitForFunction(() => {
    const picker = globalThis.inside("verify", "#product");
    return [...(picker?.options ?? [])].some(({ value }) => value === globalThis.wanted.id);
  });
  await page.evaluate(() => {
    const picker = globalThis.inside("verify", "#product");
    picker.value = globalThis.wanted.id;
    picker.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.waitForFunction(() => globalThis.inside("verify", "#key-found"));
  await page.evaluate(() => globalThis.inside("verify", "[part=submit]").click());
  await page.waitForFunction(() => document.getElementById("said")?.textContent === "verified");
}

/**
 * A person opens the one request in the queue: the portal hears of it, and another element shows it.
 *
 * @param {any} page
 */
async function opens(page) {
  await page.evaluate(() => {
    Object.assign(document.querySelector("ocisign-approvals") ?? {}, { filter: "all" });
  });
  await page.waitForFunction(() => globalThis.inside("approvals", "[part=open]"));
  await page.evaluate(() => globalThis.inside("approvals", "[part=open]").click());
  // As a property, or as the attribute of the same name.
  const id = () => {
    const element = /** @type {any} */ (document.querySelector("ocisign-signing"));
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
    /** @type {any} */
    let browser;
    before(async () => {
      browser = name === "Chromium" ? chromium : await launch();
    });
    after(async () => {
      if (browser !== chromium) await browser?.close();
    });

    test("plain HTML without a bundler, under the documented policy", async () => {
      const project = await projectFor("node", files("Plain HTML"), false);
      const [{ code }] = blocks("Content-Security-Policy");
      const [, policy] = code.match(/^Content-Security-Policy: (.*)\n$/) ?? assert.fail(code);
      const headers = { "content-type": "text/html", "content-security-policy": adapt(policy) };
      site.serve(project.folder, { "/": { headers } });
      await worksIn(browser, `${site.origin}/`);
    });
  });
}

/** Vite serves the files of this folder as they are. */
const inVite = "public/token";

for (const { heading, name } of [
  { heading: "React", name: "react" },
  { heading: "Vue", name: "vue" },
]) {
  test(`${heading}, checked by its compiler and built by Vite`, async () => {
    const project = await projectFor(name, files(heading, inVite));
    const [command] = commandsOf(heading);
    const { stdout, stderr } = await project.run(command);
    // All elements and React together are more than Vite likes to see in one file.
    const aboutSize = /\(!\) Some chunks are larger than 500 kB[\s\S]*?chunkSizeWarningLimit\.\n/;
    assert.doesNotMatch((stdout + stderr).replace(aboutSize, ""), /warn|⚠|\(!\)/i);
    site.serve(join(project.folder, "dist"));
    await worksIn(chromium, `${site.origin}/`);
  });
}

test("React, on Vite's development server", async () => {
  const project = await projectFor("react", files("React", inVite));
  const address = ["--host", "127.0.0.1", "--port", String(developing), "--strictPort"];
  const server = await startServer(["node_modules/vite/bin/vite.js", ...address], project.folder, /ready in/);
  try {
    await worksIn(chromium, `http://127.0.0.1:${developing}/`);
    assert.doesNotMatch(server.said(), /warn|error|failed/i);
  } finally {
    await server.stop();
  }
});

test("Angular's compiler takes the component, and needs the schema", async () => {
  const given = files("Angular");
  const project = await projectFor("angular", given);
  const [command = ""] = commandsOf("Angular");
  await project.run(command);
  const without = (given["signatures.ts"] ?? "").replace("schemas: [CUSTOM_ELEMENTS_SCHEMA],", "");
  project.write({ "signatures.ts": without });
  await assert.rejects(project.run(command), /NG8001: .*'ocisign-request' is not a known element/);
});

for (const { heading, name, file, wrong } of [
  {
    ...{ heading: "React", name: "react", file: "main.tsx" },
    wrong: {
      "signing-id={id}": "signing-id={7}",
      "onocisign-open={": "onocisign-opened={",
      "detail.verification.state": "detail.signing.state",
    },
  },
  {
    ...{ heading: "Vue", name: "vue", file: "Signatures.vue" },
    wrong: { ':signing-id="id"': ':signing-id="7"', "detail.verification.state": "detail.signing.state" },
  },
]) {
  test(`${heading}: its compiler refuses each of ${Object.values(wrong).join(", ")}`, async () => {
    const given = files(heading, inVite);
    let code = given[file] ?? "";
    for (const [right, mistake] of Object.entries(wrong)) {
      assert.ok(code.includes(right), right);
      code = code.replace(right, mistake);
    }
    const project = await projectFor(name, { ...given, [file]: code });
    const [checking = ""] = commandsOf(heading)[0]?.split(" && ") ?? [];
    const said = await project.run(checking).then(({ stdout }) => stdout, String);
    const lines = code.split("\n");
    const refused = [...said.matchAll(/\((\d+),\d+\): error TS/g)].map(
      ([, line]) => lines[Number(line) - 1] ?? "",
    );
    for (const mistake of Object.values(wrong)) {
      assert.ok(
        refused.some((line) => line.includes(mistake)),
        `${mistake}:\n${said}`,
      );
    }
  });
}

test("the documented strings can be replaced as documented, on a server too", async () => {
  const [{ code }] = blocks("What they say");
  const project = await projectFor("node", { "say.mjs": code }, false);
  assert.equal((await project.run("node say.mjs")).stdout, "Copy\n");
});
