// TLS before a registry that speaks none, as a load balancer does it.
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:https";

/**
 * Starts it on a free port of this machine.
 *
 * @param {{ key: string, cert: string }} tls @param {string} url where the registry is
 */
export async function tlsFront(tls, url) {
  const server = createServer(tls, (asked, answered) => {
    const { method, headers, url: path } = asked;
    // By these the registry knows its own address.
    const forwarded = { ...headers, "x-forwarded-proto": "https" };
    const behind = request(new URL(path ?? "/", url), { method, headers: forwarded }, (reply) => {
      answered.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answered);
    });
    behind.on("error", () => answered.destroy());
    asked.pipe(behind);
  });
  // A client that does not trust the certificate breaks off.
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const domain = `127.0.0.1:${port}`;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `https://${domain}`, domain, close };
}
