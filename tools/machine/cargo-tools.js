// Programs of crates.io that a command here uses, in one version for all checkouts.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cached, makeOnce } from "./cache.js";
import { cargoHome } from "./cargo.js";
import { finish, run } from "./command.js";

/**
 * @typedef {object} CargoTool
 * @property {string} name the crate's, which is the program's
 * @property {string} version
 */

/** Judges licences, sources and advisories of crates. MIT OR Apache-2.0, kept by Embark Studios. */
export const cargoDeny = { name: "cargo-deny", version: "0.20.2" };
/** Lists what a crate is made of. Apache-2.0, kept by the OWASP foundation's CycloneDX project. */
export const cargoCyclonedx = { name: "cargo-cyclonedx", version: "0.5.9" };
/** Lists what a crate offers to others. MIT, kept by its authors for cargo-public-api. */
export const cargoPublicApi = { name: "cargo-public-api", version: "0.52.0" };
/** Runs libFuzzer. MIT OR Apache-2.0, kept by the Rust Fuzzing Authority. */
export const cargoFuzz = { name: "cargo-fuzz", version: "0.13.2" };
/** Changes the core, one place at a time. MIT, kept by Martin Pool. */
export const cargoMutants = { name: "cargo-mutants", version: "27.1.0" };
/** Counts what tests reach. Apache-2.0 OR MIT, kept by Taiki Endo. */
export const cargoLlvmCov = { name: "cargo-llvm-cov", version: "0.9.1" };

/** All of them. */
export const cargoTools = [
  ...[cargoDeny, cargoCyclonedx, cargoPublicApi],
  ...[cargoFuzz, cargoMutants, cargoLlvmCov],
];

/** Where the user's own cargo installs programs. */
const usersPrograms = join(cargoHome(), "bin");
const ending = process.platform === "win32" ? ".exe" : "";

/**
 * Makes sure that a program is there in its version: the user's, or one that is compiled into the cache.
 *
 * @param {CargoTool} tool @param {(text: string) => void} note
 * @returns {Promise<string>} its path
 */
export async function needCargoTool({ name, version }, note) {
  const users = join(usersPrograms, name + ending);
  if (existsSync(users) && (await versionOf(users)) === version) return users;
  const folder = cached("cargo", `${name}@${version}`);
  await makeOnce(folder, async (unfinished) => {
    note(`compiling ${name} ${version}, once for all checkouts`);
    const args = ["install", "--locked", "--root", unfinished, `${name}@${version}`];
    await run("cargo", args, { onLine: note, background: true });
  });
  return join(folder, "bin", name + ending);
}

/** @param {string} program of cargo, which is asked by its own name @returns {Promise<string | undefined>} */
async function versionOf(program) {
  for (const args of [["--version"], [program.replace(/^.*cargo-|\.exe$/g, ""), "--version"]]) {
    const { code, stdout } = await finish(program, args);
    const found = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
    if (code === 0 && found) return found;
  }
  return undefined;
}
