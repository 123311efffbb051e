// What differs between two images: beside crane with diff, beside tools that unpack, and beside plain JavaScript.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compareImages } from "ocisign";
import { imageRegistry } from "../lib/image-registry.js";

const run = promisify(execFile);
const cli = fileURLToPath(new URL("../../pkg/dist/cli/main.js", import.meta.url));
const mega = 1024 * 1024;
const small = { baseBytes: mega, appBytes: mega };
const large = { baseBytes: 64 * mega, appBytes: 8 * mega };

/** @typedef {import("../lib/topic.js").Case} Case */

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "changes",
  title: "What differs between two images",
  async cases({ crane, folder }) {
    const program = await crane();
    if (!program) console.log("crane is left out: it is built with Go, which is not here");
    /** @type {Case[]} */
    const cases = [];
    for (const ms of [0, 50]) cases.push(await inLibrary(ms));
    if (!program) return cases;
    for (const ms of [0, 50]) cases.push(await inProcesses(ms, program, folder));
    cases.push(await unpacked(program, folder), await unpacked(program, folder, 100));
    cases.push(await bytesRead(program, folder));
    return cases;
  },
};

/** Nothing that was read before may serve. */
const anew = () => ({ fetch: (/** @type {string} */ url, /** @type {any} */ init) => fetch(url, init) });

/** Manifests and configs, by the library. @param {number} ms @returns {Promise<Case>} */
async function inLibrary(ms) {
  const { url, before, after, close } = await imageRegistry({ ms, ...small });
  const ours = async () => {
    const { notable } = await compareImages(before, after, { packages: "none", registry: anew() });
    if (notable[0]?.code !== "entrypoint") throw new Error("the entrypoint was not seen to differ");
  };
  const plain = async () => {
    const [one, other] = await Promise.all([before, after].map((image) => plainConfig(url, image)));
    if (JSON.stringify(one.config.Entrypoint) === JSON.stringify(other.config.Entrypoint)) {
      throw new Error("the entrypoint was not seen to differ");
    }
  };
  for (const check of [ours, plain]) await check();
  return {
    ...{ what: `manifests and configs, two rounds of ${ms} ms`, close, ms: ms > 0 ? 1000 : 300 },
    ours: { name: "compareImages", run: ours },
    beside: [{ name: "fetch and JSON.parse, with digests", run: plain, ...(ms > 0 && { aim: 1 / 1.05 }) }],
  };
}

/** The least that can be done: what came has its digest. @param {string} url @param {string} image */
async function plainConfig(url, image) {
  const [, repository = "", digest = ""] = image.match(/^[^/]+\/(.+)@(.+)$/) ?? [];
  const manifest = await plainBlob(`${url}/v2/${repository}/manifests/${digest}`, digest);
  const { config } = JSON.parse(manifest);
  return JSON.parse(await plainBlob(`${url}/v2/${repository}/blobs/${config.digest}`, config.digest));
}

/** @param {string} url @param {string} digest */
async function plainBlob(url, digest) {
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  const own = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (own !== digest) throw new Error(`${url} is another one`);
  return bytes.toString();
}

/** The same by programs, from their start to their end. @param {number} ms @param {string} crane @param {string} folder @returns {Promise<Case>} */
async function inProcesses(ms, crane, folder) {
  const { before, after, close } = await imageRegistry({ ms, ...small });
  const ours = () => diffed(folder, before, after, "--packages", "none");
  const theirs = () => byShell(manifestsAndConfigs, crane, folder, before, after);
  await agree(ours, theirs, /two/);
  return {
    ...{ what: `manifests and configs by a program, ${ms} ms a reply`, close, ms: 1500 },
    ours: { name: "ocisign diff", run: ours },
    beside: [{ name: "crane manifest, crane config, diff", run: theirs, aim: ms === 0 ? 1 / 3 : 1 }],
  };
}

const manifestsAndConfigs = `
  for image in "$BEFORE" "$AFTER"; do "$CRANE" manifest "$image"; "$CRANE" config "$image"; done > /dev/null
  diff <("$CRANE" config "$BEFORE") <("$CRANE" config "$AFTER")`;
const allFiles = `diff <("$CRANE" export "$BEFORE" - | tar -tv) <("$CRANE" export "$AFTER" - | tar -tv)`;

/**
 * Which files differ: beside a tool that unpacks both images.
 *
 * @param {string} crane @param {string} folder @param {number} [megabits] of the line in a second; without it, there is none
 * @returns {Promise<Case>}
 */
async function unpacked(crane, folder, megabits) {
  const line = megabits === undefined ? {} : { bytesPerMs: (megabits * 1000) / 8 };
  const { before, after, close } = await imageRegistry({ ms: 0, ...large, ...line });
  const ours = () => diffed(folder, before, after, "--packages", "none", "--files");
  const theirs = () => byShell(allFiles, crane, folder, before, after);
  await agree(ours, theirs, /opt\/app\/file-/);
  return {
    what: `files of a layer of 8 MiB above one of 64 MiB, ${megabits ? `${megabits} Mbit/s` : "on one machine"}`,
    ...{ close, ms: 3000, ...(megabits && { rounds: 3 }) },
    ours: { name: "ocisign diff --files", run: ours },
    beside: [{ name: "crane export, tar -t, diff", run: theirs, ...(megabits && { aim: 4 }) }],
  };
}

/** How much is read for that. @param {string} crane @param {string} folder @returns {Promise<Case>} */
async function bytesRead(crane, folder) {
  const { before, after, sent, close } = await imageRegistry({ ms: 0, ...large });
  const counted = (/** @type {() => Promise<unknown>} */ work) => async () => {
    await sent();
    await work();
    return sent();
  };
  return {
    ...{ what: "the same, in bytes read", close, unit: "bytes", rounds: 1 },
    ours: {
      name: "ocisign diff --files",
      measure: counted(() => diffed(folder, before, after, "--packages", "none", "--files")),
    },
    beside: [
      {
        name: "crane export, tar -t, diff",
        measure: counted(() => byShell(allFiles, crane, folder, before, after)),
        aim: 4,
      },
    ],
  };
}

/** What it prints. @param {string} folder @param {string[]} args */
async function diffed(folder, ...args) {
  // Neither knows anything of whoever runs this, nor of a proxy.
  const env = { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder, XDG_RUNTIME_DIR: folder };
  const outcome = await run(process.execPath, [cli, "diff", ...args], { env }).catch((error) => error);
  // They differ, in something notable.
  if (outcome.code !== 7) throw new Error(`ocisign diff ended with ${outcome.code}: ${outcome.stderr}`);
  return String(outcome.stdout);
}

/** @param {string} script @param {string} crane @param {string} folder @param {string} before @param {string} after */
async function byShell(script, crane, folder, before, after) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    DOCKER_CONFIG: folder,
    CRANE: crane,
    BEFORE: before,
    AFTER: after,
  };
  const outcome = await run("bash", ["-c", script], { env, maxBuffer: 16 * mega }).catch((error) => error);
  // `diff` says by 1 that they differ.
  if (outcome.code !== undefined && outcome.code !== 1) throw new Error(`${outcome.stderr}`);
  return String(outcome.stdout);
}

/** Both see what differs. @param {() => Promise<string>} ours @param {() => Promise<string>} theirs @param {RegExp} what */
async function agree(ours, theirs, what) {
  const [one, other] = [await ours(), await theirs()];
  if (!what.test(one) || !what.test(other)) throw new Error(`not seen to differ: ${what}`);
}
