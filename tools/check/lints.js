import { wasmTarget } from "../machine/cargo.js";
import { run, runTool } from "../machine/command.js";
import { docs } from "./docs.js";
import { publint, typesAreRight } from "./package.js";
import { checkSize } from "./size.js";

const clippy = ["clippy", "--locked"];
const strict = ["--", "-D", "warnings"];

/** @type {import("../machine/steps.js").Step[]} */
export const lints = [
  { name: "rustfmt", run: () => run("cargo", ["fmt", "--all", "--check"]) },
  // Not the whole workspace at once: the features of the tools' dependencies would have the sandbox's C code
  // compiled anew.
  { name: "clippy", run: (onLine) => run("cargo", [...clippy, "--all-targets", ...strict], { onLine }) },
  {
    name: "clippy for the build tools",
    run: (onLine) =>
      run("cargo", [...clippy, "-p", "ocisign-bindgen", "-p", "ocisign-wasm-test-runner", ...strict], {
        onLine,
      }),
  },
  {
    name: "clippy for WebAssembly",
    run: (onLine) =>
      run(
        "cargo",
        [...clippy, "-p", "ocisign", "--target", wasmTarget, "--lib", "--test", "wasm", ...strict],
        {
          onLine,
        },
      ),
  },
  {
    name: "biome",
    run: () => runTool("@biomejs/biome/bin/biome", ["ci", "--colors=off", "--error-on-warnings", "."]),
  },
  { name: "size of the module and its loader", run: checkSize },
  { name: "TypeScript", run: () => runTool("typescript/bin/tsc", ["--project", "tsconfig.scripts.json"]) },
  { name: "publint", run: publint },
  { name: "are the types wrong", run: typesAreRight },
  ...docs,
];
