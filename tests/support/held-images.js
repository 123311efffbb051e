// A registry that is a function in place of `fetch`, and tells in which round each request was made: a request is of the
// round after the last one of which any reply had come.
import { setImmediate as turn } from "node:timers/promises";
import { digestOf } from "../../demo/registry.js";
import { bundleLayer, manifestOf, payloadFor, simpleLayer } from "./signatures.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const name = "registry.example/team/app";

/**
 * @typedef {{ status: number, body?: Uint8Array | string, headers?: Record<string, string> }} Reply
 *
 * @typedef {object} Asked
 * @property {number} round
 * @property {string} path below `/v2/team/app/`, or the whole URL of what lies elsewhere
 * @property {string | undefined} authorization
 * @property {AbortSignal} signal
 */

/** An image of its own in a registry of its own. */
export class HeldImage {
  /** @type {Asked[]} */
  asked = [];
  /** How many requests for blobs are under way, and the most that ever were. */
  blobs = 0;
  mostBlobs = 0;
  /** @type {Map<string, Reply>} */
  replies = new Map();
  /** What waits before a reply. @type {(path: string) => Promise<unknown>} */
  wait = () => turn();
  /** What answers in place of the registry, if it returns anything. @type {(asked: Asked) => Reply | undefined} */
  instead = () => undefined;
  #delivered = 0;

  /** @param {string} [text] tells it from another one @param {HeldImage[]} images of which it is the index */
  constructor(text = "an image", ...images) {
    const layer = { digest: text, size: 1, mediaType: "text/plain" };
    const bytes = images.length > 0 ? this.index(...images.map(({ digest }) => digest)) : manifestOf(layer);
    this.digest = digestOf(bytes);
    this.reference = `${name}@${this.digest}`;
    this.tag = `manifests/${this.digest.replace(":", "-")}.sig`;
    this.fallback = `manifests/${this.digest.replace(":", "-")}`;
    this.referrers = `referrers/${this.digest}`;
    this.image = `manifests/${this.digest}`;
    this.hold(this.image, bytes, images.length > 0 ? indexType : manifestType);
    this.list();
    for (const { replies } of images) for (const [path, reply] of replies) this.replies.set(path, reply);
  }

  /** @param {string} path @param {Uint8Array} body @param {string} [type] */
  hold(path, body, type = manifestType) {
    this.replies.set(path, { status: 200, body, headers: { "content-type": type } });
  }

  /** Puts signatures under the tag, each over a payload of its own. @param {...import("node:crypto").KeyObject} keys */
  signByTag(...keys) {
    const layers = keys.map((key, at) => {
      const payload = { ...payloadFor({ repository: name, digest: this.digest }), optional: { at } };
      const bytes = Buffer.from(JSON.stringify(payload));
      this.hold(`blobs/${digestOf(bytes)}`, bytes, "application/octet-stream");
      return simpleLayer(key, bytes);
    });
    this.hold(this.tag, manifestOf(...layers));
    return layers;
  }

  /** A manifest with a bundle of this key; its digest. @param {import("node:crypto").KeyObject} key */
  bundle(key) {
    const { layer, bytes } = bundleLayer(key, { digest: this.digest });
    this.hold(`blobs/${layer.digest}`, bytes, "application/octet-stream");
    const manifest = manifestOf(layer);
    this.hold(`manifests/${digestOf(manifest)}`, manifest);
    return digestOf(manifest);
  }

  /** What the registry lists as referrers. @param {...string} digests */
  list(...digests) {
    this.hold(this.referrers, this.index(...digests), indexType);
  }

  /** What stands under the fallback tag. @param {...string} digests */
  listByTag(...digests) {
    this.hold(this.fallback, this.index(...digests), indexType);
  }

  /** @param {...string} digests */
  index(...digests) {
    const manifests = digests.map((digest) => ({ mediaType: manifestType, digest, size: 1 }));
    return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  }

  /** @type {import("ocisign").Fetch} */
  fetch = async (url, { headers, signal }) => {
    const path = url.replace("https://registry.example/v2/team/app/", "");
    const asked = { round: this.#delivered + 1, path, authorization: headers.authorization, signal };
    this.asked.push(asked);
    const isBlob = path.startsWith("blobs/");
    if (isBlob) this.mostBlobs = Math.max(this.mostBlobs, ++this.blobs);
    await this.wait(path);
    if (isBlob) this.blobs -= 1;
    this.#delivered = Math.max(this.#delivered, asked.round);
    const unknown = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] });
    const json = { "content-type": "application/json" };
    const reply = this.instead(asked) ??
      this.replies.get(path) ?? { status: 404, body: unknown, headers: json };
    const { status, body = "", headers: given = {} } = reply;
    const buffer = Buffer.from(body);
    return {
      status,
      headers: { get: (field) => given[field.toLowerCase()] ?? null },
      text: async () => buffer.toString(),
      arrayBuffer: async () => new Uint8Array(buffer).buffer,
    };
  };

  /** How many requests there were in each round. */
  get rounds() {
    const last = Math.max(0, ...this.asked.map(({ round }) => round));
    return Array.from({ length: last }, (_, at) => this.asked.filter(({ round }) => round === at + 1).length);
  }
}
