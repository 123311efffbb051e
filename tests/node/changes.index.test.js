// An index is compared platform by platform, also with an image.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compareImages } from "ocisign";
import { codes, hold, holdIndex, inFake, inRounds, types } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {ReturnType<typeof inFake>} */
let there;
before(async () => {
  registry = await fakeRegistry();
  there = inFake(registry);
});
after(() => registry?.close());

/** @param {string} platform @param {string} layer */
const image = (platform, layer) => {
  const [os, architecture, variant] = platform.split("/");
  return hold(there, { layers: ["base", layer], outer: { os, architecture, ...(variant && { variant }) } });
};
/** Each by its platform and a layer. @param {Record<string, string>} layers @param {object[]} [more] */
async function index(layers, more) {
  const images = Object.entries(layers).map(async ([name, layer]) => [name, await image(name, layer)]);
  return holdIndex(there, Object.fromEntries(await Promise.all(images)), more);
}
/** @param {import("ocisign").ImagePlatform | undefined} platform */
const text = (platform) =>
  platform ? [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/") : "-";
/** @param {{ reference: string }} old @param {{ reference: string }} now @param {object} [options] */
async function told(old, now, options = {}) {
  const changes = await compareImages(old.reference, now.reference, { packages: "none", ...options });
  return [
    ...changes.platforms.map(({ platform, state }) => `${state} ${text(platform)}`),
    ...changes.samePlatforms.map((platform) => `identical ${text(platform)}`),
  ];
}

test("platforms that are new, gone, changed, and the same", async () => {
  const old = await index({ "linux/amd64": "a", "linux/arm64": "a", "linux/s390x": "a" });
  const now = await index({ "linux/amd64": "b", "linux/arm64": "a", "linux/ppc64le": "a" });
  assert.deepEqual(await told(old, now), [
    ...["same linux/amd64", "added linux/ppc64le", "removed linux/s390x", "identical linux/arm64"],
  ]);
  const changes = await compareImages(old.reference, now.reference, { packages: "none" });
  assert.deepEqual(codes(changes), ["platform-added linux/ppc64le", "platform-removed linux/s390x"]);
  const [both, added, removed] = changes.platforms;
  assert.ok(both?.state === "same" && added?.state === "added" && removed?.state === "removed");
  assert.deepEqual(
    both.value.layers.map(({ state }) => state),
    ["same", "gone", "new"],
  );
  // The one side alone is described.
  assert.deepEqual(
    added.after.layers.map(({ state }) => state),
    ["new", "new"],
  );
  assert.equal(added.after.sizeBytes.state, "added");
  assert.equal(removed.before.manifest.state, "removed");
  assert.deepEqual(removed.before.packages, { state: "notAsked" });
});

test("what is the same on both sides is not fetched, and an index takes one round more", async () => {
  const old = await index({ "linux/amd64": "c", "linux/arm64": "same" });
  const now = await index({ "linux/amd64": "d", "linux/arm64": "same" });
  const { fetch, asked, rounds } = inRounds();
  await told(old, now, { registry: { fetch } });
  assert.deepEqual(rounds, [2, 2, 2]);
  assert.deepEqual(asked, ["manifests", "manifests", "manifests", "manifests", "blobs", "blobs"]);
});

test("an image against an index, both ways", async () => {
  const alone = await image("linux/arm64", "e");
  const many = await index({ "linux/amd64": "a", "linux/arm64": "b" });
  assert.deepEqual(await told(alone, many), ["added linux/amd64", "same linux/arm64"]);
  assert.deepEqual(await told(many, alone), ["same linux/arm64", "removed linux/amd64"]);
  // The very image, which now stands in an index.
  const packed = await holdIndex(there, { "linux/arm64": alone });
  assert.deepEqual(await told(alone, packed), ["identical linux/arm64"]);
});

test("images of other platforms are not compared, but of one without a platform", async () => {
  const [amd, arm] = [await image("linux/amd64", "f"), await image("linux/arm64", "f")];
  assert.deepEqual(await told(amd, arm), ["added linux/arm64", "removed linux/amd64"]);
  const unnamed = await hold(there, { outer: { os: "", architecture: "" } });
  assert.deepEqual(await told(unnamed, arm), ["same linux/arm64"]);
  assert.deepEqual(await told(amd, unnamed), ["same linux/amd64"]);
});

test("a variant that only one builder writes is the same platform, and another variant is another one", async () => {
  assert.deepEqual(await told(await index({ "linux/arm64": "g" }), await index({ "linux/arm64/v8": "h" })), [
    "same linux/arm64/v8",
  ]);
  assert.deepEqual(await told(await index({ "linux/arm/v6": "g" }), await index({ "linux/arm/v7": "h" })), [
    ...["added linux/arm/v7", "removed linux/arm/v6"],
  ]);
  const both = await index({ "linux/arm/v6": "g", "linux/arm/v7": "g" });
  assert.deepEqual(await told(both, await index({ "linux/arm/v7": "h", "linux/arm/v6": "h" })), [
    ...["same linux/arm/v7", "same linux/arm/v6"],
  ]);
});

test("only the platforms that were named", async () => {
  const old = await index({ "linux/amd64": "a", "linux/arm64": "a", "linux/arm/v7": "a" });
  const now = await index({ "linux/amd64": "b", "linux/arm64": "b", "linux/arm/v7": "b" });
  const only = (/** @type {string[]} */ ...platforms) => told(old, now, { platforms });
  assert.deepEqual(await only("linux/arm64"), ["same linux/arm64"]);
  assert.deepEqual(await only("linux/arm"), ["same linux/arm/v7"]);
  assert.deepEqual(await only("linux/arm/v7", "linux/amd64"), ["same linux/amd64", "same linux/arm/v7"]);
  assert.deepEqual(await only("linux/amd64", "plan9/386"), ["same linux/amd64", "unknown -"]);
  assert.deepEqual(await only("linux/ar"), ["unknown -"]);
});

test("of more than sixteen platforms, the rest is told as unknown", async () => {
  const names = Array.from({ length: 18 }, (_, at) => `linux/a${String(at).padStart(2, "0")}`);
  const of = (/** @type {string} */ layer) => index(Object.fromEntries(names.map((name) => [name, layer])));
  const lines = await told(await of("a"), await of("b"));
  assert.deepEqual(lines.slice(15), ["same linux/a15", "unknown linux/a16", "unknown linux/a17"]);
  const some = { platforms: ["linux/a17"] };
  assert.deepEqual(await told(await of("a"), await of("b"), some), ["same linux/a17"]);
});

test("what an index names beside platforms: attestations are no images, and all else is compared", async () => {
  const [old, now] = [await image("linux/amd64", "x"), await image("linux/amd64", "y")];
  const attestation = {
    ...old.descriptor,
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  };
  const first = await holdIndex(there, { "linux/amd64": old }, [old.descriptor, attestation]);
  const second = await holdIndex(there, { "linux/amd64": old }, [now.descriptor]);
  // It names no platform, neither in the index.
  assert.deepEqual(await told(first, second), ["same -", "identical linux/amd64"]);
});

test("an index in an index is told as unknown, and the rest is compared", async () => {
  const inner = await index({ "linux/amd64": "inner" });
  const of = async (/** @type {string} */ layer, /** @type {object[]} */ more) =>
    index({ "linux/arm64": layer }, more);
  const old = await of("a", [
    { ...(await image("linux/amd64", "a")).descriptor, platform: { os: "linux", architecture: "amd64" } },
  ]);
  const now = await of("b", [{ ...inner.descriptor, platform: { os: "linux", architecture: "amd64" } }]);
  assert.deepEqual(await told(old, now), ["same linux/arm64", "unknown linux/amd64"]);
});

test("a manifest that is missing, damaged, or another than the index says", async () => {
  const fine = await image("linux/arm64", "z");
  const descriptor = { ...fine.descriptor, digest: `sha256:${"0".repeat(64)}` };
  const platform = { os: "linux", architecture: "amd64" };
  for (const [entry, said] of /** @type {const} */ ([
    [{ ...descriptor, platform }, /does not hold/],
    [
      { ...(await image("linux/amd64", "q")).descriptor, mediaType: types.index, platform },
      /calls a manifest/,
    ],
  ])) {
    const old = await index({ "linux/amd64": "z", "linux/arm64": "z" });
    const now = await index({ "linux/arm64": "zz" }, [entry]);
    const { platforms, notable } = await compareImages(old.reference, now.reference, { packages: "none" });
    const [same, unknown] = platforms;
    assert.equal(same?.state, "same");
    assert.ok(unknown?.state === "unknown" && unknown.platform?.architecture === "amd64");
    assert.match(unknown.error.message, said);
    assert.deepEqual(notable, [{ code: "unreadable", subject: "platform", platform: "linux/amd64" }]);
  }
});

test("an index of a thousand images of one machine is paired at once", async () => {
  const entries = (/** @type {string} */ letter) =>
    Array.from({ length: 1000 }, (_, at) => ({
      mediaType: types.manifest,
      digest: `sha256:${letter}${String(at).padStart(63, "0")}`,
      size: 1,
      platform: { os: "linux", architecture: "amd64", variant: `v${at}` },
    }));
  const [old, now] = [await holdIndex(there, {}, entries("a")), await holdIndex(there, {}, entries("b"))];
  const lines = await told(old, now, { platforms: ["linux/amd64/v7", "linux/amd64/v999"] });
  assert.deepEqual(lines, ["unknown linux/amd64/v7", "unknown linux/amd64/v999"]);
  const all = await told(old, now);
  assert.deepEqual([all.length, all.at(-1)], [1000, "unknown linux/amd64/v999"]);
});
