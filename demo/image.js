// A small but genuine image for linux/amd64: one layer with one file, a config, and a manifest.
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import { digestOf } from "./registry.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/**
 * Pushes the image. The same text gives the same digest.
 *
 * @param {import("./registry.js").Registry} registry @param {string} repository @param {string} text what the file says
 * @returns {Promise<string>} the manifest's digest
 */
export async function pushImage(registry, repository, text = "signed by ocisign\n") {
  const layer = await layerWith("hello.txt", text);
  const packed = gzipSync(layer);
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Labels: { "org.opencontainers.image.title": "ocisign demo" } },
      rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
      history: [{ created: "1970-01-01T00:00:00Z", created_by: "ocisign demo" }],
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: await registry.pushBlob(repository, config),
        size: config.length,
      },
      layers: [
        {
          mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
          digest: await registry.pushBlob(repository, packed),
          size: packed.length,
        },
      ],
    }),
  );
  return registry.pushManifest(repository, "demo", manifest, manifestType);
}

/** @param {string} name @param {string} text */
async function layerWith(name, text) {
  const pack = tar.pack();
  pack.entry({ name, mode: 0o644, mtime: new Date(0) }, text);
  pack.finalize();
  return buffer(pack);
}
