// How much the sandbox bears: signatures beside what the processors can do at all, and long lists.
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startSandbox } from "../../demo/sandbox.js";
import { opensslSpeed } from "../lib/openssl-speed.js";
import { memory, ownProcessorTime, processorTime } from "../lib/process-cost.js";
import { each, Load } from "../lib/signing-load.js";
import { hasSqliteAlone, sqliteAlone } from "../lib/sqlite-alone.js";

const million = 1e6;
const processors = availableParallelism();
const keys = [
  { name: "RSA-4096", keyType: "RSA4096", algorithm: "rsa4096", aim: 0.6, atLeast: undefined },
  { name: "P-256", keyType: "secp256r1", algorithm: "ecdsap256", aim: undefined, atLeast: 350 },
];
/** How many clients, and how many signatures of them are measured. */
const crowds = [
  { clients: 1, count: 60 },
  { clients: 8, count: 240 },
  { clients: 50, count: 300 },
];
const all = 10_000;
const sizes = [100, 1_000, all];
const page = 100;
/** So long after a burst its memory is looked at. */
const settleMs = 3_000;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "sandbox",
  title: `The sandbox, on ${processors} processors that it shares with its clients`,
  async cases(context) {
    const [fast, usual] = [await context.fastSandbox(), await context.sandbox()];
    const start = async (/** @type {string} */ program, /** @type {string} */ name) => {
      const sandbox = await startSandbox({ program, data: join(context.folder, name) });
      running.push(sandbox);
      return sandbox;
    };
    const list = join(context.folder, "lists", "ocisign.sqlite");
    return [
      ...(await signatures(await start(fast, "signing"), await start(usual, "signing-usual"))),
      ...(await lists(await start(fast, "lists"), list)),
    ];
  },
  async close() {
    for (const sandbox of running.splice(0)) await sandbox.stop();
  },
};

/** @typedef {import("../lib/topic.js").Case} Case @typedef {import("../../demo/sandbox.js").Sandbox} Sandbox */

/** @type {Sandbox[]} */
const running = [];

/**
 * From the request to status 16.
 *
 * @param {Sandbox} fast @param {Sandbox} usual as `npm start` runs it @returns {Promise<Case[]>}
 */
async function signatures(fast, usual) {
  const cases = [];
  for (const { name, keyType, algorithm, aim, atLeast } of keys) {
    for (const { clients, count } of crowds) {
      const ours = await signing(fast, { keyType, algorithm, clients, count });
      const theirs = await signing(usual, { keyType, algorithm, clients, count: count / 3 });
      cases.push({
        what: `a ${name} signature, ${clients} at once`,
        rounds: 3,
        ours: {
          name: "the sandbox",
          measure: ours.measure,
          get note() {
            return ours.cost();
          },
          ...(atLeast && clients > 1 && { most: 1e9 / atLeast }),
        },
        beside: [
          {
            name: `openssl speed, ${processors} processes`,
            measure: async () => 1e9 / (await opensslSpeed(algorithm, processors, "clock")),
            ...(aim && clients > 1 && { aim }),
          },
          {
            name: "as npm start builds it",
            measure: theirs.measure,
            get note() {
              return theirs.cost();
            },
          },
        ],
      });
    }
  }
  return cases;
}

/**
 * @param {Sandbox} sandbox @param {{ keyType: string, algorithm: string, clients: number, count: number }} what
 */
async function signing(sandbox, { keyType, algorithm, clients, count }) {
  const load = new Load(sandbox);
  const product = await load.product(keyType);
  const limit = (processors * 1e3) / (await opensslSpeed(algorithm, processors, "processor"));
  /** @type {{ server: number, client: number }[]} */
  const costs = [];
  return {
    /** One round: nanoseconds a signature. */
    async measure() {
      const images = await load.images(count);
      const [server, client, began] = [processorTime(sandbox.pid), ownProcessorTime(), performance.now()];
      await load.sign(product, images, clients);
      const took = performance.now() - began;
      costs.push({
        server: (processorTime(sandbox.pid) - server) / count,
        client: (ownProcessorTime() - client) / count,
      });
      for (const image of [images[0], images[count - 1]]) await load.check(product, String(image));
      return (took * 1e6) / count;
    },
    /** Of processor time, which others on this machine do not lengthen. */
    cost() {
      const middle = (/** @type {"server" | "client"} */ whose) =>
        Number(costs.map((cost) => cost[whose]).sort((a, b) => a - b)[Math.floor(costs.length / 2)]) / 1e6;
      const share = Math.round((100 * limit) / middle("server"));
      return `processor time a signature: ${middle("server").toFixed(1)} ms, its clients ${middle("client").toFixed(1)} ms; openssl ${limit.toFixed(1)} ms, ${share} % of it`;
    },
  };
}

/** @param {Sandbox} sandbox @param {string} file where it keeps them @returns {Promise<Case[]>} */
async function lists(sandbox, file) {
  const load = new Load(sandbox);
  await fill(load);
  await checkLists(load);
  const { pid } = sandbox;
  /** @param {{ what: string, queries: string[], atOnce: number, length: number, most?: number }} of */
  const listing = ({ what, queries, atOnce, length, most }) => ({
    what: `${what}, ${atOnce} at once`,
    rounds: 3,
    ours: {
      name: "the sandbox",
      note: "processor time of the sandbox alone",
      ...(most && { most }),
      measure: async () => {
        const began = processorTime(pid);
        let next = 0;
        await each(queries.length, atOnce, () => load.list(String(queries[next++])));
        return (processorTime(pid) - began) / queries.length;
      },
    },
    beside: hasSqliteAlone()
      ? [{ name: "SQLite alone", measure: () => sqliteAlone(file, length, length > 1_000 ? 5 : 50) }]
      : [],
  });
  const times = (/** @type {number} */ count, /** @type {string} */ query) => Array(count).fill(query);
  const pages = Array.from({ length: 400 }, (_, at) => `?limit=${page}&offset=${(at * page) % all}`);
  return [
    ...sizes.map((size) =>
      listing({
        ...{ what: `a list of ${size.toLocaleString("en")}`, atOnce: 1, length: size },
        queries: times(Math.max(5, 20_000 / size), `?limit=${size}`),
        ...(size === all && { most: 150 * million }),
      }),
    ),
    listing({
      ...{ what: `a list of ${all.toLocaleString("en")}`, atOnce: 50, length: all },
      ...{ queries: times(50, ""), most: 150 * million },
    }),
    ...[1, 50].map((atOnce) =>
      listing({ what: `a page of ${page}`, queries: pages, atOnce, length: page, most: 2 * million }),
    ),
    {
      what: `memory kept after 50 lists of ${all.toLocaleString("en")} at once`,
      ...{ unit: "bytes", rounds: 2 },
      ours: {
        name: "the sandbox",
        most: 20 * million,
        measure: async () => {
          const before = memory(pid);
          await each(50, 50, () => load.list(""));
          await pause(settleMs);
          return memory(pid) - before;
        },
      },
      beside: [],
      close: () => load.close(),
    },
  ];
}

/** Requests that wait for approval, as most of a long list's have. @param {Load} load */
async function fill(load) {
  const product = await load.product("secp256r1", true);
  const [image] = await load.images(1);
  await each(all, 16, () => load.request(product, String(image)));
}

/** The whole list has every request once, newest first, and the pages together are the same. @param {Load} load */
async function checkLists(load) {
  const whole = JSON.parse(await load.list(""));
  assert.equal(whole.length, all);
  assert.equal(new Set(whole.map((/** @type {{ id: string }} */ { id }) => id)).size, all);
  const paged = [];
  for (let offset = 0; offset < all; offset += page) {
    paged.push(...JSON.parse(await load.list(`?limit=${page}&offset=${offset}`)));
  }
  assert.deepEqual(paged, whole);
}
