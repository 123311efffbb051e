// Runs the commands of a CI job as its runner does: in bash, in a folder with the package and the project's files.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installed, ready, root } from "./examples.js";

/** A project's checkout, a sandbox, and programs that stand in for those of a cloud. @param {string[]} approvalGroups */
export async function checkout(approvalGroups) {
  const world = await ready(approvalGroups);
  const { folder, tarball, remove } = await installed();
  for (const name of ["signing-profile.json", "install-ocisign.sh"]) {
    copyFileSync(join(root, "examples", name), join(folder, name));
  }
  const programs = join(folder, "programs");
  mkdirSync(programs);
  const { sandbox } = world;
  return {
    ...world,
    folder,
    /** What pins the tarball, in place of what the workflows say. */
    pinned: pinOf(tarball),
    /** A program of that name, as a shell script. @param {string} name @param {string} script */
    program(name, script) {
      writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(programs, name), 0o755);
    },
    /** @param {string} script @param {Record<string, string>} env */
    run: (script, env) =>
      bash(script, folder, {
        // Where npm puts a program that it installs for all.
        PATH: `${programs}:${join(folder, "global", "bin")}:${process.env.PATH}`,
        npm_config_prefix: join(folder, "global"),
        HOME: folder,
        XDG_RUNTIME_DIR: join(folder, "run"),
        ...env,
      }),
    async close() {
      await sandbox.close();
      remove();
    },
  };
}

/** The variables that pin a tarball. @param {string} tarball its path */
export function pinOf(tarball) {
  const digest = createHash("sha512").update(readFileSync(tarball)).digest("base64");
  return { OCISIGN_PACKAGE: tarball, OCISIGN_INTEGRITY: `sha512-${digest}` };
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
