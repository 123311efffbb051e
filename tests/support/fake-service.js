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
 * @param {(request: { method: string, path: string, token: string | undefined, body: string, socket: any }) => { status?: number, body?: unknown, hang?: boolean }} answer
 * @param {object} [tls] certificate and key, for https
 */
export async function fakeService(answer, tls) {
  const asked = [];
  const listener = (request, response) => {
    if (request.method === "OPTIONS") return response.writeHead(204, open).end();
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const asking = {
        method: request.method,
        path: request.url,
        token: request.headers.authorization?.replace("Bearer ", ""),
        body: Buffer.concat(chunks).toString(),
        socket: request.socket,
      };
      asked.push(asking);
      const { status = 200, body = {}, hang } = answer(asking);
      if (hang) return;
      response.writeHead(status, { "content-type": "application/json", ...open }).end(JSON.stringify(body));
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

/** A request as a service shows it. */
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

/** A product as a service shows it. */
export function productOf(registry) {
  return {
    id: "p",
    name: "P",
    enabled: true,
    productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: registry }],
  };
}
