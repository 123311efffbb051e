// A bare page of another origin that has the elements, as a portal without a bundler has them: the files that are
// shipped, under a Content-Security-Policy that allows no more than they need.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { complaintsOf } from "./complaints.js";
import { listening } from "./listening.js";

const pkg = fileURLToPath(new URL("../../pkg", import.meta.url));
const types = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};

/** Loopback stands for the service and the registry, whose ports nobody knows beforehand. */
export const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self' http://127.0.0.1:*",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html",
].join("; ");

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>A portal</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/stage.css">
    <script type="module" src="/stage.js"></script>
  </head>
  <body><main><h1>A portal</h1></main></body>
</html>`;

// What browsers paint by themselves, said so that axe sees it.
const style = "body { background: Canvas; color: CanvasText; }";

const script = `import init, * as ocisign from "/pkg/browser.js";
import * as elements from "/pkg/dist/elements.js";
await init();
globalThis.ocisign = { ...ocisign, ...elements };`;

/** Serves the page. @returns {Promise<{ origin: string, close: () => void }>} */
export async function openStage() {
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://stage").pathname;
    const [type, body] = answer(path);
    const headers = { "content-type": type, "content-security-policy": policy };
    response.writeHead(body === undefined ? 404 : 200, headers).end(body);
  });
  const { port, close } = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** @param {string} path */
function answer(path) {
  if (path === "/") return [types[".html"], html];
  if (path === "/stage.css") return [types[".css"], style];
  if (path === "/stage.js") return [types[".js"], script];
  const file = join(pkg, path.replace(/^\/pkg\//, ""));
  const isOurs = path.startsWith("/pkg/") && !path.includes("..") && existsSync(file);
  return isOurs ? [types[extname(file)] ?? "text/plain", readFileSync(file)] : ["text/plain", undefined];
}

/**
 * Opens the page for a person. `complaints` are what the console and the Content-Security-Policy say.
 *
 * @param {import("playwright-core").Browser} browser @param {{ origin: string }} stage
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openOn(browser, { origin }, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(origin);
  await page.waitForFunction(() => globalThis.ocisign);
  return { page, complaints, close: () => context.close() };
}

/**
 * Puts an element on the page, with a client for `service`; it is the page's `globalThis.element` from then on, and
 * `globalThis.told` are its events.
 *
 * @param {import("playwright-core").Page} page @param {string} name
 * @param {{ service?: { baseUrl: string, token: string, profile?: unknown }, properties?: Record<string, unknown> }} given
 */
export async function mount(page, name, { service, properties = {} } = {}) {
  await page.evaluate(
    ([tag, options, others]) => {
      globalThis.element?.remove();
      const element = document.createElement(tag);
      globalThis.told = [];
      for (const event of ["requested", "open", "view", "status", "decided", "verified", "error"]) {
        const keep = ({ type, detail }) => globalThis.told.push({ type, detail });
        element.addEventListener(`ocisign-${event}`, keep);
      }
      if (options) element.client = new globalThis.ocisign.SigningClient(options);
      globalThis.element = Object.assign(element, others);
      document.querySelector("main").append(element);
    },
    [name, service, properties],
  );
  return page.locator(name);
}
