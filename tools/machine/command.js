import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { setPriority } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Something a person has to do: shown as this one sentence, with no stack and no log. */
export class Stop extends Error {}

export class CommandFailed extends Error {
  /** @param {string} command @param {string} ending @param {string} output */
  constructor(command, ending, output) {
    super(`\`${command}\` ${ending}`);
    this.output = output;
  }
}

// What a Node program starts must also be stopped by it: Ctrl-C reaches the whole group on a terminal, but a CI
// runner signals only the parent.
/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  });
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] the folder to run it in; the project's, when left out
 * @property {Record<string, string | undefined>} [env] added to the environment
 * @property {(line: string) => void} [onLine] every line as it comes, from both streams
 * @property {(text: string) => void} [onStdout] standard output as it comes
 * @property {boolean} [quietStdout] standard output is for programs: leave it out of what a person is shown
 * @property {boolean} [background] it takes only what other programs leave of the processor
 *
 * @typedef {{ code: number, stdout: string, stderr: string, output: string }} Finished
 */

const backgroundPriority = 10;

/**
 * Runs a command to its end, whatever the end is.
 *
 * @param {string} command @param {string[]} args @param {RunOptions} [options] @returns {Promise<Finished>}
 */
export function finish(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    if (options.background && child.pid) setPriority(child.pid, backgroundPriority);
    let stdout = "";
    let stderr = "";
    let output = "";
    const collect = (/** @type {string} */ text) => {
      output += text;
      const line = text.trimEnd().split("\n").at(-1);
      if (line) options.onLine?.(line.trim());
    };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      options.onStdout?.(text);
      if (!options.quietStdout) collect(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      collect(text);
    });
    child.on("error", (error) => {
      running.delete(child);
      reject(error);
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      if (signal) output += `\nended by ${signal}\n`;
      resolve({ code: code ?? 1, stdout, stderr, output });
    });
  });
}

/**
 * Runs a command that must succeed.
 *
 * @param {string} command @param {string[]} args @param {RunOptions} [options] @returns {Promise<Finished>}
 */
export async function run(command, args, options) {
  const result = await finish(command, args, options);
  if (result.code === 0) return result;
  throw new CommandFailed([command, ...args].join(" "), `ended with code ${result.code}`, result.output);
}

/**
 * Runs a tool that npm installed. Through Node, not through node_modules/.bin, which holds shell scripts on Windows.
 *
 * @param {string} script its path below node_modules @param {string[]} args @param {RunOptions} [options]
 */
export function runTool(script, args, options) {
  return run(process.execPath, [join(root, "node_modules", script), ...args], options);
}

/**
 * Where a command is, or undefined.
 *
 * @param {string} command
 */
export function which(command) {
  // Debian keeps daemons and administration tools out of an ordinary user's PATH.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  const names = process.platform === "win32" ? [`${command}.exe`, `${command}.cmd`] : [command];
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  }
  return undefined;
}
