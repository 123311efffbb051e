// Clients that request signatures from a sandbox. They share its processors, so they do as little as a client can: they
// write and read HTTP/1.1 on connections that they keep, and read of a reply only what they need.
import { createHash } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { publicKey, SigningClient, verifyImage } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { referenceProduct } from "../../demo/product.js";
import { Registry } from "../../demo/registry.js";

const repository = "load";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
/** The least between two questions how a request stands. */
const shortestPauseMs = 2;

export class Load {
  #sandbox;
  // The sandbox closes a connection that was idle for ten seconds.
  #agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 5_000 });
  /** @type {any} */
  #template;
  #made = 0;
  #usualMs = 0;

  /** @param {import("../../demo/sandbox.js").Sandbox} sandbox */
  constructor(sandbox) {
    this.#sandbox = sandbox;
  }

  /** A product; unless it waits, nobody has to approve for it. @param {string} keyType @param {boolean} [waits] */
  async product(keyType, waits) {
    const { base, registry, person } = this.#sandbox;
    const client = new SigningClient({ baseUrl: base, token: person("requester").token });
    return client.createProduct(
      referenceProduct(registry.domain, { keyType, ...(!waits && { approvalGroups: [] }) }),
    );
  }

  /** Small images, each with a digest of its own. @param {number} count @returns {Promise<string[]>} their references */
  async images(count) {
    const { registry } = this.#sandbox;
    if (!this.#template) {
      const digest = await pushImage(new Registry(registry), repository);
      this.#template = JSON.parse((await new Registry(registry).manifest(repository, digest)).toString());
    }
    const authorization = `Basic ${Buffer.from(`${registry.username}:${registry.password}`).toString("base64")}`;
    return each(count, 8, async () => {
      const annotations = { number: String(this.#made++) };
      const body = JSON.stringify({ ...this.#template, annotations });
      const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
      const url = `${registry.url}/v2/${repository}/manifests/${digest}`;
      const headers = { authorization, "content-type": manifestType };
      await this.call("PUT", url, 201, { body, headers });
      return `${registry.domain}/${repository}@${digest}`;
    });
  }

  /**
   * From the request to status 16, by so many clients at once, each with one request at a time.
   *
   * @param {import("ocisign").Product} product @param {string[]} images @param {number} atOnce
   */
  async sign(product, images, atOnce) {
    let next = 0;
    await each(images.length, atOnce, async () => {
      const began = performance.now();
      await this.#signed(await this.request(product, images[next++] ?? ""));
      this.#usualMs = 0.8 * this.#usualMs + 0.2 * (performance.now() - began);
    });
  }

  /** @param {import("ocisign").Product} product @param {string} image @returns {Promise<string>} the request's id */
  async request(product, image) {
    const body = JSON.stringify({
      ...{ name: "OCI signing", description: "", productId: product.id },
      idProductOperation: product.productOperations?.[0]?.id,
      payload: {
        ...{ name: "OCI sign request", metadata: [{ name: "Version", value: "v1.0" }] },
        optionalParameters: [{ artifactURI: Buffer.from(image).toString("base64") }],
      },
    });
    const headers = { "content-type": "application/json" };
    return JSON.parse(await this.#api("POST", "/imagesignings", 201, { body, headers })).id;
  }

  /**
   * Asks first when requests usually are signed, and then often.
   *
   * @param {string} id
   */
  async #signed(id) {
    for (let wait = this.#usualMs * 0.8; ; wait = this.#usualMs * 0.2) {
      await pause(Math.max(shortestPauseMs, wait));
      const text = await this.#api("GET", `/imagesignings/${id}`, 200);
      const { status, reason } = JSON.parse(text);
      if (status === 16) return;
      if (status > 16) throw new Error(`not signed: ${status}, ${reason}`);
    }
  }

  /** The list of requests, as text. @param {string} query */
  list(query) {
    return this.#api("GET", `/imagesignings${query}`, 200);
  }

  /** Throws unless the image has a signature of the product. @param {import("ocisign").Product} product @param {string} image */
  async check(product, image) {
    const { registry } = this.#sandbox;
    const { state, reason } = await verifyImage(image, {
      publicKey: publicKey(product).pem,
      registry: { url: registry.url },
    });
    if (state !== "verified") throw new Error(`${image} is ${state}: ${reason}`);
  }

  /** @param {string} method @param {string} path @param {number} status @param {Sent} [sent] */
  #api(method, path, status, sent) {
    const { base, person } = this.#sandbox;
    const headers = { authorization: `Bearer ${person("requester").token}`, ...sent?.headers };
    return this.call(method, `${base}${path}`, status, { ...sent, headers });
  }

  /**
   * @typedef {{ body?: string, headers?: Record<string, string> }} Sent
   *
   * @param {string} method @param {string} url @param {number} status that is right @param {Sent} sent
   * @returns {Promise<string>}
   */
  call(method, url, status, { body, headers }) {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const asked = request(
        url,
        { method, agent: this.#agent, headers: { ...headers, ...length } },
        (reply) => {
          let text = "";
          reply.setEncoding("utf8").on("data", (piece) => {
            text += piece;
          });
          reply.on("error", reject).on("end", () => {
            if (reply.statusCode === status) resolve(text);
            else reject(new Error(`${method} ${url} answered ${reply.statusCode}: ${text.slice(0, 300)}`));
          });
        },
      );
      asked.on("error", reject).end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/**
 * @template T
 * @param {number} count @param {number} atOnce @param {() => Promise<T>} work @returns {Promise<T[]>}
 */
export async function each(count, atOnce, work) {
  let left = count;
  /** @type {T[]} */
  const results = [];
  const one = async () => {
    while (left-- > 0) results.push(await work());
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return results;
}
