// The suites of tests: what each needs of the machine, and the jobs that it is made of.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { interopTable, merge, readRows } from "../../tests/support/interop-table.js";
import { buildSecondJudge } from "../build/second-judge.js";
import { needDebianPackage } from "../machine/apt.js";
import { findChromium, findFirefox } from "../machine/browser.js";
import { cargoLock } from "../machine/cargo.js";
import { which } from "../machine/command.js";
import {
  admissionTools,
  conformanceTools,
  containerTools,
  differentialTools,
  faultTools,
  goTools,
  needGoTool,
  witnessTools,
} from "../machine/go.js";
import { needPythonTools, noPython } from "../machine/python.js";
import { hsmTests, rustTests, wasmTestsInChromium, wasmTestsInNode } from "./cargo-tests.js";
import { lintJobs } from "./lints.js";
import { nodeTestJob, testFiles } from "./node-tests.js";
import { installProject, projectNames } from "./packed-projects.js";
import { advisoryJobs } from "./supply/jobs.js";

/**
 * @typedef {import("./pool.js").Job} Job
 *
 * @typedef {object} Plan
 * @property {Job[]} [first] what the others wait for; several suites can name the same job
 * @property {Job[]} jobs
 * @property {() => string} [conclusion] told when all have ended
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} group by which `--only` selects it
 * @property {boolean} [onRequest] it runs only when it is named, with `--only` or `--also`
 * @property {boolean} [lints] its jobs are no tests, and are told one by one
 * @property {("sandbox" | "page" | "tests")[]} [builds] what the set-up builds for it, beside the package
 * @property {() => Promise<string | undefined>} [missing] why this machine cannot run it
 * @property {() => boolean} [optional] whether CI may leave it out when it is missing
 * @property {(programs: { testRunner?: string }) => Plan} plan
 */

/** @type {Suite[]} */
export const suites = [
  { name: "lints", group: "lint", lints: true, plan: () => ({ jobs: lintJobs }) },
  { name: "Rust tests", group: "rust", builds: ["sandbox"], plan: () => ({ jobs: [rustTests] }) },
  {
    name: "tests with keys in an HSM",
    group: "hsm",
    builds: ["sandbox"],
    missing: noHsm,
    plan: () => ({ jobs: [hsmTests] }),
  },
  {
    name: "WebAssembly tests in Node",
    group: "wasm",
    builds: ["tests"],
    plan: ({ testRunner = "" }) => ({ jobs: [wasmTestsInNode(testRunner)] }),
  },
  {
    name: "WebAssembly tests in Chromium",
    group: "wasm",
    builds: ["tests"],
    missing: async () => (await noChromium()) ?? (await noDriver()),
    plan: ({ testRunner = "" }) => ({ jobs: [wasmTestsInChromium(testRunner)] }),
  },
  { name: "Node tests", group: "node", builds: ["sandbox"], plan: () => filesIn("tests/node") },
  {
    name: "properties, and what fuzzing kept",
    group: "node",
    plan: () => filesIn("tests/fuzz"),
  },
  {
    name: "types and their examples",
    group: "types",

    builds: ["sandbox"],
    plan: () => filesIn("tests/types"),
  },
  {
    name: "the documents' blocks",
    group: "docs",
    builds: ["sandbox"],
    missing: noChromium,
    plan: () => filesIn("tests/docs"),
  },
  {
    name: "command line tests",
    group: "cli",
    builds: ["sandbox"],
    missing: async () => (await no("script", "bsdutils")) ?? (await no("openssl", "openssl")),
    plan: () => filesIn("tests/cli"),
  },
  {
    name: "a second opinion on every proof",
    group: "judge",
    builds: ["sandbox"],
    plan: () => filesIn("tests/judge", [secondJudgeJob()]),
  },
  {
    name: "planted secrets",
    group: "secrets",
    builds: ["sandbox"],
    missing: noHsm,
    plan: () => filesIn("tests/secrets"),
  },
  {
    name: "registry tests",
    group: "registry",
    builds: ["sandbox"],
    missing: async () => (await noDockerRegistry()) ?? (await no("openssl", "openssl")),
    plan: () => filesIn("tests/registry"),
  },
  {
    name: "tests with cosign, crane and openssl",
    group: "interop",
    onRequest: true,
    builds: ["sandbox"],
    missing: async () => noGo() ?? (await noDockerRegistry()) ?? (await noHsm()) ?? (await noSignInTools()),
    optional: () => noGo() !== undefined,
    plan: interop,
  },
  {
    name: "the OCI conformance suite",
    group: "conformance",
    onRequest: true,
    builds: ["sandbox"],
    missing: async () => noGo(),
    optional: () => noGo() !== undefined,
    plan: () => filesIn("tests/conformance", goJobs(conformanceTools)),
  },
  {
    name: "the packed package in every runtime",
    group: "packed",
    builds: ["sandbox"],
    missing: async () => (await noChromium()) ?? (await noFirefox()),
    plan: () => filesIn("tests/packed", projectNames.map(installJob)),
  },
  {
    name: "tests with Kyverno and policy-controller",
    group: "admission",
    onRequest: true,
    builds: ["sandbox"],
    missing: async () => noGo() ?? (await noDockerRegistry()),
    optional: () => noGo() !== undefined,
    plan: () => filesIn("tests/admission", goJobs(admissionTools)),
  },
  {
    name: "our readers beside those in Go",
    group: "differential",
    onRequest: true,
    missing: async () => noGo(),
    optional: () => noGo() !== undefined,
    plan: () => filesIn("tests/differential", goJobs(differentialTools)),
  },
  {
    name: "the API against its description",
    group: "schemathesis",
    onRequest: true,
    builds: ["sandbox"],
    missing: noPython,
    plan: () => filesIn("tests/schemathesis", [pythonJob()]),
  },
  {
    name: "Dockerfile, compose file and Kubernetes manifest",
    group: "containers",
    onRequest: true,
    missing: async () => noGo() ?? (await noPython()),
    optional: () => noGo() !== undefined,
    plan: () => filesIn("tests/containers", [pythonJob(), ...goJobs(containerTools)]),
  },
  {
    name: "bulk signing while everything fails",
    group: "faults",
    onRequest: true,
    builds: ["sandbox"],
    missing: async () => noGo() ?? (await noDockerRegistry()),
    optional: () => noGo() !== undefined,
    plan: () => filesIn("tests/faults", goJobs(faultSuiteTools)),
  },
  {
    name: "the package, built elsewhere",
    group: "reproduce",
    onRequest: true,
    plan: () => filesIn("tests/reproduce"),
  },
  {
    name: "advisories against what this is built of",
    group: "advisories",
    onRequest: true,
    plan: () => ({ jobs: advisoryJobs() }),
  },
  {
    name: "browser tests",
    group: "browser",
    builds: ["sandbox", "page"],
    missing: async () => (await noChromium()) ?? (await noFirefox()),
    plan: () => filesIn("tests/browser", [installJob("firefox")]),
  },
  {
    name: "examples",
    group: "examples",
    builds: ["sandbox"],
    missing: async () => (await noChromium()) ?? (await no("jq", "jq")),
    plan: () => filesIn("tests/examples"),
  },
];

/** Beside the proxy, what judges the signatures. */
export const faultSuiteTools = [...faultTools, ...goTools.filter(({ name }) => name === "cosign-v3")];

/** Each of its runs begins with a set-up, which would wait for whatever cargo does in another job. */
const testsWithCargo = [
  "tests/node/bench.command.test.js",
  "tests/node/demo.test.js",
  "tests/reproduce/package.test.js",
  "tests/node/sandbox.command.test.js",
  "tests/node/sbom.command.test.js",
  "tests/node/start.command.test.js",
  "tests/node/tarball.command.test.js",
];

/** Its clients wait for what failed, most of the time. */
const mostlyWaiting = ["tests/faults/storm.test.js"];

/** Where browsers, bundlers and whole processes take part, each in its own time. */
const timedFolders = ["tests/browser", "tests/cli", "tests/faults", "tests/packed", "tests/secrets"];

/** @param {string} folder @param {Job[]} [first] @returns {Plan} */
function filesIn(folder, first = []) {
  const aloneOf = (/** @type {string} */ file) => (testsWithCargo.includes(file) ? cargoLock : undefined);
  const isTimed = timedFolders.includes(folder);
  const jobs = testFiles(folder).map((file) => {
    const waits = mostlyWaiting.includes(file);
    return nodeTestJob(file, { after: first, alone: aloneOf(file), isTimed, waits });
  });
  return { first, jobs };
}

/** @type {Map<string, Job>} */
const preparing = new Map();

/** A job that several suites wait for is done once. @param {string} name @param {Omit<Job, "name">} job @returns {Job} */
function once(name, job) {
  const known = preparing.get(name) ?? { name, ...job };
  preparing.set(name, known);
  return known;
}

/** @param {string} project @returns {Job} */
function installJob(project) {
  return once(`npm packages of ${project}`, { run: prepared((note) => installProject(project, note)) });
}

/** @param {import("../machine/go.js").GoTool[]} tools @returns {Job[]} */
function goJobs(tools) {
  return tools.map((tool) =>
    once(tool.name, {
      // Go compiles on all processors.
      alone: "go",
      run: prepared((onLine) => needGoTool(tool, { onLine, background: true })),
    }),
  );
}

/** @returns {Job} */
function secondJudgeJob() {
  return once("the second judge", {
    alone: cargoLock,
    run: prepared((onLine) => buildSecondJudge({ onLine, background: true })),
  });
}

/** @returns {Job} */
function pythonJob() {
  return once("Python packages", { run: prepared((onLine) => needPythonTools({ onLine })) });
}

/** @param {(note: (text: string) => void) => Promise<unknown>} prepare */
function prepared(prepare) {
  return async () => {
    await prepare(() => {});
    return { passed: 0, failed: 0, skipped: 0 };
  };
}

/** Its pairings go into the README, in the order of the files. @returns {Plan} */
function interop() {
  const first = goJobs([...goTools, ...witnessTools]);
  const folder = mkdtempSync(join(tmpdir(), "ocisign-interop-"));
  const files = testFiles("tests/interop");
  const rowsOf = (/** @type {string} */ file) => join(folder, `${basename(file)}.jsonl`);
  const jobs = files.map((file) =>
    nodeTestJob(file, { after: first, env: { OCISIGN_INTEROP_ROWS: rowsOf(file) } }),
  );
  const conclusion = () => {
    const rows = files
      .map(rowsOf)
      .filter((it) => existsSync(it))
      .flatMap(readRows);
    rmSync(folder, { recursive: true });
    return `every pairing:\n\n${interopTable(rows)}\n\nin short:\n\n${interopTable(merge(rows))}`;
  };
  return { first, jobs, conclusion };
}

/** @param {string} command @param {string} debianPackage */
async function no(command, debianPackage) {
  const found = await needDebianPackage(command, debianPackage);
  return found.ok ? undefined : found.reason;
}

/** What writes and keeps sign-ins of podman and docker. */
async function noSignInTools() {
  return (await no("skopeo", "skopeo")) ?? (await no("pass", "pass")) ?? (await no("gpg", "gnupg"));
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

/** SoftHSM stands for an HSM; OpenSC and openssl look at what comes of it. */
async function noHsm() {
  return (
    (await no("softhsm2-util", "softhsm2")) ??
    (await no("pkcs11-tool", "opensc")) ??
    (await no("openssl", "openssl")) ??
    (await no("curl", "curl"))
  );
}

function noGo() {
  return which("go") ? undefined : "go is missing: install Go from https://go.dev/dl";
}
