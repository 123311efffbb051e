// A way to a service on which a test holds calls back: before they reach the service, or the replies on their way back.
import { request as ask, createServer } from "node:http";
import { listening } from "./listening.js";

/**
 * @typedef {object} Call
 * @property {string} method @property {string} path
 *
 * @typedef {object} Holding what a test does with each call; without it, the call passes
 * @property {(call: Call) => Promise<void> | void} [before] it reaches the service
 * @property {(call: Call) => Promise<void> | void} [after] its reply goes back
 */

/** @param {string} base of the service @param {Holding} [holding] */
export async function heldWay(base, holding = {}) {
  const target = new URL(base);
  /** @type {Call[]} */
  const calls = [];
  const server = createServer(async (incoming, outgoing) => {
    const call = { method: incoming.method ?? "", path: incoming.url ?? "" };
    calls.push(call);
    // Whole before it goes on: its caller may be killed meanwhile.
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    await holding.before?.(call);
    const { method, path } = call;
    const headers = { ...incoming.headers, host: target.host };
    const upstream = ask(
      { host: target.hostname, port: target.port, method, path, headers },
      async (reply) => {
        const body = [];
        for await (const chunk of reply) body.push(chunk);
        await holding.after?.(call);
        outgoing.writeHead(reply.statusCode ?? 0, reply.headers).end(Buffer.concat(body));
      },
    );
    upstream.on("error", () => outgoing.destroy());
    upstream.end(Buffer.concat(chunks));
  });
  const { port, close } = await listening(server);
  return { base: base.replace(target.host, `127.0.0.1:${port}`), calls, close };
}

/** Is it the POST of a request? @param {Call} call */
export const isRequest = ({ method, path }) => method === "POST" && path.endsWith("/imagesignings");

/** Is it a look at the list of requests? @param {Call} call */
export const isList = ({ method, path }) => method === "GET" && /\/imagesignings(\?|$)/.test(path);

/** Something that happens once, which others wait for. */
export function moment() {
  let happen = () => {};
  /** @type {Promise<void>} */
  const come = new Promise((resolve) => {
    happen = resolve;
  });
  return { come, happen: () => happen() };
}
