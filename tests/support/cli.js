// Runs the command line as a shell does: another process, with nothing of this one's environment in it.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { fakeService } from "./fake-service.js";
import { clientsOf, productFor, temporaryFolder, testSandbox } from "./sandbox.js";

export const entry = fileURLToPath(new URL("../../pkg/dist/cli/main.js", import.meta.url));

/**
 * How a program is started: `env` on top of the shell's own.
 *
 * @typedef {{ env?: NodeJS.ProcessEnv, stdin?: "ignore" | "pipe" }} StartOptions
 */

/**
 * A folder that is home and configuration to the programs that are started in it.
 *
 * @param {Record<string, string>} [environment] for all of them
 */
export function shellIn(name, environment = {}) {
  const { folder, remove } = temporaryFolder(name);
  /** What runs: a test that fails leaves it behind, and its file would wait for it. */
  const running = new Set();
  mkdirSync(join(folder, "bin"));
  chmodSync(entry, 0o755);
  symlinkSync(entry, join(folder, "bin", "ocisign"));
  const base = {
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    HOME: folder,
    // Where podman keeps sign-ins, also without a home.
    XDG_RUNTIME_DIR: join(folder, "run"),
    ...environment,
  };
  /** @param {string} command @param {string[]} args @param {StartOptions} [options] */
  const start = (command, args, { env = {}, stdin = "ignore" } = {}) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...base, ...env },
      stdio: [stdin, "pipe", "pipe"],
    });
    running.add(child);
    child.once("close", () => running.delete(child));
    return observed(child);
  };
  return {
    folder,
    remove() {
      for (const child of running) child.kill("SIGKILL");
      remove();
    },
    /** @returns {string} its path */
    file(path, content, mode = 0o600) {
      writeFileSync(join(folder, path), content, { mode });
      return join(folder, path);
    },
    start: (args, options) => start(process.execPath, [entry, ...args], options),
    /** A line as a person types it, while it runs. */
    startBash: (line, options) => start("bash", ["-c", line], options),
    /** Runs it to its end. @param {string[]} args @param {StartOptions & { input?: string }} [options] */
    async ocisign(args, { input, ...options } = {}) {
      const running = start(process.execPath, [entry, ...args], {
        ...options,
        stdin: input === undefined ? "ignore" : "pipe",
      });
      if (input !== undefined) running.child.stdin.end(input);
      return running.ended;
    },
    /** The same to its end. */
    bash: (line, options) => start("bash", ["-c", line], options).ended,
    /** On a terminal of its own. What is written to its standard input is typed there. */
    terminal: (line, { env = {} } = {}) =>
      start("script", ["-qefc", line, "/dev/null"], {
        stdin: "pipe",
        env: { TERM: "xterm-256color", ...env },
      }),
  };
}

/** Follows what a process says, so that a test can wait for it instead of sleeping. */
export function observed(child) {
  const said = { stdout: "", stderr: "" };
  const waiting = new Set();
  const look = () => {
    for (const it of waiting) it();
  };
  for (const stream of ["stdout", "stderr"]) {
    child[stream].setEncoding("utf8").on("data", (text) => {
      said[stream] += text;
      look();
    });
  }
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, ...said }));
  });
  return {
    child,
    said,
    ended,
    /**
     * Resolves when the process has said something; fails when it ends before that.
     *
     * @returns {Promise<void>}
     */
    says(pattern, stream = "stdout") {
      return new Promise((resolve, reject) => {
        const check = () => {
          if (!pattern.test(said[stream])) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        ended.then(({ code }) =>
          reject(new Error(`ended with ${code} without ${pattern}:\n${said.stdout}\n${said.stderr}`)),
        );
        check();
      });
    },
  };
}

/** A sandbox with something to sign, and a shell that knows it. */
export async function cliSandbox(name) {
  const sandbox = await testSandbox({ name });
  const as = await clientsOf(sandbox);
  const registry = new Registry(sandbox.registry);
  const product = await as("requester").createProduct(productFor(sandbox));
  const automatic = await as("requester").createProduct(
    productFor(sandbox, { name: "automatic", approvalGroups: [] }),
  );
  const digest = await pushImage(registry, "team/app");
  const image = `${sandbox.registry.domain}/team/app@${digest}`;
  const shell = shellIn(name, {
    OCISIGN_URL: sandbox.base,
    OCISIGN_PROFILE: `${sandbox.base}/ocisign-profile`,
    OCISIGN_TOKEN: sandbox.person("requester").token,
  });
  const token = (role) => sandbox.person(role).token;
  const close = async () => {
    await sandbox.close();
    shell.remove();
  };
  return { ...shell, sandbox, as, registry, product, automatic, image, digest, token, close };
}

/**
 * Runs it against a service that answers as it is told.
 *
 * @param {Parameters<typeof fakeService>[0]} answer @param {string[]} args
 */
export async function againstFake(answer, args) {
  const service = await fakeService(answer);
  const shell = shellIn("fake", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "the-token" });
  try {
    const outcome = await shell.ocisign(args);
    return { ...outcome, posts: service.asked.filter(({ method }) => method === "POST") };
  } finally {
    service.close();
    shell.remove();
  }
}

/**
 * The same against one that shows `signings`, one for each reading, takes every decision, and shows no product.
 *
 * @param {object[]} signings @param {string[]} args
 */
export function againstSignings(signings, args) {
  const left = [...signings];
  return againstFake(({ method, path }) => {
    if (method === "POST") return { body: { ...left[0], status: 4 } };
    if (/products\/|products\?/.test(path)) return { status: 403, body: { message: "not yours" } };
    return { body: left.length > 1 ? left.shift() : left[0] };
  }, args);
}

/** The one document of `--json`: JSON.parse refuses a second one behind it. */
export function documentOf({ stdout }) {
  return JSON.parse(stdout);
}
