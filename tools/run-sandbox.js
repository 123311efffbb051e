import { spawn } from "node:child_process";
import { root } from "./command.js";
import { setUp } from "./setup.js";

/**
 * Builds all that a person sees, and gives the terminal to the sandbox.
 *
 * @param {string[]} args
 */
export async function runSandbox(args) {
  const { sandbox } = await setUp({ sandbox: true, page: true });
  const child = spawn(/** @type {string} */ (sandbox), args, { cwd: root, stdio: "inherit" });
  // Ctrl-C reaches the sandbox by itself; waiting for it lets it say goodbye before the prompt comes back.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code) => process.exit(code ?? 0));
}
