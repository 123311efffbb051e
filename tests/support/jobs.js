// Runs the commands of a CI job as its runner does: in bash, in a folder with the package and the project's files.
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installed, ready, root } from "./examples.js";

/** A project's checkout, a sandbox, and programs that stand in for those of a cloud. @param {string[]} approvalGroups */
export async function checkout(approvalGroups) {
  const world = await ready(approvalGroups);
  const { folder, remove } = await installed();
  copyFileSync(join(root, "examples", "signing-profile.json"), join(folder, "signing-profile.json"));
  const programs = join(folder, "programs");
  mkdirSync(programs);
  const { sandbox } = world;
  return {
    ...world,
    folder,
    /** A program of that name, as a shell script. @param {string} name @param {string} script */
    program(name, script) {
      writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(programs, name), 0o755);
    },
    /** @param {string} script @param {Record<string, string>} env */
    run: (script, env) =>
      bash(script, folder, {
        PATH: `${programs}:${process.env.PATH}`,
        HOME: folder,
        ...env,
      }),
    async close() {
      await sandbox.close();
      remove();
    },
  };
}

/**
 * Stops at the first command that fails, in a pipe too: as GitHub's `shell: bash` and GitLab's runner do.
 *
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function bash(script, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-eo", "pipefail", "-c", script], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
