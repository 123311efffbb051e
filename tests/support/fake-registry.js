// A registry of a few lines that can be made to misbehave, route by route.
import { createServer } from "node:http";
import { digestOf } from "../../demo/registry.js";
import { listening } from "./listening.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** What lets the pages of any origin read it. */
const open = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "accept, authorization",
  "access-control-expose-headers": "docker-distribution-api-version, www-authenticate, link, retry-after",
};

/** What a registry puts on each of its answers, and a proxy does not. */
export const ownHeader = { "docker-distribution-api-version": "registry/2.0" };

/**
 * Holds manifests and blobs. `answer(route, handler)` replaces a route, such as `GET /v2/team/app/manifests/x`;
 * `requests` tells what was asked, with headers. Pages may read it only with `isOpen`;
 * with `authorization`, nobody may without that header.
 *
 * @typedef {import("node:http").IncomingMessage} Request
 * @typedef {import("node:http").ServerResponse} Reply
 * @typedef {(request: Request, reply: Reply) => unknown} Handler
 *
 * @param {{ isOpen?: boolean, authorization?: string }} [options]
 */
export async function fakeRegistry({ isOpen = false, authorization } = {}) {
  /** @type {Map<string, { bytes: Uint8Array, type: string }>} */
  const held = new Map();
  /** @type {Map<string, Handler>} */
  const replaced = new Map();
  /** @type {{ method: string, url: string, headers: import("node:http").IncomingHttpHeaders }[]} */
  const requests = [];
  const server = createServer((request, response) => {
    if (isOpen) for (const [name, value] of Object.entries(open)) response.setHeader(name, value);
    if (request.method === "OPTIONS") return response.writeHead(isOpen ? 204 : 405).end();
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, headers });
    if (authorization && headers.authorization !== authorization)
      return response.writeHead(401, { "www-authenticate": 'Basic realm="registry"' }).end();
    const answer = replaced.get(`${method} ${url}`) ?? replaced.get(method);
    if (answer) return answer(request, response);
    const found = held.get(url);
    if (found) {
      const { bytes, type } = found;
      return response.writeHead(200, { "content-type": type, "content-length": bytes.length }).end(bytes);
    }
    const code = url.includes("/blobs/") ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN";
    // As Debian's docker-registry says that it has no referrers API: a router's text, with the registry's header.
    if (url.includes("/referrers/"))
      return response
        .writeHead(404, { "content-type": "text/plain", ...ownHeader })
        .end("404 page not found");
    response
      .writeHead(404, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ code }] }));
  });
  const { port, close } = await listening(server);
  const domain = `127.0.0.1:${port}`;
  return {
    domain,
    requests,
    answer: (/** @type {string} */ route, /** @type {Handler} */ handler) => replaced.set(route, handler),
    answerAll: (/** @type {string} */ method, /** @type {Handler} */ handler) =>
      replaced.set(method, handler),
    blob: (/** @type {string} */ repository, /** @type {Uint8Array} */ bytes) =>
      held.set(`/v2/${repository}/blobs/${digestOf(bytes)}`, { bytes, type: "application/octet-stream" }),
    /**
     * Under its digest, and under a tag if one is given.
     *
     * @param {string} repository @param {Uint8Array} bytes @param {string} [tag] @param {string} [type]
     */
    manifest(repository, bytes, tag, type = manifestType) {
      const digest = digestOf(bytes);
      for (const reference of [digest, tag]) {
        if (reference) held.set(`/v2/${repository}/manifests/${reference}`, { bytes, type });
      }
      return digest;
    },
    referrers: (
      /** @type {string} */ repository,
      /** @type {string} */ digest,
      /** @type {unknown} */ index,
    ) =>
      held.set(`/v2/${repository}/referrers/${digest}`, {
        bytes: Buffer.from(JSON.stringify(index)),
        type: "application/vnd.oci.image.index.v1+json",
      }),
    close,
  };
}
