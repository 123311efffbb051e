// Images to be compared: each is a few layers and a config, and stands in any registry that takes blobs and manifests.
import assert from "node:assert/strict";
import { digestOf, Registry } from "../../demo/registry.js";

export const repository = "team/app";
export const types = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};

/**
 * What holds an image, by its domain.
 *
 * @typedef {{ domain: string, blob: (bytes: Buffer) => unknown,
 *   manifest: (bytes: Buffer, type: string) => unknown }} Holder
 *
 * @typedef {object} Made what an image is made of
 * @property {(string | Record<string, any>)[]} [layers] a text is the content of one
 * @property {Record<string, any>} [config] of the config's own `config`
 * @property {Record<string, any>} [outer] beside it
 * @property {Record<string, any>} [changes] of the manifest
 * @property {Buffer} [configBytes] in place of all of the config
 */

/** A registry that a test makes up. @param {Awaited<ReturnType<typeof import("./fake-registry.js").fakeRegistry>>} registry */
export const inFake = (registry) => ({
  domain: registry.domain,
  blob: (/** @type {Buffer} */ bytes) => registry.blob(repository, bytes),
  manifest: (/** @type {Buffer} */ bytes, /** @type {string} */ type) =>
    registry.manifest(repository, bytes, undefined, type),
});

/** A real one. @param {{ url: string, domain: string }} registry */
export const inReal = ({ url, domain }) => {
  const to = new Registry({ url });
  return {
    domain,
    blob: (/** @type {Buffer} */ bytes) => to.pushBlob(repository, bytes),
    manifest: (/** @type {Buffer} */ bytes, /** @type {string} */ type) =>
      to.pushManifest(repository, digestOf(bytes), bytes, type),
  };
};

export const bytesOf = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value));

/** @param {Buffer} bytes @param {string} mediaType */
export const descriptorOf = (bytes, mediaType, more = {}) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
  ...more,
});

/**
 * Puts an image there.
 *
 * @param {Holder} holder @param {Made} [made]
 * @returns {Promise<{ reference: string, descriptor: { mediaType: string, digest: string, size: number } }>}
 */
export async function hold(
  holder,
  { layers = ["base", "app"], config = {}, outer = {}, changes = {}, configBytes } = {},
) {
  const whole = {
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [] },
    config,
    ...outer,
  };
  const bytes = configBytes ?? bytesOf(whole);
  const listed = await Promise.all(
    layers.map(async (layer) => {
      if (typeof layer !== "string") return layer;
      await holder.blob(Buffer.from(layer));
      return descriptorOf(Buffer.from(layer), types.layer);
    }),
  );
  await holder.blob(bytes);
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptorOf(bytes, types.config),
    layers: listed,
    ...changes,
  };
  return holdManifest(holder, bytesOf(manifest), types.manifest);
}

/** @param {Holder} holder @param {Buffer} bytes @param {string} type */
export async function holdManifest(holder, bytes, type) {
  await holder.manifest(bytes, type);
  return {
    reference: `${holder.domain}/${repository}@${digestOf(bytes)}`,
    descriptor: descriptorOf(bytes, type),
  };
}

/**
 * An index of images by platform, such as `linux/arm64/v8`.
 *
 * @param {Holder} holder @param {Record<string, { descriptor: object }>} images @param {object[]} [more]
 */
export function holdIndex(holder, images, more = []) {
  const manifests = Object.entries(images).map(([name, { descriptor }]) => {
    const [os, architecture, variant] = name.split("/");
    return { ...descriptor, platform: { os, architecture, ...(variant && { variant }) } };
  });
  const index = { schemaVersion: 2, mediaType: types.index, manifests: [...manifests, ...more] };
  return holdManifest(holder, bytesOf(index), types.index);
}

/** What was found of the one platform that both have. @param {import("ocisign").ImageChanges} changes */
export function only({ platforms }) {
  assert.equal(platforms.length, 1);
  const [change] = platforms;
  assert.ok(change?.state === "same", JSON.stringify(change));
  return change.value;
}

/** @param {import("ocisign").ImageChanges} changes */
export const codes = ({ notable }) =>
  notable.map(({ code, platform, subject }) => [code, platform, subject].filter(Boolean).join(" "));

/**
 * A `fetch` that answers in rounds: all that was asked for without a reply to any of it is answered together.
 *
 * @param {import("ocisign").Fetch} [fetch]
 */
export function inRounds(fetch = /** @type {any} */ (globalThis.fetch)) {
  /** @type {string[]} */
  const asked = [];
  /** How many were asked for in each. @type {number[]} */
  const rounds = [];
  /** @type {(() => void)[]} */
  let waiting = [];
  const answer = () => {
    rounds.push(waiting.length);
    const those = waiting;
    waiting = [];
    for (const go of those) go();
  };
  /** @type {import("ocisign").Fetch} */
  const own = async (url, init) => {
    asked.push(new URL(url).pathname.replace(/.*\/(manifests|blobs|referrers)\/.*/, "$1"));
    const reply = /** @type {Response} */ (await fetch(url, init));
    // All of it is there before the round ends.
    const bytes = await reply.arrayBuffer();
    await new Promise((resolve) => {
      waiting.push(() => resolve(undefined));
      if (waiting.length === asked.length - rounds.reduce((sum, count) => sum + count, 0)) answer();
    });
    return new Response(bytes, reply);
  };
  return { fetch: own, asked, rounds };
}
