import { wasmTarget } from "./cargo.js";
import { run, runTool } from "./command.js";

const clippy = ["clippy", "--locked"];
const strict = ["--", "-D", "warnings"];

/** @type {import("./steps.js").Step[]} */
export const lints = [
  { name: "rustfmt", run: () => run("cargo", ["fmt", "--all", "--check"]) },
  {
    name: "clippy",
    run: (onLine) => run("cargo", [...clippy, "--workspace", "--all-targets", ...strict], { onLine }),
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
  { name: "TypeScript", run: () => runTool("typescript/bin/tsc", ["--project", "."]) },
];
