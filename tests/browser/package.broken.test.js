// An instance of the module that breaks in a page or in a worker, of Chromium and of Firefox: it says so by name, and the
// next call is right.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "../../tools/machine/browser.js";
import { useWhileTesting } from "../support/browser.js";
import { launchFirefox } from "../support/firefox.js";
import { listening } from "../support/listening.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The same in a page and in a worker. */
const script = `import { breakAll, trapInstances } from "/tests/support/breaking-instance.js";
trapInstances();
const ocisign = await import("/pkg/dist/browser.js");
await ocisign.default(await WebAssembly.compileStreaming(fetch("/pkg/dist/ocisign.wasm")));
const report = breakAll(ocisign);
if (typeof document === "undefined") postMessage(report);
else globalThis.report = report;`;

/** @type {Record<string, string>} */
const pages = {
  "/page": '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/script.js"></script>',
  "/worker": '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/start.js"></script>',
};
/** @type {Record<string, string>} */
const scripts = {
  "/script.js": script,
  "/start.js": `const worker = new Worker("/script.js", { type: "module" });
worker.onmessage = ({ data }) => { globalThis.report = data; };
worker.onerror = ({ message }) => { globalThis.report = { wrong: [message] }; };`,
};

const place = useWhileTesting(
  async () => {
    const server = createServer(({ url = "/" }, response) => {
      const [type, body] = replyTo(url);
      response.writeHead(body === undefined ? 404 : 200, { "content-type": type }).end(body);
    });
    return listening(server);
  },
  ({ close }) => close(),
);

/** @param {string} path @returns {[type: string, body: string | Buffer | undefined]} */
function replyTo(path) {
  if (pages[path]) return ["text/html", pages[path]];
  if (scripts[path]) return ["text/javascript", scripts[path]];
  const isOurs = /^\/(pkg\/dist|tests\/support)\/[\w.-]+$/.test(path) && existsSync(join(root, path));
  const type = path.endsWith(".wasm") ? "application/wasm" : "text/javascript";
  return [type, isOurs ? readFileSync(join(root, path)) : undefined];
}

const browsers = {
  Chromium: useWhileTesting(
    () => launchChromium(),
    (it) => it.close(),
  ),
  Firefox: useWhileTesting(
    () => launchFirefox(),
    (it) => it.close(),
  ),
};

for (const [name, browser] of Object.entries(browsers)) {
  for (const path of Object.keys(pages)) {
    test(`${name}, a ${path.slice(1)}: what breaks is said by name and replaced`, async (t) => {
      const page = await browser().newPage();
      // Hundreds of instances take their time on a busy machine.
      page.setDefaultTimeout(120_000);
      await page.goto(`http://127.0.0.1:${place().port}${path}`);
      await page.waitForFunction(() => globalThis.report);
      const { wrong, trapped, overflowed, made } = await page.evaluate(() => globalThis.report);
      t.diagnostic(`${trapped} traps, ${overflowed} full stacks, ${made} instances`);
      assert.deepEqual(wrong, []);
      assert.ok(trapped > 20 && overflowed > 20, `${trapped} and ${overflowed} calls broke off`);
      assert.ok(made > 20, `${made} instances took their places`);
    });
  }
}
