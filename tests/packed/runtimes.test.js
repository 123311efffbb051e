// The packed package in runtimes with a command line, as docs/install.md shows it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { modulesOf } from "../../tools/check/packed-projects.js";
import { commandsOf, filesOf } from "./support/docs.js";
import { lockedVersion, openProject } from "./support/project.js";
import { openTasks } from "./support/task.js";

let tasks;
let project;

before(async () => {
  tasks = await openTasks();
  project = await openProject({ name: "node", tools: false, files: filesOf("Node") });
});
after(async () => {
  await tasks?.close();
  project?.remove();
});

/** @param {string} command that reads a task and prints a report @param {string} name @param {string} bin */
async function signs(command, name, bin) {
  const task = await tasks.taskFor(name);
  const { stdout, stderr } = await project.run(command, { path: [bin], input: JSON.stringify(task) });
  assert.equal(stderr, "", "no warnings");
  await tasks.check(task, JSON.parse(stdout));
}

/** @param {string} command as documented @param {string} bin */
async function prints(command, bin) {
  const IMAGE = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
  const { stdout, stderr } = await project.run(command, { path: [bin], env: { IMAGE } });
  assert.equal(stderr, "", "no warnings");
  assert.equal(stdout, `${IMAGE}\n`);
}

/** The folder of a runtime's program. @param {string} name @param {RegExp} packages that carry it */
function binOf(name, packages, below = "") {
  const modules = modulesOf(name);
  const scopes = readdirSync(modules).flatMap((it) =>
    it.startsWith("@") ? readdirSync(join(modules, it)).map((inner) => `${it}/${inner}`) : [it],
  );
  const found = scopes.find((it) => packages.test(it));
  if (!found) throw new Error(`npm has no ${name} for ${process.platform} ${process.arch}`);
  return join(modules, found, below);
}

const [documentedEsm, documentedCjs] = commandsOf("Node");

for (const major of [20, 22, 24]) {
  test(`Node ${major}: ES module, CommonJS, and one instance for both`, async () => {
    const bin = binOf("node", new RegExp(`^node-${major}-`), "bin");
    const version = lockedVersion("node", `node-${major}-linux-x64`);
    assert.equal((await project.run("node --version", { path: [bin] })).stdout, `v${version}\n`);
    await prints(documentedEsm, bin);
    await prints(documentedCjs, bin);
    await signs("node run.mjs", `node-${major}-esm`, bin);
    await signs("node run.cjs", `node-${major}-cjs`, bin);
    const { stdout } = await project.run("node instances.mjs", { path: [bin] });
    assert.deepEqual(JSON.parse(stdout), [[], true, true, "bad-journal", "bad-journal"]);
  });
}

test("Deno: ES module, CommonJS, and one instance for both", async () => {
  const bin = binOf("deno", /^@deno\//);
  const [documented] = commandsOf("Deno");
  await prints(documented, bin);
  const running = (/** @type {string} */ file) => documented.replace('check.mjs "$IMAGE"', file);
  await signs(running("run.mjs"), "deno-esm", bin);
  await signs(running("run.cjs"), "deno-cjs", bin);
  const { stdout } = await project.run(running("instances.mjs"), { path: [bin] });
  assert.deepEqual(JSON.parse(stdout), [[], true, true, "bad-journal", "bad-journal"]);
});

test("Bun: ES module, CommonJS, and one instance for both", async () => {
  const bin = binOf("bun", /^@oven\/bun-/, "bin");
  const [documented] = commandsOf("Bun");
  await prints(documented, bin);
  await signs("bun run.mjs", "bun-esm", bin);
  await signs("bun run.cjs", "bun-cjs", bin);
  const { stdout } = await project.run("bun instances.mjs", { path: [bin] });
  assert.deepEqual(JSON.parse(stdout), [[], true, true, "bad-journal", "bad-journal"]);
});
