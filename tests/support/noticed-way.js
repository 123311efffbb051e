// Ways on which a test notices what happens, so that it waits for that and does not sleep.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { listening } from "./listening.js";

/**
 * A way to a server that says when something passes, in either direction. A connection that ends badly on one side does
 * so on the other.
 *
 * @param {string} url of the server
 */
export async function noticedWay(url) {
  const { hostname, port: target, host } = new URL(url);
  const signal = notice();
  const server = createServer((client) => {
    const upstream = connect(Number(target), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      from?.on("data", signal.tell).on("error", () => to && reset(to));
      from?.on("close", () => to?.end());
    }
    client.pipe(upstream).pipe(client);
  });
  const { port, close } = await listening(server);
  return { url: url.replace(host, `127.0.0.1:${port}`), passed: signal.next, close };
}

/**
 * Ends it badly. What is being ended well already, libuv does not reset: Node would look for its end for ever when it
 * exits.
 *
 * @param {import("node:net").Socket} socket
 */
function reset(socket) {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/**
 * Takes a way down, and counts who tries to go it: each connection is reset at once.
 *
 * @param {{ url: string, down: () => Promise<void>, up: () => Promise<void> }} way
 */
export async function downWay(way) {
  await way.down();
  let tries = 0;
  const signal = notice();
  const server = createServer((socket) => {
    tries += 1;
    socket.on("error", () => {});
    socket.resetAndDestroy();
    signal.tell();
  });
  server.listen(Number(new URL(way.url).port), "127.0.0.1");
  await once(server, "listening");
  return {
    /** Until somebody has tried so often, or the work has ended. @param {number} count @param {Promise<unknown>} work */
    async tried(count, work) {
      const ended = work.then(() => true);
      while (tries < count) {
        if ((await Promise.race([signal.next(), ended])) === true) break;
      }
      return tries;
    },
    async up() {
      server.close();
      await once(server, "close");
      await way.up();
    },
  };
}

/** Tells those who wait for the next time. */
function notice() {
  /** @type {Set<() => void>} */
  const waiting = new Set();
  return {
    tell() {
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    /** @returns {Promise<void>} */
    next: () =>
      new Promise((resolve) => {
        waiting.add(resolve);
      }),
  };
}
