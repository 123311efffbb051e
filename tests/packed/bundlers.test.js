// The packed package through bundlers, with the configuration and the commands of docs/install.md, in Chromium.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../support/free-port.js";
import { browsers, openPage } from "./support/browsers.js";
import { commandsOf, filesOf } from "./support/docs.js";
import { openProject } from "./support/project.js";
import { startServer } from "./support/server.js";
import { openSite } from "./support/site.js";
import { openTasks } from "./support/task.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const withoutBundler = "Browsers, without a bundler";
const worker = filesOf("Web workers")["worker.js"].replace(
  "/node_modules/ocisign/dist/browser.js",
  "ocisign",
);
const early = `
import { parseReference } from "ocisign";
try {
  parseReference("registry.example/app");
} catch (error) {
  document.body.append(error.code);
}
`;

/** @type {Awaited<ReturnType<typeof openSite>>} */
let site;
/** @type {Awaited<ReturnType<typeof openTasks>>} */
let tasks;
/** @type {any} */
let chromium;
/** The port of development servers. @type {number} */
let developing;

/** One folder for each bundler. @type {Map<string, Promise<Project>>} */
const projects = new Map();

/** @typedef {import("./support/project.js").Project} Project */

/** The bundler's folder, with these files. @param {string} name @param {Record<string, string>} files */
async function projectFor(name, files) {
  const opening = projects.get(name) ?? openProject({ name });
  projects.set(name, opening);
  const project = await opening;
  project.write(files);
  return project;
}

before(async () => {
  site = await openSite();
  developing = await freePort();
  tasks = await openTasks([site.origin, `http://127.0.0.1:${developing}`]);
  chromium = await browsers.Chromium();
});
after(async () => {
  await chromium?.close();
  await tasks?.close();
  site?.close();
  for (const project of projects.values()) (await project).remove();
});

/** The documented files, and the test's own program beside them. @param {string} heading */
function sources(heading) {
  const files = { "main.js": filesOf(withoutBundler)["main.js"], "worker.js": worker, ...filesOf(heading) };
  return {
    "index.html": page("module"),
    ...files,
    "main.js": `${files["main.js"]}\nimport "./app.js";\n`,
    "worker.js": `${files["worker.js"]}\nimport "./sign-worker.js";\n`,
  };
}

/** @param {"module" | "classic"} kind of script */
function page(kind) {
  const script = kind === "module" ? 'type="module"' : "defer";
  return `<!doctype html><html lang="en"><body><script ${script} src="/dist/main.js"></script></body></html>`;
}

/** Builds without a word of warning. @param {Project} project @param {string} heading */
async function build(project, heading) {
  const [command] = commandsOf(heading);
  const { stdout, stderr } = await project.run(command);
  assert.doesNotMatch(stdout + stderr, /warn|⚠|\(!\)/i);
  return stdout;
}

/**
 * The documented page, the program in the page, and the program in a worker.
 *
 * @param {string} name
 * @param {string} address
 */
async function signsEverywhere(name, address) {
  const { page, complaints } = await openPage(chromium, `${address}/?image=${encodeURIComponent(image)}`);
  await page.getByText(image).waitFor();
  const inPage = await tasks.taskFor(name);
  await tasks.check(inPage, await page.evaluate((task) => globalThis.offered.sign(task), inPage));
  const inWorker = await tasks.taskFor(`${name}-worker`);
  await tasks.check(inWorker, await page.evaluate((task) => globalThis.offered.ask(task), inWorker));
  assert.equal(await page.evaluate((text) => globalThis.offered.ask(text), image), image);
  assert.deepEqual(complaints, []);
  await page.close();
}

/** An unused loader must not be thrown away with the instruction that it gives. @param {string} address */
async function instructs(address) {
  const { page, complaints } = await openPage(chromium, `${address}/`);
  await page.getByText("not-initialized").waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
}

for (const { heading, name, root = ".", script = "module", said = /./ } of /** @type {Bundler[]} */ ([
  { heading: "Vite", name: "vite", root: "dist", said: /built in/ },
  { heading: "webpack", name: "webpack", script: "classic", said: /compiled successfully/ },
  { heading: "Rollup", name: "rollup", said: /^/ },
  { heading: "esbuild", name: "esbuild", said: /^/ },
])) {
  test(`${heading}: signs in a page and in a worker, and says when init() was forgotten`, async () => {
    const files = sources(heading);
    if (heading !== "Vite") files["index.html"] = page(script);
    const project = await projectFor(name, files);
    assert.match(await build(project, heading), said);
    site.serve(join(project.folder, root));
    await signsEverywhere(name, site.origin);
    project.write({ "main.js": early });
    await build(project, heading);
    await instructs(site.origin);
  });
}

/**
 * @typedef {object} Bundler
 * @property {string} heading of its section
 * @property {string} name of its project
 * @property {string} [root] which folder is served
 * @property {"module" | "classic"} [script] what it makes
 * @property {RegExp} [said] what its command says when all is well
 */

for (const { name, files } of [
  { name: "vite", files: {} },
  { name: "vite-7", files: { "vite.config.js": filesOf("Vite")["vite.config.js"] } },
]) {
  test(`${name}: the development server`, async () => {
    const { "vite.config.js": _forOlder, ...shown } = sources("Vite");
    const project = await projectFor(name, { ...shown, ...files });
    if (!("vite.config.js" in files)) rmSync(join(project.folder, "vite.config.js"), { force: true });
    const address = ["--host", "127.0.0.1", "--port", String(developing), "--strictPort"];
    const server = await startServer(
      ["node_modules/vite/bin/vite.js", ...address],
      project.folder,
      /ready in/,
    );
    try {
      await signsEverywhere(`${name}-dev`, `http://127.0.0.1:${developing}`);
      assert.doesNotMatch(server.said(), /warn|error|failed/i);
    } finally {
      await server.stop();
    }
  });
}

test("a bundle for Node that leaves the package out; one that takes it in is told what to do", async () => {
  const project = await projectFor("esbuild", filesOf("Node"));
  const outside = commandsOf("Node").find((command) => command.includes("--external:ocisign")) ?? "";
  assert.doesNotMatch((await project.run(outside)).stderr, /warn/i);
  assert.equal((await project.run(`node server.mjs ${image}`)).stdout, `${image}\n`);
  await project.run("npx esbuild check.mjs --bundle --platform=node --format=cjs --outfile=inside.cjs");
  await assert.rejects(project.run(`node inside.cjs ${image}`), (/** @type {Error} */ error) => {
    assert.match(error.message, /OcisignError: The WebAssembly module was not found at .*ocisign\.wasm/);
    assert.match(error.message, /Keep "ocisign" out of the bundle/);
    return true;
  });
});
