// The packed package in Cloudflare's runtime: bundled by wrangler as docs/install.md shows, run by workerd.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as ocisign from "ocisign";
import { commandsOf, filesOf } from "./support/docs.js";
import { openProject } from "./support/project.js";
import { openTasks } from "./support/task.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const files = filesOf("Cloudflare workers");
const [deploy] = commandsOf("Cloudflare workers");

let tasks;
let project;

before(async () => {
  tasks = await openTasks();
  project = await openProject({ name: "workerd", files });
});
after(async () => {
  await tasks?.close();
  project?.remove();
});

/** Bundles as the documented command does, without sending it anywhere, and gives a worker these bodies. */
async function answers(bodies) {
  const { stdout, stderr } = await project.run(`rm -rf dist; ${deploy} --dry-run --outdir dist`);
  assert.doesNotMatch(stdout + stderr, /warn|error|▲/i);
  const modules = readdirSync(join(project.folder, "dist")).filter((name) => name.endsWith(".wasm"));
  assert.equal(modules.length, 1, "one module, and not inlined");
  const run = await project.run(`node serve.mjs '${files["wrangler.json"]}'`, {
    input: JSON.stringify(bodies),
  });
  return JSON.parse(run.stdout);
}

test("the documented worker", async () => {
  const [{ canonical }] = await answers([image]);
  assert.equal(canonical, image);
});

test("workerd: all names, and the program", async () => {
  project.write({ "worker.js": 'export { default } from "./program-worker.js";\n' });
  const task = await tasks.taskFor("workerd");
  const [names, report] = await answers(["null", JSON.stringify(task)]);
  assert.deepEqual(names.sort(), Object.keys(ocisign).sort());
  await tasks.check(task, report);
});
