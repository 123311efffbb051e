import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";
import { bundledLicences, licenceInputs } from "./bundled-licences.js";
import { lazyBuiltins } from "./lazy-builtins.js";
import { writeLookAlikes } from "./look-alikes.js";
import { buildWhenStale, inputsOf, outputsOf } from "./stamp.js";

const require = createRequire(import.meta.url);
const sources = join(root, "pkg", "src", "cli");
const built = join(root, "pkg", "dist", "cli");
const entry = join(built, "main.js");
const licences = join(built, "licences.txt");
/** The pages of help, which the program shows before it loads anything. */
const pages = join(built, "pages.json");
/** What writes them. */
const writer = join(root, "target", "cli-pages");

/** The package as the bundle requires it: from outside, so that it has one instance, and one module, in a process. */
const library = "../node.cjs";

/** The part that reads trust files, as the package itself loads it. */
const trustFiles = "../trust.cjs";

/** Libraries in a file of their own: they are large, and most calls do without them. */
const apart = ["jose", "oauth4webapi", "undici"];

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
      const metafiles = await bundle();
      return {
        inputs: metafiles.flatMap(inputsOf),
        outputs: [...metafiles.flatMap(outputsOf), licences, pages],
      };
    },
  });
}

/**
 * Bundles the command line with its libraries: the package has no dependencies. The first file is an ES module, as all
 * files of its name are in this package. The program itself is one CommonJS file (docs/decisions).
 */
async function bundle() {
  for (const folder of [built, writer]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const { build } = await import("esbuild");
  const options = {
    ...{ bundle: true, platform: /** @type {const} */ ("node"), target: "node20" },
    // One of the libraries is CommonJS that only Node resolves; its ES modules can be bundled.
    mainFields: ["module", "main"],
    // Names stay, for the stacks that OCISIGN_DEBUG shows.
    ...{ minifySyntax: true, minifyWhitespace: true },
    // The licences' texts lie beside it.
    legalComments: /** @type {const} */ ("none"),
    logLevel: /** @type {const} */ ("silent"),
    metafile: /** @type {const} */ (true),
  };
  const main = await build({
    ...options,
    format: "esm",
    banner: { js: "#!/usr/bin/env node" },
    entryPoints: [join(sources, "main.ts")],
    outdir: built,
  });
  const commonJs = {
    ...options,
    format: /** @type {const} */ ("cjs"),
    outExtension: { ".js": ".cjs" },
    // `require` takes what `import()` would: it is quicker, and does not look for names.
    supported: { "dynamic-import": false },
  };
  const files = apart.map((name) => `./${name}.cjs`);
  const program = {
    ...commonJs,
    plugins: [
      lazyBuiltins([
        ...["assert", "child_process", "crypto", "dns", "http", "https", "readline/promises"],
        ...["stream/consumers", "tls", "zlib"],
      ]),
    ],
    alias: {
      ocisign: library,
      "ocisign/trust": trustFiles,
      ...Object.fromEntries(apart.map((name, at) => [name, files[at] ?? name])),
    },
    external: [library, trustFiles, ...files],
  };
  const start = await build({
    ...commonJs,
    entryPoints: [join(sources, "start.ts")],
    external: ["./run.cjs", "./pages.json"],
    outdir: built,
  });
  const run = await build({ ...program, entryPoints: [join(sources, "run.ts")], outdir: built });
  const libraries = await build({
    ...commonJs,
    entryPoints: Object.fromEntries(apart.map((name) => [name, name])),
    outdir: built,
  });
  await build({ ...program, entryPoints: [join(sources, "pages.ts")], outdir: writer });
  await writePages();
  chmodSync(entry, 0o755);
  const metafiles = [main, start, run, libraries].map(({ metafile }) => metafile);
  writeFileSync(
    licences,
    bundledLicences("The command line", {
      inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    }),
  );
  await linkCommand();
  return metafiles;
}

/** From the very definitions of the commands: there is no second copy that could say something else. */
async function writePages() {
  const { pages: all } = require(join(writer, "pages.cjs"));
  writeFileSync(pages, JSON.stringify(await all()));
}

/** `npx --no ocisign` in the workspace: npm links a program when it installs, but only one that is there by then. */
async function linkCommand() {
  if (existsSync(join(root, "node_modules", ".bin", "ocisign"))) return;
  await runNpm(["rebuild", "ocisign", "--ignore-scripts"]);
}
