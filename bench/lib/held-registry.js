// A registry that holds what it was given, and answers each request after a while.
import { once } from "node:events";
import { createServer } from "node:http";

/** @typedef {import("node:http").ServerResponse} Response */

/**
 * @param {object} given
 * @param {number} given.ms how long each reply waits
 * @param {(response: Response, bytes: Uint8Array) => void} [given.send] how a body is sent; default at once
 * @param {Readonly<Record<string, (response: Response) => void>>} [given.besides] what it answers besides, by path, at once
 */
export async function heldRegistry({ ms, send = (response, bytes) => response.end(bytes), besides = {} }) {
  /** @type {Map<string, { type: string, bytes: Uint8Array }>} */
  const held = new Map();
  // What crane and cosign ask first.
  held.set("/v2/", { type: "application/json", bytes: Buffer.from("{}") });
  const server = createServer(({ url = "", method }, response) => {
    const beside = besides[url];
    if (beside) return beside(response);
    const found = held.get(url);
    const answer = () => {
      if (found) {
        const headers = { "content-type": found.type, "content-length": found.bytes.length };
        response.writeHead(200, headers);
        if (method === "HEAD") response.end();
        else send(response, found.bytes);
        return;
      }
      const unknown = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "not here" }] });
      response.writeHead(404, { "content-type": "application/json" }).end(unknown);
    };
    if (ms > 0) setTimeout(answer, ms);
    else answer();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { held, domain: `127.0.0.1:${port}` };
}
