import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { interopTable, merge, readRows } from "../../tests/support/interop-table.js";
import { needDebianPackage } from "../machine/apt.js";
import { findChromium, findFirefox, flags } from "../machine/browser.js";
import { wasmTarget } from "../machine/cargo.js";
import { finish, root, which } from "../machine/command.js";
import { admissionTools, goTools, needGoTool } from "../machine/go.js";
import { runSteps, upToDate } from "../machine/steps.js";
import { installSteps } from "./packed-projects.js";

/**
 * @typedef {{ passed: number, failed: number, skipped: number, problem?: string }} Outcome
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} group by which `--only` selects it
 * @property {boolean} [onRequest] it runs only when it is named, with `--only` or `--also`
 * @property {() => Promise<string | undefined>} [missing] why this machine cannot run it
 * @property {() => boolean} [optional] whether CI may leave it out when it is missing
 * @property {(programs: { testRunner?: string }) => Promise<Outcome>} run
 */

/** @type {Suite[]} */
export const suites = [
  { name: "Rust tests", group: "rust", run: rustTests },
  { name: "WebAssembly tests in Node", group: "wasm", run: (it) => wasmTests(it.testRunner, nodeMode) },
  {
    name: "WebAssembly tests in Chromium",
    group: "wasm",
    missing: async () => (await noChromium()) ?? (await noDriver()),
    run: (it) => wasmTests(it.testRunner, browserMode()),
  },
  { name: "Node tests", group: "node", run: () => nodeTests("tests/node") },
  { name: "types and their examples", group: "types", run: () => nodeTests("tests/types") },
  {
    name: "command line tests",
    group: "cli",
    missing: async () => (await no("script", "bsdutils")) ?? (await no("openssl", "openssl")),
    run: () => nodeTests("tests/cli"),
  },
  {
    name: "registry tests",
    group: "registry",
    missing: noDockerRegistry,
    run: () => nodeTests("tests/registry"),
  },
  {
    name: "tests with cosign, crane and openssl",
    group: "interop",
    onRequest: true,
    missing: async () => noGo() ?? (await no("openssl", "openssl")) ?? (await noDockerRegistry()),
    optional: () => noGo() !== undefined,
    run: interopTests,
  },
  {
    name: "the packed package in every runtime",
    group: "packed",
    missing: async () => (await noChromium()) ?? (await noFirefox()),
    run: () => testsWithProjects("tests/packed"),
  },
  {
    name: "tests with Kyverno and policy-controller",
    group: "admission",
    onRequest: true,
    missing: async () => noGo() ?? (await noDockerRegistry()),
    optional: () => noGo() !== undefined,
    run: admissionTests,
  },
  {
    name: "browser tests",
    group: "browser",
    missing: async () => (await noChromium()) ?? (await noFirefox()),
    run: () => testsWithProjects("tests/browser", ["firefox"]),
  },
  { name: "examples", group: "examples", missing: noChromium, run: () => nodeTests("tests/examples") },
];

/** @param {string} command @param {string} debianPackage */
async function no(command, debianPackage) {
  const found = await needDebianPackage(command, debianPackage);
  return found.ok ? undefined : found.reason;
}

async function noChromium() {
  return findChromium() ? undefined : no("chromium", "chromium");
}

async function noFirefox() {
  return findFirefox() ? undefined : no("firefox-esr", "firefox-esr");
}

async function noDriver() {
  return process.env.CHROMEDRIVER ? undefined : no("chromedriver", "chromium-driver");
}

async function noDockerRegistry() {
  return (await no("docker-registry", "docker-registry")) ?? (await no("htpasswd", "apache2-utils"));
}

function noGo() {
  return which("go") ? undefined : "go is missing: install Go from https://go.dev/dl";
}

/** Shows what a suite prints while it runs, and what its compiler printed only when it failed. */
function show() {
  return { onStdout: (/** @type {string} */ text) => process.stdout.write(text) };
}

// The workspace's default members, as the set-up builds them. The two build tools have no tests, and compiling
// them again with the features of the whole workspace would take a minute.
async function rustTests() {
  return cargoTest([]);
}

// As ES modules: the crate's own JavaScript is written as such.
const nodeMode = { WASM_BINDGEN_USE_NODE_EXPERIMENTAL: "1" };

function browserMode() {
  const capabilities = join(root, "target", "webdriver.json");
  const options = { binary: findChromium(), args: flags.map((flag) => flag.slice(2)) };
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(capabilities, JSON.stringify({ "goog:chromeOptions": options }));
  return {
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities,
    // A cold browser on a busy machine takes longer than the runner's own 20 seconds.
    WASM_BINDGEN_TEST_TIMEOUT: "120",
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "30",
  };
}

/** @param {string | undefined} runner @param {Record<string, string>} env */
async function wasmTests(runner, env) {
  // As a list: the environment variable for this is split at spaces, which a path may contain.
  const config = `target.${wasmTarget}.runner=[${JSON.stringify(runner)}]`;
  return cargoTest(["-p", "ocisign", "--target", wasmTarget, "--test", "wasm", "--config", config], env);
}

/** @param {string[]} args @param {Record<string, string>} [env] */
async function cargoTest(args, env = {}) {
  const finished = await finish("cargo", ["test", "--locked", "--no-fail-fast", ...args], { ...show(), env });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of finished.stdout.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  return judge(counts, finished);
}

/** @param {import("../machine/go.js").GoTool[]} tools @returns {Promise<Outcome | undefined>} what is wrong */
async function installGoTools(tools) {
  const steps = tools.map((tool) => ({
    name: tool.name,
    run: async (/** @type {(text: string) => void} */ note) =>
      (await needGoTool(tool, note)) ? undefined : upToDate,
  }));
  const failed = await runSteps(steps);
  if (failed.length === 0) return undefined;
  return { passed: 0, failed: 1, skipped: 0, problem: `there is no ${failed.join(", ")}` };
}

async function admissionTests() {
  return (await installGoTools(admissionTools)) ?? nodeTests("tests/admission");
}

async function interopTests() {
  const problem = await installGoTools(goTools);
  if (problem) return problem;
  const file = join(root, "target", "interop.jsonl");
  writeFileSync(file, "");
  const outcome = await nodeTests("tests/interop", { OCISIGN_INTEROP_ROWS: file });
  const rows = readRows(file);
  console.log(`\nevery pairing:\n\n${interopTable(rows)}\n\nin short:\n\n${interopTable(merge(rows))}`);
  return outcome;
}

/** Tests that use projects of tests/packed. @param {string} folder @param {string[]} [projects] all of them, when left out */
async function testsWithProjects(folder, projects) {
  const failed = await runSteps(installSteps(projects));
  if (failed.length)
    return { passed: 0, failed: 1, skipped: 0, problem: `not installed: ${failed.join(", ")}` };
  return nodeTests(folder);
}

/** @param {string} folder @param {Record<string, string>} [env] */
async function nodeTests(folder, env) {
  const files = testFiles(folder);
  if (files.length === 0)
    return { passed: 0, failed: 1, skipped: 0, problem: `there are no tests in ${folder}` };
  const options = ["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=600000"];
  const finished = await finish(process.execPath, [...options, ...files], { ...show(), env });
  /** @type {Record<string, number>} */
  const counts = {};
  for (const [, name, count] of finished.stdout.matchAll(/^ℹ (pass|fail|cancelled|skipped|todo) (\d+)$/gm)) {
    counts[name] = Number(count);
  }
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = counts;
  return judge({ passed: pass, failed: fail + cancelled, skipped: skipped + todo }, finished);
}

/** @param {string} folder */
function testFiles(folder) {
  try {
    const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.js"));
    return names.sort().map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/**
 * A suite that crashed, or in which nothing ran, prints no failure of its own and must not pass for a success.
 *
 * @param {Outcome} counts @param {import("../machine/command.js").Finished} finished @returns {Outcome}
 */
function judge(counts, finished) {
  if (finished.code !== 0) {
    console.error(finished.stderr.trim());
    if (counts.failed === 0) return { ...counts, failed: 1, problem: `ended with code ${finished.code}` };
  } else if (counts.passed + counts.failed === 0) {
    return { ...counts, failed: 1, problem: "no test ran" };
  }
  return counts;
}
