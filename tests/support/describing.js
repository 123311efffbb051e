// Images to be described: pushed to the sandbox's registry, or held, whatever is in them, by one that can misbehave,
// which is new for each test of a file. The names that this exports are those of the test that runs.
import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import { describeImage, OcisignError } from "ocisign";
import { digestOf, Registry } from "../../demo/registry.js";
import { fakeRegistry } from "./fake-registry.js";
import { testSandbox } from "./sandbox.js";

/** The media types of a builder. */
export const oci = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
export const docker = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  index: "application/vnd.docker.distribution.manifest.list.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};
export const repository = "team/app";

/** @typedef {Awaited<ReturnType<typeof fakeRegistry>>} FakeRegistry */

/** @type {Awaited<ReturnType<typeof testSandbox>>} */
export let sandbox;
/** @type {FakeRegistry} */
export let registry;
/** @type {FakeRegistry[]} */
const opened = [];

before(async () => {
  sandbox = await testSandbox({ name: "describe" });
});
beforeEach(async () => {
  registry = await openRegistry();
});
after(async () => {
  for (const it of opened) it.close();
  await sandbox?.close();
});

/** One more registry, until the file's end. */
export async function openRegistry() {
  const made = await fakeRegistry();
  opened.push(made);
  return made;
}

export const bytesOf = (value) => Buffer.from(JSON.stringify(value));
export const descriptorOf = (bytes, mediaType, changes = {}) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
  ...changes,
});
export const config = (changes = {}) => ({
  architecture: "amd64",
  os: "linux",
  rootfs: { type: "layers", diff_ids: [] },
  ...changes,
});
export const manifestFor = (types, configBytes, changes = {}) => ({
  schemaVersion: 2,
  mediaType: types.manifest,
  config: descriptorOf(configBytes, types.config),
  layers: [descriptorOf(Buffer.from("a layer"), types.layer)],
  ...changes,
});
export const indexFor = (types, manifests, changes = {}) => ({
  schemaVersion: 2,
  mediaType: types.index,
  manifests,
  ...changes,
});

/** Pushes an image to the sandbox's registry; its bytes' descriptor. */
export async function push({ types = oci, of = config(), changes = {} } = {}) {
  const to = new Registry(sandbox.registry);
  const configBytes = bytesOf(of);
  await to.pushBlob(repository, configBytes);
  await to.pushBlob(repository, Buffer.from("a layer"));
  const bytes = bytesOf(manifestFor(types, configBytes, changes));
  await to.pushManifest(repository, digestOf(bytes), bytes, types.manifest);
  return descriptorOf(bytes, types.manifest);
}

export async function pushIndex(manifests, { types = oci, changes = {} } = {}) {
  const bytes = bytesOf(indexFor(types, manifests, changes));
  await new Registry(sandbox.registry).pushManifest(repository, digestOf(bytes), bytes, types.index);
  return descriptorOf(bytes, types.index);
}

export const inSandbox = ({ digest }) => `${sandbox.registry.domain}/${repository}@${digest}`;
export const describeInSandbox = (descriptor) => describeImage(inSandbox(descriptor));

/** Puts an image into the registry that can misbehave, whatever is in it; its reference. */
export function hold({ of = config(), configBytes = bytesOf(of), changes = {}, types = oci } = {}) {
  registry.blob(repository, configBytes);
  return holdManifest(manifestFor(types, configBytes, changes), types.manifest);
}

export function holdManifest(manifest, type = oci.manifest) {
  const bytes = Buffer.isBuffer(manifest) ? manifest : bytesOf(manifest);
  return `${registry.domain}/${repository}@${registry.manifest(repository, bytes, undefined, type)}`;
}

export const holdIndex = (manifests, changes) => holdManifest(indexFor(oci, manifests, changes), oci.index);
export const blobsAsked = () => registry.requests.filter(({ url }) => url.includes("/blobs/"));
export const entry = (changes = {}) => ({
  ...descriptorOf(Buffer.from("a manifest"), oci.manifest),
  platform: { os: "linux", architecture: "amd64" },
  ...changes,
});

/**
 * It is refused with this code, and the words are fit to be shown: short, on one line, plain.
 *
 * @param {Promise<unknown> | (() => Promise<unknown>)} act
 * @param {string} code
 * @param {RegExp} [said]
 * @param {string} [about]
 */
export async function refused(act, code, said = /./, about = undefined) {
  await assert.rejects(act, (/** @type {any} */ error) => {
    assert.ok(error instanceof OcisignError, `${about}: ${error.stack}`);
    assert.equal(error.code, code, `${about}: ${error.message}`);
    assert.match(error.message, said, about);
    assert.match(`${error.message} ${error.fix}`, /^[ -~\u2026]{1,800}$/, about);
    return true;
  });
}

/**
 * A reply of a registry.
 *
 * @param {number} code @param {import("node:http").OutgoingHttpHeaders} [headers] @param {string | Uint8Array} [body]
 */
export const status =
  (code, headers = {}, body = "") =>
  (/** @type {unknown} */ _, /** @type {import("node:http").ServerResponse} */ reply) =>
    reply.writeHead(code, headers).end(body);
export const errors = (code) => JSON.stringify({ errors: [{ code }] });
export const json = { "content-type": "application/json" };
