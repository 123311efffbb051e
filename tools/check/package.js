// What npm would publish, looked at by those who know how packages are misread.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root, runTool } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";

/** @type {Promise<string> | undefined} */
let packed;

/** The tarball, packed once as `npm publish` does. */
function tarball() {
  packed ??= pack();
  return packed;
}

async function pack() {
  const folder = join(root, "target", "package");
  mkdirSync(folder, { recursive: true });
  const { stdout } = await runNpm(["pack", "--workspace", "ocisign", "--json", "--pack-destination", folder]);
  const [{ filename }] = JSON.parse(stdout);
  return join(folder, filename);
}

/** Names, places and metadata. */
export async function publint() {
  await runTool("publint/src/cli.js", ["run", "--strict", await tarball()]);
}

/** Whether types and code agree, however TypeScript resolves them; not in Node 10's way, which knows no `exports`. */
export async function typesAreRight() {
  const file = await tarball();
  const elements = ["./elements", "./elements/react", "./elements/vue"];
  // Assets, for bundlers, `init()` and editors: they have no types. And elements are for browsers, whose modules are ES.
  await areTheTypesWrong(file, [
    "--profile",
    "node16",
    "--exclude-entrypoints",
    "./ocisign.wasm",
    "./profile.schema.json",
    "./trust.schema.json",
    "./custom-elements.json",
    ...elements,
  ]);
  // What Jest requires in Node has the types of the module: others would declare every element a second time.
  await areTheTypesWrong(file, [
    ...["--profile", "esm-only", "--ignore-rules", "false-esm"],
    ...["--entrypoints", ...elements],
  ]);
}

/** @param {string} file @param {string[]} what */
async function areTheTypesWrong(file, what) {
  const plain = ["--format", "ascii", "--no-color", "--no-emoji"];
  await runTool("@arethetypeswrong/cli/dist/index.js", [file, ...plain, ...what]);
}
