// A registry in memory, as a `fetch`, that lists what refers to an image, or leaves that to its clients.
import { digestOf } from "../../demo/registry.js";

export const imageType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";

/** @typedef {{ method: string, path: string, body: Buffer }} Asked */

/**
 * @typedef {object} How
 * @property {boolean} [lists] has it a list of referrers of its own?
 * @property {boolean} [says] does it say so of what is pushed?
 * @property {(asked: Asked) => Response | Promise<Response | undefined> | undefined} [before] answers in its place
 * @property {(asked: Asked, reply: Response) => Response | Promise<Response>} [after] changes its answer
 *
 * @param {How} [how]
 */
export function referringRegistry({ lists = true, says = lists, before, after } = {}) {
  /** By path. @type {Map<string, { bytes: Buffer, type: string }>} */
  const held = new Map();
  /** @type {Asked[]} */
  const asked = [];

  /** @param {string} path @param {Uint8Array} bytes @param {string} type */
  function keep(path, bytes, type) {
    held.set(path, { bytes: Buffer.from(bytes), type });
  }

  /** What refers to a digest, as a registry lists it. @param {string} repository @param {string} digest */
  function referrersOf(repository, digest) {
    const start = `/v2/${repository}/manifests/sha256:`;
    const manifests = [...held].flatMap(([path, { bytes, type }]) => {
      if (!path.startsWith(start) || type !== imageType) return [];
      const { subject, artifactType, annotations } = JSON.parse(String(bytes));
      if (subject?.digest !== digest) return [];
      return { mediaType: type, digest: digestOf(bytes), size: bytes.length, artifactType, annotations };
    });
    return { schemaVersion: 2, mediaType: indexType, manifests };
  }

  /** @param {Asked} one @param {URL} url @param {Headers} headers */
  function answer({ method, path, body }, url, headers) {
    const [, repository = "", rest = ""] =
      /^\/v2\/(.+)\/((?:manifests|blobs|referrers)\/.*)$/.exec(path) ?? [];
    if (method === "POST") return new Response(null, { status: 202, headers: { location: `${path}1` } });
    if (method === "PUT" && rest.startsWith("blobs/")) {
      keep(`/v2/${repository}/blobs/${url.searchParams.get("digest")}`, body, "application/octet-stream");
      return new Response(null, { status: 201 });
    }
    if (method === "PUT") {
      const type = headers.get("content-type") ?? "";
      for (const name of [path, `/v2/${repository}/manifests/${digestOf(body)}`]) keep(name, body, type);
      const subject = JSON.parse(String(body)).subject?.digest;
      return new Response(null, { status: 201, headers: says && subject ? { "oci-subject": subject } : {} });
    }
    if (lists && rest.startsWith("referrers/")) {
      const listed = referrersOf(repository, rest.slice("referrers/".length));
      return new Response(JSON.stringify(listed), { headers: { "content-type": indexType } });
    }
    const found = held.get(path);
    if (found) return new Response(new Uint8Array(found.bytes), { headers: { "content-type": found.type } });
    const code = rest.startsWith("referrers/") ? "UNSUPPORTED" : "MANIFEST_UNKNOWN";
    return Response.json({ errors: [{ code, message: "" }] }, { status: 404 });
  }

  /** @param {string} address @param {any} init */
  async function fetch(address, { method = "GET", body, headers }) {
    const url = new URL(address);
    const one = { method, path: url.pathname, body: Buffer.from(body ?? "") };
    asked.push(one);
    const own = await before?.(one);
    if (own) return own;
    const reply = answer(one, url, new Headers(headers));
    return after ? after(one, reply) : reply;
  }

  return {
    fetch,
    held,
    asked,
    /** Puts a manifest there under its digest, and gives the digest. @param {string} repository @param {Uint8Array} bytes */
    manifest(repository, bytes, type = imageType) {
      keep(`/v2/${repository}/manifests/${digestOf(bytes)}`, bytes, type);
      return digestOf(bytes);
    },
    /** @param {string} repository @param {string} tag @param {unknown} content */
    tag(repository, tag, content, type = indexType) {
      keep(`/v2/${repository}/manifests/${tag}`, Buffer.from(JSON.stringify(content)), type);
    },
    /** What is there, as JSON. @param {string} path */
    json: (path) => JSON.parse(String(held.get(path)?.bytes)),
    /** What was written. */
    writes: () => asked.filter(({ method }) => method !== "GET"),
  };
}
