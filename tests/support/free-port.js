// A port for a program whose address a test has to name before the program listens.
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that systems give to a server that asks for any: a test that runs beside this one does not get it
 * meanwhile.
 */
const [first, last] = [20_000, 32_000];

/** @returns {Promise<number>} */
export async function freePort() {
  for (;;) {
    const port = first + Math.floor(Math.random() * (last - first));
    if (await isFree(port)) return port;
  }
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
