import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./command.js";
import { setUp } from "./setup.js";

const { sandbox } = await setUp({ sandbox: true, page: true });
const args = ["--www", join(root, "www", "build"), "--print-tokens", ...process.argv.slice(2)];
const child = spawn(/** @type {string} */ (sandbox), args, { cwd: root, stdio: "inherit" });
// Ctrl-C reaches the sandbox by itself; waiting for it lets it say goodbye before the prompt comes back.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code) => process.exit(code ?? 0));
