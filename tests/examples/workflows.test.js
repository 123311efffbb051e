// What every workflow of ours, of the examples and the documents keeps: actions are pinned, and secrets stay with their step.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { root } from "../support/examples.js";

/** @param {string} folder @param {RegExp} name @returns {string[]} */
function filesIn(folder, name) {
  const all = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return all.filter((file) => name.test(file)).map((file) => join(folder, file));
}

const read = (/** @type {string} */ file) => readFileSync(join(root, file), "utf8");

/** Each YAML, by its place: the files, ours for releases too, and the blocks of all documents. @returns {[string, string][]} */
function everyYaml() {
  const files = ["examples", "ci", ".github"]
    .flatMap((folder) => filesIn(folder, /\.ya?ml$/))
    .map((file) => /** @type {[string, string]} */ ([file, read(file)]));
  const documents = [
    ...["README.md", "pkg/README.md"],
    ...filesIn("examples", /\.md$/),
    ...filesIn("docs", /\.md$/),
  ];
  const blocks = documents.flatMap((file) =>
    [...read(file).matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(
      ([, text = ""], index) => /** @type {[string, string]} */ ([`${file}, block ${index + 1}`, text]),
    ),
  );
  return [...files, ...blocks];
}

/** Every key with its value, and the keys that lead there. @returns {[string[], unknown][]} */
function entriesOf(/** @type {unknown} */ value, /** @type {string[]} */ path = []) {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    /** @type {[string[], unknown]} */
    const own = [[...path, key], inner];
    return [own, ...entriesOf(inner, own[0])];
  });
}

const yamls = everyYaml();

test("there are workflows to look at, of both systems", () => {
  const names = yamls.map(([name]) => name);
  for (const wanted of ["examples/github-actions/sign.yml", "examples/gitlab/.gitlab-ci.yml"]) {
    assert.ok(names.includes(wanted), wanted);
  }
});

for (const [name, text] of yamls) {
  const documents = parseAllDocuments(text).map((document) => document.toJS());

  test(`${name}: every action is pinned by a commit, and its version stands beside it`, () => {
    const used = documents
      .flatMap((document) => entriesOf(document))
      .filter(([path]) => path.at(-1) === "uses")
      .map(([, action]) => String(action))
      .filter((action) => !action.startsWith("./"));
    for (const action of used) {
      assert.match(action, /^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40}$/, `${action} is not pinned by a commit`);
      const line = new RegExp(`uses: ${action.replaceAll(".", "\\.")} # v\\d+\\.\\d+\\.\\d+$`, "m");
      assert.match(text, line, `the version of ${action} does not stand beside it`);
    }
  });

  test(`${name}: no secret stands in the environment of more than one step`, () => {
    for (const [path, value] of documents.flatMap((document) => entriesOf(document))) {
      if (!["env", "variables"].includes(path.at(-1) ?? "") || path.includes("steps")) continue;
      for (const [[variable = ""], content] of entriesOf(value)) {
        const place = `${path.join(".")}.${variable}`;
        assert.ok(!/(?:PASSWORD|SECRET)(?!\w*_FILE$)|TOKEN$/i.test(variable), place);
        assert.ok(!/\bsecrets\.|\bgithub\.token\b/.test(String(content)), place);
      }
    }
    // GitLab has one environment for all commands of a job: there a password comes in a file.
    if (documents.some((document) => document?.variables)) {
      assert.doesNotMatch(text, /OCISIGN_REGISTRY_PASSWORD\b/);
    }
  });
}
