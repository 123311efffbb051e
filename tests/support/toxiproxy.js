// Shopify's toxiproxy between a client and what it talks to: a proxy of TCP connections that slows, cuts and resets
// them. https://github.com/Shopify/toxiproxy says what each toxic does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { goProgram } from "../../tools/machine/go.js";
import { freePort } from "./free-port.js";

const patienceMs = 30_000;

/**
 * @typedef {object} Toxic
 * @property {"latency" | "bandwidth" | "slow_close" | "timeout" | "reset_peer" | "slicer" | "limit_data"} type
 * @property {"upstream" | "downstream"} stream towards the server, or towards the client
 * @property {number} toxicity which part of the connections it meets, from 0 to 1
 * @property {Record<string, number>} attributes
 */

/** @param {number} seed of the chance by which a toxic meets a connection */
export async function startToxiproxy(seed) {
  const port = await freePort();
  const api = `http://127.0.0.1:${port}`;
  const args = ["-host", "127.0.0.1", "-port", String(port), "-seed", String(seed)];
  const child = spawn(goProgram("toxiproxy"), args, { stdio: ["ignore", "ignore", "pipe"] });
  const gone = once(child, "exit");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    log = (log + text).slice(-5_000);
  });
  await answering(`${api}/version`, child, () => log);

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async function call(method, path, body) {
    const reply = await fetch(`${api}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`toxiproxy: ${method} ${path}: ${reply.status} ${await reply.text()}`);
  }

  return {
    /** A proxy before a server. @param {string} name @param {string} url of the server */
    async proxy(name, url) {
      const listen = `127.0.0.1:${await freePort()}`;
      await call("POST", "/proxies", { name, listen, upstream: new URL(url).host, enabled: true });
      /** @type {string[]} */
      let toxics = [];
      return {
        /** The server's URL by way of this proxy. */
        url: url.replace(new URL(url).host, listen),
        /** @param {Toxic} toxic */
        async add(toxic) {
          const toxicName = `${toxic.type}-${toxics.length}`;
          await call("POST", `/proxies/${name}/toxics`, { name: toxicName, ...toxic });
          toxics.push(toxicName);
        },
        async clear() {
          for (const toxic of toxics) await call("DELETE", `/proxies/${name}/toxics/${toxic}`);
          toxics = [];
        },
        /** Ends all connections, and refuses new ones. */
        down: () => call("POST", `/proxies/${name}`, { enabled: false }),
        up: () => call("POST", `/proxies/${name}`, { enabled: true }),
      };
    },
    async close() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** @param {string} url @param {import("node:child_process").ChildProcess} child @param {() => string} log */
async function answering(url, child, log) {
  const until = performance.now() + patienceMs;
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`toxiproxy ended with ${child.exitCode}:\n${log()}`);
    if (performance.now() > until) throw new Error(`toxiproxy did not answer in time:\n${log()}`);
    await pause(20);
  }
}
