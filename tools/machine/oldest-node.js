// The first Node of a major version, as the npm packages of its name carry it: MIT, kept by the node-bin project.
import { join } from "node:path";
import { cached, makeOnce } from "./cache.js";
import { Stop } from "./command.js";
import { runNpm } from "./npm.js";

/**
 * @param {string} major @param {(text: string) => void} note
 * @returns {Promise<string>} the program
 */
export async function oldestNode(major, note) {
  if (process.platform === "win32") throw new Stop("npm brings no Node of that age for Windows.");
  const name = `node-${process.platform}-${process.arch}`;
  const folder = cached("node", `${name}@${major}.0.0`);
  await makeOnce(folder, async (unfinished) => {
    const where = ["--prefix", unfinished, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    await runNpm(["install", ...where, `${name}@${major}.0.0`], { onLine: note });
  });
  return join(folder, "node_modules", name, "bin", "node");
}
