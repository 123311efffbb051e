// A bare page with <page-sign-in> on it, as strict as the real one, and the service that it calls.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { listening } from "./listening.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} issuer */
const policy = (issuer) =>
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; base-uri 'none'; " +
  `form-action 'none'; connect-src 'self' ${issuer}; require-trusted-types-for 'script'; trusted-types lit-html`;

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
export async function signInPage() {
  const place = {
    issuer: "",
    /** @type {(token: string | undefined) => number | Promise<number>} */
    answer: () => 200,
    /** @type {(string | undefined)[]} */
    tokens: [],
    /** @type {() => object[] | Promise<object[]>} */
    people: () => [],
    /** @type {string[]} */
    loaded: [],
  };
  const scripts = await bundled();
  const server = createServer(async ({ url, headers }, response) => {
    const { pathname } = new URL(url ?? "", "http://page.test");
    place.loaded.push(pathname);
    const asked = { place, port, token: headers.authorization?.replace("Bearer ", "") };
    const {
      status = 200,
      type = "text/html",
      body,
      more,
    } = scripts.has(pathname)
      ? { type: "text/javascript", body: scripts.get(pathname) }
      : await (routes[pathname] ?? nothing)(asked);
    response.writeHead(status, { "content-type": type, ...more }).end(body);
  });
  const { port, close } = await listening(server);
  return Object.assign(place, { origin: `http://127.0.0.1:${port}`, port, close });
}

const strict = ({ place }) => ({ "content-security-policy": policy(place.issuer) });

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

const nothing = () => ({ status: 404, type: "text/plain", body: "nothing" });

/** A portal of another site that has the page in a frame. @param {number} port */
function portal(port) {
  return `<!doctype html><link rel="icon" href="data:,"><iframe src="http://127.0.0.1:${port}/"></iframe>`;
}

/** @returns {Promise<Map<string, Uint8Array>>} by path */
async function bundled() {
  const options = {
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    write: false,
    outdir: "out",
    // Without the compiler's paths, which lead to the sources of the package.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
  };
  const page = { stdin: { contents: script, resolveDir: root, sourcefile: "page.js" }, entryNames: "page" };
  const callback = { entryPoints: [join(root, "www", "src", "callback.ts")] };
  const builds = await Promise.all([page, callback].map((entry) => build({ ...options, ...entry })));
  const outputs = builds.flatMap(({ outputFiles }) => outputFiles);
  return new Map(outputs.map(({ path, contents }) => [`/${basename(path)}`, contents]));
}

/**
 * A token as an issuer's would look, for what only reads it.
 *
 * @param {object} claims @param {number} [lifeS] from now on
 */
export function tokenOf(claims, lifeS) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const times = lifeS === undefined ? {} : { exp: Math.floor(Date.now() / 1000) + lifeS };
  return `${part({ alg: "RS256" })}.${part({ ...claims, ...times })}.${part("signature")}`;
}
