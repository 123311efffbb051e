// A registry with two versions of an image, in a process of its own, that answers each request after a while and counts
// what it sends. The images share a large layer; the layer above it differs, and so does how they start.
import { fork } from "node:child_process";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import { digestOf } from "../../demo/registry.js";
import { randomNumbers } from "../../tests/support/random.js";
import { heldRegistry } from "./held-registry.js";

/**
 * @typedef {object} Wanted
 * @property {number} ms how long each reply waits
 * @property {number} baseBytes of the shared layer, unpacked
 * @property {number} appBytes of the layer that differs, unpacked
 * @property {number} [bytesPerMs] of all replies together, as over a line; without it, as fast as it goes
 *
 * @typedef {object} Images
 * @property {string} url
 * @property {string} before @property {string} after references
 * @property {() => Promise<number>} sent how many bytes were sent since it was asked last
 */

/** @param {Wanted} wanted @returns {Promise<Images & { close: () => void }>} */
export async function imageRegistry(wanted) {
  const child = fork(new URL(import.meta.url), [JSON.stringify(wanted)], { stdio: "inherit" });
  const [images] = await once(child, "message");
  const sent = async () => Number(await (await fetch(`${images.url}/sent`)).text());
  return { ...images, sent, close: () => child.kill() };
}

const types = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const repository = "team/app";

/** @param {Wanted} wanted */
async function serve({ ms, baseBytes, appBytes, bytesPerMs = Number.POSITIVE_INFINITY }) {
  let sent = 0;
  const line = new Line(bytesPerMs);
  const { held, domain } = await heldRegistry({
    ms,
    send: (response, bytes) => {
      sent += bytes.length;
      line.send(response, bytes);
    },
    besides: {
      "/sent": (response) => {
        response.end(String(sent));
        sent = 0;
      },
    },
  });
  const put = (/** @type {string} */ path, /** @type {Uint8Array} */ bytes, /** @type {string} */ type) => {
    held.set(`/v2/${repository}/${path}`, { type, bytes });
    return { mediaType: type, digest: digestOf(bytes), size: bytes.length };
  };
  const putBlob = (/** @type {Uint8Array} */ bytes, /** @type {string} */ type) =>
    put(`blobs/${digestOf(bytes)}`, bytes, type);

  const base = await layerOf("usr/share/base", baseBytes, 1);
  /** @param {number} version @param {string} word */
  async function image(version, word) {
    // So that a list of its files tells it from the other one, too.
    const app = await layerOf("opt/app", appBytes + version, version + 1);
    const config = {
      ...{ architecture: "amd64", os: "linux", created: `2026-0${version}-01T00:00:00Z` },
      config: { Entrypoint: ["/app", word], Env: ["PATH=/bin"], User: "app" },
      rootfs: { type: "layers", diff_ids: [base, app].map(({ tarDigest }) => tarDigest) },
      history: [{ created_by: "COPY base /" }, { created_by: "COPY app /" }],
    };
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: types.manifest,
        config: putBlob(Buffer.from(JSON.stringify(config)), types.config),
        layers: [base, app].map(({ packed }) => putBlob(packed, types.layer)),
      }),
    );
    const { digest } = put(`manifests/${digestOf(manifest)}`, manifest, types.manifest);
    return `${domain}/${repository}@${digest}`;
  }
  const [before, after] = [await image(1, "one"), await image(2, "two")];
  process.send?.({ url: `http://${domain}`, before, after });
}

/** What all replies share. */
class Line {
  #bytesPerMs;
  /** When it is free again, by `performance.now()`. */
  #free = 0;
  /** Pieces under way. A timer that is late makes up for it, and only an idle line begins anew. */
  #pieces = 0;

  /** @param {number} bytesPerMs */
  constructor(bytesPerMs) {
    this.#bytesPerMs = bytesPerMs;
  }

  /** @param {import("node:http").ServerResponse} response @param {Uint8Array} bytes */
  send(response, bytes) {
    if (this.#bytesPerMs === Number.POSITIVE_INFINITY) return response.end(bytes);
    const piece = bytes.subarray(0, 65_536);
    const from = this.#pieces === 0 ? performance.now() : this.#free;
    this.#free = from + piece.length / this.#bytesPerMs;
    this.#pieces += 1;
    setTimeout(() => {
      response.write(piece);
      if (piece.length === bytes.length) response.end();
      else if (!response.destroyed) this.send(response, bytes.subarray(piece.length));
      this.#pieces -= 1;
    }, this.#free - performance.now());
  }
}

/** Files of a megabyte at most, half of which can be compressed. @param {string} folder @param {number} size @param {number} seed */
async function layerOf(folder, size, seed) {
  const random = randomNumbers(seed);
  const pack = tar.pack();
  const whole = buffer(pack);
  const most = 1024 * 1024;
  for (let left = size, at = 0; left > 0; left -= most, at++) {
    const bytes = Buffer.alloc(Math.min(left, most));
    for (let place = 0; place + 8 <= bytes.length; place += 8) bytes.writeUInt32LE(random(2 ** 32), place);
    pack.entry({ name: `${folder}/file-${at}`, mode: 0o644, mtime: new Date(0) }, bytes);
  }
  pack.finalize();
  const bytes = await whole;
  return { tarDigest: digestOf(bytes), packed: gzipSync(bytes) };
}

if (process.send && process.argv[2]) await serve(JSON.parse(process.argv[2]));
