// A night's requests to a service on this machine, 32 at once.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { SigningClient } from "ocisign";
import { everyOne } from "../lib/at-once.js";
import { loopOf } from "../lib/bulk-load.js";
import { same } from "../lib/right.js";
import { service } from "../lib/service.js";

const counts = [500, 5000, 20_000];
const atOnce = 32;
const token = "a.b.c";
const image = (/** @type {number} */ at) =>
  `registry.example/team/app@sha256:${at.toString(16).padStart(8, "0").repeat(8)}`;

/** @typedef {(at: number) => Promise<unknown>} Post sends one request, and gives what the service replied */

/** @type {{ close: () => void } | undefined} */
let running;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "client",
  title: `Requests to a service, ${atOnce} at once`,
  async cases() {
    const { url, close } = await service();
    running = { close };
    const loop = loopOf(url);
    const bare = (/** @type {number} */ at) => loop(image(at));
    const own = clientOf(url, {});
    const replaced = clientOf(url, { fetch: (to, init) => fetch(to, init) });
    // The client says what the status means, too.
    const { code, state, final, explained, ...reply } = /** @type {Record<string, unknown>} */ (await own(7));
    same("a reply", reply, await bare(7));
    same("a reply to a replaced fetch", { code, state, final, explained, ...reply }, await replaced(7));
    return [
      ...counts.map((count) =>
        besideLoop(count, "with the platform's fetch", own, { ...besideIt(count, bare), aim: 1 / 1.25 }),
      ),
      besideLoop(5000, "with a replaced fetch", replaced, { ...besideIt(5000, bare), aim: 1 / 1.15 }),
      ...counts.map((count) => memoryOf(count, own)),
    ];
  },
  close() {
    running?.close();
  },
};

/** @param {string} url @param {Partial<import("ocisign").ClientOptions>} more @returns {Post} */
function clientOf(url, more) {
  const client = new SigningClient({ baseUrl: url, token, ...more });
  return (at) => client.requestSigning({ productId: "p", operationId: "o", artifact: image(at) });
}

/** @param {number} count @param {string} how @param {Post} post @param {import("../lib/topic.js").Beside} bare */
function besideLoop(count, how, post, bare) {
  const what = `${count.toLocaleString("en")} requests ${how}`;
  return {
    ...{
      what,
      ours: { name: "SigningClient", items: count, run: () => postAll(count, post) },
      beside: [bare],
    },
    // It takes long.
    ...(count > 5000 && { rounds: 1 }),
  };
}

/** @param {number} count @param {Post} post */
function besideIt(count, post) {
  return { name: "a loop of fetch", items: count, run: () => postAll(count, post) };
}

/**
 * What the process keeps after so many requests, beyond what it kept before them.
 *
 * @param {number} count @param {Post} post @returns {import("../lib/topic.js").Case}
 */
function memoryOf(count, post) {
  const measure = async () => {
    const before = await kept();
    await postAll(count, post);
    return (await kept()) - before;
  };
  const what = `memory kept after ${count.toLocaleString("en")} requests`;
  return {
    what,
    unit: "bytes",
    rounds: 3,
    // However many there were: what the collector has not looked at yet is up to a megabyte.
    ours: { name: "SigningClient", measure, most: 1_500_000 },
    beside: [],
  };
}

/** Bytes, after everything that can go has gone. */
async function kept() {
  setFlagsFromString("--expose-gc");
  /** @type {() => void} */
  const collect = runInNewContext("gc");
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    // What waits for the end of a collection, such as a registry of finalizers, runs between two turns.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** @param {number} count @param {Post} post */
function postAll(count, post) {
  return everyOne([...Array(count).keys()], atOnce, post);
}
