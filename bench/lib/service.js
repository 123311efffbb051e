// A service that takes every request and shows one product, in a process of its own: what it does costs both sides the
// same, and is in nobody's time but its own. Its list is empty, unless it has requests of others: then it keeps what it
// takes, too, and shows all of that as signed, in pages or at once.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";

/**
 * @param {number} [others] how many requests it has already
 * @param {number} [perPage] how many stand on a page of its list; default all
 * @param {number} [latencyMs] how long it takes for a reply; default no longer than it has to
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function service(others = 0, perPage = Number.MAX_SAFE_INTEGER, latencyMs = 0) {
  const child = fork(new URL(import.meta.url), ["serve", ...[others, perPage, latencyMs].map(String)]);
  const [url] = await once(child, "message");
  return { url: String(url), close: () => child.kill() };
}

const product = JSON.stringify({
  ...{ id: "p", name: "P", enabled: true },
  productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
  productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
});

/** What came, with an id and a status in front; each image has an id of its own. @param {string} body @param {number} [status] */
function taken(body, status = 1) {
  const [, uri = ""] = body.match(/"artifactURI":"([^"]*)"/) ?? [];
  return `{"id":"r-${uri.slice(-24)}","status":${status},${body.slice(1)}`;
}

/** A request that somebody else has made, and that is signed: 1 KB. @param {number} at */
function another(at) {
  const image = `registry.example/team/other@sha256:${at.toString(16).padStart(8, "0").repeat(8)}`;
  return JSON.stringify({
    ...{ id: `other-${at}`, status: 2, name: "OCI signing", idProductOperation: "o", productId: "p" },
    ...{ description: `Release ${at}. ${"What is in it, and who wants it. ".repeat(14)}`, createdAt: at },
    payload: {
      ...{ name: "OCI sign request", metadata: [{ name: "ocisign-batch", value: `night-${at % 100}` }] },
      optionalParameters: [{ artifactURI: btoa(image) }],
    },
    ...{ approvals: [{ objectId: `person-${at % 10}`, comment: "seen" }] },
  });
}

/** What it keeps, if it keeps anything. @param {number} count of the others @param {number} perPage */
function keptBy(count, perPage) {
  const all = Array.from({ length: count }, (_, at) => another(at));
  /** @type {Map<string, string>} */
  const own = new Map();
  return {
    /** @param {string} body */
    keep(body) {
      if (count === 0) return;
      const signed = taken(body, 2);
      const { id } = JSON.parse(signed);
      if (!own.has(id)) all.push(signed);
      own.set(id, signed);
    },
    /** @param {string} url of the list, or of one of them @returns {{ body: string, next?: string }} */
    shown(url) {
      const [, id] = /\/imagesignings\/([^/?]+)/.exec(url) ?? [];
      if (id !== undefined) return { body: own.get(decodeURIComponent(id)) ?? "{}" };
      const from = Number(/\?from=(\d+)/.exec(url)?.[1] ?? 0);
      const to = from + perPage;
      const body = `[${all.slice(from, to).join(",")}]`;
      return to < all.length ? { body, next: `<?from=${to}>; rel="next"` } : { body };
    },
  };
}

/** @param {number} others @param {number} perPage @param {number} latencyMs */
function serve(others, perPage, latencyMs) {
  const kept = keptBy(others, perPage);
  /** @returns {{ body: string, next?: string }} */
  const replyTo = (/** @type {import("node:http").IncomingMessage} */ { method, url = "" }, body = "") => {
    if (method === "POST") {
      kept.keep(body);
      return { body: taken(body) };
    }
    return url.includes("/products") ? { body: product } : kept.shown(url);
  };
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { body, next } = replyTo(request, Buffer.concat(chunks).toString());
      const headers = { "content-type": "application/json", ...(next && { link: next }) };
      const answer = () => response.writeHead(200, headers).end(body);
      if (latencyMs > 0) setTimeout(answer, latencyMs);
      else answer();
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

if (process.argv[2] === "serve" && process.send) {
  const [others = 0, perPage = 0, latencyMs = 0] = process.argv.slice(3).map(Number);
  serve(others, perPage, latencyMs);
}
