import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { root } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const page = join(root, "www");
const built = join(page, "build");
const stamp = join(root, "target", "page.stamp");

/** Builds www/build, a folder that any web server can serve as it is. */
export async function buildPage() {
  const recipe = ["package-lock.json", "tsconfig.json", "tools/build/page.js"].map((file) =>
    join(root, file),
  );
  const hash = contentHash([...recipe, ...sources(page), ...sources(join(root, "pkg"))]);
  if (isFresh(stamp, hash, [join(built, "index.html"), join(built, "main.js")])) return upToDate;
  clearStamp(stamp);

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
  for (const name of readdirSync(page)) {
    if (name === "src" || name === "build") continue;
    cpSync(join(page, name), join(built, name), { recursive: true });
  }
  cpSync(join(root, "pkg", "dist", "ocisign.wasm"), join(built, "ocisign.wasm"));
  preloadModules(metafile);
  compress();
  writeStamp(stamp, hash);
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
  for (const file of readdirSync(built, { recursive: true, encoding: "utf8" })) {
    if (!/\.(js|css|html|wasm)$/.test(file)) continue;
    const path = join(built, file);
    writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
  }
}

/** @param {string} folder */
function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.startsWith(built))
    .sort();
}
