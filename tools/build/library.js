// The library of the package, for each kind of runtime. In a browser it is seven files: the loader, the core that it
// shares with the others, and four parts that are loaded when they are first used: what reads registries, what compares
// and copies images, with a worker of its own, what applies all of a profile, and what reads certificates. A fifth part,
// which reads trust files, is an entry of its own (trust.js).
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { root } from "../machine/command.js";
import { bundledLicences, licenceInputs } from "./bundled-licences.js";
import { shrink } from "./shrink.js";
import { buildWhenStale, inputsOf, outputsOf } from "./stamp.js";

const sources = join(root, "pkg", "src");
const dist = join(root, "pkg", "dist");
const nodeLoader = join(dist, "node.js");
/** Between the ES module for Node and the CommonJS one. */
const nodeStep = join(dist, "node-step.cjs");

const licences = join(dist, "library-licences.txt");

export function buildLibrary() {
  return buildWhenStale(join(root, "target", "library.stamp"), {
    extraInputs: [
      ...["package-lock.json", "tsconfig.json", "tools/build/library.js", "tools/build/shrink.js"],
      ...licenceInputs,
    ],
    build: async () => {
      const built = await bundle();
      return {
        inputs: built.flatMap(inputsOf),
        outputs: [nodeLoader, nodeStep, licences, ...built.flatMap(outputsOf)],
      };
    },
  });
}

const options = /** @type {const} */ ({
  bundle: true,
  // What people see of requests (`shown/`) stands on the package, also within it.
  alias: { ocisign: join(sources, "entry", "eager.ts") },
  minify: true,
  // That only what is published has side effects, package.json says of the published files.
  ignoreAnnotations: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "silent",
  metafile: true,
  outdir: dist,
});

/** Of libraries, what is used: what these parts do by themselves stands in their entries. */
const onlyUsed = /** @type {const} */ ({ ignoreAnnotations: false });

/** @param {string} name */
const entry = (name) => join(sources, "entry", name);

/**
 * The files for Node, for `require` and, by a step between, for `import`.
 *
 * @param {{ sourcemap?: "inline", minify?: boolean }} [more]
 */
export async function bundleForNode(more) {
  const { build } = await import("esbuild");
  // The platform "node" adds the list of names by which `import` from an ES module finds a CommonJS module's exports.
  const commonJs = await build({
    ...options,
    ...more,
    entryPoints: { node: entry("node.ts") },
    format: "cjs",
    platform: "node",
    // In this order: the second is made with what the first one has.
    inject: [entry("node-globals.ts"), entry("node-fetch.ts")],
    external: ["./certificates.cjs", "./trust.cjs"],
    outExtension: { ".js": ".cjs" },
  });
  const certificates = await build({
    ...options,
    ...more,
    entryPoints: { certificates: entry("certificates.ts") },
    ...onlyUsed,
    format: "cjs",
    platform: "node",
    inject: [entry("node-globals.ts")],
    mainFields: ["module", "main"],
    outExtension: { ".js": ".cjs" },
  });
  return [commonJs, certificates];
}

/** @returns {Promise<import("esbuild").Metafile[]>} what each of the builds read and wrote */
async function bundle() {
  const { build } = await import("esbuild");
  const esm = /** @type {const} */ ({ format: "esm", platform: "neutral" });
  const browser = await build({
    ...options,
    ...esm,
    entryPoints: {
      browser: entry("browser.ts"),
      registry: entry("registry.ts"),
      profile: entry("profile.ts"),
    },
    splitting: true,
    // They share one part, so one name is enough; a second part would be an error.
    chunkNames: "core",
    plugins: [elsewhere],
  });
  // What it shares with registry.js would be a second part. It asks registry.js for that, which it comes after.
  const compare = await build({
    ...options,
    ...esm,
    entryPoints: { compare: entry("compare-part.ts") },
    ...onlyUsed,
    plugins: [fromRegistry],
  });
  // It runs alone, and reaches nothing of the others.
  const worker = await build({
    ...options,
    ...esm,
    entryPoints: { "compare-worker": entry("compare-worker.ts") },
    ...onlyUsed,
  });
  // It stands alone, too, in every runtime.
  const certificates = await build({
    ...options,
    ...esm,
    entryPoints: { certificates: entry("certificates.ts") },
    ...onlyUsed,
    mainFields: ["module", "main"],
  });
  checkShared(browser.metafile, compare.metafile);
  const forBrowsers = [browser, compare, worker, certificates].flatMap(({ metafile }) =>
    Object.keys(metafile.outputs),
  );
  await shrink(forBrowsers.map((path) => join(root, path)));
  const workerd = await build({
    ...options,
    ...esm,
    external: ["./ocisign.wasm"],
    entryPoints: { workerd: entry("workerd.ts") },
    plugins: [elsewhere],
  });
  // Workers and Node offer the same names.
  writeNodeLoader(Object.values(workerd.metafile.outputs).flatMap((output) => output.exports));
  const built = [browser, compare, worker, certificates, workerd, ...(await bundleForNode())].map(
    ({ metafile }) => metafile,
  );
  const inputs = Object.assign({}, ...built.map((metafile) => metafile.inputs));
  writeFileSync(licences, bundledLicences("The library", { inputs }));
  return built;
}

/** compare.js, certificates.js and trust.js are loaded when they are asked for. @type {import("esbuild").Plugin} */
const elsewhere = {
  name: "a part of its own",
  setup({ initialOptions, onResolve }) {
    // The loader for workers has the module otherwise, and this part takes it from there.
    const isForWorkers = "workerd" in Object(initialOptions.entryPoints);
    onResolve({ filter: /^\.\/(compare-part|certificates|trust)\.ts$/ }, ({ kind, path }) => {
      if (kind !== "dynamic-import") return undefined;
      const file = path.replace(/(-part)?\.ts$/, ".js");
      return { path: isForWorkers && file === "./trust.js" ? "./trust-workerd.js" : file, external: true };
    });
  },
};

/** What registry.js has for compare.js is taken from there. @type {import("esbuild").Plugin} */
const fromRegistry = {
  name: "shared with registry.js",
  setup({ onResolve }) {
    const shared = sharedModules();
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
      shared.has(resolve(resolveDir, path)) ? { path: "./registry.js", external: true } : undefined,
    );
  },
};

/** The modules that entry/shared.ts names. */
function sharedModules() {
  const entry = join(sources, "entry");
  const text = readFileSync(join(entry, "shared.ts"), "utf8");
  return new Set([...text.matchAll(/ from "(.+)";/g)].map(([, path = ""]) => resolve(entry, path)));
}

/**
 * Nothing may stand in two files of a browser: it would have two states, and weigh twice. And registry.js must have each
 * name that compare.js asks it for.
 *
 * @param {import("esbuild").Metafile} browser @param {import("esbuild").Metafile} compare
 */
function checkShared(browser, compare) {
  const placed = (/** @type {import("esbuild").Metafile} */ { outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
  const there = new Set(placed(browser));
  const twice = placed(compare).filter((path) => there.has(path));
  const registry = Object.entries(browser.outputs).find(([path]) => path.endsWith(`${sep}registry.js`));
  const asked = readFileSync(join(dist, "compare.js"), "utf8").matchAll(
    /import\{([^}]*)\}from"\.\/registry\.js"/g,
  );
  const names = [...asked].flatMap(([, list = ""]) =>
    list.split(",").map((name) => name.split(" as ")[0] ?? ""),
  );
  const missing = names.filter((name) => !registry?.[1].exports.includes(name));
  if (twice.length + missing.length === 0) return;
  const file = relative(root, join(sources, "entry", "shared.ts"));
  const what = [
    ...twice.map((path) => `${path} stands in registry.js, too`),
    ...missing.map((name) => `${name} is missing`),
  ];
  throw new Error(`compare.js: ${what.join("; ")}. Name it in ${file}.`);
}

/**
 * The ES module for Node: the same instance as the CommonJS one, so that `instanceof OcisignError` holds whichever way
 * a dependency was loaded. Each name is written out: `export *` would hand on what Node adds to a CommonJS module.
 *
 * Before Node runs a CommonJS module that an ES module imports, it looks through the text for names of exports. For
 * all of the package that takes longer than to run it, so there is a step between, in which is nothing to look through.
 *
 * @param {string[]} names
 */
function writeNodeLoader(names) {
  const named = names.filter((name) => name !== "default").sort();
  const lines = [
    'import step from "./node-step.cjs";',
    "const { whole } = step;",
    "export default whole.default;",
    `export const { ${named.join(", ")} } = whole;`,
    "",
  ];
  writeFileSync(nodeLoader, lines.join("\n"));
  writeFileSync(nodeStep, 'const whole = require("./node.cjs");\nmodule.exports = { whole };\n');
}
