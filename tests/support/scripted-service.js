// A service over real HTTP, which answers as a test says: for what Node's own fetch makes of a reply, a broken
// connection or silence. There is one in a test file, from its start to its end.
import { createServer } from "node:http";
import { after } from "node:test";
import { SigningClient } from "ocisign";
import { listening } from "./listening.js";

/**
 * @typedef {object} Answer
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string | Buffer} [body] a request that is signed, when left out
 * @property {boolean} [destroy] the connection breaks before the reply
 * @property {boolean} [half] the connection breaks within the reply
 * @property {boolean} [hang] there is no reply
 *
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {string} [url]
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string} body
 */

/** What the service says next, the last of it for ever; and what it was asked. */
export const service = {
  /** @type {Answer[]} */
  answers: [],
  /** @type {Asked[]} */
  asked: [],
};

const server = createServer((request, response) => {
  const { method, url, headers } = request;
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    service.asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    const answer = (service.answers.length > 1 ? service.answers.shift() : service.answers[0]) ?? {};
    if (answer.destroy) return request.socket.destroy();
    if (answer.hang) return;
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
    if (answer.half) return response.write('{"id":', () => response.destroy());
    response.end(answer.body ?? '{"id":"r1","status":16}');
  });
});
const { port, close } = await listening(server);
after(close);
const baseUrl = `http://127.0.0.1:${port}/acme/api/v1/`;

/** A client of the service. @param {Partial<import("ocisign").ClientOptions>} [options] */
export function serviceClient(options = {}) {
  return new SigningClient({
    baseUrl,
    token: "the-token",
    retry: { attempts: 2, baseMs: 1, maxMs: 1500 },
    ...options,
  });
}

/**
 * The error of a call that the service answers with these replies.
 *
 * @param {() => Promise<unknown>} call @param {...Answer} replies @returns {Promise<any>}
 */
export async function failure(call, ...replies) {
  service.answers = replies;
  service.asked = [];
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

export const getting = () => serviceClient().signing("r1");
export const posting = () => serviceClient().approve("r1");
