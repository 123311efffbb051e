// A clean folder outside the repository, with a project of tests/packed/projects and the packed package in it.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { modulesOf, projects } from "../../../tools/check/packed-projects.js";
import { temporaryFolder } from "../../support/sandbox.js";
import { linkTree } from "./link-tree.js";
import { installInto } from "./tarball.js";

const shared = fileURLToPath(new URL("../shared", import.meta.url));

/** @typedef {Awaited<ReturnType<typeof openProject>>} Project */

/**
 * @param {object} options
 * @param {string} options.name
 * @param {boolean} [options.tools] are the project's packages installed beside ours?
 * @param {Record<string, string>} [options.files] more files, by path
 */
export async function openProject({ name, tools = true, files = {} }) {
  const { folder, remove } = temporaryFolder(`packed-${name}`);
  const write = (/** @type {Record<string, string>} */ more) => {
    for (const [path, content] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  };
  const run = (/** @type {string} */ command, /** @type {Omit<ShellOptions, "cwd">} */ options = {}) =>
    shell(command, { cwd: folder, ...options });
  try {
    cpSync(join(projects, name), folder, { recursive: true });
    cpSync(shared, folder, { recursive: true, force: false });
    if (tools) linkTree(modulesOf(name), join(folder, "node_modules"));
    else write({ "package.json": '{ "private": true }\n' });
    write(files);
    await installInto(folder);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove, write, run };
}

/**
 * @typedef {{ cwd: string, env?: Record<string, string>, path?: string[], input?: string }} ShellOptions
 */

/**
 * Runs a command line as it is documented.
 *
 * @param {string} command @param {ShellOptions} options
 * @returns {Promise<{ stdout: string, stderr: string }>}
 */
export function shell(command, { cwd, env = {}, path = [], input = "" }) {
  return new Promise((resolve, reject) => {
    const PATH = [...path, process.env.PATH].join(delimiter);
    const options = { cwd, env: { ...quietEnvironment(cwd), ...env, PATH }, maxBuffer: 2 ** 24 };
    const child = execFile("sh", ["-ec", command], options, (error, stdout, stderr) => {
      if (!error) return resolve({ stdout, stderr });
      reject(new Error(`\`${command}\` failed (${error.code}):\n${stdout}\n${stderr}`, { cause: error }));
    });
    // Whoever does not read its input closes it.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/**
 * The tools say only what concerns the package, not that they are old, nor that this is a test or CI; and what they
 * keep, they keep in the project's folder.
 *
 * @param {string} folder
 */
export function quietEnvironment(folder) {
  const mine = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|CI$|FORCE_COLOR$)/i.test(name));
  return {
    ...Object.fromEntries(mine),
    npm_config_loglevel: "error",
    XDG_CONFIG_HOME: join(folder, ".config"),
    XDG_CACHE_HOME: join(folder, ".cache"),
    NO_COLOR: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
    BROWSERSLIST_IGNORE_OLD_DATA: "1",
    BASELINE_BROWSER_MAPPING_IGNORE_OLD_DATA: "1",
  };
}

/** The version that a project's lock file pins. @param {string} project @param {string} name */
export function lockedVersion(project, name) {
  const lock = JSON.parse(readFileSync(join(projects, project, "package-lock.json"), "utf8"));
  return lock.packages[`node_modules/${name}`].version;
}
