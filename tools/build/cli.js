import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";
import { bundledLicences, licenceInputs } from "./bundled-licences.js";
import { lazyBuiltins } from "./lazy-builtins.js";
import { writeLookAlikes } from "./look-alikes.js";
import { buildWhenStale, inputsOf, outputsOf } from "./stamp.js";

const sources = join(root, "pkg", "src", "cli");
const built = join(root, "pkg", "dist", "cli");
const entry = join(built, "main.js");
const licences = join(built, "licences.txt");
/** The pages of help, which the program shows before it loads anything. */
const pages = join(built, "pages.json");
/** What writes them. */
const writer = join(root, "target", "cli-pages");

/** The package as the bundle imports it: from outside, so that it has one instance, and one module, in a process. */
const library = "../node.js";

export async function buildCommandLine() {
  await writeLookAlikes();
  return buildWhenStale(join(root, "target", "cli.stamp"), {
    extraInputs: [
      "package-lock.json",
      "tsconfig.json",
      "tools/build/cli.js",
      "tools/build/lazy-builtins.js",
      ...licenceInputs,
    ],
    build: async () => {
      const metafile = await bundle();
      return { inputs: inputsOf(metafile), outputs: [...outputsOf(metafile), licences, pages] };
    },
  });
}

/**
 * Bundles the command line with its libraries into an entry file, and chunks that are loaded when they are needed: the
 * package has no dependencies, and starts from few files.
 */
async function bundle() {
  // Chunks of an earlier build have other names.
  for (const folder of [built, writer]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const { build } = await import("esbuild");
  const options = /** @type {const} */ ({
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    // One of the libraries is CommonJS that only Node resolves; its ES modules can be bundled.
    mainFields: /** @type {string[]} */ (["module", "main"]),
    // Names stay, for the stacks that OCISIGN_DEBUG shows.
    minifySyntax: true,
    minifyWhitespace: true,
    // The licences' texts lie beside it.
    legalComments: "none",
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
    alias: { ocisign: library },
    external: /** @type {string[]} */ ([library]),
    logLevel: "silent",
  });
  const { metafile } = await build({
    ...options,
    entryPoints: [join(sources, "main.ts")],
    outdir: built,
    plugins: [lazyBuiltins],
    metafile: true,
  });
  await build({
    ...options,
    entryPoints: [join(sources, "pages.ts")],
    outdir: writer,
    plugins: [lazyBuiltins],
    outExtension: { ".js": ".mjs" },
  });
  await writePages();
  writeFileSync(entry, `#!/usr/bin/env node\n${readFileSync(entry, "utf8")}`);
  chmodSync(entry, 0o755);
  writeFileSync(licences, bundledLicences("The command line", metafile));
  await linkCommand();
  return metafile;
}

/** From the very definitions of the commands: there is no second copy that could say something else. */
async function writePages() {
  // Node never reads a module twice, and a rebuilt one has the same address.
  const { pages: all } = await import(`${pathToFileURL(join(writer, "pages.mjs"))}?${Date.now()}`);
  writeFileSync(pages, JSON.stringify(await all()));
}

/** `npx --no ocisign` in the workspace: npm links a program when it installs, but only one that is there by then. */
async function linkCommand() {
  if (existsSync(join(root, "node_modules", ".bin", "ocisign"))) return;
  await runNpm(["rebuild", "ocisign", "--ignore-scripts"]);
}
