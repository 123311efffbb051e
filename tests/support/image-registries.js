// Registries full of images, as a function in place of `fetch`. A test says what answers in their place.
import { setImmediate as turn } from "node:timers/promises";
import { digestOf } from "../../demo/registry.js";
import { manifestOf, payloadFor, simpleLayer } from "./signatures.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const emptyIndex = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [] });

/**
 * @typedef {{ status: number, body?: Uint8Array | string, headers?: Record<string, string | undefined> }} Reply
 *
 * @typedef {object} Asked
 * @property {string} url
 * @property {string} host
 * @property {string | undefined} authorization
 * @property {AbortSignal} signal
 */

export class ManyImages {
  /** @type {Asked[]} */
  asked = [];
  /** By host: how many requests are under way, and the most that ever were. @type {Record<string, number>} */
  underWay = {};
  /** @type {Record<string, number>} */
  most = {};
  /** Of requests: how many have begun, and how many have ended. */
  steps = 0;
  /** Whether each request is kept in `asked`. */
  keepsAsked = true;
  /** What answers in place of the registries, if it gives anything. @type {(asked: Asked) => Reply | undefined | Promise<Reply | undefined>} */
  instead = () => undefined;
  /** @type {Map<string, { body: Uint8Array, type: string }>} */
  #held = new Map();

  /**
   * An image, and its signature under the tag if there is a key for it.
   *
   * @param {string} name as `registry.example/team/app` @param {string} text tells it from another one
   * @param {import("node:crypto").KeyObject} [key] @returns {string} its reference
   */
  image(name, text, key) {
    const [host = "", ...path] = name.split("/");
    const base = `https://${host}/v2/${path.join("/")}/`;
    const bytes = manifestOf({ digest: text, size: 1, mediaType: "text/plain" });
    const digest = digestOf(bytes);
    this.#held.set(`${base}manifests/${digest}`, { body: bytes, type: manifestType });
    if (key) {
      const payload = Buffer.from(JSON.stringify(payloadFor({ repository: name, digest })));
      this.#held.set(`${base}blobs/${digestOf(payload)}`, {
        body: payload,
        type: "application/octet-stream",
      });
      const tag = `${digest.replace(":", "-")}.sig`;
      this.#held.set(`${base}manifests/${tag}`, {
        body: manifestOf(simpleLayer(key, payload)),
        type: manifestType,
      });
    }
    return `${name}@${digest}`;
  }

  /** @param {number} count @param {string} name @param {import("node:crypto").KeyObject} [key] */
  images(count, name, key) {
    return Array.from({ length: count }, (_, at) => this.image(name, `image ${at}`, key));
  }

  /** How many requests went to a host. @param {string} host */
  countOf(host) {
    return this.asked.filter((one) => one.host === host).length;
  }

  /** @type {import("ocisign").Fetch} */
  fetch = async (url, { headers, signal }) => {
    const { host } = new URL(url);
    const asked = { url, host, authorization: headers.authorization, signal };
    if (this.keepsAsked) this.asked.push(asked);
    this.steps += 1;
    this.underWay[host] = (this.underWay[host] ?? 0) + 1;
    this.most[host] = Math.max(this.most[host] ?? 0, this.underWay[host]);
    try {
      return replyOf(await Promise.race([this.#reply(asked), never(signal)]));
    } finally {
      this.underWay[host] -= 1;
      this.steps += 1;
    }
  };

  /** @param {Asked} asked */
  async #reply(asked) {
    const instead = await this.instead(asked);
    if (!instead) await turn();
    return instead ?? this.#answer(asked.url);
  }

  /** How many requests are under way, once those that were ended have heard of it. */
  async left() {
    await turn();
    return Object.values(this.underWay).reduce((sum, count) => sum + count, 0);
  }

  /** @param {string} url @returns {Reply} */
  #answer(url) {
    const found = this.#held.get(url);
    if (found) return { status: 200, body: found.body, headers: { "content-type": found.type } };
    if (url.includes("/referrers/")) {
      return { status: 200, body: emptyIndex, headers: { "content-type": indexType } };
    }
    const body = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] });
    return { status: 404, body, headers: { "content-type": "application/json" } };
  }
}

/** @param {Reply} reply */
function replyOf({ status, body = "", headers = {} }) {
  const buffer = Buffer.from(body);
  return {
    status,
    headers: { get: (/** @type {string} */ field) => headers[field.toLowerCase()] ?? null },
    text: async () => buffer.toString(),
    arrayBuffer: async () => new Uint8Array(buffer).buffer,
  };
}

/** A promise that ends with a signal, as an answer that never comes. @param {AbortSignal} signal @returns {Promise<never>} */
export function never(signal) {
  return new Promise((_, reject) => {
    const end = () => reject(new DOMException("This operation was aborted", "AbortError"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}

/** Outcomes in the order of the list. @param {AsyncIterable<import("ocisign").VerifyOutcome>} outcomes */
export async function inListOrder(outcomes) {
  const all = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all.sort((one, other) => one.index - other.index);
}
