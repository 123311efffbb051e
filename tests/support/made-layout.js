// An OCI layout in memory, as tools write one, and ways to damage it.
import { digestOf } from "../../demo/registry.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "./signatures.js";

export const imageType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar";
const refName = "org.opencontainers.image.ref.name";

export const key = keyPair("P-256");
export const name = "registry.example/team/app";

/** A layout under way. Its files are what {@link verifyImage} reads. */
export class MadeLayout {
  /** @type {Map<string, Uint8Array>} */
  held = new Map([["oci-layout", Buffer.from('{"imageLayoutVersion":"1.0.0"}')]]);
  /** @type {any[]} */
  entries = [];
  /** What was read, in order. @type {string[]} */
  asked = [];

  /** @type {import("ocisign").LayoutFiles} */
  files = {
    read: (path) => {
      this.asked.push(path);
      const bytes = path === "index.json" ? (this.held.get(path) ?? this.index()) : this.held.get(path);
      return bytes && inPieces(bytes);
    },
  };

  index() {
    return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: this.entries }));
  }

  /** @param {Uint8Array | string} bytes */
  blob(bytes) {
    const digest = digestOf(Buffer.from(bytes));
    this.held.set(pathOf(digest), Buffer.from(bytes));
    return digest;
  }

  /** A manifest, which the index names with these annotations, or not. @param {any} manifest @param {Record<string, string> | null} annotations */
  manifest(manifest, annotations = {}, mediaType = imageType) {
    const bytes = Buffer.from(manifest instanceof Uint8Array ? manifest : JSON.stringify(manifest));
    const digest = this.blob(bytes);
    if (annotations) this.entries.push({ mediaType, digest, size: bytes.length, annotations });
    return digest;
  }

  /** An image with a config and a layer. @param {string} text tells it from another @param {Record<string, string> | null} [annotations] */
  image(text, annotations, platform = { os: "linux", architecture: "amd64" }) {
    const config = JSON.stringify({
      ...platform,
      rootfs: { type: "layers", diff_ids: [] },
      config: { Labels: { text } },
    });
    const layer = `the layer of ${text}`.repeat(1000);
    const described = (/** @type {string} */ mediaType, /** @type {string} */ bytes) => ({
      ...{ mediaType, digest: this.blob(bytes), size: bytes.length },
    });
    return this.manifest(
      {
        ...{ schemaVersion: 2, mediaType: imageType },
        ...{ config: described(configType, config), layers: [described(layerType, layer)] },
      },
      annotations,
    );
  }

  /** An index of images. @param {{ digest: string, platform?: object }[]} manifests @param {Record<string, string> | null} [annotations] */
  indexOf(manifests, annotations) {
    const all = manifests.map((one) => ({ mediaType: imageType, size: 1, ...one }));
    return this.manifest({ schemaVersion: 2, mediaType: indexType, manifests: all }, annotations, indexType);
  }

  /** A manifest with a signature of an image, whose annotations say how it was put there. */
  sign(
    /** @type {string} */ digest,
    /** @type {Record<string, string> | null} */ annotations = tag(`${digest.replace(":", "-")}.sig`),
    { by = key, repository = name } = {},
  ) {
    const payload = Buffer.from(JSON.stringify(payloadFor({ repository, digest })));
    this.blob(payload);
    this.blob("");
    return this.manifest(manifestOf(simpleLayer(by.privateKey, payload)), annotations);
  }

  /** A bundle that refers to an image. @param {string} digest @param {Record<string, string> | null} [annotations] */
  bundle(digest, annotations) {
    const { layer, bytes } = bundleLayer(key.privateKey, { digest });
    this.blob(bytes);
    const manifest = JSON.parse(manifestOf(layer).toString());
    const subject = { mediaType: imageType, digest, size: 1 };
    return this.manifest({ ...manifest, artifactType: layer.mediaType, subject }, annotations);
  }

  /** Changes a byte of a file. @param {string} digest */
  damage(digest, at = 0) {
    const bytes = Buffer.from(this.held.get(pathOf(digest)) ?? []);
    bytes[at] ^= 1;
    this.held.set(pathOf(digest), bytes);
  }
}

/** How an index names what has a tag. @param {string} text */
export const tag = (text) => ({ [refName]: text });

/** @param {string} digest */
export const pathOf = (digest) => `blobs/${digest.replace(":", "/")}`;

/** In small pieces, as they come from a file. @param {Uint8Array} bytes */
async function* inPieces(bytes) {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}
