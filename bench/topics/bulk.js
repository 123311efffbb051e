// A list of images in one call, with a journal on the disk, beside a loop of fetch that remembers nothing.
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { openJournal } from "ocisign/journal";
import { everyOne } from "../lib/at-once.js";
import { clientOf, counted, images, loopOf } from "../lib/bulk-load.js";
import { service } from "../lib/service.js";

const run = promisify(execFile);
/** Of a service that replies at once, and of one that takes as long as a near one does. */
const loads = [
  { count: 1_000, latencyMs: 0 },
  { count: 10_000, latencyMs: 0 },
  { count: 1_000, latencyMs: 20 },
];
const counts = [1_000, 10_000];
const atOnce = 16;
/** How many images cosign signs in a round: each is a process. */
const cosignImages = 16;
/** Requests that the service has already, of 1 KB each, how many are on a page, and how many images are requested beside them. */
const others = [
  { count: 50_000, perPage: 500, images: 10_000 },
  { count: 50_000, perPage: undefined, images: 1_000 },
];

/** @type {(() => void)[]} */
const closing = [];

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "bulk",
  title: `A list of images, ${atOnce} requests at once`,
  async cases({ folder, cosign }) {
    const { url, close } = await service();
    closing.push(close);
    let journals = 0;
    const signAll = async (/** @type {string} */ at, /** @type {number} */ count) => {
      journals += 1;
      await signed(at, count, join(folder, `journal-${journals}.jsonl`));
    };
    await signAll(url, 100);
    const late = await Promise.all(
      loads.map(({ latencyMs }) => (latencyMs > 0 ? service(0, undefined, latencyMs) : { url, close() {} })),
    );
    closing.push(...late.map(({ close }) => close));
    return [
      ...loads.map(({ count, latencyMs }, at) => {
        const place = late[at]?.url ?? url;
        return {
          what: `${count.toLocaleString("en")} images requested, ${latencyMs} ms a reply`,
          rounds: 3,
          ours: {
            name: "signAll, journal and fsync included",
            items: count,
            run: () => signAll(place, count),
          },
          beside: [
            {
              name: "a loop of fetch",
              items: count,
              run: () => everyOne([...images(count)], atOnce, loopOf(place)),
              aim: 1 / 1.2,
            },
          ],
        };
      }),
      ...(await onTheWire()),
      ...counts.map((count) => memoryOf(url, count, folder)),
      await journalBytes(url, folder),
      ...(await Promise.all(others.map((there) => memoryBesideOthers(there, folder)))).flat(),
      ...(await besideCosign(await cosign(), url, folder)),
    ];
  },
  close() {
    for (const end of closing.splice(0)) end();
  },
};

/** @param {string} url @param {number} count @param {string} file of the journal */
async function signed(url, count, file) {
  const client = clientOf(url);
  const journal = await openJournal(file);
  let waiting = 0;
  try {
    const options = { productId: "p", concurrency: atOnce, journal, skip: /** @type {const} */ ([]) };
    for await (const { state } of client.signAll([...images(count)], options)) {
      if (state === "waiting") waiting += 1;
    }
  } finally {
    await journal.close();
  }
  if (waiting !== count) throw new Error(`${waiting} of ${count} were requested`);
}

/** What an image costs the service: requests and bytes. @returns {Promise<import("../lib/topic.js").Case[]>} */
async function onTheWire() {
  const count = 1_000;
  const proxied = await counted();
  closing.push(proxied.close);
  const client = () => clientOf(proxied.url);
  const measure = async (/** @type {"requests" | "bytes"} */ what) => {
    const before = proxied[what]();
    const list = [...images(count)];
    for await (const { state } of client().signAll(list, {
      productId: "p",
      concurrency: atOnce,
      skip: ["pending"],
    })) {
      if (state !== "waiting") throw new Error(`an image is ${state}`);
    }
    return (proxied[what]() - before) / count;
  };
  return [
    {
      what: "requests an image, the product and the list of what waits included",
      ...{ unit: /** @type {const} */ ("count"), rounds: 1 },
      ours: { name: "signAll", measure: () => measure("requests"), most: 1.1 },
      beside: [],
    },
    {
      what: "bytes an image, of bodies and heads, both ways",
      ...{ unit: /** @type {const} */ ("bytes"), rounds: 1 },
      ours: { name: "signAll", measure: () => measure("bytes") },
      beside: [],
    },
  ];
}

/** @param {string} url @param {number} count @param {string} folder @returns {import("../lib/topic.js").Case} */
function memoryOf(url, count, folder) {
  return {
    what: `memory of a process that requests ${count.toLocaleString("en")}, at its highest`,
    ...{ unit: "bytes", rounds: 2 },
    ours: {
      name: "signAll, journal included",
      most: 200 * 1024 * 1024,
      measure: () => memoryFor([url, String(count), join(folder, `memory-${count}`)]),
    },
    beside: [],
  };
}

/** What the journal grows by. @param {string} url @param {string} folder @returns {Promise<import("../lib/topic.js").Case>} */
async function journalBytes(url, folder) {
  const count = 1_000;
  let journals = 0;
  return {
    what: "bytes of the journal, for each image",
    ...{ unit: "bytes", rounds: 1 },
    ours: {
      name: "signAll",
      measure: async () => {
        journals += 1;
        const file = join(folder, `bytes-of-journal-${journals}.jsonl`);
        await signed(url, count, file);
        return statSync(file).size / count;
      },
    },
    beside: [],
  };
}

/**
 * Whoever looks for what waits already, or waits for an end, reads the list of all requests of the service.
 *
 * @param {typeof others[number]} there @param {string} folder @returns {Promise<import("../lib/topic.js").Case[]>}
 */
async function memoryBesideOthers({ count, perPage, images: wanted }, folder) {
  const { url, close } = await service(count, perPage);
  closing.push(close);
  const ways = { requests: "skip: []", defaults: "with the defaults", wait: "skip: [], wait: true" };
  const pages = perPage ? `in pages of ${perPage}` : "in one reply";
  return Object.entries(ways).map(([way, name]) => ({
    what: `memory for ${wanted.toLocaleString("en")}, beside ${count.toLocaleString("en")} others, ${pages}`,
    ...{ unit: /** @type {const} */ ("bytes"), rounds: 2 },
    ours: {
      name,
      ...(perPage && { most: 200 * 1024 * 1024 }),
      measure: () => memoryFor([url, String(wanted), join(folder, `others-${perPage ?? "all"}-${way}`), way]),
    },
    beside: [],
  }));
}

let processes = 0;

/** The most memory that a process ever had, which does nothing else. @param {[string, string, string, string?]} given */
async function memoryFor([url, count, file, way = "requests"]) {
  processes += 1;
  const args = [url, count, `${file}-${processes}.jsonl`, way];
  const child = fork(new URL("../lib/bulk-process.js", import.meta.url), args);
  const said = once(child, "message");
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the process that requests ended with ${code}`);
  const [bytes] = await said;
  return Number(bytes);
}

/**
 * The same work by a process an image, as a shell's loop does it: a key on the disk in place of a request.
 *
 * @param {string | undefined} cosign @param {string} url @param {string} folder
 * @returns {Promise<import("../lib/topic.js").Case[]>}
 */
async function besideCosign(cosign, url, folder) {
  if (!cosign) {
    console.log("left out: beside cosign, which is built with Go, and Go is not here");
    return [];
  }
  const { testSandbox } = await import("../../tests/support/sandbox.js");
  const { pushMany } = await import("../../tests/support/many-images.js");
  const sandbox = await testSandbox({ name: "bench" });
  const { registry } = sandbox;
  const signedImages = await pushMany(registry, "bulk", cosignImages);
  const auth = Buffer.from(`${registry.username}:${registry.password}`).toString("base64");
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({ auths: { [new URL(registry.url).host]: { auth } } }),
  );
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    DOCKER_CONFIG: folder,
    COSIGN_PASSWORD: "not a secret",
  };
  await run(cosign, ["generate-key-pair", "--output-key-prefix", join(folder, "cosign")], { env });
  const options = ["--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=false", "-y"];
  const sign = (/** @type {string} */ image) =>
    run(cosign, ["sign", "--key", join(folder, "cosign.key"), ...options, image], { env });
  let journals = 0;
  return [
    {
      what: `an image of ${cosignImages}: a request, beside a signature by cosign with a local key`,
      ...{ rounds: 2, close: () => sandbox.close() },
      ours: {
        name: "signAll",
        note: "requests only; the service signs, and pushes",
        items: cosignImages,
        run: () => signed(url, cosignImages, join(folder, `beside-cosign-${++journals}.jsonl`)),
      },
      beside: [
        {
          name: "cosign v3 sign, a process an image",
          note: "signs with a key on the disk, and pushes",
          items: cosignImages,
          run: () => everyOne(signedImages, atOnce, sign),
        },
      ],
    },
  ];
}
