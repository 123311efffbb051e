// The lints, as jobs that run side by side. A warning is an error.
import { join } from "node:path";
import { cargoLock, wasmTarget } from "../machine/cargo.js";
import { root, run, runTool } from "../machine/command.js";
import { countAny } from "./any.js";
import { docs } from "./docs.js";
import { publint, typesAreRight } from "./package.js";
import { checkSize } from "./size.js";

const clippy = ["clippy", "--locked"];
const ownCrates = ["ocisign-bindgen", "ocisign-wasm-test-runner", "ocisign-pkcs11-shim"].flatMap((name) => [
  "-p",
  name,
]);
const strict = ["--", "-D", "warnings"];

/**
 * It throws when it found something; a text that it returns is told.
 *
 * @typedef {import("../machine/steps.js").Step & { alone?: string }} Lint
 */

/** @param {string[]} args @returns {Pick<Lint, "run" | "alone">} */
function cargo(...args) {
  return { alone: cargoLock, run: () => run("cargo", args, { background: true }) };
}

/** @param {string} project */
function tsc(project) {
  // What it remembers saves it most of the next look.
  const memory = join(root, "target", "tsc", `${project}.tsbuildinfo`);
  return runTool("typescript/bin/tsc", ["--project", project, "--incremental", "--tsBuildInfoFile", memory]);
}

/** @type {Lint[]} */
const lints = [
  { name: "rustfmt", run: () => run("cargo", ["fmt", "--all", "--check"]) },
  // Not the whole workspace at once: the features of the tools' dependencies would have the sandbox's C code
  // compiled anew.
  { name: "clippy", ...cargo(...clippy, "--all-targets", ...strict) },
  // With the sandbox, as it is built.
  {
    name: "clippy for the second judge",
    ...cargo(...clippy, "-p", "ocisign-sandbox", "-p", "ocisign-second-judge", ...strict),
  },
  {
    name: "clippy for the tools",
    ...cargo(...clippy, ...ownCrates, ...strict),
  },
  {
    name: "clippy for WebAssembly",
    ...cargo(...clippy, "-p", "ocisign", "--target", wasmTarget, "--lib", "--test", "wasm", ...strict),
  },
  {
    name: "biome",
    run: () => runTool("@biomejs/biome/bin/biome", ["ci", "--colors=off", "--error-on-warnings", "."]),
  },
  { name: "size of the module and its loader", run: checkSize },
  { name: "TypeScript: package and page", run: () => tsc("tsconfig.json") },
  { name: "TypeScript: scripts", run: () => tsc("tsconfig.scripts.json") },
  { name: "TypeScript: tests", run: () => tsc("tests/tsconfig.json") },
  { name: "any", run: countAny },
  { name: "publint", run: publint },
  { name: "are the types wrong", run: typesAreRight },
  ...docs,
];

/** @type {import("./pool.js").Job[]} */
export const lintJobs = lints.map(({ name, run: look, ...how }) => ({
  ...how,
  name,
  run: async () => {
    const told = await look(() => {});
    return { passed: 0, failed: 0, skipped: 0, output: typeof told === "string" ? `${name}: ${told}\n` : "" };
  },
}));
