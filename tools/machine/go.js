import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clearStamp, contentHash, isFresh, writeStamp } from "../build/stamp.js";
import { root, run } from "./command.js";

const folder = join(root, "target", "go");
const ending = process.platform === "win32" ? ".exe" : "";

/**
 * @typedef {object} GoTool
 * @property {string} name the program's, here
 * @property {string} module with its version; it ends in the program's folder, unless that stands apart
 * @property {string} [folder] of a program whose module replaces others' modules: `go install` refuses those
 */

/**
 * Programs by others that read what we sign, and sign what we read: pinned, so that a run today is a run tomorrow.
 * Go's checksum database vouches for their sources, and Go's own cache keeps what was compiled.
 *
 * @type {GoTool[]}
 */
export const goTools = [
  { name: "cosign-v3", module: "github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3" },
  { name: "cosign-v2", module: "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5" },
  { name: "crane", module: "github.com/google/go-containerregistry/cmd/crane@v0.22.1" },
];

/**
 * Programs that decide what a cluster admits. Compiling them takes several times as long as those above.
 *
 * @type {GoTool[]}
 */
export const admissionTools = [
  { name: "policy-tester", module: "github.com/sigstore/policy-controller@v0.13.1", folder: "./cmd/tester" },
  { name: "kyverno", module: "github.com/kyverno/kyverno@v1.19.1", folder: "./cmd/cli/kubectl-kyverno" },
];

/** Where a tool is, once it is installed. @param {string} name */
export function goProgram(name) {
  return join(folder, "bin", name + ending);
}

/**
 * Makes sure that a program is there, in the version that the module names.
 *
 * @param {GoTool} tool @param {(line: string) => void} [onLine] what Go is compiling
 * @returns {Promise<boolean>} whether it was installed now
 */
export async function needGoTool({ name, module, folder: inModule }, onLine) {
  const program = goProgram(name);
  const stamp = join(folder, `${name}.stamp`);
  const hash = contentHash([], module);
  if (isFresh(stamp, hash, [program])) return false;
  clearStamp(stamp);
  mkdirSync(join(folder, "bin"), { recursive: true });
  if (inModule) await build(module, inModule, program, onLine);
  else await install(module, name, program, onLine);
  writeStamp(stamp, hash);
  return true;
}

// Without symbols, which nobody reads here: they double what is linked and written.
const options = ["-v", "-ldflags=-s -w"];

/** @param {string} module @param {string} name @param {string} program @param {(line: string) => void} [onLine] */
async function install(module, name, program, onLine) {
  // Go names a program after its package, so both cosigns are "cosign": each is made in a place of its own.
  const made = join(folder, "made", name);
  await run("go", ["install", ...options, module], { env: { GOBIN: made }, onLine });
  const [path] = module.split("@");
  renameSync(join(made, path.slice(path.lastIndexOf("/") + 1) + ending), program);
  rmSync(made, { recursive: true });
}

/** @param {string} module @param {string} inModule @param {string} program @param {(line: string) => void} [onLine] */
async function build(module, inModule, program, onLine) {
  const sources = await goSources(module, onLine);
  await run("go", ["build", "-C", sources, ...options, "-o", program, inModule], { onLine });
}

/** Where Go keeps a module's sources. @param {string} module @param {(line: string) => void} [onLine] */
export async function goSources(module, onLine) {
  const { stdout } = await run("go", ["mod", "download", "-json", module], { onLine, quietStdout: true });
  return JSON.parse(stdout).Dir;
}
