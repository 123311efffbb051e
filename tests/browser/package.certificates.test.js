// Certificates in a browser, from the package's files as a server has them: judged as in Node, and what judges them is
// loaded when it is first needed.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { useBrowser, useWhileTesting } from "../support/browser.js";
import { bundle, simple } from "../support/certified.js";
import { ca, now, Pki } from "../support/code-signing.js";
import { listening } from "../support/listening.js";
import { reference } from "../support/signatures.js";

const dist = fileURLToPath(new URL("../../pkg/dist", import.meta.url));
const { newPage } = useBrowser();
const site = useWhileTesting(serve, ({ close }) => close());
const pki = new Pki();
after(() => pki.close());

/** The package's files, with what was asked for; one of them may be away. */
async function serve() {
  /** @type {string[]} */
  const asked = [];
  const away = new Set();
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const file = join(dist, url.slice(1));
    const html = '<!doctype html><link rel="icon" href="data:,">';
    if (url === "/") response.writeHead(200, { "content-type": "text/html" }).end(html);
    else if (away.has(url) || !existsSync(file)) response.writeHead(404).end();
    else {
      const type = url.endsWith(".wasm") ? "application/wasm" : "text/javascript";
      response.writeHead(200, { "content-type": type }).end(readFileSync(file));
    }
  });
  const { port, close } = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, asked, away, close };
}

async function open() {
  const { page } = await newPage();
  await page.goto(site().origin);
  await page.evaluate(async () => {
    // The page's own server has it, and no folder of ours.
    const all = await import(/** @type {any} */ ("/browser.js"));
    await all.default();
    Object.assign(globalThis, { ocisign: all });
  });
  return page;
}

/**
 * @param {import("playwright-core").Page} page @param {{ manifest: Uint8Array, blob: Uint8Array }} signature
 * @param {object} keys
 */
function verify(page, { manifest, blob }, keys) {
  const options = { reference, manifest: String(manifest), blob: String(blob), ...keys };
  return page.evaluate(async (given) => {
    try {
      const { state, signatures } = await /** @type {any} */ (globalThis).ocisign.verifySignatures(given);
      return [state, signatures[0].certificate?.root.subject ?? signatures[0].reason];
    } catch (error) {
      return [/** @type {any} */ (error).code, /** @type {any} */ (error).message];
    }
  }, options);
}

const isPart = (/** @type {string} */ url) => url === "/certificates.js";

test("a page loads what judges certificates when it first has roots, and again after a failure", async () => {
  const page = await open();
  const root = pki.issue("/O=Example/CN=Root");
  const leaf = pki.issue("/O=Example/CN=Release", { issuer: root });
  const signature = simple({ leaf });
  const certificates = { roots: root.pem, at: now };
  assert.deepEqual((await verify(page, signature, { publicKey: leaf.publicKey }))[0], "verified");
  assert.ok(!site().asked.some(isPart), "no key needs it");
  site().away.add("/certificates.js");
  const [code, message] = await verify(page, signature, { certificates });
  assert.equal(code, "init-failed");
  assert.match(message, /reads certificates could not be loaded/);
  site().away.clear();
  // A browser remembers that a module failed, and a new page asks again.
  const again = await open();
  assert.deepEqual(await verify(again, signature, { certificates }), ["verified", "CN=Root,O=Example"]);
  assert.deepEqual(await verify(again, signature, { certificates }), ["verified", "CN=Root,O=Example"]);
  assert.equal(site().asked.filter(isPart).length, 2, "once for each page");
});

test("keys and rules of every kind are judged as in Node", async () => {
  const page = await open();
  const kinds = /** @type {const} */ (["P-256", "P-384", "P-521", "rsa", "ed25519"]);
  for (const kind of kinds) {
    const root = pki.issue("/CN=Root", { kind });
    const middle = pki.issue("/CN=Middle", { issuer: root, extensions: ca, kind });
    const leaf = pki.issue("/CN=Release", { issuer: middle });
    const trusted = { roots: root.pem, intermediates: middle.pem, at: now };
    for (const signature of [simple({ leaf, chain: [middle] }), bundle({ leaf })]) {
      assert.deepEqual(
        await verify(page, signature, { certificates: trusted }),
        ["verified", "CN=Root"],
        kind,
      );
    }
    const [state, reason] = await verify(page, simple({ leaf }), {
      certificates: { roots: middle.pem, at: "2030-01-01T00:00:00Z" },
    });
    assert.equal(state, "invalid");
    assert.match(reason, /expired on 2027-01-01T00:00:00Z/);
    const other = pki.issue("/CN=Root", { kind });
    const [wrong] = await verify(page, simple({ leaf, chain: [middle] }), {
      certificates: { roots: other.pem, at: now },
    });
    assert.equal(wrong, "invalid");
  }
});
