// A server that is service, registry and token service, and that repeats the secrets that a request brought, in every form,
// wherever a reply has room for words.
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { listening } from "./listening.js";
import { allPlanted, echoOf } from "./planted.js";

/** @typedef {{ status: number, headers?: Record<string, string>, body?: string | Uint8Array }} Said */

/** What lets the pages of any origin ask it. */
const open = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "accept, authorization, content-type",
  "access-control-expose-headers": "docker-distribution-api-version, www-authenticate, link, retry-after",
};

/** @param {string} words */
const asJson = (words) => JSON.stringify({ message: words, errors: [{ code: "DENIED", message: words }] });

/**
 * Each way in which a reply can tell a secret, by name.
 *
 * @type {Record<string, (words: string, origin: string) => Said | "break" | "half">}
 */
export const ways = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 429, 500].map((status) => [
      `${status}, and the words hold it`,
      (/** @type {string} */ words) => ({ status, body: asJson(words) }),
    ]),
  ),
  "401 with it in the challenge": (words, origin) => ({
    status: 401,
    headers: { "www-authenticate": challengeOf(words, origin) },
    body: asJson(words),
  }),
  "500 as a page": (words) => ({
    status: 500,
    headers: { "content-type": "text/html" },
    body: `<p>${words}`,
  }),
  "500 with a form's error": (words) => ({
    status: 500,
    body: JSON.stringify({ error: "x", error_description: words, detail: words, title: words }),
  }),
  "a redirect with it in the address": (words, origin) => ({
    status: 307,
    headers: { location: `${origin}/elsewhere?token=${encodeURIComponent(words).slice(0, 2000)}` },
  }),
  "a redirect with it in the path, to another host": (words) => ({
    status: 302,
    headers: { location: `https://127.0.0.1:9/v2/${encodeURIComponent(words).slice(0, 2000)}/manifests/1` },
  }),
  "what is no JSON": (words) => ({ status: 200, body: `${words} is no JSON` }),
  "JSON of another kind": (words) => ({ status: 200, body: JSON.stringify({ [words]: words }) }),
  "a list of other things": (words) => ({ status: 200, body: JSON.stringify([{ id: words, name: 7 }]) }),
  "it as the id": (words) => ({
    status: 200,
    body: JSON.stringify({ id: words, status: words, manifests: words, mediaType: words }),
  }),
  "a broken connection": () => "break",
  "half a reply": () => "half",
};

/** @param {string} words @param {string} origin */
function challengeOf(words, origin) {
  const realm = `${origin}/token?x=${encodeURIComponent(words).slice(0, 900)}`;
  return `Bearer realm="${realm}",service="${words.replaceAll(/["\\]|[^\x20-\x7e]/g, "").slice(0, 500)}"`;
}

/**
 * Starts it.
 *
 * @param {{ tls?: import("node:https").ServerOptions, passedOver?: RegExp, isOpen?: boolean, otherwise?: (request: import("node:http").IncomingMessage, body: string) => Said | undefined }} [options]
 *   `otherwise` answers in place of the way, where it does; `passedOver` are forms that it does not use;
 *   pages of other origins may ask it only with `isOpen`
 */
export async function echoingServer({ tls, passedOver, isOpen = false, otherwise } = {}) {
  let way = ways["400, and the words hold it"];
  let first = 0;
  /** @type {{ method: string, url: string, headers: import("node:http").IncomingHttpHeaders, body: string }[]} */
  const asked = [];
  /** @type {import("node:http").RequestListener} */
  const listener = async (request, response) => {
    if (isOpen) for (const [name, value] of Object.entries(open)) response.setHeader(name, value);
    if (isOpen && request.method === "OPTIONS") return void response.writeHead(204).end();
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, headers, body });
    const words = wordsFor(carriedBy(headers.authorization ?? "", body), first, passedOver);
    const said = otherwise?.(request, body) ?? way(words, origin);
    if (said === "break") return void request.socket.destroy();
    const type = { "content-type": "application/json" };
    if (said === "half") {
      response.writeHead(200, { ...type, "content-length": "1000000" });
      return void response.write(`{"a": "${words.replaceAll(/[\\"]/g, "")}`, () => response.destroy());
    }
    response.writeHead(said.status, { ...type, ...said.headers }).end(said.body ?? "");
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  // A client that trusts nobody breaks off.
  server.on("tlsClientError", () => {});
  const { port, close } = await listening(server);
  const origin = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
  return {
    origin,
    port,
    asked,
    close,
    /**
     * From now on it answers in this way. A message is cut, so that each time another form comes first.
     *
     * @param {string} name of a way @param {number} from 0 to 1
     */
    answerBy(name, from) {
      way = /** @type {typeof ways[string]} */ (ways[name]);
      first = from;
      asked.length = 0;
    },
  };
}

/** What a request brings, as it is read. @param {string} authorization @param {string} body */
function carriedBy(authorization, body) {
  const [, value = ""] = authorization.split(" ");
  return [
    authorization,
    Buffer.from(value, "base64"),
    body,
    new URLSearchParams(body).get("refresh_token"),
  ].join();
}

/** @param {string} carried @param {number} first @param {RegExp} [passedOver] */
function wordsFor(carried, first, passedOver) {
  const echo = Object.values(allPlanted).flatMap((secret) =>
    carried.includes(secret) ? echoOf(secret, passedOver) : [],
  );
  const at = Math.floor(first * echo.length);
  return ["Not for", ...echo.slice(at), ...echo.slice(0, at)].join(" ");
}
