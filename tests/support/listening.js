// A server of a test's own, on a free port of this machine.
import { once } from "node:events";

/**
 * Has a server listen. `close` ends it together with the connections that are still open.
 *
 * @param {import("node:net").Server} server of HTTP or TCP
 * @returns {Promise<{ port: number, close: () => void }>}
 */
export async function listening(server) {
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  server.on("connection", (/** @type {import("node:net").Socket} */ socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, close };
}
