// Is a layer with the digest of another one the same? Not where a runtime would unpack, or run, something else.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { compareImages } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { codes, descriptorOf, inFake, only, types } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { filesOf, holdLayers, layerOf, tarOf } from "../support/layers.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
/** @type {ReturnType<typeof inFake>} */
let there;
beforeEach(async () => {
  fake = await fakeRegistry();
  there = inFake(fake);
});
afterEach(() => fake.close());

const [base, app, other] = [[{ name: "base" }], [{ name: "bin/app" }], [{ name: "bin/other" }]];
const contentOf = (/** @type {any[]} */ entries) => digestOf(tarOf(entries));
const saying = (/** @type {any[][]} */ ...layers) => ({
  outer: { rootfs: { type: "layers", diff_ids: layers.map(contentOf) } },
});
/** @param {any} old @param {any} now @param {import("ocisign").CompareOptions} [options] */
const compare = async (old, now, options = { packages: "none" }) =>
  compareImages(old.reference, now.reference, options);
const statesOf = (/** @type {import("ocisign").ImageChanges} */ changes) =>
  only(changes).layers.map(({ state }) => state);

test("a config that says that a layer holds something else", async () => {
  const honest = await holdLayers(there, [base, app], saying(base, app));
  const lying = await holdLayers(there, [base, app], saying(base, other));
  const changes = await compare(honest, lying);
  assert.deepEqual(statesOf(changes), ["same", "gone", "new"]);
  assert.deepEqual(codes(changes), [`layer-content ${digestOf(layerOf(app))}`]);
  const { files } = only(changes);
  assert.deepEqual(files, { state: "notAsked", costBytes: 2 * layerOf(app).length });
  // All of them: there is no layer in common.
  assert.deepEqual(codes(await compare(honest, await holdLayers(there, [base, app], saying(other, other)))), [
    "no-shared-layer",
    ...[base, app].map((layer) => `layer-content ${digestOf(layerOf(layer))}`),
  ]);
  // It is read, and found out; also after the layer itself was read as what it is.
  for (const packages of /** @type {const} */ (["none", "layers"])) {
    await compare(await holdLayers(there, [base], saying(base)), honest, { files: true, packages: "layers" });
    const read = await compare(honest, lying, { files: true, packages });
    const told = only(read).files;
    assert.ok(told.state === "unknown");
    assert.match(
      told.error.message,
      /unpacks to something else than the image's config says, which is sha256:/,
    );
    assert.ok(codes(read).includes("unreadable files"));
  }
});

test("one that fits is read, whatever follows the archive's end", async () => {
  const trailing = Buffer.concat([tarOf(app), Buffer.alloc(9000)]);
  const said = { outer: { rootfs: { type: "layers", diff_ids: [contentOf(base), digestOf(trailing)] } } };
  const old = await holdLayers(there, [base], saying(base));
  const now = await holdLayers(there, [base, trailing], said);
  const { files } = only(await compare(old, now, { files: true }));
  assert.deepEqual(filesOf(files), [
    "+ bin/app (file) unusualPlace".replace(" (file) unusualPlace", " shared below"),
  ]);
});

test("where one of the configs does not say it, or says it of other layers, the digest counts", async () => {
  const plain = await holdLayers(there, [base, app]);
  for (const said of [
    saying(base, app),
    saying(base),
    saying(base, app, other),
    { outer: { rootfs: null } },
  ]) {
    const one = await holdLayers(there, [base, app], { ...said, config: { User: "a" } });
    assert.deepEqual(statesOf(await compare(plain, one)), ["same", "same"]);
    assert.deepEqual(statesOf(await compare(one, plain)), ["same", "same"]);
  }
});

test("a type that has the same bytes unpacked otherwise", async () => {
  const bytes = layerOf(app);
  await there.blob(bytes);
  const of = (/** @type {string} */ type) => holdLayers(there, [base, descriptorOf(bytes, type)]);
  const gzip = await of(types.layer);
  for (const [type, states] of /** @type {const} */ ([
    ["application/vnd.oci.image.layer.v1.tar", ["same", "gone", "new"]],
    ["application/vnd.oci.image.layer.v1.tar+zstd", ["same", "gone", "new"]],
    // As images are converted from docker's format to OCI's.
    ["application/vnd.docker.image.rootfs.diff.tar.gzip", ["same", "same"]],
  ])) {
    assert.deepEqual(statesOf(await compare(gzip, await of(type))), states, type);
  }
});
