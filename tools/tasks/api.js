// `npm run api`: what changed of that which others build on; `-- --accept` keeps it in tests/api/.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setUp } from "../build/set-up.js";
import { root } from "../machine/command.js";
import { readOptions } from "../machine/options.js";

const { accept } = readOptions(
  `Tells what changed of that which others build on: declarations, exports, help, the JSON of commands, and
the crate where there is a nightly Rust.

  npm run api [-- --accept]

  --accept  writes it into tests/api/; tell it in CHANGELOG.md
  --help    this text

It ends with 1 when something changed that was not accepted.`,
  { accept: { type: "boolean" } },
);

await setUp({ sandbox: true });
const program = join(root, "tests", "support", "api.js");
const { status } = spawnSync(process.execPath, [program, ...(accept ? ["--accept"] : [])], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
