// How long a program takes from its start: the command line, and a first parse by the package.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../pkg/dist/cli/main.js", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const image = `a.b/c@sha256:${"0".repeat(64)}`;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "start",
  title: "From the start of a process to its end",
  async cases() {
    const nothing = { name: "node -e 0", run: () => node("-e", "0") };
    const esm = `import { parseReference } from "ocisign"; parseReference("${image}")`;
    const cjs = `require("ocisign").parseReference("${image}")`;
    const beside = (/** @type {number} */ aim) => [{ ...nothing, aim: 1 / aim }];
    return [
      {
        what: "ocisign --version",
        ours: { name: "ocisign", run: () => node(cli, "--version") },
        beside: beside(1.6),
      },
      {
        what: "ocisign --help",
        ours: { name: "ocisign", run: () => node(cli, "--help") },
        beside: beside(2),
      },
      {
        what: "import, and a first parse",
        ours: { name: "ocisign", run: () => node("--input-type=module", "-e", esm) },
        beside: beside(1.4),
      },
      {
        what: "require, and a first parse",
        ours: { name: "ocisign", run: () => node("-e", cjs) },
        beside: beside(1.4),
      },
    ].map((it) => ({ ...it, ms: 600 }));
  },
};

/** @param {string[]} args */
function node(...args) {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
}
