// What the page costs a person who opens it for the first time: bytes, and the time until it can be used. Beside a
// blank page in the same Chromium, since a machine has better and worse minutes.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "../build/set-up.js";
import { launchChromium } from "../machine/browser.js";
import { root } from "../machine/command.js";
import { decideAboutMany } from "../machine/large-batch.js";
import { workThrough } from "../machine/long-queue.js";
import { noticed } from "../machine/long-tasks.js";
import { readOptions, wholeNumber } from "../machine/options.js";
import { visit } from "../machine/visit.js";

const usage = `Weighs the page, and times it beside a blank one.

  npm run weight [-- --www www/build --usable "[data-usable]" --runs 15 --queue 10000 --batch 500]

  --www     the folder that the sandbox serves
  --usable  what is on the page once it can be used, as a CSS selector
  --runs    how often each of the two is opened
  --queue   works through a queue of so many requests, and tells the longest task of each step; 0 leaves that out
  --batch   decides about so many requests at once, and tells the longest task of each step; 0 leaves that out
  --help    this text`;

const blankPage = "<!doctype html><html lang=en><title>Blank</title><body><p>Blank</p></body></html>";

/** @typedef {import("../machine/visit.js").Visit} Visit */

/** @param {{ program: string, www: string, usable: string, runs: number, queue: number, batch: number }} options */
async function weigh({ program, www, usable, runs, queue, batch }) {
  const { startSandbox } = await import("../../demo/sandbox.js");
  const data = mkdtempSync(join(tmpdir(), "ocisign-weight-"));
  const sandbox = await startSandbox({ program, data, args: ["--www", www] });
  const blank = await serveBlank();
  const browser = await launchChromium();
  try {
    const pages = { blank: { url: blank.url, usable: "p" }, ours: { url: sandbox.url, usable } };
    // The first visits of a browser pay for the browser.
    for (const page of Object.values(pages)) await visit(browser, page);
    /** @type {Record<keyof typeof pages, Visit[]>} */
    const visits = { blank: [], ours: [] };
    for (let run = 0; run < runs; run += 1) {
      visits.blank.push(await visit(browser, pages.blank));
      visits.ours.push(await visit(browser, pages.ours));
    }
    const person = sandbox.person("approver-one");
    const given = { url: sandbox.url, person };
    const inQueue = queue > 0 ? await workThrough(browser, { ...given, count: queue }) : [];
    const inBatch = batch > 0 ? await decideAboutMany(browser, { ...given, count: batch }) : [];
    return { blank: medians(visits.blank), ours: medians(visits.ours), inQueue, inBatch };
  } finally {
    await browser.close();
    blank.close();
    await sandbox.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function serveBlank() {
  const server = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(blankPage),
  );
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, close };
}

/** @param {Visit[]} visits @returns {Visit} */
function medians(visits) {
  const median = (/** @type {keyof Visit} */ name) =>
    visits.map((visit) => visit[name]).sort((a, b) => a - b)[Math.floor(visits.length / 2)];
  return {
    usableMs: median("usableMs"),
    before: median("before"),
    requests: median("requests"),
    wire: median("wire"),
    raw: median("raw"),
    brotli: median("brotli"),
  };
}

/**
 * @typedef {import("../machine/long-tasks.js").Waited} Waited
 *
 * @param {{ blank: Visit, ours: Visit, inQueue: Waited[], inBatch: Waited[] }} found
 * @param {{ runs: number, queue: number, batch: number }} options
 */
function report({ blank, ours, inQueue, inBatch }, { runs, queue, batch }) {
  for (const [name, it] of Object.entries({ "blank page": blank, "our page": ours })) {
    const bytes = `${it.before} bytes over the wire before that, ${it.wire} in all, ${it.raw} unpacked, ${it.brotli} as brotli`;
    console.log(`${name}: usable after ${it.usableMs.toFixed(0)} ms; ${it.requests} requests, ${bytes}`);
  }
  const ratio = (ours.usableMs / blank.usableMs).toFixed(1);
  console.log(`our page takes ${ratio} times as long as a blank one (medians of ${runs} visits each)`);
  tellTasks(`a queue of ${queue}`, inQueue);
  tellTasks(`a batch of ${batch}`, inBatch);
}

/** @param {string} where @param {Waited[]} waited */
function tellTasks(where, waited) {
  for (const { doing, longestMs } of waited) {
    const isLong = longestMs > noticed ? ", which a person notices" : "";
    console.log(`${where}, ${doing}: longest task ${longestMs.toFixed(0)} ms${isLong}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {
    www,
    usable,
    runs: times,
    queue: many,
    batch: several,
  } = readOptions(usage, {
    www: { type: "string", default: join(root, "www", "build") },
    usable: { type: "string", default: "[data-usable]" },
    runs: { type: "string", default: "15" },
    queue: { type: "string", default: "10000" },
    batch: { type: "string", default: "500" },
  });
  const runs = wholeNumber("runs", times, 1, 10_000);
  const queue = wholeNumber("queue", many, 0, 200_000);
  const batch = wholeNumber("batch", several, 0, 100_000);
  const { sandbox } = await setUp({ sandbox: true, page: true });
  const program = /** @type {string} */ (sandbox);
  report(await weigh({ program, www: resolve(www), usable, runs, queue, batch }), {
    runs,
    queue,
    batch,
  });
}
