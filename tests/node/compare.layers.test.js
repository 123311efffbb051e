// What is told of layers that are not what the manifest says, that cannot be read, or that nobody could unpack?
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { compareImages, OcisignError } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { descriptorOf, inFake, only, types } from "../support/changing.js";
import { endlessLayer } from "../support/endless-layer.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { dpkgStatus, filesOf, headerOf, holdLayers, layerOf, linesOf, tarOf } from "../support/layers.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
/** @type {ReturnType<typeof inFake>} */
let there;
beforeEach(async () => {
  fake = await fakeRegistry();
  there = inFake(fake);
});
afterEach(() => fake.close());

const base = [{ name: "base", content: "x" }];
/** @param {string} version */
const status = (version) => [{ name: "var/lib/dpkg/status", content: dpkgStatus([["a", version]]) }];
const urlOf = (/** @type {string} */ digest) => `/v2/team/app/blobs/${digest}`;

/**
 * What is told of an image with this layer, when packages and files are wanted.
 *
 * @param {any} layer @param {import("ocisign").CompareOptions} [options]
 */
async function told(layer, options = {}) {
  const [old, now] = [await holdLayers(there, [base]), await holdLayers(there, [base, layer])];
  return only(
    await compareImages(old.reference, now.reference, { packages: "layers", files: true, ...options }),
  );
}

/** Both parts are unknown, with this reason; and what else there is to tell is told. @param {Awaited<ReturnType<typeof told>>} changes */
function isUnknown({ packages, files, layers }, /** @type {RegExp} */ said, code = "bad-reply") {
  for (const part of [packages, files]) {
    assert.ok(part.state === "unknown", JSON.stringify(part));
    assert.ok(part.error instanceof OcisignError);
    assert.match(part.error.message, said);
    assert.match(`${part.error.message} ${part.error.fix}`, /^[ -~…]{1,900}$/);
    assert.equal(part.error.code, code);
  }
  assert.deepEqual(
    layers.map(({ state }) => state),
    ["same", "new"],
  );
}

/** A layer for which the registry answers something of its own. @param {Buffer} bytes @param {import("../support/fake-registry.js").Handler} handler */
function answering(bytes, handler, more = {}) {
  const descriptor = descriptorOf(bytes, types.layer, more);
  fake.answer(`GET ${urlOf(descriptor.digest)}`, handler);
  return descriptor;
}

test("something else, or only a part of it", async () => {
  const bytes = layerOf(status("1"));
  const other = layerOf(status("2"));
  isUnknown(
    await told(answering(bytes, (_, reply) => reply.end(other), { size: other.length })),
    /The layer sha256:[0-9a-f]{64}: The registry sent something else than the layer, or not all of it/,
  );
  isUnknown(
    await told(
      answering(layerOf(status("3")), (_, reply) => reply.end(layerOf(status("3")).subarray(0, 90))),
    ),
    /something else than the layer, or not all of it/,
  );
  const cut = layerOf([{ name: "cut", content: "c".repeat(1000) }]);
  const halved = answering(cut, (_, reply) => {
    reply.writeHead(200, { "content-length": cut.length });
    reply.write(cut.subarray(0, 60), () => reply.destroy());
  });
  isUnknown(await told(halved), /Reading the blob sha256:[0-9a-f]{64} of team\/app: no answer/, "network");
  const longer = answering(layerOf(status("4")), (_, reply) =>
    reply.end(Buffer.concat([layerOf(status("4")), Buffer.alloc(10)])),
  );
  isUnknown(await told(longer), /larger than the \d+ bytes that are allowed/);
  const page = answering(layerOf(status("5")), (_, reply) =>
    reply.writeHead(200, { "content-type": "text/html" }).end("<html>sign in"),
  );
  isUnknown(await told(page), /HTML/);
});

test("not there, or not for us", async () => {
  const bytes = layerOf(status("1"));
  isUnknown(await told(descriptorOf(bytes, types.layer)), /BLOB_UNKNOWN|HTTP 404/, "not-found");
  const refused = answering(layerOf(status("2")), (_, reply) => reply.writeHead(403).end());
  isUnknown(await told(refused), /403/, "forbidden");
});

test("a size that is not the manifest's", async () => {
  const bytes = layerOf(status("1"));
  fake.blob("team/app", bytes);
  const { length } = bytes;
  isUnknown(
    await told(descriptorOf(bytes, types.layer, { size: length + 1 })),
    /has \d+ bytes, and the manifest says \d+/,
  );
  isUnknown(await told(descriptorOf(bytes, types.layer, { size: length - 1 })), /larger than the \d+ bytes/);
});

test("packed so that it is not read: nothing is fetched where the type says so", async () => {
  const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]);
  for (const [layer, said, isFetched] of /** @type {const} */ ([
    [
      { bytes: zstd, type: "application/vnd.oci.image.layer.v1.tar+zstd" },
      /packed with zstd, which is not read/,
      false,
    ],
    [{ bytes: zstd, type: types.layer }, /packed with zstd, which is not read/, true],
    [{ bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), type: types.layer }, /packed with xz/, true],
    [{ bytes: Buffer.from("BZh91AY"), type: types.layer }, /packed with bzip2/, true],
    [
      { bytes: Buffer.from("x"), type: "application/vnd.oci.image.layer.v1.tar+gzip+encrypted" },
      /packed with encrypted/,
      false,
    ],
    [
      {
        bytes: Buffer.from("MZ, a layer of Windows"),
        type: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      },
      /to be fetched from elsewhere/,
      false,
    ],
  ])) {
    fake.blob("team/app", layer.bytes);
    const before = fake.requests.length;
    isUnknown(await told(descriptorOf(layer.bytes, layer.type)), said);
    const asked = fake.requests.slice(before).filter(({ url }) => url === urlOf(digestOf(layer.bytes)));
    assert.equal(asked.length > 0, isFetched, String(said));
  }
});

test("what is no layer inside", async () => {
  const whole = layerOf(status("1"));
  const spoiled = Buffer.from(whole);
  spoiled[whole.length - 6] ^= 0xff;
  for (const [bytes, said] of /** @type {const} */ ([
    [Buffer.from(`no archive at all ${"x".repeat(600)}`), /checksum is (wrong|no number)/],
    [gzipSync(`{"a": "JSON"}${" ".repeat(600)}`), /checksum is (wrong|no number)/],
    [Buffer.from("short"), /ends in the middle/],
    [whole.subarray(0, whole.length - 9), /cannot be unpacked/],
    [spoiled, /cannot be unpacked/],
    [layerOf([{ name: "a/.wh." }]), /whiteout names nothing/],
    [layerOf([{ name: "a/.wh..." }]), /whiteout names nothing, or a folder above/],
  ])) {
    isUnknown(await told(/** @type {Buffer} */ (bytes)), said);
  }
  // Nothing at all is an archive without entries, and plain tar is one, too.
  const nothing = await told(Buffer.alloc(0));
  assert.deepEqual(filesOf(nothing.files), []);
  assert.deepEqual(linesOf((await told(tarOf(status("1")))).packages), ["+ a 1"]);
});

test("gzip in several parts, as eStargz is", async () => {
  const tar = tarOf([...status("1"), { name: "x", content: "y".repeat(2000) }]);
  const parts = [tar.subarray(0, 700), tar.subarray(700, 900), tar.subarray(900)].map((part) =>
    gzipSync(part),
  );
  const { packages, files } = await told(Buffer.concat(parts));
  assert.deepEqual(linesOf(packages), ["+ a 1"]);
  assert.equal(filesOf(files).length, 2);
});

test("a layer that unpacks to terabytes is left after its beginning", async () => {
  const length = 1024 ** 3;
  const { handler, sent } = endlessLayer(length);
  const digest = `sha256:${"ab".repeat(32)}`;
  fake.answer(`GET ${urlOf(digest)}`, handler);
  const changes = await told({ mediaType: types.layer, digest, size: length });
  isUnknown(changes, /first \d+ bytes unpack to more than 50331648: it is no honest layer/);
  // Once, though packages and files are wanted; with what a socket holds.
  assert.ok(sent.bytes < 16 * 1024 * 1024, `${sent.bytes} bytes were sent`);
});

test("more than there may be", async () => {
  const huge = { mediaType: types.layer, digest: `sha256:${"cd".repeat(32)}`, size: 1e13 };
  isUnknown(await told(huge), /has 10000000000000 bytes; at most 4294967296 are read/);
  const large = { name: "var/lib/dpkg/status", size: 60 * 1024 * 1024 };
  // Plain, since what is packed that well is no layer at all.
  const bytes = Buffer.concat([headerOf(large), Buffer.alloc(60 * 1024 * 1024 + 1024)]);
  const { packages } = await told(bytes);
  assert.ok(packages.state === "unknown");
  assert.match(packages.error.message, /has 62914560 bytes; at most 50331648 are read/);
  const noise = layerOf([{ name: "noise", content: randomBytes(100_000) }]);
  isUnknown(await told(noise, { totalBytes: 50_000 }), /more than the 50000 bytes that totalBytes allows/);
});

test("silence in the middle, and the caller's signal", async () => {
  const bytes = layerOf(status("1"));
  /** @type {() => void} */
  let reached = () => {};
  const isReached = new Promise((resolve) => (reached = () => resolve(undefined)));
  const silent = answering(bytes, (_, reply) => {
    reply.writeHead(200, { "content-length": bytes.length });
    reply.write(bytes.subarray(0, 40), reached);
  });
  isUnknown(await told(silent, { timeoutMs: 300 }), /did not answer in full within 300 ms/, "timeout");
  const controller = new AbortController();
  const under = told(silent, { signal: controller.signal });
  await isReached;
  controller.abort();
  await assert.rejects(under, (/** @type {any} */ error) => error.code === "aborted");
});

test("the signal ends the waiting for another comparison, too", async () => {
  const [held, other] = [layerOf(status("8")), layerOf(status("9"))];
  /** @type {() => void} */
  let reached = () => {};
  /** @type {() => void} */
  let goOn = () => {};
  const isReached = new Promise((resolve) => (reached = () => resolve(undefined)));
  const first = told(
    answering(held, (_, reply) => {
      goOn = () => reply.end(held);
      reached();
    }),
  );
  await isReached;
  fake.blob("team/app", other);
  const controller = new AbortController();
  const second = told(descriptorOf(other, types.layer), { signal: controller.signal });
  // Its manifests come first.
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await assert.rejects(second, (/** @type {any} */ error) => error.code === "aborted");
  goOn();
  assert.deepEqual(linesOf((await first).packages), ["+ a 8"]);
  // Nothing of what was ended stands in the way of the next.
  assert.deepEqual(linesOf((await told(descriptorOf(other, types.layer))).packages), ["+ a 9"]);
});

test("whatever the pieces are in which it comes", async () => {
  for (const piece of [1, 7, 511, 513]) {
    const bytes = layerOf([...status(String(piece)), { name: "x", content: "y".repeat(3000) }]);
    const layer = answering(bytes, (_, reply) => {
      reply.writeHead(200);
      const send = (/** @type {number} */ at) => {
        if (at >= bytes.length) return reply.end();
        reply.write(bytes.subarray(at, at + piece), () => setImmediate(send, at + piece));
      };
      send(0);
    });
    const { packages, files } = await told(layer);
    assert.deepEqual(linesOf(packages), [`+ a ${piece}`]);
    assert.deepEqual(filesOf(files), ["+ var/lib/dpkg/status shared below", "+ x shared below"]);
  }
});

test("a redirect is followed, and what came is checked", async () => {
  const bytes = layerOf(status("1"));
  const elsewhere = await fakeRegistry();
  try {
    elsewhere.blob("blobs", bytes);
    const layer = answering(bytes, (_, reply) =>
      reply
        .writeHead(307, { location: `http://${elsewhere.domain}/v2/blobs/blobs/${digestOf(bytes)}` })
        .end(),
    );
    assert.deepEqual(linesOf((await told(layer)).packages), ["+ a 1"]);
    assert.equal(
      elsewhere.requests.every(({ headers }) => headers.authorization === undefined),
      true,
    );
  } finally {
    elsewhere.close();
  }
});
