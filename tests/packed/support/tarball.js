// The package as `npm pack` makes it. Made once in a test file.
import { join } from "node:path";
import { root } from "../../../tools/machine/command.js";
import { runNpm } from "../../../tools/machine/npm.js";
import { temporaryFolder } from "../../support/sandbox.js";

let packed;

/** @returns {Promise<{ file: string, files: string[], name: string, version: string }>} */
export function tarball() {
  packed ??= pack();
  return packed;
}

async function pack() {
  const { folder, remove } = temporaryFolder("packed");
  // Not after a test: several tests of a file install it.
  process.once("exit", remove);
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await runNpm(args, { cwd: join(root, "pkg") });
  // A list in npm 11, an object by name in others.
  const [made] = Object.values(JSON.parse(stdout));
  const files = made.files.map(({ path }) => path).sort();
  return { file: join(folder, made.filename), files, name: made.name, version: made.version };
}
