import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";
import { upToDate } from "../machine/steps.js";
import { bundledLicences } from "./bundled-licences.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const sources = join(root, "pkg", "src", "cli");
const built = join(root, "pkg", "dist", "cli");
const entry = join(built, "main.js");
const licences = join(built, "licences.txt");
const stamp = join(root, "target", "cli.stamp");

/** The package as the bundle imports it: from outside, so that it has one instance, and one module, in a process. */
const library = "../node.js";

/**
 * Bundles the command line with its libraries into an entry file, and chunks that are loaded when they are needed: the
 * package has no dependencies, and starts from few files.
 */
export async function buildCommandLine() {
  const hash = contentHash(inputs());
  if (isFresh(stamp, hash, [entry, licences])) return upToDate;
  clearStamp(stamp);
  // Chunks of an earlier build have other names.
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const { build } = await import("esbuild");
  const { metafile } = await build({
    entryPoints: [join(sources, "main.ts")],
    outdir: built,
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    // One of the libraries is CommonJS that only Node resolves; its ES modules can be bundled.
    mainFields: ["module", "main"],
    // Names stay, for the stacks that OCISIGN_DEBUG shows.
    minifySyntax: true,
    minifyWhitespace: true,
    // The licences' texts lie beside it.
    legalComments: "none",
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
    alias: { ocisign: library },
    external: [library],
    metafile: true,
    logLevel: "silent",
  });
  writeFileSync(entry, `#!/usr/bin/env node\n${readFileSync(entry, "utf8")}`);
  chmodSync(entry, 0o755);
  writeFileSync(licences, bundledLicences("The command line", metafile));
  await linkCommand();
  writeStamp(stamp, hash);
}

/** `npx ocisign` in the workspace: npm links a program when it installs, but only one that is there by then. */
async function linkCommand() {
  if (existsSync(join(root, "node_modules", ".bin", "ocisign"))) return;
  await runNpm(["rebuild", "ocisign", "--ignore-scripts"]);
}

function inputs() {
  const recipe = ["package-lock.json", "tsconfig.json", "pkg/package.json", "LICENSE-MIT"];
  const builders = ["tools/build/cli.js", "tools/build/bundled-licences.js"];
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => join(sources, file));
  return [...[...recipe, ...builders].map((file) => join(root, file)), ...files];
}
