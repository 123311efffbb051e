// A server of a test's own, on a free port of this machine.
import { once } from "node:events";

/**
 * Has a server listen. `close` ends it together with the connections that are still open.
 *
 * @param {import("node:http").Server} server @returns {Promise<{ port: number, close: () => void }>}
 */
export async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port, close };
}
