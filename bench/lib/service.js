// A service that takes every request, shows one product and an empty list, in a process of its own: what it does costs both sides the
// same, and is in nobody's time but its own.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";

/** @returns {Promise<{ url: string, close: () => void }>} */
export async function service() {
  const child = fork(new URL(import.meta.url), ["serve"]);
  const [url] = await once(child, "message");
  return { url: String(url), close: () => child.kill() };
}

const product = JSON.stringify({
  ...{ id: "p", name: "P", enabled: true },
  productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
  productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
});

/** What came, with an id and a status in front; each image has an id of its own. @param {string} body */
function taken(body) {
  const [, uri = ""] = body.match(/"artifactURI":"([^"]*)"/) ?? [];
  return `{"id":"r-${uri.slice(-24)}","status":1,${body.slice(1)}`;
}

function serve() {
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const reply =
        request.method === "POST" ? taken(body) : request.url?.includes("/products") ? product : "[]";
      response.writeHead(200, { "content-type": "application/json" }).end(reply);
    });
  });
  // A connection must not end just when it is used again.
  server.keepAliveTimeout = 600_000;
  server.listen(0, "127.0.0.1", () => {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    process.send?.(`http://127.0.0.1:${port}/acme/api/v1`);
  });
  process.on("disconnect", () => process.exit());
}

if (process.argv[2] === "serve" && process.send) serve();
