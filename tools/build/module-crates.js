// Which crates of others the WebAssembly module holds, and the licences that they ask to be passed on.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { wasmTarget } from "../machine/cargo.js";
import { root, run } from "../machine/command.js";
import { buildWhenStale } from "./stamp.js";

const licences = join(root, "pkg", "dist", "module-licences.txt");

/** @typedef {{ name: string, version: string, license: string, folder: string, repository?: string }} Crate */

/**
 * The crates of others whose code is linked into the module. Not among them is what only runs while it is compiled.
 *
 * @returns {Promise<Crate[]>} by their names
 */
export async function cratesInModule() {
  const edges = ["--edges", "normal,no-proc-macro", "--target", wasmTarget];
  const shown = ["--prefix", "none", "--format", "{p}"];
  const { stdout } = await run("cargo", ["tree", "--locked", "--package", "ocisign", ...edges, ...shown]);
  // "serde v1.0.229"; our own crates have their folder behind it.
  const linked = new Set(
    stdout.split("\n").flatMap((line) => /^(\S+ v\S+)(?: \(\*\))?$/.exec(line)?.[1] ?? []),
  );
  const crates = await everyCrate();
  return crates
    .filter(({ name, version }) => linked.has(`${name} v${version}`))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @returns {Promise<Crate[]>} what the lock file has for the module's target */
async function everyCrate() {
  const { stdout } = await run(
    "cargo",
    ["metadata", "--locked", "--format-version", "1", "--filter-platform", wasmTarget],
    { quietStdout: true },
  );
  /** @type {{ packages: (Crate & { manifest_path: string })[] }} */
  const { packages } = JSON.parse(stdout);
  return packages.map(({ manifest_path, ...crate }) => ({ ...crate, folder: dirname(manifest_path) }));
}

/** Writes the licences of the module's crates beside it. */
export function writeModuleLicences() {
  return buildWhenStale(join(root, "target", "module-licences.stamp"), {
    extraInputs: ["Cargo.toml", "Cargo.lock", "grammar/Cargo.toml", "tools/build/module-crates.js"],
    build: async () => {
      mkdirSync(dirname(licences), { recursive: true });
      writeFileSync(licences, licenceText(await cratesInModule()));
      return { inputs: [], outputs: [licences] };
    },
  });
}

/** @param {Crate[]} crates */
function licenceText(crates) {
  const offersApache = (/** @type {Crate} */ { license }) => license.split(/ OR |\//).includes("Apache-2.0");
  const title = (/** @type {Crate} */ { name, version }) => `${name} ${version}`;
  const apache = crates
    .filter(offersApache)
    .flatMap((crate) => [`${title(crate)}  ${crate.repository ?? ""}`, ...textsOf(crate, /^notice/i)]);
  const others = crates
    .filter((crate) => !offersApache(crate))
    .map((crate) => `${title(crate)}, ${crate.license}\n\n${ownTexts(crate)}`);
  return `ocisign.wasm holds parts of these crates.

Under the Apache License 2.0, whose text is in LICENSE-APACHE of this package:

${apache.join("\n")}
the standard library of Rust  https://github.com/rust-lang/rust

Under other licences:

${others.join("\n\n\n")}
`;
}

/** @param {Crate} crate */
function ownTexts(crate) {
  const texts = textsOf(crate, /^(licen[cs]e|copying|notice)(?!-apache)/i);
  if (texts.length > 0) return texts.join("\n\n");
  throw new Error(`${crate.name} is under ${crate.license}, and its text is not in the crate`);
}

/** @param {Crate} crate @param {RegExp} name */
function textsOf({ folder }, name) {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => name.test(file)) : [];
  return files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
}
