// A signing service that says whatever a test wants it to say.
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { listening } from "./listening.js";

/** Pages of any origin may ask it. */
const open = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "accept, authorization, content-type",
};

/**
 * @typedef {object} Asking what it was asked
 * @property {string} method @property {string} path @property {string | undefined} token @property {string} body
 * @property {import("node:net").Socket} socket
 *
 * @typedef {object} Answer
 * @property {number} [status]
 * @property {unknown} [body] a text is sent as it is
 * @property {Record<string, string>} [headers]
 * @property {boolean} [hang] there is none
 * @property {Promise<void>} [after] it is sent then
 */

/**
 * @param {(asking: Asking) => Answer} answer
 * @param {import("node:https").ServerOptions} [tls] certificate and key, for https
 */
export async function fakeService(answer, tls) {
  /** @type {Asking[]} */
  const asked = [];
  /** @type {import("node:http").RequestListener} */
  const listener = (request, response) => {
    if (request.method === "OPTIONS") return void response.writeHead(204, open).end();
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const asking = {
        method: request.method ?? "",
        path: request.url ?? "",
        token: request.headers.authorization?.replace("Bearer ", ""),
        body: Buffer.concat(chunks).toString(),
        socket: request.socket,
      };
      asked.push(asking);
      const { status = 200, body = {}, hang, headers, after } = answer(asking);
      if (hang) return;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const send = () =>
        response.writeHead(status, { "content-type": "application/json", ...open, ...headers }).end(text);
      if (after) after.then(send);
      else send();
    });
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  const { port, close } = await listening(server);
  return {
    asked,
    port,
    url: `${tls ? "https" : "http"}://${tls ? "localhost" : "127.0.0.1"}:${port}/acme/api/v1`,
    close,
  };
}

/**
 * A request as a service shows it.
 *
 * @param {string} image @param {Record<string, unknown>} [changes] @returns {any} JSON, of any shape once it is changed
 */
export function signingOf(image, changes = {}) {
  const artifactURI = Buffer.from(image).toString("base64");
  return {
    id: "a83081a6-1d3b-4117-a81b-0ebcfcf0669c",
    status: 2,
    name: "OCI signing",
    description: "",
    payload: { name: "OCI sign request", metadata: [], optionalParameters: [{ artifactURI }] },
    ...changes,
  };
}

/** A product as a service shows it. @param {string} registry */
export function productOf(registry) {
  return {
    id: "p",
    name: "P",
    enabled: true,
    productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: registry }],
  };
}
