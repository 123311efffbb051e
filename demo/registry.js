// The little of the OCI distribution API that the demo and the tests need: push, read, ask for a digest.
import { createHash } from "node:crypto";

/** @typedef {{ url: string, username?: string | null, password?: string | null }} RegistryAccess */

/** @param {Uint8Array | string} bytes */
export function digestOf(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

export class Registry {
  #access;

  /** @param {RegistryAccess} access */
  constructor(access) {
    this.#access = access;
  }

  /** @param {string} repository @param {Uint8Array} bytes @returns {Promise<string>} its digest */
  async pushBlob(repository, bytes) {
    const digest = digestOf(bytes);
    const opened = await this.#call("POST", `/v2/${repository}/blobs/uploads/`);
    const location = new URL(/** @type {string} */ (opened.headers.get("location")), this.#access.url);
    location.searchParams.set("digest", digest);
    await this.#call("PUT", location.href, bytes, "application/octet-stream");
    return digest;
  }

  /**
   * @param {string} repository @param {string} tag @param {Uint8Array} bytes @param {string} mediaType
   * @returns {Promise<string>} its digest
   */
  async pushManifest(repository, tag, bytes, mediaType) {
    await this.#call("PUT", `/v2/${repository}/manifests/${tag}`, bytes, mediaType);
    return digestOf(bytes);
  }

  /** @param {string} repository @param {string} reference a tag or a digest */
  async manifest(repository, reference) {
    const reply = await this.#call("GET", `/v2/${repository}/manifests/${reference}`);
    return Buffer.from(await reply.arrayBuffer());
  }

  /** @param {string} repository @param {string} digest */
  async blob(repository, digest) {
    const reply = await this.#call("GET", `/v2/${repository}/blobs/${digest}`);
    return Buffer.from(await reply.arrayBuffer());
  }

  /** @param {string} repository @param {string} tag @returns {Promise<string>} the digest that the tag points at now */
  async resolve(repository, tag) {
    return digestOf(await this.manifest(repository, tag));
  }

  /** @param {string} method @param {string} path @param {Uint8Array} [body] @param {string} [contentType] */
  async #call(method, path, body, contentType) {
    const { url, username, password } = this.#access;
    const target = new URL(path, url);
    /** @type {Record<string, string>} */
    const headers = { accept: manifestTypes.join(", ") };
    if (contentType) headers["content-type"] = contentType;
    if (username && target.origin === new URL(url).origin) {
      headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    }
    const reply = await fetch(target, { method, headers, body: /** @type {BodyInit | undefined} */ (body) });
    if (!reply.ok) throw new Error(`${method} ${target.origin}${target.pathname} answered ${reply.status}`);
    return reply;
  }
}
