// The API reference: of the core and of the package. A warning is an error, such as a link that leads nowhere or, in
// the package, a name without a word about it; in the core, rustc's own lint finds those.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cargoLock } from "../machine/cargo.js";
import { root, run, runTool } from "../machine/command.js";
import { compareNames } from "./crate-names.js";

/** @type {import("./lints.js").Lint[]} */
export const docs = [
  { name: "rustdoc", alone: cargoLock, run: (onLine) => describeCore(onLine) },
  {
    name: "typedoc",
    run: () =>
      runTool("typedoc/bin/typedoc", ["--options", "tools/check/typedoc/typedoc.json", "--logLevel", "Warn"]),
  },
];

/** @param {(text: string) => void} onLine */
async function describeCore(onLine) {
  const made = join(root, "target", "doc");
  const wanted = join(root, "target", "docs", "core");
  // Cargo has no option for the place, and leaves there what it made for other crates.
  rmSync(made, { recursive: true, force: true });
  await run("cargo", ["doc", "--locked", "--no-deps", "-p", "ocisign", "--features", "serde_json"], {
    onLine,
    env: { RUSTDOCFLAGS: "-D warnings" },
  });
  rmSync(wanted, { recursive: true, force: true });
  cpSync(made, wanted, { recursive: true });
  compareNames(join(wanted, "ocisign"));
}
