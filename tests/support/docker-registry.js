// Debian's docker-registry: a real registry, by other people, with a password, with tokens, or open to everybody.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "./free-port.js";
import { temporaryFolder } from "./sandbox.js";

const patienceMs = 30_000;

/**
 * Starts it on a free port, with htpasswd; `close` stops it and takes its folder away.
 *
 * @param {{ username: string, password: string }} access
 */
export async function dockerRegistry({ username, password }) {
  const registry = await start((folder) => {
    const htpasswd = join(folder, "htpasswd");
    execFileSync("htpasswd", ["-Bbc", htpasswd, username, password], { stdio: "ignore" });
    return `auth: { htpasswd: { realm: test, path: ${JSON.stringify(htpasswd)} } }`;
  });
  return { ...registry, username, password };
}

/** Starts one that asks nobody who they are. */
export function openDockerRegistry() {
  return start(() => "");
}

/**
 * Starts one that wants tokens, over the content of another.
 *
 * @param {{ realm: string, service: string, issuer: string, rootcertbundle: string }} token
 * @param {{ data: string }} other
 */
export function tokenDockerRegistry(token, { data }) {
  return start(() => `auth: { token: ${JSON.stringify(token)} }`, data);
}

/** @param {(folder: string) => string} auth that part of its configuration @param {string} [content] where its content is */
async function start(auth, content) {
  const { folder, remove } = temporaryFolder("docker-registry");
  const data = content ?? join(folder, "data");
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "config.yml");
  writeFileSync(
    config,
    `version: 0.1
log: { level: warn }
storage: { filesystem: { rootdirectory: ${JSON.stringify(data)} } }
http: { addr: ${JSON.stringify(address)} }
${auth(folder)}
`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "ignore", "pipe"] });
  const gone = once(child, "exit");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    log += text;
  });
  await answering(`http://${address}/v2/`, child, () => log);
  const close = async () => {
    child.kill("SIGTERM");
    await gone;
    remove();
  };
  return { url: `http://${address}`, domain: address, data, close };
}

async function answering(url, child, log) {
  const until = performance.now() + patienceMs;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended with ${child.exitCode}:\n${log()}`);
    const reply = await fetch(url).catch(() => undefined);
    if (reply?.status === 401 || reply?.status === 200) return;
    if (performance.now() > until) throw new Error(`docker-registry did not answer in time:\n${log()}`);
    await pause(50);
  }
}
