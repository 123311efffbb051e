// The library of the package, for each kind of runtime. In a browser it is three files: the loader, the core that it
// shares with the part that reads registries, and that part, which is loaded when it is first used.
import { join } from "node:path";
import { root } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";
import { sourcesIn } from "./sources.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const sources = join(root, "pkg", "src");
const dist = join(root, "pkg", "dist");
const stamp = join(root, "target", "library.stamp");
const files = ["browser.js", "core.js", "registry.js", "workerd.js", "node.cjs", "node.js"];

export async function buildLibrary() {
  const recipe = ["package-lock.json", "tsconfig.json", "tools/build/library.js"];
  const made = [...sourcesIn("target/bindgen", /\.js$/), ...sourcesIn("pkg/src", /\.ts$/)];
  const hash = contentHash([...recipe, ...made].map((file) => join(root, file)));
  if (
    isFresh(
      stamp,
      hash,
      files.map((file) => join(dist, file)),
    )
  )
    return upToDate;
  clearStamp(stamp);
  const { build } = await import("esbuild");
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    bundle: true,
    minify: true,
    // That only what is published has side effects, package.json says of the published files.
    ignoreAnnotations: true,
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
    outdir: dist,
  };
  const entry = (/** @type {string} */ name) => join(sources, "entry", name);
  const esm = /** @type {const} */ ({ format: "esm", platform: "neutral" });
  await build({
    ...options,
    ...esm,
    entryPoints: { browser: entry("browser.ts"), registry: entry("lazy.ts") },
    splitting: true,
    // The two share one part, so one name is enough; a second part would be an error.
    chunkNames: "core",
  });
  const external = ["./ocisign.wasm", "./node.cjs"];
  await build({ ...options, ...esm, external, entryPoints: { workerd: entry("workerd.ts") } });
  await build({ ...options, ...esm, external, entryPoints: { node: entry("node-esm.ts") } });
  // The platform "node" adds the list of names by which `import` from an ES module finds a CommonJS module's exports.
  await build({
    ...options,
    entryPoints: { node: entry("node.ts") },
    format: "cjs",
    platform: "node",
    outExtension: { ".js": ".cjs" },
  });
  writeStamp(stamp, hash);
}
