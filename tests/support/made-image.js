// Images whose layers and config a test writes itself, so that it knows what differs.
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import { digestOf } from "../../demo/registry.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/**
 * @typedef {Record<string, string | { text: string, mode: number }>} Files by their paths
 *
 * @typedef {object} Made
 * @property {Files[]} layers from the bottom
 * @property {Record<string, unknown>} [config] what a container runs with
 * @property {string} [created]
 */

/**
 * Pushes an image for linux/amd64.
 *
 * @param {import("../../demo/registry.js").Registry} registry @param {string} repository @param {Made} made
 * @returns {Promise<string>} the manifest's digest
 */
export async function pushMade(registry, repository, { layers, config, created = "2026-11-01T08:00:00Z" }) {
  const tars = await Promise.all(layers.map(tarOf));
  const image = {
    ...{ architecture: "amd64", os: "linux", created, config },
    rootfs: { type: "layers", diff_ids: tars.map(digestOf) },
    history: layers.map((files) => ({ created, created_by: `COPY ${Object.keys(files).join(" ")}` })),
  };
  /** @param {string} mediaType @param {Buffer} bytes */
  const pushed = async (mediaType, bytes) => ({
    ...{ mediaType, size: bytes.length },
    digest: await registry.pushBlob(repository, bytes),
  });
  const manifest = {
    ...{ schemaVersion: 2, mediaType: manifestType },
    config: await pushed("application/vnd.oci.image.config.v1+json", Buffer.from(JSON.stringify(image))),
    layers: await Promise.all(
      tars.map((layer) => pushed("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(layer))),
    ),
  };
  return registry.pushManifest(repository, "made", Buffer.from(JSON.stringify(manifest)), manifestType);
}

/** @param {Files} files */
function tarOf(files) {
  const pack = tar.pack();
  for (const [name, file] of Object.entries(files)) {
    const { text, mode } = typeof file === "string" ? { text: file, mode: 0o644 } : file;
    pack.entry({ name, mode, mtime: new Date(0) }, text);
  }
  pack.finalize();
  return buffer(pack);
}

/** A database of dpkg. @param {Record<string, string>} versions by package */
export const dpkg = (versions) => ({
  "var/lib/dpkg/status": Object.entries(versions)
    .map(
      ([name, version]) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n`,
    )
    .join("\n"),
});
