import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./command.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const folder = join(root, "target", "go");
const ending = process.platform === "win32" ? ".exe" : "";

/**
 * Programs by others that read what we sign, and sign what we read: pinned, so that a run today is a run tomorrow.
 * Go's checksum database vouches for their sources, and Go's own cache keeps what was compiled.
 */
export const goTools = [
  { name: "cosign-v3", module: "github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3" },
  { name: "cosign-v2", module: "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5" },
  { name: "crane", module: "github.com/google/go-containerregistry/cmd/crane@v0.22.1" },
];

/** Where a tool is, once it is installed. @param {string} name */
export function goProgram(name) {
  return join(folder, "bin", name + ending);
}

/**
 * Makes sure that a program is there, in the version that the module names.
 *
 * @param {string} module with its version @param {string} name the program's, here
 * @param {(line: string) => void} [onLine] what Go is compiling
 * @returns {Promise<boolean>} whether it was installed now
 */
export async function needGoTool(module, name, onLine) {
  const program = goProgram(name);
  const stamp = join(folder, `${name}.stamp`);
  const hash = contentHash([], module);
  if (isFresh(stamp, hash, [program])) return false;
  clearStamp(stamp);
  // Go names a program after its package, so both cosigns are "cosign": each is made in a place of its own.
  const made = join(folder, "made", name);
  // Without symbols, which nobody reads here: they double what is linked and written.
  await run("go", ["install", "-v", "-ldflags=-s -w", module], { env: { GOBIN: made }, onLine });
  mkdirSync(join(folder, "bin"), { recursive: true });
  const [path] = module.split("@");
  renameSync(join(made, path.slice(path.lastIndexOf("/") + 1) + ending), program);
  rmSync(made, { recursive: true });
  writeStamp(stamp, hash);
  return true;
}
