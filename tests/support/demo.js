// Runs `npm run demo` as a person does, and reads its last line.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string[]} args @param {Record<string, string>} env */
export async function runDemo(args = [], env = {}) {
  const { stdout } = await promisify(execFile)(process.execPath, ["tools/tasks/demo.js", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  return { stdout, result: JSON.parse(String(stdout.trim().split("\n").at(-1))) };
}
