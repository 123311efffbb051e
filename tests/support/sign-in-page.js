// A bare page with <page-sign-in> on it, as strict as the real one, and the service that it calls.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { beforeEach } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { useBrowser, useWhileTesting } from "./browser.js";
import { accounts, agreeAt, clientId, signInAt, startIssuer } from "./issuer.js";
import { listening } from "./listening.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} issuer */
const policy = (issuer) =>
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; base-uri 'none'; " +
  `form-action 'none'; connect-src 'self' ${issuer}; require-trusted-types-for 'script'; trusted-types lit-html ocisign`;

const html = `<!doctype html>
<html lang="en">
  <head><meta name="color-scheme" content="light dark"><title>A page</title><link rel="icon" href="data:,">
  <link rel="stylesheet" href="page.css"><script type="module" src="page.js"></script></head>
  <body><main><h1>A page</h1><label>Why <input id="why"></label></main></body>
</html>`;

/** Puts the element on the page. What a test needs of the page's inside is under `inside`. */
const script = `
  import init, { SigningClient } from "ocisign";
  import { claimsOf } from "./www/src/session/claims.ts";
  import { OpenIdConnect } from "./www/src/session/oidc.ts";
  import { PastedToken } from "./www/src/session/pasted-token.ts";
  import { Session } from "./www/src/session/session.ts";
  import "./www/src/session/sign-in.ts";

  await init("/ocisign.wasm");
  const { service: settings, warnBeforeMs } = globalThis.settings;
  const session = new Session({ warnBeforeMs });
  const events = [];
  for (const name of ["changed-person", "needed"]) session.addEventListener(name, () => events.push(name));
  const client = () => new SigningClient({ baseUrl: settings.baseUrl, token: session.tokenSource() });
  globalThis.inside = { session, events, client, claimsOf, OpenIdConnect, PastedToken };
  const element = Object.assign(document.createElement("page-sign-in"), { session, settings });
  document.querySelector("main").prepend(element);
`;

/**
 * Starts the page's server. `answer` says with which status the service answers a token, `tokens` are those that it
 * was sent, `people` are the sandbox's, `loaded` is what the browser asked for.
 */
async function signInPage() {
  /** @type {Place} */
  const place = { issuer: "", answer: () => 200, tokens: [], people: () => [], loaded: [] };
  const scripts = await bundled();
  const server = createServer(async ({ url, headers }, response) => {
    const { pathname } = new URL(url ?? "", "http://page.test");
    place.loaded.push(pathname);
    const asked = { place, port, token: headers.authorization?.replace("Bearer ", "") };
    const script = scripts.get(pathname);
    const reply = script
      ? { type: "text/javascript", body: script }
      : await (routes[pathname] ?? nothing)(asked);
    const { status = 200, type = "text/html", body, more } = reply;
    response.writeHead(status, { "content-type": type, ...more }).end(body);
  });
  const { port, close } = await listening(server);
  return Object.assign(place, { origin: `http://127.0.0.1:${port}`, port, close });
}

/**
 * @typedef {object} Place what a test decides, and what it can ask
 * @property {string} issuer
 * @property {(token: string | undefined) => number | Promise<number>} answer with which status
 * @property {(string | undefined)[]} tokens that the service was sent
 * @property {() => object[] | Promise<object[]>} people of the sandbox
 * @property {string[]} loaded what the browser asked for
 *
 * @typedef {{ place: Place, port: number, token: string | undefined }} Asked
 * @typedef {{ status?: number, type?: string, body: string | Uint8Array, more?: Record<string, string> }} Reply
 */

/** @param {Asked} asked */
const strict = ({ place }) => ({ "content-security-policy": policy(place.issuer) });

/** @type {Record<string, (asked: Asked) => Reply | Promise<Reply>>} */
const routes = {
  "/": (asked) => ({ body: html, more: strict(asked) }),
  "/without-popups": ({ place }) => {
    const sandboxed = `${policy(place.issuer)}; sandbox allow-scripts allow-same-origin`;
    return { body: html, more: { "content-security-policy": sandboxed } };
  },
  "/isolated": (asked) => ({
    body: html,
    more: { ...strict(asked), "cross-origin-opener-policy": "same-origin" },
  }),
  "/page.css": () => ({ type: "text/css", body: ":root { background: light-dark(#fff, #14171c) }" }),
  "/portal": ({ port }) => ({ body: portal(port) }),
  "/callback.html": (asked) => ({
    body: readFileSync(join(root, "www", "callback.html")),
    more: strict(asked),
  }),
  "/ocisign.wasm": () => ({
    type: "application/wasm",
    body: readFileSync(join(root, "pkg", "dist", "ocisign.wasm")),
  }),
  "/api/products": async ({ place, token }) => {
    place.tokens.push(token);
    return { status: await place.answer(token), type: "application/json", body: "[]" };
  },
  "/api/ocisign-sandbox/people": async ({ place }) => ({
    type: "application/json",
    body: JSON.stringify(await place.people()),
  }),
};

/** @returns {Reply} */
const nothing = () => ({ status: 404, type: "text/plain", body: "nothing" });

/** A portal of another site that has the page in a frame. @param {number} port */
function portal(port) {
  return `<!doctype html><link rel="icon" href="data:,"><iframe src="http://127.0.0.1:${port}/"></iframe>`;
}

/** @returns {Promise<Map<string, Uint8Array>>} by path */
async function bundled() {
  const options = /** @type {const} */ ({
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    write: false,
    outdir: "out",
    // Without the compiler's paths, which lead to the sources of the package.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
  });
  const page = { stdin: { contents: script, resolveDir: root, sourcefile: "page.js" }, entryNames: "page" };
  const callback = { entryPoints: [join(root, "www", "src", "callback.ts")] };
  const builds = await Promise.all([page, callback].map((entry) => build({ ...options, ...entry })));
  const outputs = builds.flatMap(({ outputFiles }) => outputFiles ?? []);
  return new Map(outputs.map(({ path, contents }) => [`/${basename(path)}`, contents]));
}

/**
 * A token as an issuer's would look, for what only reads it.
 *
 * @param {object} claims @param {number} [lifeS] from now on
 */
export function tokenOf(claims, lifeS) {
  const part = (/** @type {object | string} */ value) =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  const times = lifeS === undefined ? {} : { exp: Math.floor(Date.now() / 1000) + lifeS };
  return `${part({ alg: "RS256" })}.${part({ ...claims, ...times })}.${part("signature")}`;
}

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {Page | import("playwright-core").FrameLocator} Where
 *
 * @typedef {object} How
 * @property {string} [path] of the page @property {Page} [page] one that is there already
 * @property {{ url: string }} [from] another provider
 * @property {object} [oidc] @property {object} [service] @property {number} [warnBeforeMs] settings
 */

/** What a dialog says in whose time is over, be it by the clock or by the service. */
export const askedAgain = /^(Your sign-in has expired|The service does not accept your sign-in)$/;

/** Asks for a refresh token. */
export const offline = { scope: "openid profile offline_access", prompt: "consent" };

/**
 * The set-up of a test file about sign-in: a browser, the page and its service, and a provider, which all know nobody
 * yet when a test begins.
 */
export function useSignIn() {
  const { newContext } = useBrowser();
  const place = useWhileTesting(signInPage, ({ close }) => close());
  const provider = useWhileTesting(
    () => startIssuer(),
    ({ close }) => close(),
  );
  /** @type {import("playwright-core").BrowserContext} */
  let context;
  beforeEach(async () => {
    Object.assign(place(), { answer: () => 200, tokens: [], people: () => [], loaded: [] });
    context = await newContext();
  });

  /**
   * Opens the page, with a provider; `said` is whatever its console says.
   *
   * @param {How} [how]
   */
  async function open({ path = "/", from = provider(), oidc = {}, service = {}, warnBeforeMs, page } = {}) {
    const { origin } = place();
    place().issuer = from.url;
    const settings = { issuer: from.url, clientId, scope: "openid profile", token: "access_token", ...oidc };
    const all = { service: { baseUrl: `${origin}/api`, oidc: settings, ...service }, warnBeforeMs };
    await context.addInitScript((given) => {
      globalThis.settings = given;
    }, all);
    const opened = page ?? (await context.newPage());
    /** @type {string[]} */
    const said = [];
    opened.on("pageerror", (error) => said.push(String(error)));
    opened.on("console", (message) => said.push(message.text()));
    await opened.goto(origin + path);
    return { page: opened, said };
  }

  return {
    /** The page's server, and the service's. */
    get place() {
      return place();
    },
    get provider() {
      return provider();
    },
    get context() {
      return context;
    },
    open,
  };
}

/** A provider whose tokens are good for two seconds. */
export function useBriefProvider() {
  return useWhileTesting(
    () => startIssuer({ accessTokenS: 2 }),
    ({ close }) => close(),
  );
}

/** @param {Where} page @param {string} name */
export const button = (page, name) => page.getByRole("button", { name, exact: true });

/** @param {Where} page */
export const signInButton = (page) => page.getByRole("button", { name: /^Sign in with / });

/** @param {Where} page @param {keyof typeof accounts} login */
export const who = (page, login) => page.getByText(`You are ${accounts[login].name}.`);

/** Clicks, and gives the window that opens. @param {Page} page */
export async function popupOf(page, clicked = signInButton(page)) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), clicked.click()]);
  return popup;
}

/** @param {Page} page @param {keyof typeof accounts} login */
export async function signIn(page, login, { agrees = false } = {}) {
  const popup = await popupOf(page);
  await signInAt(popup, login);
  if (agrees) await agreeAt(popup);
  await who(page, login).waitFor();
}

/** @param {Page} page @param {string} token */
export async function paste(page, token) {
  await page.getByLabel("Bearer token").fill(token);
  await button(page, "Use this token").click();
}

/** Begins a call to the service; the outcome is there when it is over. @param {Page} page */
export async function call(page, client = "first") {
  await page.evaluate((name) => {
    const { inside } = /** @type {any} */ (globalThis);
    inside[name] ??= inside.client();
    inside.outcome = inside[name].products().then(
      () => "done",
      (/** @type {{ code: string }} */ { code }) => code,
    );
  }, client);
  return { outcome: () => page.evaluate(() => globalThis.inside.outcome) };
}

/** @param {Page} page @returns {Promise<string>} */
export const state = (page) => page.evaluate(() => globalThis.inside.session.state);

/** What the session told so far. @param {Page} page @returns {Promise<string[]>} */
export const events = (page) => page.evaluate(() => globalThis.inside.events);

/** Waits until the session is in a state. @param {Page} page @param {string} wanted */
export async function until(page, wanted) {
  await page.waitForFunction((it) => globalThis.inside.session.state === it, wanted);
}

/** Everything of a page in which a secret must not be. @param {Page} page @returns {Promise<string>} */
export async function remains(page) {
  return page.evaluate(async () => {
    /** @param {ParentNode} root @returns {any[]} */
    const all = (root) =>
      [...root.querySelectorAll("*")].flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])]);
    const attributes = all(document).flatMap((it) => [...it.attributes].map(({ value }) => value));
    const texts = all(document).map((it) => `${it.shadowRoot?.textContent ?? ""} ${it.value ?? ""}`);
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const kept = [
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      history.state,
      document.title,
    ];
    return JSON.stringify([
      kept,
      databases,
      await caches.keys(),
      attributes,
      texts,
      globalThis.inside.session,
    ]);
  });
}

/**
 * The page has no hold on a window that was disowned; what is done there later is taken by nobody.
 *
 * @param {Page} popup @param {keyof typeof accounts} account
 */
export async function finishInVain(popup, account) {
  await popup.getByRole("link", { name: accounts[account].name }).click();
  await popup.getByText("no longer waits for this sign-in").waitFor();
}
