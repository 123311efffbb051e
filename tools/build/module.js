// The WebAssembly module, and the functions around it that the library imports as `#module`.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cargoBuild, cargoBuildModule, cargoHome } from "../machine/cargo.js";
import { root, run, runTool } from "../machine/command.js";
import { buildWhenStale } from "./stamp.js";

/** What wasm-bindgen writes; `tsconfig.json` leads `#module` here. */
const bindings = join(root, "target", "bindgen");
const stamp = join(bindings, ".stamp");
const module = join(root, "pkg", "dist", "ocisign.wasm");

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

/** Builds the module and its bindings. @param {(text: string) => void} note */
export async function buildModule(note) {
  const options = { onLine: note };
  const recipe = ["Cargo.toml", "Cargo.lock", "package-lock.json", "tools/build/module.js"];
  const flags = rustFlags();
  const { stdout: compiler } = await run("rustc", ["--version"]);
  return buildWhenStale(stamp, {
    // By content, as all is: cargo goes by times and places, and would compile anew in a copy of the checkout.
    words: `${compiler}${flags}`,
    extraInputs: [
      ...recipe,
      ...["src", "grammar"].flatMap((folder) => filesOf(join(root, folder))),
      ...sourcesOf("bindgen"),
    ],
    build: async () => {
      const args = ["--profile", "wasm", "-p", "ocisign"];
      const built = await cargoBuildModule(args, { ...options, env: { CARGO_ENCODED_RUSTFLAGS: flags } });
      await bind(built.module("ocisign"), options);
      return { inputs: [], outputs: [module, ...filesOf(bindings)] };
    },
  });
}

/** @param {string} raw cargo's module @param {import("../machine/command.js").RunOptions} options */
async function bind(raw, options) {
  // The folder of an earlier run may hold JavaScript of an earlier crate hash.
  rmSync(bindings, { recursive: true, force: true });
  const bindgen = (await cargoBuild(["-p", "ocisign-bindgen"], options)).program("ocisign-bindgen");
  await run(bindgen, [raw, bindings], options);
  cutWhatNeverRuns();
  writeDoors();
  await optimise(options);
  await checkImports();
}

/**
 * What wasm-bindgen writes for other modules or runtimes than ours, and what stands here instead; each costs a page its
 * bytes: a way for modules that cannot grow a text's room, one for runtimes without `encodeInto`, which the package
 * itself needs, and questions whether a buffer is detached: memory that grew has another buffer.
 *
 * @type {[RegExp, string][]}
 */
const neverRuns = [
  [/ {4}if \(realloc === undefined\) \{\n(?: {8}.*\n)+ {4}\}\n/g, ""],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n(?: {4}.*\n)+\}\n/g, ""],
  [
    /if \(cachedDataViewMemory0 === null \|\| .* !== wasm\.memory\.buffer\)\)/g,
    "if (cachedDataViewMemory0?.buffer !== wasm.memory.buffer)",
  ],
];

function cutWhatNeverRuns() {
  const file = join(bindings, "ocisign_bg.js");
  const whole = readFileSync(file, "utf8");
  const calls = whole.match(/ passStringToWasm0\(.*\);/g) ?? [];
  const others = calls.filter((call) => !call.includes("wasm.__wbindgen_realloc"));
  if (others.length > 0) throw new Error(`texts go to the module without room to grow: ${others[0]}`);
  const cut = neverRuns.reduce((text, [part, instead]) => {
    if (text.match(part)?.length !== 1)
      throw new Error(`wasm-bindgen did not write once what is cut: ${part}`);
    return text.replace(part, instead);
  }, whole);
  writeFileSync(file, cut);
}

/** @param {string} crate a build tool beside this file @returns {string[]} */
function sourcesOf(crate) {
  const folder = join("tools", "build", crate, "src");
  return readdirSync(join(root, folder)).map((file) => join(folder, file));
}

/** @param {string} folder @returns {string[]} the files in it, and below */
function filesOf(folder) {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return paths.filter((path) => statSync(path).isFile());
}

/**
 * Panic messages name source files: without this they would carry the home of whoever built the package. Our own files
 * have relative names, so the flags are the same wherever the checkout lies.
 */
function rustFlags() {
  const given = process.env.CARGO_ENCODED_RUSTFLAGS?.split("\x1f") ?? process.env.RUSTFLAGS?.split(" ") ?? [];
  const remaps = [`--remap-path-prefix=${cargoHome()}=/cargo`];
  // Fingerprints are few and short: SHA-256 as a loop is smaller than unrolled.
  const compact = ["--cfg", 'sha2_backend="soft"', "--cfg", 'sha2_backend_soft="compact"'];
  return [...given.filter(Boolean), ...remaps, ...compact].join("\x1f");
}

/**
 * Two doors beside the functions: the error class, which has to come from the very file that the module imports, or
 * there would be two classes; and what a loader needs to make an instance. A loader instantiates the module with
 * `imports`, hands the instance's exports to `__wbg_set_wasm`, and calls the export `__wbindgen_start`, which fills the
 * table of JavaScript values.
 */
function writeDoors() {
  const files = readdirSync(bindings, { recursive: true, encoding: "utf8" });
  const error = files
    .map((file) => file.replaceAll("\\", "/"))
    .find((file) => file.endsWith("/src/js/error.js"));
  if (!error) throw new Error("wasm-bindgen copied no src/js/error.js");
  write("error.js", `export { OcisignError } from "./${error}";\n`);
  // What the class looks like, pkg/src/error.ts says.
  write("error.d.ts", "export const OcisignError: unknown;\n");
  write(
    "instance.js",
    'export { __wbg_set_wasm } from "./ocisign_bg.js";\nexport { imports } from "./imports.js";\n',
  );
  write(
    "instance.d.ts",
    'export { __wbg_set_wasm } from "./ocisign_bg.js";\nexport { imports } from "./imports.js";\n',
  );
}

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(join(bindings, name), text);
}

/** @param {import("../machine/command.js").RunOptions} options */
async function optimise(options) {
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  const input = join(bindings, "ocisign_bg.wasm");
  mkdirSync(join(root, "pkg", "dist"), { recursive: true });
  // Measured as brotli: the loops that rustc writes, taken apart and made anew, save 300 bytes, and functions that are
  // called once stay whole from 30 instructions on, which saves 250.
  const passes = [
    "-Oz",
    "-ocimfs",
    "30",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--converge",
    // Functions that differ in a constant become one, which saves 130.
    "--merge-similar-functions",
    "-Oz",
    "--zero-filled-memory",
  ];
  await runTool("binaryen/bin/wasm-opt", [input, ...passes, ...features, ...strip, "-o", module], options);
}

/** A loader that hands over too little fails in a user's browser; this fails here. */
async function checkImports() {
  // Node never reads a module twice, and a rebuilt one has the same address.
  /** @type {{ imports: Record<string, object> }} */
  const { imports } = await import(`${pathToFileURL(join(bindings, "instance.js"))}?${Date.now()}`);
  const compiled = new WebAssembly.Module(readFileSync(module));
  const missing = WebAssembly.Module.imports(compiled).filter(
    (it) => !(it.name in (imports[it.module] ?? {})),
  );
  if (missing.length === 0) return;
  throw new Error(
    `the bindings lack what the module imports: ${missing.map((it) => `${it.module} ${it.name}`)}`,
  );
}
