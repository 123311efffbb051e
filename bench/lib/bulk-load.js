// Lists of images, the loop that a person would write for them, and a service that counts what reaches it.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { SigningClient } from "ocisign";
import { service } from "./service.js";

/** So many different ones. @param {number} count */
export function* images(count) {
  for (let at = 0; at < count; at += 1) {
    yield `registry.example/team/app@sha256:${at.toString(16).padStart(8, "0").repeat(8)}`;
  }
}

const profile = { statuses: { 1: /** @type {const} */ ("waiting"), 2: /** @type {const} */ ("signed") } };

/** @param {string} url */
export function clientOf(url) {
  return new SigningClient({ baseUrl: url, token: "a.b.c", profile });
}

/** The same body, and the same of the reply: its status is checked, and its JSON read. @param {string} url */
export function loopOf(url) {
  return async (/** @type {string} */ image) => {
    const body = JSON.stringify({
      ...{ name: "OCI signing", idProductOperation: "o", description: "" },
      payload: {
        ...{ name: "OCI sign request", metadata: [] },
        optionalParameters: [{ artifactURI: btoa(image) }],
      },
      productId: "p",
    });
    const headers = {
      accept: "application/json",
      authorization: "Bearer a.b.c",
      "content-type": "application/json",
    };
    const reply = await fetch(`${url}/imagesignings`, { method: "POST", headers, body });
    if (reply.status !== 200) throw new Error(`the service answered ${reply.status}`);
    return reply.json();
  };
}

/** The service behind a proxy that counts bytes and requests. Requests do not share a packet, so a head is seen whole. */
export async function counted() {
  const { url, close } = await service();
  const target = new URL(url);
  let [bytes, requests] = [0, 0];
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.on("data", (chunk) => {
      bytes += chunk.length;
      requests += [...chunk.toString("latin1").matchAll(/(?:GET|POST) \S+ HTTP\/1\.1\r\n/g)].length;
    });
    upstream.on("data", (chunk) => {
      bytes += chunk.length;
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on("error", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: url.replace(target.host, `127.0.0.1:${port}`),
    bytes: () => bytes,
    requests: () => requests,
    close: () => {
      server.close();
      close();
    },
  };
}
