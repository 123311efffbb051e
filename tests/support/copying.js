// An image with all that can be beside it, in a registry; and what two registries hold of it.
import { sign } from "node:crypto";
import { attachSignature, signingPayload } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { keyPair } from "./signatures.js";

export const imageType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";
export const configType = "application/vnd.oci.image.config.v1+json";
export const layerType = "application/vnd.oci.image.layer.v1.tar";
export const key = keyPair("rsa");
export const other = keyPair("rsa");

/** @typedef {{ url: string, domain: string, fetch?: import("ocisign").Fetch }} Place */

/** What a test pushes there, and reads. @param {Place} place @param {string} repository */
export function repositoryAt({ url, domain, fetch = globalThis.fetch }, repository) {
  /** @param {string} method @param {string} path @param {{ body?: Uint8Array, type?: string }} [more] */
  const call = async (method, path, { body, type } = {}) => {
    const headers = {
      accept: [imageType, indexType].join(", "),
      ...(type !== undefined && { "content-type": type }),
    };
    const init = /** @type {any} */ ({ method, headers, body });
    return fetch(new URL(path, url).href, init);
  };
  const at = {
    domain,
    repository,
    name: `${domain}/${repository}`,
    /** @param {Uint8Array} bytes @param {string} [digest] as it is called */
    async blob(bytes, digest = digestOf(bytes)) {
      const opened = await call("POST", `/v2/${repository}/blobs/uploads/`);
      const to = new URL(String(opened.headers.get("location")), url);
      to.searchParams.set("digest", digest);
      await call("PUT", to.href, { body: bytes, type: "application/octet-stream" });
      return { digest, size: bytes.length };
    },
    /** @param {unknown} content @param {string} [tag] */
    async manifest(content, tag, type = imageType) {
      const bytes = Buffer.from(JSON.stringify(content));
      const digest = digestOf(bytes);
      const done = await call("PUT", `/v2/${repository}/manifests/${tag ?? digest}`, { body: bytes, type });
      if (done.status > 299) throw new Error(`${tag ?? digest} was refused: ${done.status}`);
      return { mediaType: type, digest, size: bytes.length };
    },
    /** @param {string} text @param {Uint8Array[]} layers @param {object} [more] @param {string} [tag] */
    async image(text, layers, more = {}, tag) {
      const config = Buffer.from(
        JSON.stringify({ architecture: text, os: "linux", rootfs: { type: "layers" } }),
      );
      const described = [];
      for (const layer of layers) described.push({ mediaType: layerType, ...(await at.blob(layer)) });
      const content = {
        ...{ schemaVersion: 2, mediaType: imageType },
        config: { mediaType: configType, ...(await at.blob(config)) },
        layers: described,
        ...more,
      };
      return at.manifest(content, tag);
    },
    /** Status and bytes. @param {string} reference a tag or a digest */
    async read(reference, kind = "manifests") {
      const reply = await call("GET", `/v2/${repository}/${kind}/${reference}`);
      return { status: reply.status, bytes: Buffer.from(await /** @type {any} */ (reply).arrayBuffer()) };
    },
  };
  return at;
}

/** Signs a digest in both formats. @param {ReturnType<typeof repositoryAt>} at @param {string} digest */
export async function signAt(at, digest, by = key, registry = {}, format = "both") {
  const image = `${at.name}@${digest}`;
  const one = async (/** @type {"bundle" | "simple-signing"} */ name) =>
    sign("sha256", (await signingPayload(image, name)).bytes, by.privateKey);
  const signature =
    format === "both"
      ? { "simple-signing": await one("simple-signing"), bundle: await one("bundle") }
      : await one(/** @type {any} */ (format));
  return attachSignature(image, /** @type {any} */ ({ signature, publicKey: by.pem, format, registry }));
}

/**
 * The same registry, which takes blobs in chunks, too, and checks no digest.
 *
 * @param {{ fetch: (address: string, init: any) => Promise<Response> }} registry
 */
export function takingChunks({ fetch }) {
  /** @type {Map<string, Buffer[]>} */
  const begun = new Map();
  let uploads = 0;
  return async (/** @type {string} */ address, /** @type {any} */ init) => {
    const { pathname } = new URL(address);
    const headers = { location: `${pathname}${init.method === "POST" ? ++uploads : ""}` };
    if (init.method === "PATCH") {
      begun.set(pathname, [...(begun.get(pathname) ?? []), Buffer.from(init.body)]);
      return new Response(null, { status: 202, headers });
    }
    const reply = await fetch(address, {
      ...init,
      ...(init.method === "PUT" &&
        begun.has(pathname) && {
          body: Buffer.concat([...(begun.get(pathname) ?? []), init.body]),
        }),
    });
    return init.method === "POST" && reply.status === 202
      ? new Response(null, { status: 202, headers })
      : reply;
  };
}

export const tagFor = (/** @type {string} */ digest, kind = "sig") => `${digest.replace(":", "-")}.${kind}`;

/**
 * An index of two images, signed in both formats, with a bill of materials and an attestation under their tags, and a
 * referrer with a referrer of its own.
 *
 * @param {ReturnType<typeof repositoryAt>} at @param {{ large?: Uint8Array, registry?: object }} [options]
 */
export async function wholeImage(at, { large = Buffer.from("large"), registry = {} } = {}) {
  const shared = Buffer.from("a layer of both");
  const amd = await at.image("amd64", [shared, large]);
  const arm = await at.image("arm64", [shared, Buffer.from("only of arm64")]);
  const manifests = [
    { ...amd, platform: { os: "linux", architecture: "amd64" } },
    { ...arm, platform: { os: "linux", architecture: "arm64" } },
  ];
  const index = await at.manifest({ schemaVersion: 2, mediaType: indexType, manifests }, "1.0", indexType);
  await signAt(at, index.digest, key, registry);
  await signAt(at, arm.digest, key, registry, "simple-signing");
  const sbom = await at.image("sbom", [Buffer.from("a bill")], {}, tagFor(index.digest, "sbom"));
  const att = await at.image("att", [Buffer.from("an attestation")], {}, tagFor(amd.digest, "att"));
  return { index, amd, arm, sbom, att, shared, large };
}
