// A web server for folders: one origin, so that the sandbox can be told of it before anything is built.
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { listening } from "../../support/listening.js";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** @typedef {{ status?: number, headers?: Record<string, string>, body?: string | Uint8Array, drop?: boolean }} Answer */

export async function openSite() {
  let folder = "";
  /** @type {Record<string, Answer>} */
  let special = {};
  /** @type {string[]} */
  let asked = [];

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    asked.push(pathname);
    const given = special[pathname];
    const answer = { ...(given?.body === undefined && fileAnswer(folder, pathname)), ...given };
    if (answer.drop) return response.destroy();
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
  const { port, close } = await listening(server);

  return {
    origin: `http://127.0.0.1:${port}`,
    /** @param {string} root @param {Record<string, Answer>} [answers] other than the files say, by path */
    serve(root, answers = {}) {
      folder = root;
      special = answers;
      asked = [];
    },
    /** How often a path was asked for since `serve`. @param {string} path */
    count: (path) => asked.filter((it) => it === path).length,
    close,
  };
}

/** @param {string} folder @param {string} pathname @returns {Answer} */
function fileAnswer(folder, pathname) {
  const file = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
  // The icon that every browser asks for.
  if (pathname === "/favicon.ico") return { status: 204 };
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return { status: 404, body: "not here" };
  const type = types[/** @type {keyof typeof types} */ (extname(file))] ?? "application/octet-stream";
  return { headers: { "content-type": type, "cache-control": "no-store" }, body: readFileSync(file) };
}
