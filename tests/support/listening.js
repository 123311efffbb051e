// A server of a test's own, on a free port of this machine.
import { once } from "node:events";

/**
 * Has a server listen. `close` ends it together with the connections that are still open.
 *
 * @param {import("node:net").Server} server of HTTP, or of plain TCP @returns {Promise<{ port: number, close: () => void }>}
 */
export async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  /** @type {Set<import("node:net").Socket>} */
  const open = new Set();
  server.on("connection", (socket) => open.add(socket.on("close", () => open.delete(socket))));
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { port, close };
}
