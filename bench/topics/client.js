// A night's requests to a service on this machine, 32 at once.
import { once } from "node:events";
import { createServer } from "node:http";
import { SigningClient } from "ocisign";

const count = 2000;
const atOnce = 32;
const image = (/** @type {number} */ at) =>
  `registry.example/team/app@sha256:${at.toString(16).padStart(8, "0").repeat(8)}`;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "client",
  title: `${count.toLocaleString("en")} requests to a service, ${atOnce} at once`,
  async cases() {
    const service = await answering();
    const token = "a.b.c";
    const of = (/** @type {Partial<import("ocisign").ClientOptions>} */ more) => {
      const client = new SigningClient({ baseUrl: service.url, token, ...more });
      return (/** @type {number} */ at) =>
        client.requestSigning({ productId: "p", operationId: "o", artifact: image(at) });
    };
    const bare = async (/** @type {number} */ at) => {
      const body = JSON.stringify({
        ...{ name: "OCI signing", idProductOperation: "o", description: "", productId: "p" },
        payload: {
          ...{ name: "OCI sign request", metadata: [] },
          optionalParameters: [{ artifactURI: btoa(image(at)) }],
        },
      });
      const headers = {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      };
      const reply = await fetch(`${service.url}/imagesignings`, { method: "POST", headers, body });
      return reply.json();
    };
    const contender = (/** @type {string} */ name, /** @type {(at: number) => Promise<unknown>} */ post) => ({
      ...{ name, items: count, run: () => everyOne(post) },
    });
    return [
      {
        what: "with the platform's fetch",
        ours: contender("SigningClient", of({})),
        beside: [{ ...contender("a loop of fetch", bare), aim: 1 / 1.25 }],
      },
      {
        what: "with a replaced fetch",
        ours: contender("SigningClient", of({ fetch: (url, init) => fetch(url, init) })),
        beside: [{ ...contender("a loop of fetch", bare), aim: 1 / 1.15 }],
        close: service.close,
      },
    ];
  },
};

/** A service that takes everything, and shows the one product. */
async function answering() {
  const product = {
    ...{ id: "p", name: "P", enabled: true },
    productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
  };
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const reply = request.method === "POST" ? { id: "r", status: 1, ...JSON.parse(body) } : product;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/acme/api/v1`, close };
}

/** @param {(at: number) => Promise<unknown>} post */
async function everyOne(post) {
  let next = 0;
  const work = async () => {
    for (let at = next++; at < count; at = next++) await post(at);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
