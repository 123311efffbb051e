// A client of OCI registries (https://github.com/opencontainers/distribution-spec, v1.1): what verifying reads, and
// what attaching a signature writes. How a call is made is in registry-http.js, how it is allowed in
// registry-auth.js, and what a registry means by a reply in registry-replies.js.
import { mostManifestBytes } from "./proof/manifest.js";
import { Address } from "./registry-address.js";
import { Authenticator } from "./registry-auth.js";
import { Call } from "./registry-http.js";
import {
  checkNotHtml,
  descriptorsIn,
  isUnknownManifest,
  lacksReferrers,
  mediaTypeOf,
  nextPage,
  refusal,
} from "./registry-replies.js";

/**
 * @typedef {import("./registry-auth.js").Scope} Scope
 * @typedef {import("./registry-http.js").Reply} Reply
 * @typedef {import("./registry-http.js").Request} Request
 * @typedef {import("./registry-replies.js").Descriptor} Descriptor
 *
 * @typedef {object} RegistryOptions
 * @property {string} domain as in a reference: `registry.example:5000`
 * @property {string | URL} [url] where it is reached, when that is elsewhere, such as through a reverse proxy: https,
 *   or http on this machine. Default `https://domain`; on this machine `http://domain`
 * @property {string} [username] for ECR, `AWS`
 * @property {string} [password]
 * @property {import("./registry-http.js").Fetch} [fetch] called as `fetch(url, init)` in place of the platform's
 * @property {AbortSignal} [signal] ends every call
 * @property {number} [timeoutMs] for one call of a method, tokens and second tries included. Default 30,000
 * @property {import("./registry-http.js").Fail} fail makes the error that is thrown
 */

const ociIndex = "application/vnd.oci.image.index.v1+json";
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

/** Everything that can be signed, and what signatures are kept in: of OCI and of docker. */
export const manifestTypes = Object.freeze([
  "application/vnd.oci.image.manifest.v1+json",
  ociIndex,
  "application/vnd.docker.distribution.manifest.v2+json",
  dockerList,
]);

/** Those of them that list other manifests. */
export const indexTypes = Object.freeze([ociIndex, dockerList]);

const mostPages = 20;

/**
 * One registry. Nothing that it sends is believed: digests are the caller's to check, and the header
 * `Docker-Content-Digest` is not even looked at.
 *
 * For a browser, a registry must allow the page's origin (CORS), with the headers `Accept`, `Authorization` and
 * `Content-Type`, and expose `WWW-Authenticate`, `Link`, `Location` and `Retry-After`.
 *
 * @example
 * const registry = new RegistryClient({ domain: "registry.example", fail });
 * const found = await registry.manifest("team/app", "sha256-3fbc….sig");
 */
export class RegistryClient {
  #options;
  #address;
  #authenticator;
  /** Repositories that a manifest was read from. @type {Set<string>} */
  #known = new Set();

  /** @param {RegistryOptions} options */
  constructor(options) {
    const { domain, url, username, password, fail } = options;
    this.#options = options;
    this.#address = new Address(domain, url, fail);
    if ((username === undefined) !== (password === undefined) || username?.includes(":")) {
      const what = "The registry's username and password belong together, and a username has no colon.";
      throw fail("bad-input", what, "Give both, or neither.");
    }
    this.#authenticator = new Authenticator(username, password);
  }

  /**
   * Reads a manifest (§ Pulling manifests). Undefined only when the registry itself says that it has no such
   * manifest, see {@link isUnknownManifest}. Some registries say so of a missing repository too: to conclude
   * something from it, read the image's own manifest first, with the same client.
   *
   * `accept` are the media types that are taken; another is an error.
   *
   * @param {string} repository @param {string} reference a tag or a digest
   * @param {{ maxBytes?: number, accept?: readonly string[] }} [options]
   * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, mediaType: string } | undefined>}
   */
  manifest(repository, reference, { maxBytes = mostManifestBytes, accept = manifestTypes } = {}) {
    return this.#call(`Reading ${repository}, ${reference}`, async (call) => {
      const url = this.#address.manifest(repository, reference);
      // Always all of them: docker's registry says MANIFEST_UNKNOWN also of a manifest whose type is not asked for.
      const headers = { accept: [...new Set([...manifestTypes, ...accept])].join(", ") };
      const reply = await this.#read(call, repository, url, { headers, limit: maxBytes });
      if (isUnknownManifest(call, reply, this.#known.has(repository))) return undefined;
      if (reply.status !== 200) throw refusal(call, reply);
      checkNotHtml(call, reply);
      const mediaType = mediaTypeOf(reply);
      if (!accept.some((type) => type.toLowerCase() === mediaType)) {
        const what = mediaType
          ? "a manifest came with a media type that was not asked for"
          : "a manifest came without Content-Type";
        throw call.error("bad-reply", `${what}.`, "Look at what was pushed there.");
      }
      this.#known.add(repository);
      return { bytes: reply.bytes, mediaType };
    });
  }

  /**
   * Lists what refers to a manifest (§ Listing Referrers), all pages of it. Undefined when the registry has no
   * referrers API: then look under the tag `sha256-…` (§ Referrers Tag Schema).
   *
   * The descriptors are filtered by `artifactType` here as well, since a registry may leave that to us. In a
   * browser, only the first page is seen if the registry does not expose the header `Link`.
   *
   * @param {string} repository @param {string} digest @param {{ artifactType?: string }} [options]
   * @returns {Promise<{ manifests: Descriptor[], from: "referrers" } | undefined>}
   */
  referrers(repository, digest, { artifactType } = {}) {
    return this.#call(`Listing the referrers of ${repository}, ${digest}`, async (call) => {
      /** @type {URL | undefined} */
      let url = this.#address.referrers(repository, digest);
      if (artifactType !== undefined) url.searchParams.set("artifactType", artifactType);
      /** @type {Descriptor[]} */
      let manifests = [];
      for (let page = 1; url; page++) {
        if (page > mostPages) {
          const what = `there are more than ${mostPages} pages of them.`;
          throw call.error(
            "bad-reply",
            what,
            "Remove what does not belong there; a part of them proves nothing.",
          );
        }
        const headers = { accept: ociIndex };
        const reply = await this.#read(call, repository, url, { headers, limit: mostManifestBytes });
        if (page === 1 && lacksReferrers(reply)) return undefined;
        if (reply.status !== 200) throw refusal(call, reply);
        checkNotHtml(call, reply);
        manifests = manifests.concat(descriptorsIn(call, reply));
        url = nextPage(call, reply, this.#address.locate);
      }
      const wanted = manifests.filter(
        (it) => !artifactType || !it.artifactType || it.artifactType === artifactType,
      );
      return { manifests: wanted, from: "referrers" };
    });
  }

  /**
   * Reads a blob (§ Pulling blobs), also from where the registry redirects to. The caller checks it by its digest.
   *
   * @param {string} repository @param {string} digest @param {{ maxBytes: number }} options
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  blob(repository, digest, { maxBytes }) {
    return this.#call(`Reading the blob ${digest} of ${repository}`, async (call) => {
      const url = this.#address.blob(repository, digest);
      const reply = await this.#read(call, repository, url, { limit: maxBytes, mayLeave: true });
      if (reply.status !== 200) throw refusal(call, reply);
      checkNotHtml(call, reply);
      return reply.bytes;
    });
  }

  /**
   * Pushes a blob, POST then PUT (§ Pushing a blob monolithically).
   *
   * @param {string} repository @param {Uint8Array} bytes @returns {Promise<string>} its digest
   */
  pushBlob(repository, bytes) {
    return this.#call(`Pushing a blob to ${repository}`, async (call) => {
      const digest = await digestOf(call, bytes);
      const opened = await this.#write(call, repository, this.#address.uploads(repository), "POST");
      if (opened.status !== 202) throw refusal(call, opened);
      const location = opened.header("location");
      if (!location) {
        const fix = "In a browser, the registry must expose the header Location (CORS).";
        throw call.error("bad-reply", "the registry does not say where to upload to.", fix);
      }
      const url = this.#address.locate(location, opened.url);
      if (url.origin !== this.#address.origin || url.username || url.password) {
        const fix = "Correct the registry's configuration of its own address, or reach it there with `url`.";
        throw call.error("redirected", `the registry wants the upload at another host, ${url.host}.`, fix);
      }
      // Added as text: what stands there is the registry's own, and may change its meaning when written anew.
      url.search += `${url.search ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
      const done = await this.#write(call, repository, url, "PUT", bytes, "application/octet-stream");
      if (done.status !== 201) throw refusal(call, done);
      return digest;
    });
  }

  /**
   * Pushes a manifest (§ Pushing Manifests).
   *
   * @param {string} repository @param {string} reference a tag or a digest @param {Uint8Array} bytes
   * @param {string} mediaType @returns {Promise<string>} its digest
   */
  pushManifest(repository, reference, bytes, mediaType) {
    return this.#call(`Pushing ${repository}, ${reference}`, async (call) => {
      const digest = await digestOf(call, bytes);
      const url = this.#address.manifest(repository, reference);
      const reply = await this.#write(call, repository, url, "PUT", bytes, mediaType);
      if (reply.status !== 201) throw refusal(call, reply);
      return digest;
    });
  }

  /** @template T @param {string} doing @param {(call: Call) => Promise<T>} work @returns {Promise<T>} */
  async #call(doing, work) {
    const { domain, fail, fetch, signal, timeoutMs = 30_000 } = this.#options;
    const call = new Call({
      doing: `${domain}: ${doing}`,
      fail,
      fetch,
      signal,
      timeoutMs,
      withoutSecrets: (text) => this.#authenticator.withoutSecrets(text),
    });
    try {
      return await work(call);
    } finally {
      call.end();
    }
  }

  /** @param {Call} call @param {string} repository @param {URL} url @param {Request} request */
  #read(call, repository, url, request) {
    return this.#request(call, url, `repository:${this.#address.name(repository)}:pull`, request);
  }

  /**
   * @param {Call} call @param {string} repository @param {URL} url @param {"POST" | "PUT"} method
   * @param {Uint8Array} [bytes] @param {string} [contentType]
   */
  #write(call, repository, url, method, bytes, contentType) {
    const headers = contentType ? { "content-type": contentType } : undefined;
    const body = bytes && new Uint8Array(bytes);
    return this.#request(call, url, `repository:${this.#address.name(repository)}:pull,push`, {
      method,
      headers,
      body,
    });
  }

  /** @param {Call} call @param {URL} url @param {Scope} scope @param {Request} request */
  #request(call, url, scope, request) {
    return call.request(url, {
      ...request,
      authorization: () => this.#authenticator.header(scope),
      challenged: (reply, used) => this.#authenticator.answer(call, reply, used, scope),
      isOpen: this.#authenticator.isAnonymous,
      locate: this.#address.locate,
    });
  }
}

/** @param {Call} call @param {Uint8Array} bytes */
async function digestOf(call, bytes) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) {
    throw call.error(
      "bad-input",
      "crypto.subtle is missing here.",
      "Serve the page over https, or from localhost.",
    );
  }
  const hash = new Uint8Array(await subtle.digest("SHA-256", new Uint8Array(bytes)));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
