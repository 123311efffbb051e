// The library of the package, for each kind of runtime. In a browser it is three files: the loader, the core that it
// shares with the part that reads registries, and that part, which is loaded when it is first used.
import { join } from "node:path";
import { root } from "../machine/command.js";
import { buildWhenStale, inputsOf, outputsOf } from "./stamp.js";

const sources = join(root, "pkg", "src");
const dist = join(root, "pkg", "dist");

export function buildLibrary() {
  return buildWhenStale(join(root, "target", "library.stamp"), {
    extraInputs: ["package-lock.json", "tsconfig.json", "tools/build/library.js"],
    build: async () => {
      const built = await bundle();
      return { inputs: built.flatMap(inputsOf), outputs: built.flatMap(outputsOf) };
    },
  });
}

/** @returns {Promise<import("esbuild").Metafile[]>} what each of the builds read and wrote */
async function bundle() {
  const { build } = await import("esbuild");
  const options = /** @type {const} */ ({
    bundle: true,
    minify: true,
    // That only what is published has side effects, package.json says of the published files.
    ignoreAnnotations: true,
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    outdir: dist,
  });
  const entry = (/** @type {string} */ name) => join(sources, "entry", name);
  const esm = /** @type {const} */ ({ format: "esm", platform: "neutral" });
  const browser = await build({
    ...options,
    ...esm,
    entryPoints: { browser: entry("browser.ts"), registry: entry("lazy.ts") },
    splitting: true,
    // The two share one part, so one name is enough; a second part would be an error.
    chunkNames: "core",
  });
  const external = ["./ocisign.wasm", "./node.cjs"];
  const workerd = await build({
    ...options,
    ...esm,
    external,
    entryPoints: { workerd: entry("workerd.ts") },
  });
  const node = await build({ ...options, ...esm, external, entryPoints: { node: entry("node-esm.ts") } });
  // The platform "node" adds the list of names by which `import` from an ES module finds a CommonJS module's exports.
  const commonJs = await build({
    ...options,
    entryPoints: { node: entry("node.ts") },
    format: "cjs",
    platform: "node",
    outExtension: { ".js": ".cjs" },
  });
  return [browser, workerd, node, commonJs].map(({ metafile }) => metafile);
}
