// The blocks for pipelines and the workflows of the examples, read by those who know them.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import { finish, root } from "../../tools/machine/command.js";
import { goProgram } from "../../tools/machine/go.js";
import { pythonProgram } from "../../tools/machine/python.js";
import { jobOf } from "../support/blocks.js";
import { blocksIn } from "../support/documents.js";
import { temporaryFolder } from "../support/sandbox.js";

const { folder, remove } = temporaryFolder("pipelines");
after(remove);

const action = join("ci", "github", "action.yml");
const workflows = ["sign.yml", "sign-many.yml", "sandbox.yml"].map((name) =>
  join("examples", "github-actions", name),
);
/** By which the package itself is released. */
const release = join(".github", "workflows", "release.yml");
const guide = blocksIn("docs/pipelines.md", readFileSync(join(root, "docs", "pipelines.md"), "utf8"));

/** The block of the guide that uses the action, as a workflow of a repository that holds this one. */
function guideRepository() {
  const block = guide.find(({ code }) => code.includes("uses: ./ocisign/ci/github"));
  assert.ok(block, "the guide shows the action");
  mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
  // By this folder it finds the repository.
  mkdirSync(join(folder, ".git"), { recursive: true });
  symlinkSync(root, join(folder, "ocisign"));
  const file = join(folder, ".github", "workflows", "sign.yml");
  writeFileSync(file, block.code);
  return file;
}

/** @param {string} schema @param {string[]} files */
async function fits(schema, ...files) {
  const { code, output } = await finish(pythonProgram("python3"), [
    ...["-m", "check_jsonschema", "--builtin-schema", `vendor.${schema}`, ...files],
  ]);
  assert.equal(code, 0, output);
}

test("the action, the workflows and the pipelines fit the schemas of GitHub and GitLab", async () => {
  const job = join(folder, "gitlab.yml");
  const { variables, script, ...rest } = jobOf({ image: "r.example/app@sha256:0" }, {});
  writeFileSync(job, stringify({ sign: { ...rest, variables, script: [script] } }));
  await fits("github-actions", action);
  await fits("github-workflows", ...workflows, release);
  await fits("gitlab-ci", job, join("examples", "gitlab", ".gitlab-ci.yml"));
});

test("zizmor finds nothing in the action, and finds an input in a shell's text", async () => {
  const zizmor = (/** @type {string} */ file) =>
    finish(pythonProgram("zizmor"), ["--offline", "--no-progress", file]);
  const { code, output } = await zizmor(action);
  assert.equal(code, 0, output);
  mkdirSync(join(folder, "wrong"));
  const wrong = join(folder, "wrong", "action.yml");
  const text = readFileSync(join(root, action), "utf8");
  writeFileSync(wrong, text.replace('run: sh "', `run: echo "${"$"}{{ inputs.image }}"; sh "`));
  const found = await zizmor(wrong);
  assert.notEqual(found.code, 0, found.output);
  assert.match(found.output, /template-injection/);
});

/** @param {string} name @param {(text: string) => string} change @returns {string} the file */
function changedRelease(name, change) {
  const text = readFileSync(join(root, release), "utf8");
  assert.notEqual(change(text), text);
  const workflowsOfIt = join(folder, name, ".github", "workflows");
  mkdirSync(workflowsOfIt, { recursive: true });
  const file = join(workflowsOfIt, "release.yml");
  writeFileSync(file, change(text));
  return file;
}

test("zizmor finds nothing in the release, and finds an action by its tag, and a token that stays", async () => {
  const zizmor = (/** @type {string} */ file) =>
    finish(pythonProgram("zizmor"), ["--offline", "--no-progress", file]);
  const { code, output } = await zizmor(release);
  assert.equal(code, 0, output);
  const byTag = await zizmor(
    changedRelease("by-tag", (text) => text.replace(/checkout@[0-9a-f]{40}/, "checkout@v5")),
  );
  assert.match(byTag.output, /unpinned-uses/);
  const kept = await zizmor(
    changedRelease("kept", (text) => text.replace("persist-credentials: false", "fetch-depth: 1")),
  );
  assert.match(kept.output, /artipacked/);
});

test("only what publishes may ask for an identity, and no job of the release has a secret", () => {
  const text = readFileSync(join(root, release), "utf8");
  const { jobs, permissions } = parse(text);
  assert.deepEqual(permissions, {});
  const may = (/** @type {string} */ what) =>
    Object.entries(jobs).flatMap(([name, job]) => (job.permissions[what] === "write" ? [name] : []));
  assert.deepEqual(may("id-token"), ["publish"]);
  assert.deepEqual(may("contents"), ["release"]);
  assert.doesNotMatch(text, /secrets\./);
});

test("actionlint finds nothing in the workflows, and knows the action's inputs", async () => {
  const file = guideRepository();
  const lint = (/** @type {string[]} */ ...files) => finish(goProgram("actionlint"), files, { cwd: folder });
  const { code, output } = await lint(file, ...[...workflows, release].map((name) => join(root, name)));
  assert.equal(code, 0, output);
  writeFileSync(file, readFileSync(file, "utf8").replace("timeout:", "time-out:"));
  const wrong = await lint(file);
  assert.equal(wrong.code, 1, wrong.output);
  assert.match(wrong.output, /input "time-out" is not defined/);
});
