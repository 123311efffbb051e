// One visit of a page in Chromium, with nothing in any cache: how long it takes, and what comes over the wire.
import { brotliCompressSync } from "node:zlib";

/**
 * What one visit took. Bytes are of bodies: as they came over the wire (`before` it was usable, and all), unpacked, and
 * as brotli makes them.
 *
 * @typedef {{ usableMs: number, requests: number, before: number, wire: number, raw: number, brotli: number }} Visit
 *
 * @typedef {object} Slow how the browser is slowed down
 * @property {number} [processor] how many times as slow
 * @property {{ latency: number, downloadThroughput: number, uploadThroughput: number }} [network] milliseconds, and bytes
 *   a second
 */

/** What Chromium's developer tools call "Slow 3G". */
export const slow3G = { latency: 2000, downloadThroughput: 50_000, uploadThroughput: 50_000 };

/**
 * Opens a page with nothing in any cache.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {{ url: string, usable: string, slow?: Slow }} page `usable`: what is there once it can be used, as a selector
 * @returns {Promise<Visit>}
 */
export async function visit(browser, { url, usable, slow = {} }) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const replies = await listen(page, session);
    await slowDown(session, slow);
    await page.addInitScript(noteWhenThere, usable);
    await page.goto(url);
    const noted = () => Reflect.get(globalThis, "usableMs");
    await page.waitForFunction(noted).catch((cause) => {
      throw new Error(`There is nothing like ${usable} on ${url}.`, { cause });
    });
    const usableMs = await page.evaluate(noted);
    const before = replies.wire();
    // What it loads in the same breath counts, too.
    await page.waitForLoadState("networkidle");
    return { usableMs, before, ...(await replies.sum()) };
  } finally {
    await context.close();
  }
}

/** @param {import("playwright-core").CDPSession} session @param {Slow} slow */
async function slowDown(session, { processor, network }) {
  if (processor) await session.send("Emulation.setCPUThrottlingRate", { rate: processor });
  if (network) await session.send("Network.emulateNetworkConditions", { offline: false, ...network });
}

/** In the page, from its first moment: notes how long it took. @param {string} selector */
function noteWhenThere(selector) {
  const look = () => {
    if (!document.querySelector(selector)) return;
    Reflect.set(globalThis, "usableMs", performance.now());
    observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}

/**
 * Adds up what comes, by the browser's own account.
 *
 * @param {import("playwright-core").Page} page @param {import("playwright-core").CDPSession} session
 */
async function listen(page, session) {
  await session.send("Network.enable");
  /** @type {Map<string, number>} */
  const wire = new Map();
  session.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
    wire.set(requestId, (wire.get(requestId) ?? 0) + encodedDataLength);
  });
  /** @type {import("playwright-core").Response[]} */
  const replies = [];
  page.on("response", (reply) => replies.push(reply));
  const total = (/** @type {Iterable<number>} */ sizes) => [...sizes].reduce((sum, size) => sum + size, 0);
  const wireBytes = () => total(wire.values());
  return {
    wire: wireBytes,
    async sum() {
      const bodies = await Promise.all(replies.map((reply) => reply.body()));
      return {
        requests: replies.length,
        wire: wireBytes(),
        raw: total(bodies.map(({ length }) => length)),
        brotli: total(bodies.map((body) => brotliCompressSync(body).length)),
      };
    },
  };
}
