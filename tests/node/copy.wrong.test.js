// A source that sends something else, or not all; a destination that refuses; a stop in the middle: what is told, what is
// there then, and how it goes on.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { copyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { indexType, key, layerType, repositoryAt, takingChunks, wholeImage } from "../support/copying.js";
import { referringRegistry } from "../support/referring-registry.js";

const source = { url: "https://from.example/", domain: "from.example" };
const large = randomBytes(9 * 1024 * 1024);
const types = { "content-type": "application/octet-stream" };

/** @param {{ here?: object, there?: object, large?: Uint8Array }} [how] */
async function world(how = {}) {
  const here = referringRegistry(how.here);
  const there = referringRegistry(how.there);
  const from = repositoryAt({ ...source, fetch: here.fetch }, "app");
  const made = await wholeImage(from, { large: how.large, registry: { fetch: here.fetch } });
  const image = `${from.name}@${made.index.digest}`;
  const reach = { from: { fetch: here.fetch }, to: { fetch: takingChunks(there) } };
  const copy = (options = {}, destination = "to.example/app:1.2", of = image) =>
    copyImage(of, destination, { ...reach, ...options });
  return { here, there, from, made, copy, image };
}

/** Names of manifests at the destination. */
const manifestsIn = ({ held }) => [...held.keys()].filter((path) => path.includes("/manifests/"));

test("a blob that is not what its digest says ends the copy, and no manifest names it", async () => {
  for (const size of [100, large.length]) {
    const good = size === 100 ? randomBytes(100) : large;
    const wrong = [
      Buffer.concat([good.subarray(0, size - 1), Buffer.from([good[size - 1] ^ 1])]),
      good.subarray(0, size - 1),
      Buffer.concat([good, Buffer.from("more")]),
      Buffer.alloc(0),
    ];
    const { here, there, copy, made } = await world({ large: good });
    for (const bytes of wrong) {
      here.held.set(`/v2/app/blobs/${digestOf(good)}`, { bytes, type: types["content-type"] });
      await assert.rejects(copy(), { code: "bad-reply" });
      const names = manifestsIn(there);
      assert.ok(!names.includes("/v2/app/manifests/1.2"));
      assert.ok(!names.some((name) => name.endsWith(made.amd.digest)), "the image that names it");
      assert.ok(!names.some((name) => name.endsWith(made.index.digest)), "the index that names that");
      assert.ok(!there.held.has(`/v2/app/blobs/${digestOf(good)}`));
    }
    here.held.set(`/v2/app/blobs/${digestOf(good)}`, { bytes: good, type: types["content-type"] });
    assert.equal((await copy()).state, "copied", "once it is mended, the same call goes on");
  }
});

test("a manifest that is not what its digest says is not copied", async () => {
  const { here, there, made, copy } = await world();
  for (const digest of [made.index.digest, made.arm.digest]) {
    const path = `/v2/app/manifests/${digest}`;
    const good = here.held.get(path) ?? assert.fail(path);
    here.held.set(path, { ...good, bytes: Buffer.from(`${good.bytes} `) });
    await assert.rejects(copy(), { code: "bad-reply" });
    here.held.set(path, good);
  }
  assert.deepEqual(manifestsIn(there), []);
});

test("what is not there is told: a blob, an image of an index, a referrer", async () => {
  for (const lose of [
    ({ arm }) => `/v2/app/manifests/${arm.digest}`,
    ({ shared }) => `/v2/app/blobs/${digestOf(shared)}`,
  ]) {
    const { here, there, made, copy } = await world();
    here.held.delete(lose(made));
    await assert.rejects(copy(), { code: "not-found" });
    assert.ok(!manifestsIn(there).includes("/v2/app/manifests/1.2"));
  }
  const { here, made, copy } = await world({ here: { lists: false, says: false } });
  const gone = { mediaType: layerType, digest: `sha256:${"6".repeat(64)}`, size: 1 };
  here.tag("app", made.index.digest.replace(":", "-"), {
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [gone],
  });
  await assert.rejects(copy(), { code: "not-found", message: /listed, but is not there/ });
});

test("what lies elsewhere by its manifest's own word is left there", async () => {
  const { from, copy } = await world();
  const foreign = {
    mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    digest: `sha256:${"5".repeat(64)}`,
    size: 7,
    urls: ["https://elsewhere.example/layer"],
  };
  const { digest: config, size } = await from.blob(Buffer.from("{}"));
  const { digest } = await from.manifest({
    ...{ schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json" },
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: config, size },
    layers: [foreign],
  });
  const { state, blobs } = await copy({}, "to.example/app", `${from.name}@${digest}`);
  assert.deepEqual([state, blobs.sent.count], ["copied", 1]);
});

test("stopped at any request, it goes on, and everything is there in the end", async () => {
  const whole = await world({ large });
  const all = await whole.copy();
  const count = whole.there.asked.length;
  for (let at = 1; at < count; at += Math.ceil(count / 12)) {
    const stop = new AbortController();
    let asked = 0;
    const { copy, there } = await world({
      large,
      there: {
        before: () => {
          asked += 1;
          if (asked === at) stop.abort();
          return undefined;
        },
      },
    });
    await assert.rejects(copy({ signal: stop.signal }), { code: "aborted" }, `at request ${at}`);
    // Whatever is named is there.
    for (const [path, { bytes, type }] of there.held) {
      if (!path.includes("/manifests/") || type === indexType) continue;
      const { config, layers } = JSON.parse(String(bytes));
      for (const { digest } of [config, ...layers])
        assert.ok(there.held.has(`/v2/app/blobs/${digest}`), path);
    }
    const before = new Set(there.held.keys());
    const { blobs, state, manifests } = await copy();
    assert.deepEqual([state, manifests.length], ["copied", all.manifests.length]);
    const had = [...before].filter((path) => path.includes("/blobs/")).length;
    assert.equal(
      blobs.sent.count + had,
      all.blobs.sent.count,
      `what was there at request ${at} is not sent again`,
    );
    assert.equal(there.held.size, whole.there.held.size);
  }
});

test("a destination that refuses is told as it says it", async () => {
  const refusing = (status, code) => () =>
    Response.json({ errors: [{ code, message: "not by you" }] }, { status });
  for (const [status, code, said] of [
    [403, "DENIED", "forbidden"],
    [500, "UNKNOWN", "server-error"],
  ]) {
    const before = ({ method }) => (method === "POST" ? refusing(status, code)() : undefined);
    const { copy } = await world({ there: { before } });
    await assert.rejects(copy(), { code: said });
  }
  // It takes everything, and keeps nothing.
  const { copy } = await world({
    there: {
      after: ({ method }, reply) => {
        if (method === "GET" || method === "HEAD") return refusing(404, "MANIFEST_UNKNOWN")();
        return reply;
      },
    },
  });
  await assert.rejects(copy(), { code: "not-found" });
});

test("wrong arguments are said before anything is asked", async () => {
  const { copy, here, there, image, made } = await world();
  const before = [here.asked.length, there.asked.length];
  const bad = (/** @type {object} */ said, ...given) => assert.rejects(copy(...given), said);
  await bad({ code: "bad-input", message: /another digest/ }, {}, `to.example/app@sha256:${"1".repeat(64)}`);
  await bad({ name: "OcisignError" }, {}, "to.example");
  await bad({ name: "OcisignError" }, {}, "app");
  await bad({ name: "OcisignError" }, {}, 7);
  await bad({ name: "OcisignError" }, {}, "to.example/app", "from.example/app:1.0");
  await bad({ code: "bad-input", message: /unknown field/ }, { key: key.pem });
  await bad({ code: "bad-input" }, { keys: { publicKey: key.pem, recursive: true } });
  await bad({ code: "bad-input" }, { keys: { keys: [] } });
  await bad({ code: "bad-input", message: /there is no key/ }, { requireRepository: true });
  await bad({ code: "bad-input" }, { onProgress: "loud" });
  assert.deepEqual([here.asked.length, there.asked.length], before);
  assert.equal((await copy({}, `to.example/app:1.2@${made.index.digest}`)).tag, "1.2");
  assert.ok(image);
});

test("a registry that wants chunks of any length gets none that nobody could keep", async () => {
  for (const least of ["1e15", String(600 * 1024 * 1024), "Infinity"]) {
    const { here, there, from } = await world();
    const size = 600 * 1024 * 1024;
    const { digest: config, size: length } = await from.blob(Buffer.from("{}"));
    const gone = `sha256:${"7".repeat(64)}`;
    const { digest } = await from.manifest({
      ...{ schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json" },
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: config, size: length },
      layers: [{ mediaType: layerType, digest: gone, size }],
    });
    const wanting = async (/** @type {string} */ address, /** @type {any} */ init) => {
      const reply = await there.fetch(address, init);
      if (init.method === "POST") reply.headers.set("oci-chunk-min-length", least);
      return reply;
    };
    const reach = { from: { fetch: here.fetch }, to: { fetch: wanting } };
    await assert.rejects(copyImage(`${from.name}@${digest}`, "to.example/app", reach), {
      code: "bad-reply",
      message: /takes no blobs in chunks, and .* too many to be kept/,
    });
    assert.ok(!here.asked.some(({ path }) => path.endsWith(gone)), "it is not read");
  }
});

test("an index of referrers that names more than belongs to an image is not read to its end", async () => {
  const { here, copy, made } = await world();
  const manifests = Array.from({ length: 3000 }, (_, at) => {
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, layers: [], annotations: { at: String(at) } }),
    );
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    return { mediaType, digest: here.manifest("app", bytes), size: bytes.length };
  });
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  const digest = here.manifest("app", bytes, indexType);
  const listed = {
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [{ mediaType: indexType, digest, size: 1 }],
  };
  here.tag("app", made.index.digest.replace(":", "-"), listed);
  await assert.rejects(copy(), {
    code: "bad-reply",
    message: /More than 2000 manifests belong to the image/,
  });
  const read = manifests.filter((one) => here.asked.some(({ path }) => path.endsWith(one.digest)));
  assert.ok(read.length < 2100, String(read.length));
});

test("manifests beside the image that together are too large to be kept end the copy", async () => {
  const { here, copy, made } = await world();
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const filling = "x".repeat(4 * 1024 * 1024 - 200);
  const manifests = Array.from({ length: 33 }, (_, at) => {
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, layers: [], annotations: { at: `${at} ${filling}` } }),
    );
    return { mediaType, digest: here.manifest("app", bytes), size: bytes.length };
  });
  const listed = { schemaVersion: 2, mediaType: indexType, manifests };
  here.tag("app", made.index.digest.replace(":", "-"), listed);
  await assert.rejects(copy(), { code: "bad-reply", message: /have more than 134217728 bytes/ });
});

test("a page for people that answers for everything is not taken for what is there", async () => {
  const page = () => new Response(null, { headers: { "content-type": "text/html; charset=utf-8" } });
  for (const which of ["/manifests/sha256:", "/blobs/sha256:"]) {
    const before = (/** @type {any} */ { method, path }) =>
      method === "HEAD" && path.includes(which) ? page() : undefined;
    const { copy } = await world({ there: { before } });
    for (const dryRun of [true, false]) {
      await assert.rejects(copy({ dryRun }), { code: "bad-reply", message: /HTML/ }, `${which} ${dryRun}`);
    }
  }
});
