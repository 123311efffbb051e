import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cached, makeOnce } from "./cache.js";
import { root, run } from "./command.js";
import { kyvernoIn, pinnedKyverno } from "./kyverno.js";

const ending = process.platform === "win32" ? ".exe" : "";

/**
 * @typedef {object} GoTool
 * @property {string} name the program's, here
 * @property {string} module with its version; it ends in the program's folder, unless that stands apart
 * @property {string} [folder] of a program whose module replaces others' modules: `go install` refuses those
 * @property {string} [sources] where its sources are, of a program that is our own
 * @property {string} [tags] of its build
 */

/**
 * Programs by others that read what we sign, and sign what we read: pinned, so that a run today is a run tomorrow.
 * Go's checksum database vouches for their sources. They are compiled once for all checkouts: that takes ten minutes.
 *
 * @type {GoTool[]}
 */
export const goTools = [
  { name: "cosign-v3", module: "github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3" },
  { name: "cosign-v2", module: "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5" },
  { name: "crane", module: "github.com/google/go-containerregistry/cmd/crane@v0.22.1" },
  {
    name: "docker-credential-pass",
    module: "github.com/docker/docker-credential-helpers/pass/cmd@v0.9.4",
  },
];

/**
 * Programs of a page, around libraries that others decide with: sigstore-go and containers/image, in the versions of
 * tests/go/go.mod; and Kyverno's verifiers, in the version of tests/go-kyverno/go.mod.
 *
 * @type {GoTool[]}
 */
export const witnessTools = [
  ourTool("bundle-verifier"),
  // Its other way to read keys of OpenPGP wants a library in C.
  { ...ourTool("policy-verifier"), tags: "containers_image_openpgp" },
  ourTool("kyverno-verifier", "go-kyverno"),
];

/**
 * Programs of a page, around readers that ours are compared with: distribution/reference, containers/image and
 * go-containerregistry, in the versions of tests/differential/go/go.mod.
 *
 * @type {GoTool[]}
 */
export const differentialTools = [
  reader("reference-reader"),
  { ...reader("payload-reader"), tags: "containers_image_openpgp" },
  reader("sign-in-reader"),
];

/** @param {string} name */
function reader(name) {
  return ourTool(name, join("differential", "go"), [join("batches", "batches.go")]);
}

/**
 * @param {string} name
 * @param {string} [folder] of the Go module, in tests
 * @param {string[]} [shared] files in it that its programs have in common
 * @returns {GoTool}
 */
function ourTool(name, folder = "go", shared = []) {
  const sources = join(root, "tests", folder);
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", join(name, "main.go"), ...shared])
    hash.update(readFileSync(join(sources, file)));
  return { name, module: `ours@${hash.digest("hex").slice(0, 16)}`, folder: `./${name}`, sources };
}

/**
 * The official suite for registries; it has no releases. Compiling it takes seconds.
 *
 * @type {GoTool[]}
 */
export const conformanceTools = [
  {
    name: "oci-conformance",
    module: "github.com/opencontainers/distribution-spec/conformance@v0.0.0-20260831232431-97274622c111",
  },
];

/**
 * Programs that decide what a cluster admits. Compiling them takes several times as long as those above.
 *
 * @type {GoTool[]}
 */
export const admissionTools = [
  { name: "policy-tester", module: "github.com/sigstore/policy-controller@v0.13.1", folder: "./cmd/tester" },
  kyvernoIn(pinnedKyverno),
  // Apache-2.0, of the CNCF. The checksum database lacks a module that it needs; its own go.sum vouches for that one.
  { name: "ratify", module: "github.com/ratify-project/ratify@v1.4.6", folder: "./cmd/ratify" },
];

/** Read what people who run containers and pipelines write. @type {GoTool[]} */
export const containerTools = [
  { name: "actionlint", module: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12" },
  { name: "compose-go", module: "github.com/compose-spec/compose-go/v2/cmd@v2.16.2" },
];

/**
 * Stands between the client and what it talks to, and lets connections fail (MIT licence, kept by Shopify). Compiling
 * it takes seconds.
 *
 * @type {GoTool[]}
 */
export const faultTools = [
  { name: "toxiproxy", module: "github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0" },
];

/** What Go's own database knows of a module and what it needs. BSD-3-Clause, kept by the Go project. @type {GoTool} */
export const govulncheck = { name: "govulncheck", module: "golang.org/x/vuln/cmd/govulncheck@v1.1.4" };

/** Where a tool is, once it is installed. @param {string} name */
export function goProgram(name) {
  const tools = [
    ...goTools,
    ...witnessTools,
    ...differentialTools,
    ...conformanceTools,
    ...admissionTools,
    ...containerTools,
    ...faultTools,
  ];
  const tool = tools.find((it) => it.name === name);
  if (!tool) throw new Error(`there is no tool named ${name}`);
  return programOf(tool);
}

/** @param {GoTool} tool */
export function programOf(tool) {
  return join(folderOf(tool), programIn(tool));
}

/** @param {GoTool} tool */
function folderOf({ name, module }) {
  const version = module.slice(module.lastIndexOf("@"));
  return cached("go", `${name}${version}-${process.platform}-${process.arch}`);
}

/** Go names a program after its folder. @param {GoTool} tool */
function programIn({ module, folder }) {
  const path = folder ?? module.slice(0, module.lastIndexOf("@"));
  return path.slice(path.lastIndexOf("/") + 1) + ending;
}

// Without symbols, which nobody reads here: they double what is linked and written. Without inlining: compiling takes
// longer than all that these programs do.
const options = ["-v", "-ldflags=-s -w", "-gcflags=all=-l"];

/**
 * Makes sure that a program is there, in the version that the module names.
 *
 * @param {GoTool} tool @param {import("./command.js").RunOptions} [running]
 */
export function needGoTool(tool, running) {
  return makeOnce(folderOf(tool), async (unfinished) => {
    const { module, folder, sources, tags = "" } = tool;
    if (!folder) {
      await run("go", ["install", ...options, module], { ...running, env: { GOBIN: unfinished } });
      return;
    }
    const from = sources ?? (await goSources(module, running));
    const program = join(unfinished, programIn(tool));
    const env = sources === undefined ? {} : { CGO_ENABLED: "0" };
    await run("go", ["build", "-C", from, "-tags", tags, ...options, "-o", program, folder], {
      ...running,
      env,
    });
  });
}

/** Where Go keeps a module's sources. @param {string} module @param {import("./command.js").RunOptions} [running] */
export async function goSources(module, running) {
  const { stdout } = await run("go", ["mod", "download", "-json", module], { ...running, quietStdout: true });
  return JSON.parse(stdout).Dir;
}
