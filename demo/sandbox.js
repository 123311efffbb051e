// Starts a sandbox of its own: on free ports, with its data in a folder that the caller names.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const patienceMs = 30_000;
const freePort = "127.0.0.1:0";

/**
 * @typedef {object} Ready what the sandbox says once it listens
 * @property {string} url the page
 * @property {string} base the API
 * @property {{ url: string, domain: string, username: string | null, password: string | null }} registry
 * @property {{ name: string, role: string, objectId: string, groups: string[], token: string }[]} people
 *
 * @typedef {Ready & { pid: number, person: (role: string) => Ready["people"][number], stop: (signal?: NodeJS.Signals) => Promise<void>, gone: Promise<unknown> }} Sandbox
 */

/**
 * @param {object} options
 * @param {string} options.program where the sandbox's program is
 * @param {string} options.data its folder; it is kept
 * @param {string} [options.listen] @param {string} [options.registryListen] addresses; free ports when left out
 * @param {boolean} [options.talk] let it print what it has to say
 * @param {(text: string) => void} [options.onLog] hears all that it logs
 * @param {NodeJS.ProcessEnv} [options.env] more variables
 * @param {import("./registry.js").RegistryAccess} [options.registry] in place of the embedded one
 * @param {string[]} [options.args] more arguments
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox(options) {
  const { program, data, listen = freePort, registryListen = freePort, registry } = options;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const readyFile = join(data, "ready.json");
  // One of an earlier start would be believed.
  rmSync(readyFile, { force: true });
  const child = spawn(
    program,
    [
      ...["--data", data, "--ready-file", readyFile, "--listen", listen],
      ...(registry ? argumentsFor(registry) : ["--registry-listen", registryListen]),
      ...(options.args ?? []),
    ],
    {
      stdio: ["ignore", options.talk ? "inherit" : "ignore", "pipe"],
      // A password belongs in the environment: everybody can read the arguments of a process.
      env: { ...process.env, ...options.env, OCISIGN_REGISTRY_PASSWORD: registry?.password ?? undefined },
    },
  );
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    log = (log + text).slice(-10_000);
    options.onLog?.(text);
    if (options.talk) process.stderr.write(text);
  });
  const gone = once(child, "exit");
  const stop = async (/** @type {NodeJS.Signals} */ signal = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  const ready = await readyOrGone(readyFile, child, () => log);
  const person = (/** @type {string} */ role) => {
    const found = ready.people.find((it) => it.role === role);
    if (!found) throw new Error(`the sandbox has no ${role}; it has ${ready.people.map((it) => it.role)}`);
    return found;
  };
  return { ...ready, pid: /** @type {number} */ (child.pid), person, stop, gone };
}

/** @param {import("./registry.js").RegistryAccess} registry */
function argumentsFor({ url, username }) {
  return ["--registry", url, ...(username ? ["--registry-username", username] : [])];
}

/**
 * The file appears whole or not at all, so it is enough to look for it.
 *
 * @param {string} file @param {import("node:child_process").ChildProcess} child @param {() => string} log
 * @returns {Promise<Ready>}
 */
async function readyOrGone(file, child, log) {
  const until = performance.now() + patienceMs;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the sandbox ended with ${child.signalCode ?? `code ${child.exitCode}`}:\n${log()}`);
    }
    if (performance.now() > until) {
      child.kill("SIGKILL");
      throw new Error(`the sandbox was not ready within ${patienceMs / 1000} s:\n${log()}`);
    }
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
    }
    await pause(20);
  }
}
