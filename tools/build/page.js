import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { root } from "../machine/command.js";
import { buildWhenStale, inputsOf } from "./stamp.js";

const page = join(root, "www");
const built = join(page, "build");
const module = join(root, "pkg", "dist", "ocisign.wasm");

/** Builds www/build, a folder that any web server can serve as it is. */
export function buildPage() {
  const copied = [...filesIn(page).filter(isCopied), module];
  return buildWhenStale(join(root, "target", "page.stamp"), {
    extraInputs: ["package-lock.json", "tsconfig.json", "tools/build/page.js", ...copied],
    build: async () => {
      const metafile = await bundle();
      for (const file of copied)
        cpSync(file, join(built, file === module ? basename(file) : relative(page, file)));
      preloadModules(metafile);
      compress();
      return { inputs: inputsOf(metafile), outputs: filesIn(built) };
    },
  });
}

/** Of the page, all but the sources goes to the browser as it is. @param {string} file */
function isCopied(file) {
  return ![join(page, "src"), built].some((folder) => file.startsWith(`${folder}${sep}`));
}

async function bundle() {
  const { build } = await import("esbuild");
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const { metafile } = await build({
    entryPoints: ["main.ts", "callback.ts"].map((name) => join(page, "src", name)),
    bundle: true,
    minify: true,
    sourcemap: true,
    splitting: true,
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
    outdir: built,
  });
  return metafile;
}

/**
 * Has the browser request what main.js imports together with it, and not after it.
 *
 * @param {import("esbuild").Metafile} metafile
 */
function preloadModules({ outputs }) {
  const [, main] = Object.entries(outputs).find(([file]) => file.endsWith("/main.js")) ?? [];
  const imported = main?.imports.filter(({ kind }) => kind === "import-statement") ?? [];
  const link = (/** @type {string} */ file) => `<link rel="modulepreload" href="${basename(file)}">`;
  const index = join(built, "index.html");
  const html = readFileSync(index, "utf8");
  const links = ["main.js", ...imported.map(({ path }) => path)].map(link).join("\n    ");
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
