// How long a browser takes from opening a page to the first image reference that it checked.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchChromium } from "../../tools/machine/browser.js";
import { slow3G, visit } from "../../tools/machine/visit.js";
import { serve } from "../lib/static-server.js";

const dist = (/** @type {string} */ file) =>
  fileURLToPath(new URL(`../../pkg/dist/${file}`, import.meta.url));
const image = `registry.example/team/app:1.2@sha256:${"3f".repeat(32)}`;
const done = "document.documentElement.dataset.done";

/** The documented way: one bundle, and the browser asks for it and for the module at once. */
const bundled = `import init, { parseReference } from "ocisign";
await init(new URL("./ocisign.wasm", import.meta.url));
${done} = parseReference("${image}").canonical;`;

/** Without a bundler: an import map, and a line for each file that the loader imports. */
const unbundled = bundled.replace("./ocisign.wasm", "/dist/ocisign.wasm");

/** @type {{ what: string, slow: import("../../tools/machine/visit.js").Slow }[]} */
const machines = [
  { what: "as it is", slow: {} },
  { what: "a processor that is 4 times slower", slow: { processor: 4 } },
  { what: "slow 3G", slow: { network: slow3G } },
];

/** @type {import("../lib/topic.js").Topic & { close(): Promise<void> }} */
export const topic = {
  name: "browser",
  title: "Chromium, from opening a page to the first parsed reference",
  async cases() {
    const browser = await launchChromium();
    const pages = {
      bundled: await serve(await bundledPage()),
      unbundled: await serve(
        unbundledPage(["main.js", "dist/browser.js", "dist/core.js"], "dist/ocisign.wasm"),
      ),
      unannounced: await serve(unbundledPage([])),
      empty: await serve(emptyPage()),
    };
    ends.push(...Object.values(pages).map(({ close }) => close), () => browser.close());
    for (const page of Object.values(pages)) await check(browser, page);
    return machines.flatMap(({ what, slow }) => {
      const of = (/** @type {string} */ name, /** @type {{ url: string }} */ { url }) => ({
        name,
        measure: async () => (await visit(browser, { url, usable: "[data-done]", slow })).usableMs * 1e6,
      });
      const empty = of("an empty module", pages.empty);
      return [
        {
          what: `${what}: bundled`,
          ours: of("ocisign", pages.bundled),
          beside: [{ ...empty, aim: 1 / 1.5 }],
        },
        {
          what: `${what}: without a bundler`,
          ours: of("ocisign", pages.unbundled),
          beside: [empty, of("ocisign without preload lines", pages.unannounced)],
        },
      ];
    });
  },
  async close() {
    for (const end of ends.splice(0)) await end();
  },
};

/** @type {(() => Promise<void> | void)[]} */
const ends = [];

/** What the page found is what was asked for. @param {import("playwright-core").Browser} browser @param {{ url: string }} page */
async function check(browser, { url }) {
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator("[data-done]").waitFor({ state: "attached" });
  const found = await page.evaluate(() => document.documentElement.dataset.done);
  await page.close();
  const expected = image.replace(":1.2", "");
  if (found !== expected) throw new Error(`the page at ${url} found ${found}, not ${expected}`);
}

async function bundledPage() {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: bundled, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    ...{ bundle: true, minify: true, splitting: true, format: "esm", platform: "browser", target: "es2022" },
    ...{ outdir: "/", entryNames: "main", write: false, logLevel: "error" },
    // The package as it is built: the compiler's paths would lead to its sources.
    tsconfigRaw: {},
  });
  const files = Object.fromEntries(
    outputFiles.map(({ path, contents }) => [path.replace(/^.*\//, "/"), contents]),
  );
  const head = lines(["main.js", ...imports(files["/main.js"])], "ocisign.wasm");
  return { "/index.html": html(head), ...files, "/ocisign.wasm": readFileSync(dist("ocisign.wasm")) };
}

/** The files that a bundle imports when it starts. @param {Uint8Array | undefined} code */
function imports(code) {
  const text = new TextDecoder().decode(code);
  return [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, file]) => String(file));
}

/** @param {string[]} modules which the browser is told of beforehand @param {string} [wasm] */
function unbundledPage(modules, wasm) {
  const map = JSON.stringify({ imports: { ocisign: "/dist/browser.js" } });
  const head = `<script type="importmap">${map}</script>
    ${lines(modules, wasm)}`;
  const files = ["browser.js", "core.js", "ocisign.wasm"].map((file) => [
    `/dist/${file}`,
    readFileSync(dist(file)),
  ]);
  return { "/index.html": html(head), "/main.js": unbundled, ...Object.fromEntries(files) };
}

function emptyPage() {
  return { "/index.html": html(lines(["main.js"])), "/main.js": `${done} = "${image.replace(":1.2", "")}";` };
}

/** @param {string[]} modules @param {string} [wasm] */
function lines(modules, wasm) {
  const links = modules.map((file) => `<link rel="modulepreload" href="/${file}">`);
  if (wasm) links.push(`<link rel="preload" href="/${wasm}" as="fetch" crossorigin>`);
  return links.join("\n    ");
}

/** @param {string} head */
function html(head) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Bench</title>
    ${head}
    <script type="module" src="/main.js"></script>
  </head>
  <body></body>
</html>
`;
}
