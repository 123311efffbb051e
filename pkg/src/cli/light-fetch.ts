// A `fetch` over Node's own HTTP client, for registries. Node's `fetch` costs a short program more than all else that it
// does: it takes tens of milliseconds to load, and Node 20 compiles its parser anew after some replies.

import * as http from "node:http";
import * as https from "node:https";
import * as zlib from "node:zlib";
import type { Fetch, FetchInit, FetchReply } from "ocisign";
import { lookup } from "./lookup.ts";

export interface LightFetch {
  readonly fetch: Fetch;
  /** Ends the connections that wait for another request. */
  close(): void;
}

export function lightFetch(): LightFetch {
  const options = { keepAlive: true, lookup };
  let agents: Partial<Record<string, http.Agent>> = {};
  const agentFor = (protocol: string) => {
    agents[protocol] ??= protocol === "https:" ? new https.Agent(options) : new http.Agent(options);
    return agents[protocol];
  };
  return {
    async fetch(url, init) {
      const to = new URL(url);
      try {
        return replyOf(await answerTo(to, init, agentFor(to.protocol)));
      } catch (cause) {
        // In the form that Node's `fetch` gives it.
        throw new TypeError("fetch failed", { cause });
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent?.destroy();
      agents = {};
    },
  };
}

function answerTo(url: URL, init: FetchInit, agent: http.Agent | undefined): Promise<http.IncomingMessage> {
  const { method, headers, body, signal, redirect } = init;
  // The library follows redirects by itself, where it may.
  if (redirect !== "manual") throw new Error("redirects are not followed here");
  const own = { accept: "*/*", "user-agent": "node" };
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { ...own, ...headers }, agent, signal });
    let isAskedAgain = false;
    asked.on("response", resolve).on("error", (error) => {
      isAskedAgain = hasGone(asked, error) && (method === "GET" || method === "HEAD") && !signal.aborted;
      if (isAskedAgain) answerTo(url, init, agent).then(resolve, reject);
      else reject(error);
    });
    // Such as after 101 Switching Protocols, which nobody asked for.
    asked.on("close", () => {
      if (!isAskedAgain) reject(new Error("the connection was closed without a reply"));
    });
    asked.end(body);
  });
}

/**
 * Was it sent on a connection of an earlier request, which the server had just closed? That says nothing of the server, and
 * a read may be sent again (RFC 9112 §9.3.1). Each time, one such connection fewer is left.
 */
function hasGone(asked: http.ClientRequest, error: NodeJS.ErrnoException): boolean {
  return asked.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

/** With a body that is read as it comes, and no more of it than is wanted. */
function replyOf(message: http.IncomingMessage): FetchReply & { body: unknown } {
  const { statusCode: status = 0 } = message;
  const get = (name: string) => message.headersDistinct[name.toLowerCase()]?.join(", ") ?? null;
  // Unpacked when it is read: what is given up unread may be anything.
  const pieces = () => decoded(message, get("content-encoding"));
  const cancel = async () => {
    message.destroy();
  };
  const body = {
    cancel,
    getReader: () => {
      const each: AsyncIterator<Uint8Array> = pieces()[Symbol.asyncIterator]();
      return { read: () => each.next(), cancel };
    },
  };
  const whole = async () => {
    const all: Uint8Array[] = [];
    for await (const piece of pieces()) all.push(piece);
    return Buffer.concat(all);
  };
  return {
    status,
    headers: { get },
    body,
    text: async () => (await whole()).toString(),
    arrayBuffer: async () => new Uint8Array(await whole()).buffer,
  };
}

/** Of what a server packs although nobody asked for it, as some stores of blobs do. */
function decoded(message: http.IncomingMessage, encoding: string | null): AsyncIterable<Uint8Array> {
  const isEmpty = message.statusCode === 204 || message.headers["content-length"] === "0";
  const unpacked = encoding === null || isEmpty ? undefined : unpacker(encoding.toLowerCase());
  if (!unpacked) return message;
  message.on("error", (error) => unpacked.destroy(error));
  // Whoever reads hears of it. Whoever has given up must not be ended by it.
  unpacked.on("error", () => message.destroy());
  return message.pipe(unpacked);
}

function unpacker(encoding: string) {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip();
    case "deflate":
      return zlib.createInflate();
    case "br":
      return zlib.createBrotliDecompress();
    default:
      return undefined;
  }
}
