import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cargoBuild, cargoBuildModule } from "../machine/cargo.js";
import { root, run, runTool } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const bindgenFolder = join(root, "target", "bindgen");
const stamp = join(bindgenFolder, ".stamp");
const module = join(root, "pkg", "dist", "ocisign.wasm");
const glue = { esm: join(root, "pkg", "dist", "glue.js"), cjs: join(root, "pkg", "dist", "glue.cjs") };
const registry = join(root, "pkg", "dist", "registry.js");

// What TypeScript reads for `require`. It needs a file of its own, whose ending says that it describes CommonJS.
const types = join(root, "pkg", "index.d.ts");
const commonJsTypes = join(root, "pkg", "dist", "index.d.cts");

// The loaders instantiate the module with `glue.imports`, hand the instance's exports to `glue.__wbg_set_wasm`, and
// then call the export `__wbindgen_start`, which fills the table of JavaScript values.
const bindings = "./ocisign_bg.js";

/** Of the module's own exports, what the package shows as it is. */
const moduleNames = [
  "buildProduct",
  "buildSigningRequest",
  "checkRegistry",
  "decodeArtifactUri",
  "decodeStatus",
  "encodeArtifactUri",
  "parseReference",
  "publicKey",
  "scanReferences",
  "simpleSigningPayload",
];
/** And what is for pkg/lib alone. */
const innerNames = [
  "Call",
  "checkToken",
  "failure",
  "harmless",
  "headers",
  "quote",
  "readKey",
  "readProfile",
  "request",
  "serviceUrl",
  "Waits",
];
/** What pkg/lib adds: in the glue, and in a file of its own that browsers load when it is needed. */
const clientNames = ["SigningClient"];
const registryNames = [
  "attachSignature",
  "describeImage",
  "verifyImage",
  "verifySignatures",
  "waitAndVerify",
];

// Named one by one, because wasm-opt may use whatever is enabled, and Node 20 has to load the result. These are
// what rustc itself assumes for the target.
const features = [
  "--enable-bulk-memory",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
];

/** Builds pkg/dist: the module, and the glue in both module formats. @param {(text: string) => void} note */
export async function buildModule(note) {
  const options = { onLine: note };
  const args = ["--profile", "wasm", "-p", "ocisign"];
  const built = await cargoBuildModule(args, { ...options, env: { CARGO_ENCODED_RUSTFLAGS: rustFlags() } });
  const raw = built.module("ocisign");

  const recipe = [
    ...libraryFiles(),
    "pkg/index.d.ts",
    "Cargo.lock",
    "package-lock.json",
    "tools/build/module.js",
    "tools/build/bindgen/src/main.rs",
    "tools/build/bindgen/src/panics.rs",
  ];
  const hash = contentHash([raw, ...recipe.map((file) => join(root, file))]);
  if (isFresh(stamp, hash, [module, glue.esm, glue.cjs, registry])) return upToDate;
  clearStamp(stamp);

  // The folder of an earlier run may hold JavaScript of an earlier crate hash.
  rmSync(bindgenFolder, { recursive: true, force: true });
  const bindgen = (await cargoBuild(["-p", "ocisign-bindgen"], options)).program("ocisign-bindgen");
  await run(bindgen, [raw, bindgenFolder], options);
  await bundleGlue();
  await optimise(options);
  const made = await import(freshUrl(glue.esm));
  checkImports(made.imports);
  declare(glue.esm, Object.keys(made));
  declare(glue.cjs, [...Object.keys(made), ...registryNames]);
  declare(registry, ["registryShells"]);
  copyFileSync(types, commonJsTypes);
  writeStamp(stamp, hash);
}

function libraryFiles() {
  return readdirSync(join(root, "pkg", "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .sort()
    .map((file) => `pkg/lib/${file}`);
}

/** Panic messages name source files: without this they would carry the paths of whoever built the package. */
function rustFlags() {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const given = process.env.CARGO_ENCODED_RUSTFLAGS?.split("\x1f") ?? process.env.RUSTFLAGS?.split(" ") ?? [];
  const remaps = [`--remap-path-prefix=${home}=/cargo`, `--remap-path-prefix=${root}=/ocisign/`];
  // Fingerprints are few and short: SHA-256 as a loop is smaller than unrolled.
  const compact = ["--cfg", 'sha2_backend="soft"', "--cfg", 'sha2_backend_soft="compact"'];
  return [...given.filter(Boolean), ...remaps, ...compact].join("\x1f");
}

async function bundleGlue() {
  const { build } = await import("esbuild");
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    bundle: true,
    minify: true,
    // A class keeps its name, which Node prints with every error.
    keepNames: true,
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
  };
  const entry = (/** @type {string} */ name, /** @type {string} */ text) => {
    const file = join(bindgenFolder, name);
    writeFileSync(file, text);
    return { ...options, entryPoints: [file] };
  };
  const esm = /** @type {const} */ ({ format: "esm", platform: "neutral" });
  await build({ ...entry("browser.js", glueEntry()), ...esm, outfile: glue.esm });
  await build({ ...entry("registry.js", registryEntry()), ...esm, outfile: registry });
  // The platform "node" adds the list of names by which `import` from an ES module finds a CommonJS module's exports.
  await build({
    ...entry("node.js", glueEntry() + nodeEntry()),
    format: "cjs",
    platform: "node",
    outfile: glue.cjs,
  });
}

/** Node never reads a module twice, and a rebuilt one has the same address. @param {string} file */
function freshUrl(file) {
  return `${pathToFileURL(file)}?${Date.now()}`;
}

/**
 * The glue, and the package's own shells around the module. The error class has to come from the very file that
 * the module imports, or there would be two classes.
 */
function glueEntry() {
  const files = readdirSync(bindgenFolder, { recursive: true, encoding: "utf8" });
  const error = files
    .map((file) => file.replaceAll("\\", "/"))
    .find((file) => file.endsWith("/src/js/error.js"));
  if (!error) throw new Error("wasm-bindgen copied no src/js/error.js");
  const forLibrary = [...moduleNames, ...innerNames].join(", ");
  return `import { ${forLibrary} } from "${bindings}";
import { OcisignError } from "./${error}";
import { coreOf } from ${library("index.js")};
export { __wbg_set_wasm, ${moduleNames.join(", ")} } from "${bindings}";
export { imports } from "./imports.js";
export { OcisignError };
export const core = coreOf({ ${forLibrary}, OcisignError });
export const { ${clientNames.join(", ")} } = core;
`;
}

function registryEntry() {
  return `export { registryShells } from ${library("registry-shells.js")};\n`;
}

/** Node has everything at once. */
function nodeEntry() {
  return `import { registryShells } from ${library("registry-shells.js")};
export const { ${registryNames.join(", ")} } = registryShells(core);
`;
}

/** @param {string} file of pkg/lib */
function library(file) {
  return JSON.stringify(join(root, "pkg", "lib", file));
}

/** @param {import("../machine/command.js").RunOptions} options */
async function optimise(options) {
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  const input = join(bindgenFolder, "ocisign_bg.wasm");
  await runTool("binaryen/bin/wasm-opt", [input, "-Oz", ...features, ...strip, "-o", module], options);
}

/** A loader that hands over too little fails in a user's browser; this fails here. @param {Record<string, object>} given */
function checkImports(given) {
  const compiled = new WebAssembly.Module(readFileSync(module));
  const missing = WebAssembly.Module.imports(compiled).filter((it) => !(it.name in (given[it.module] ?? {})));
  if (missing.length === 0) return;
  throw new Error(
    `the glue lacks what the module imports: ${missing.map((it) => `${it.module} ${it.name}`)}`,
  );
}

/** For our own type check of the loaders, which would otherwise read the minified code. @param {string} file @param {string[]} names */
function declare(file, names) {
  const text = names.map((name) => `export const ${name}: any;\n`).join("");
  writeFileSync(file.replace(/\.(c?)js$/, ".d.$1ts"), text);
}
