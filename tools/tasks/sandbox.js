import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { setUp } from "../build/set-up.js";
import { root } from "../machine/command.js";

// Everything after `--` is the sandbox's own, its --help as well; so this script has no options.
const args = process.argv.slice(2);
const { sandbox: program } = await setUp({ sandbox: true, page: true });

const folder = join(root, ".ocisign");
mkdirSync(folder, { recursive: true, mode: 0o700 });
// As variables, which the sandbox's own options go before.
const usual = {
  OCISIGN_SANDBOX_DATA: join(folder, "sandbox"),
  OCISIGN_SANDBOX_WWW: join(root, "www", "build"),
  OCISIGN_SANDBOX_PRINT_TOKENS: "true",
  OCISIGN_SANDBOX_READY_FILE: join(folder, "ready.json"),
};
const given = args.indexOf("--ready-file");
const readyFile =
  args.find((it) => it.startsWith("--ready-file="))?.slice("--ready-file=".length) ??
  (given >= 0 ? args[given + 1] : undefined) ??
  process.env.OCISIGN_SANDBOX_READY_FILE ??
  usual.OCISIGN_SANDBOX_READY_FILE;
// One of an earlier start would be believed.
rmSync(readyFile, { force: true });

const child = spawn(/** @type {string} */ (program), args, {
  stdio: "inherit",
  env: { ...usual, ...process.env },
});
const gone = once(child, "exit");
// Ctrl-C on a terminal reaches the sandbox by itself; other signals reach only this process.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.on(signal, () => child.kill(signal));

const ready = await readyOrGone();
if (ready) {
  console.log(`
What a program needs to begin, tokens among it:
  ${relative(process.cwd(), readyFile)}
To push an image:
  jq -r .registry.password ${relative(process.cwd(), readyFile)} | docker login ${ready.registry.domain} -u ${ready.registry.username ?? "USER"} --password-stdin
Beside the API:
  ${ready.base}/openapi.json   its description
  ${ready.url}readyz   whether it can work
  ${ready.url}metrics  for Prometheus

docs/sandbox.md says more. Ctrl-C stops it.`);
}
const [code] = await gone;
process.exitCode = code ?? 1;

/** @returns {Promise<import("../../demo/sandbox.js").Ready | undefined>} */
async function readyOrGone() {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      return JSON.parse(readFileSync(readyFile, "utf8"));
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
    }
    await pause(50);
  }
  return undefined;
}
