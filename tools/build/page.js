import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { root } from "../machine/command.js";
import { mergeChunks } from "./chunks.js";
import { buildWhenStale, inputsOf } from "./stamp.js";

const page = join(root, "www");
const bundled = join(root, "target", "page");
const built = join(page, "build");
/** What the page loads of the package by its address. */
const ofPackage = ["ocisign.wasm", "compare-worker.js"].map((name) => join(root, "pkg", "dist", name));

/** Builds www/build, a folder that any web server can serve as it is. */
export function buildPage() {
  const copied = [...filesIn(page).filter(isCopied), ...ofPackage];
  return buildWhenStale(join(root, "target", "page.stamp"), {
    extraInputs: [
      ...["package-lock.json", "tsconfig.json", "tools/build/page.js", "tools/build/chunks.js"],
      ...copied,
    ],
    build: async () => {
      const { read, imported } = await bundle();
      for (const file of copied)
        cpSync(file, join(built, ofPackage.includes(file) ? basename(file) : relative(page, file)));
      preloadModules(imported);
      compress();
      return { inputs: read, outputs: filesIn(built) };
    },
  });
}

/** Of the page, all but the sources goes to the browser as it is. @param {string} file */
function isCopied(file) {
  return ![join(page, "src"), built].some((folder) => file.startsWith(`${folder}${sep}`));
}

/** @returns what was read, and which files main.js imports when it starts */
async function bundle() {
  const { build } = await import("esbuild");
  for (const folder of [bundled, built]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const options = /** @type {const} */ ({
    bundle: true,
    minify: true,
    sourcemap: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    legalComments: "linked",
    logLevel: "silent",
    // From their source, so that the page's own elements share Lit with them.
    alias: { "ocisign/elements": join(root, "pkg", "src", "elements", "index") },
    // Without the compiler's paths, which lead to the sources: `ocisign` itself is the built package.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    // package.json says only of the published bundle that importing it registers the elements.
    ignoreAnnotations: true,
    metafile: true,
  });
  const entry = (/** @type {string} */ file) => ({ entryPoints: [join(page, "src", file)] });
  const main = await build({ ...options, ...entry("main.ts"), splitting: true, outdir: bundled });
  // By itself: what it shares with main.js is less than a request costs.
  const callback = await build({ ...options, ...entry("callback.ts"), outdir: built });
  const imported = await mergeChunks({ from: bundled, to: built, entry: "main.js" });
  return { read: [main, callback].flatMap(({ metafile }) => inputsOf(metafile)), imported };
}

/** Has the browser request what main.js imports together with it, and not after it. @param {string[]} imported */
function preloadModules(imported) {
  const link = (/** @type {string} */ file) => `<link rel="modulepreload" href="${file}">`;
  const index = join(built, "index.html");
  const html = readFileSync(index, "utf8");
  const links = ["main.js", ...imported].map(link).join("\n    ");
  writeFileSync(index, html.replace(link("main.js"), links));
}

/** Beside each file its brotli form, for servers that know to send it. */
function compress() {
  const files = filesIn(built).filter((file) => /\.(js|css|html|wasm)$/.test(file));
  for (const file of files) writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
}

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
