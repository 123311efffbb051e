// A bare page of another origin that has the elements, as a portal without a bundler has them: the files that are
// shipped, under a Content-Security-Policy that allows no more than they need.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { useBrowser, useSandbox, useWhileTesting } from "./browser.js";
import { fakeService } from "./fake-service.js";
import { listening } from "./listening.js";

const pkg = fileURLToPath(new URL("../../pkg", import.meta.url));
/** Where the stage serves the package's loader for browsers. */
export const loader = "/pkg/dist/browser.js";
/** Where it serves the elements. */
export const elements = "/pkg/dist/elements.js";
/** What pages of any element may be told. */
const events = [
  ...["requested", "open", "next", "previous", "image", "view", "review", "count", "order", "shortcuts"],
  ...["status", "decided", "verified", "batch", "request-again", "error"],
  ...["batch-decided", "close", "compared"],
];

/** @type {Record<string, string>} */
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
  "trusted-types lit-html ocisign",
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

const script = `import init, * as ocisign from "${loader}";
import * as elements from "${elements}";
await init();
globalThis.ocisign = { ...ocisign, ...elements };`;

/** Serves the page. @returns {Promise<{ origin: string, close: () => void }>} */
async function openStage() {
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://stage").pathname;
    const [type, body] = answer(path);
    const headers = { "content-type": type, "content-security-policy": policy };
    response.writeHead(body === undefined ? 404 : 200, headers).end(body);
  });
  const { port, close } = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** @param {string} path @returns {[type: string, body: string | Buffer | undefined]} */
function answer(path) {
  if (path === "/") return [types[".html"], html];
  if (path === "/stage.css") return [types[".css"], style];
  if (path === "/stage.js") return [types[".js"], script];
  const file = join(pkg, path.replace(/^\/pkg\//, ""));
  const isOurs = path.startsWith("/pkg/") && !path.includes("..") && existsSync(file);
  return isOurs ? [types[extname(file)] ?? "text/plain", readFileSync(file)] : ["text/plain", undefined];
}

/**
 * The set-up of a test file that looks at elements: a browser and the stage, with what a test opens closed after it.
 * The first lines of a test are then `const { page } = await stage.open()` and `await mount(page, "ocisign-…", …)`.
 */
export function useStage() {
  const { closeAfterTest, newContext, newPage, keptPage } = useBrowser();
  const place = useWhileTesting(openStage, ({ close }) => close());

  /** Opens the page for a person. @param {Parameters<typeof newPage>[0]} [options] */
  async function open(options) {
    return loaded(await newPage(options));
  }

  /** Opens it in the window of the test before: for tables of what a service may send. */
  async function openAgain() {
    const visit = await keptPage();
    // It would go on to call a service that is away.
    closeAfterTest(() => visit.page.evaluate(() => globalThis.element?.remove()));
    return loaded(visit);
  }

  /** @param {Awaited<ReturnType<typeof newPage>>} visit */
  async function loaded(visit) {
    await visit.page.goto(place().origin);
    await visit.page.waitForFunction(() => globalThis.ocisign);
    return visit;
  }

  /** A service that says whatever the test wants it to say. @param {Parameters<typeof fakeService>[0]} answer */
  async function serve(answer) {
    const service = await fakeService(answer);
    closeAfterTest(service.close);
    return service;
  }

  return {
    get origin() {
      return place().origin;
    },
    ...{ open, openAgain, serve, closeAfterTest, newContext, newPage },
  };
}

/** The stage, and a sandbox that lets its page ask. */
export function useStageWithSandbox() {
  const stage = useStage();
  return { stage, sandbox: useSandbox(() => ["--allow-origin", stage.origin]) };
}

/**
 * @typedef {object} Service how a page reaches one
 * @property {string} baseUrl @property {string} token @property {unknown} [profile] @property {number} [timeoutMs]
 */

/**
 * Puts an element on the page, with a client for `service`; it is the page's `globalThis.element` from then on, and
 * `globalThis.told` are its events.
 *
 * @param {import("playwright-core").Page} page @param {string} name
 * @param {{ service?: Service, properties?: Record<string, unknown> }} [given]
 */
export async function mount(page, name, { service, properties = {} } = {}) {
  await page.evaluate(
    ({ name, service, properties, events }) => {
      globalThis.element?.remove();
      const element = document.createElement(name);
      globalThis.told = [];
      for (const event of events) {
        const keep = (/** @type {any} */ { type, detail }) => globalThis.told.push({ type, detail });
        element.addEventListener(`ocisign-${event}`, keep);
      }
      if (service) Object.assign(element, { client: new globalThis.ocisign.SigningClient(service) });
      globalThis.element = Object.assign(element, properties);
      document.querySelector("main")?.append(element);
    },
    { name, service, properties, events },
  );
  return page.locator(name);
}

/**
 * What the page was told by events of one kind.
 *
 * @param {import("playwright-core").Page} page @param {string} type @returns {Promise<any[]>}
 */
export function told(page, type) {
  return page.evaluate(
    (wanted) =>
      globalThis.told
        .filter((/** @type {any} */ event) => event.type === wanted)
        .map((/** @type {any} */ { detail }) => detail),
    type,
  );
}

/** The id of what has the focus, through all shadow trees. @param {import("playwright-core").Page} page */
export function focused(page) {
  return page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.id;
  });
}

/** Waits until a part of the element has the focus. @param {import("playwright-core").Page} page @param {string} id */
export function focusOn(page, id) {
  return page.waitForFunction((wanted) => globalThis.element.shadowRoot.activeElement?.id === wanted, id);
}

/** Whether an element has the focus. @param {import("playwright-core").Locator} locator @returns {Promise<boolean>} */
export function hasFocus(locator) {
  return locator.evaluate((it) => it === /** @type {ShadowRoot} */ (it.getRootNode()).activeElement);
}
