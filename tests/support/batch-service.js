// A service of several requests, as a `fetch`: it shows them, takes decisions, and does what a test says instead.
import { SigningClient } from "ocisign";
import { productOf, signingOf } from "./fake-service.js";

export const registry = "registry.example";

/** The canonical reference of the nth image. @param {number} n */
export const imageOf = (n) => `${registry}/team/app-${n}@sha256:${n.toString(16).padStart(64, "0")}`;

/** The nth id. @param {number} n */
export const idOf = (n) => `00000000-0000-4000-8000-${n.toString().padStart(12, "0")}`;

/**
 * The nth request of a batch, as the service shows it.
 *
 * @param {number} n @param {Record<string, unknown>} [changes]
 */
export function requestOf(n, changes = {}) {
  const request = signingOf(imageOf(n), {
    id: idOf(n),
    productId: "p",
    idProductOperation: "o",
    approvals: [],
  });
  request.payload.metadata = [
    { name: "ocisign-batch", value: "nightly" },
    { name: "ocisign-request", value: `nightly/${n.toString(16).padStart(16, "0")}` },
  ];
  return { ...request, ...changes };
}

/** @typedef {{ method: string, path: string, id: string | undefined, body: any, nth: number }} Asked */

/**
 * @param {any[]} requests
 * @param {{ act?: (asked: Asked) => unknown, products?: Record<string, any>, me?: string }} [options] `act` may answer in the
 *   service's place, throw in place of a connection, or do something first and answer nothing
 * @param {Partial<import("ocisign").ClientOptions>} [clientOptions]
 */
export function batchService(
  requests,
  { act, products = { p: productOf(registry) }, me = "me" } = {},
  clientOptions,
) {
  const held = new Map(requests.map((request) => [request.id, structuredClone(request)]));
  /** @type {Asked[]} */
  const asked = [];
  const open = new Map();
  let most = 0;
  const reply = (/** @type {unknown} */ body, status = 200) => new Response(JSON.stringify(body), { status });
  const fetch = async (/** @type {any} */ url, /** @type {any} */ { method, body, signal }) => {
    const path = decodeURIComponent(new URL(url).pathname.replace("/acme/api/v1/", ""));
    const id = path.split("/")[1];
    const nth = asked.filter((one) => one.method === method && one.path === path).length + 1;
    const asking = { method, path, id, body: body && JSON.parse(body), nth };
    asked.push(asking);
    signal?.throwIfAborted();
    if (method === "POST") {
      if (open.has(id)) throw new Error(`two decisions on ${id} at once`);
      open.set(id, true);
      most = Math.max(most, open.size);
    }
    try {
      // A decision takes a while: others may begin meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
      const instead = await act?.(asking);
      if (instead instanceof Response) return instead;
      return answerTo(asking);
    } finally {
      if (method === "POST") open.delete(id);
    }
  };
  /** @param {Asked} asking */
  function answerTo({ method, path, id = "", body }) {
    if (path === "imagesignings") return reply([...held.values()]);
    if (path.startsWith("products/")) return products[id] ? reply({ ...products[id], id }) : reply({}, 404);
    const request = held.get(id);
    if (!request) return reply({ message: "no such request" }, 404);
    if (method !== "POST") return reply(request);
    if (request.status !== 2) return reply({ message: "not waiting" }, 409);
    if (path.endsWith("/approve")) approve(id, me, body?.comment);
    else Object.assign(request, { status: 32, reason: `Rejected: ${body.comment}` });
    return reply(request);
  }
  /** @param {string} id @param {string} objectId @param {string} [comment] */
  function approve(id, objectId, comment) {
    held.get(id).approvals.push({ objectId, comment });
  }
  const client = new SigningClient({
    baseUrl: "https://service.example/acme/api/v1/",
    token: "the-token",
    profile: { statuses: { 2: "waiting", 16: "signed", 32: "rejected" } },
    fetch,
    retry: { attempts: 1 },
    ...clientOptions,
  });
  return {
    client,
    held,
    asked,
    approve,
    /** How many decisions were under way at the same time, at the most. */
    most: () => most,
    posts: () => asked.filter(({ method }) => method === "POST"),
    postsTo: (/** @type {string} */ id) => asked.filter((one) => one.method === "POST" && one.id === id),
  };
}

/** All outcomes. @template T @param {AsyncIterable<T>} outcomes */
export async function all(outcomes) {
  /** @type {T[]} */
  const found = [];
  for await (const outcome of outcomes) found.push(outcome);
  return found;
}
