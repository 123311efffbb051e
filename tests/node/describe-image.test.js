// What an image is said to be: real pushes to the sandbox's registry, and registries and builders that misbehave.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { describeImage, OcisignError, parseReference } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { digestOf, Registry } from "../../demo/registry.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { mutated, newSeed, randomNumbers } from "../support/random.js";
import { testSandbox } from "../support/sandbox.js";
import { watchedSignal } from "../support/signals.js";

const oci = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const docker = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  index: "application/vnd.docker.distribution.manifest.list.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};
const repository = "team/app";
const gigabyte = 1024 ** 3;

let sandbox;
const opened = [];
let registry;

before(async () => {
  sandbox = await testSandbox({ name: "describe" });
});
beforeEach(async () => {
  registry = await fakeRegistry();
  opened.push(registry);
});
after(async () => {
  for (const it of opened) it.close();
  await sandbox?.close();
});

const bytesOf = (value) => Buffer.from(JSON.stringify(value));
const descriptorOf = (bytes, mediaType, changes = {}) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
  ...changes,
});
const config = (changes = {}) => ({
  architecture: "amd64",
  os: "linux",
  rootfs: { type: "layers", diff_ids: [] },
  ...changes,
});
const manifestFor = (types, configBytes, changes = {}) => ({
  schemaVersion: 2,
  mediaType: types.manifest,
  config: descriptorOf(configBytes, types.config),
  layers: [descriptorOf(Buffer.from("a layer"), types.layer)],
  ...changes,
});
const indexFor = (types, manifests, changes = {}) => ({
  schemaVersion: 2,
  mediaType: types.index,
  manifests,
  ...changes,
});

/** Pushes an image to the sandbox's registry; its bytes' descriptor. */
async function push({ types = oci, of = config(), changes = {} } = {}) {
  const to = new Registry(sandbox.registry);
  const configBytes = bytesOf(of);
  await to.pushBlob(repository, configBytes);
  await to.pushBlob(repository, Buffer.from("a layer"));
  const bytes = bytesOf(manifestFor(types, configBytes, changes));
  await to.pushManifest(repository, digestOf(bytes), bytes, types.manifest);
  return descriptorOf(bytes, types.manifest);
}

async function pushIndex(manifests, { types = oci, changes = {} } = {}) {
  const bytes = bytesOf(indexFor(types, manifests, changes));
  await new Registry(sandbox.registry).pushManifest(repository, digestOf(bytes), bytes, types.index);
  return descriptorOf(bytes, types.index);
}

const inSandbox = ({ digest }) => `${sandbox.registry.domain}/${repository}@${digest}`;
const describeInSandbox = (descriptor) => describeImage(inSandbox(descriptor));

/** Puts an image into the registry that can misbehave, whatever is in it; its reference. */
function hold({ of = config(), configBytes = bytesOf(of), changes = {}, types = oci } = {}) {
  registry.blob(repository, configBytes);
  return holdManifest(manifestFor(types, configBytes, changes), types.manifest);
}

function holdManifest(manifest, type = oci.manifest) {
  const bytes = Buffer.isBuffer(manifest) ? manifest : bytesOf(manifest);
  return `${registry.domain}/${repository}@${registry.manifest(repository, bytes, undefined, type)}`;
}

const holdIndex = (manifests, changes) => holdManifest(indexFor(oci, manifests, changes), oci.index);
const blobsAsked = () => registry.requests.filter(({ url }) => url.includes("/blobs/"));
const entry = (changes = {}) => ({
  ...descriptorOf(Buffer.from("a manifest"), oci.manifest),
  platform: { os: "linux", architecture: "amd64" },
  ...changes,
});

/** It is refused with this code, and the words are fit to be shown: short, on one line, plain. */
async function refused(act, code, said = /./, about = undefined) {
  await assert.rejects(act, (error) => {
    assert.ok(error instanceof OcisignError, `${about}: ${error.stack}`);
    assert.equal(error.code, code, `${about}: ${error.message}`);
    assert.match(error.message, said, about);
    assert.match(`${error.message} ${error.fix}`, /^[ -~\u2026]{1,800}$/, about);
    return true;
  });
}

test("the demo's image", async () => {
  const digest = await pushImage(new Registry(sandbox.registry), repository);
  const reference = inSandbox({ digest });
  const manifest = JSON.parse(await new Registry(sandbox.registry).manifest(repository, digest));
  assert.deepEqual(await describeImage(parseReference(reference)), {
    reference,
    digest,
    mediaType: oci.manifest,
    sizeBytes: manifest.config.size + manifest.layers[0].size,
    platforms: [{ os: "linux", architecture: "amd64", digest, mediaType: oci.manifest }],
    attestations: 0,
    others: 0,
    isIndex: false,
  });
});

test("variant, version, time and annotations", async () => {
  const created = "2026-11-22T14:19:28.123456789Z";
  const of = config({ architecture: "arm", variant: "v7", "os.version": "10.0.26100.1", created });
  const annotations = { "org.opencontainers.image.source": "https://git.example/team/app", other: "" };
  const pushed = await push({ of, changes: { annotations } });
  const described = await describeInSandbox(pushed);
  assert.equal(described.created, created);
  assert.deepEqual(described.annotations, annotations);
  assert.deepEqual(described.platforms, [
    {
      os: "linux",
      architecture: "arm",
      variant: "v7",
      osVersion: "10.0.26100.1",
      digest: pushed.digest,
      mediaType: oci.manifest,
    },
  ]);
});

/** Two platforms, an attestation for each as BuildKit stores it, and what names no platform. */
async function pushWholeIndex(types) {
  const linux = await push({ types });
  const windows = await push({ types, of: config({ os: "windows" }) });
  const unknown = { os: "unknown", architecture: "unknown" };
  const attested = ({ digest }) => ({
    ...linux,
    platform: unknown,
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": digest,
    },
  });
  const index = await pushIndex(
    [
      { ...linux, platform: { os: "linux", architecture: "arm64", variant: "v8" } },
      { ...windows, platform: { os: "windows", architecture: "amd64", "os.version": "10.0.20348.2700" } },
      attested(linux),
      attested(windows),
      { ...linux, platform: unknown },
      { ...linux, annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
    ],
    { types },
  );
  return { index, linux, windows };
}

for (const [name, types] of Object.entries({ oci, docker })) {
  test(`an index of several platforms, with attestations, as ${name} writes it`, async () => {
    const { index, linux, windows } = await pushWholeIndex(types);
    assert.deepEqual(await describeInSandbox(index), {
      reference: inSandbox(index),
      digest: index.digest,
      mediaType: types.index,
      platforms: [
        {
          os: "linux",
          architecture: "arm64",
          variant: "v8",
          digest: linux.digest,
          mediaType: types.manifest,
        },
        {
          os: "windows",
          architecture: "amd64",
          osVersion: "10.0.20348.2700",
          digest: windows.digest,
          mediaType: types.manifest,
        },
      ],
      attestations: 2,
      // What calls itself an attestation without BuildKit's platform, and the other way round.
      others: 2,
      isIndex: true,
    });
  });
}

test("what a runtime would run is a platform, whatever its annotations say", async () => {
  const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
  const { platforms, attestations } = await describeImage(holdIndex([entry({ annotations })]));
  assert.deepEqual([platforms.length, attestations], [1, 0]);
});

test("docker's schema 2", async () => {
  const pushed = await push({ types: docker, of: config({ created: "2016-02-29T00:00:00+01:00" }) });
  const { mediaType, created, platforms, isIndex } = await describeInSandbox(pushed);
  assert.deepEqual([mediaType, created, isIndex], [docker.manifest, "2016-02-29T00:00:00+01:00", false]);
  assert.deepEqual(platforms, [
    { os: "linux", architecture: "amd64", digest: pushed.digest, mediaType: docker.manifest },
  ]);
});

test("an artifact has a type and no platforms, and its config is not read", async () => {
  const chart = "application/vnd.cncf.helm.config.v1+json";
  const empty = "application/vnd.oci.empty.v1+json";
  const sbom = "application/spdx+json";
  for (const [configType, artifactType, expected] of [
    [chart, undefined, chart],
    [chart, null, chart],
    [empty, sbom, sbom],
    [oci.config, sbom, sbom],
  ]) {
    const bytes = Buffer.from(JSON.stringify(config()));
    const changes = { config: descriptorOf(bytes, configType), artifactType };
    const described = await describeImage(hold({ changes }));
    assert.equal(described.artifactType, expected);
    assert.equal(described.sizeBytes, bytes.length + "a layer".length);
    assert.deepEqual(described.platforms.length, configType === oci.config ? 1 : 0);
  }
  assert.equal(blobsAsked().length, 1, "only the image's");
  const indexed = await describeInSandbox(
    await pushIndex([await push()], { changes: { artifactType: sbom } }),
  );
  assert.deepEqual([indexed.artifactType, indexed.platforms, indexed.others], [sbom, [], 1]);
});

test("a config that names no platform, as signatures have one, or not one in full", async () => {
  const hostile = [`linux\u202e`, "<b>linux", "lin ux", "l".repeat(65), "l".repeat(1_000_000), "linux\n"];
  const platforms = [
    { os: "", architecture: "" },
    { os: undefined },
    { architecture: null },
    { os: "unknown", architecture: "unknown" },
    ...hostile.flatMap((text) =>
      ["os", "architecture", "variant", "os.version"].map((part) => ({ [part]: text })),
    ),
  ];
  for (const changes of platforms) {
    const about = JSON.stringify(changes).slice(0, 80);
    assert.deepEqual((await describeImage(hold({ of: config(changes) }))).platforms, [], about);
    const platform = { os: "linux", architecture: "amd64", ...changes };
    const { platforms, others } = await describeImage(holdIndex([entry({ platform })]));
    assert.deepEqual([platforms, others], [[], 1], about);
  }
  const empty = { variant: "", "os.version": null };
  assert.equal((await describeImage(hold({ of: config(empty) }))).platforms.length, 1);
  for (const platform of [undefined, null]) {
    assert.equal((await describeImage(holdIndex([entry({ platform })]))).others, 1);
  }
});

test("a time that is none is left out", async () => {
  for (const created of [
    "yesterday",
    "2026-11-22",
    "2026-13-22T14:19:28Z",
    `${"2026-11-22T14:19:28."}${"1".repeat(1000)}Z`,
    "2026-11-22T14:19:28Z\n",
    "<b>2026-11-22T14:19:28Z",
    "",
    null,
  ]) {
    const described = await describeImage(hold({ of: config({ created }) }));
    assert.ok(!("created" in described), String(created));
  }
});

test("annotations: too long ones are left out, odd names are names", async () => {
  const annotations = JSON.parse('{"__proto__":"a","constructor":"b","x":"<img src=x onerror=1>"}');
  const long = { [`n${"x".repeat(4096)}`]: "", long: "x".repeat(4097) };
  const fits = { [`n${"x".repeat(4095)}`]: "", most: "x".repeat(4096) };
  const reference = holdManifest(
    manifestFor(oci, bytesOf(config()), {
      annotations: { ...annotations, ...long, ...fits },
      config: descriptorOf(bytesOf({}), "application/x-thing"),
    }),
  );
  const described = await describeImage(reference);
  assert.deepEqual(Object.entries(described.annotations), Object.entries({ ...annotations, ...fits }));
  assert.equal(Object.getPrototypeOf(described.annotations), Object.prototype);
  assert.equal(described.artifactType, "application/x-thing");
  assert.ok(!("annotations" in (await describeImage(hold({ changes: { annotations: null } })))));
});

test("what was pushed is no manifest", async () => {
  const configBytes = bytesOf(config());
  const image = (changes) => manifestFor(oci, configBytes, changes);
  const layer = (changes) => image({ layers: [descriptorOf(Buffer.from("x"), oci.layer, changes)] });
  const index = (changes) => indexFor(oci, [entry()], changes);
  const nested = JSON.stringify(image()).replace(/}$/, `,"x":${"[".repeat(40)}${"]".repeat(40)}}`);
  const manyAnnotations = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [at, ""]));
  for (const [manifest, said, type = oci.manifest] of [
    [Buffer.from("no JSON"), /not JSON/],
    [Buffer.from([0xff, 0xfe]), /not UTF-8/],
    [Buffer.from(""), /not JSON/],
    [Buffer.from(nested), /nested too deeply/],
    [Buffer.from(JSON.stringify(image()).replace(/}$/, ',"layers":[]}')), /`layers` twice/],
    [[], /not an object/],
    [null, /not an object/],
    [image({ schemaVersion: 1 }), /schema version/],
    [image({ schemaVersion: "2" }), /schema version/],
    [image({ mediaType: 7 }), /manifest\.mediaType is not a string/],
    [image({ mediaType: oci.index }), /says that it is/],
    [image(), /says that it is/, oci.index],
    [image({ mediaType: "\u202e<b>".repeat(1000) }), /says that it is/],
    [image({ manifests: [entry()] }), /both an image and an index/],
    [image({ config: undefined }), /manifest\.config is not an object/],
    [image({ config: descriptorOf(configBytes, "x") }), /no media type/],
    [image({ config: descriptorOf(configBytes, `a/${"b".repeat(128)}`) }), /no media type/],
    [image({ artifactType: "<b>\u202e".repeat(1000) }), /manifest\.artifactType/],
    [image({ artifactType: 7 }), /manifest\.artifactType/],
    [image({ layers: {} }), /not a list/],
    [image({ layers: [null] }), /layers\[0\] is not an object/],
    [layer({ size: -1 }), /no size/],
    [layer({ size: 1.5 }), /no size/],
    [layer({ size: "1" }), /no size/],
    [layer({ size: 2 ** 53 }), /no size/],
    [layer({ size: 2 ** 53 - 1 }), /add up/],
    [layer({ digest: "sha256:12" }), /not a digest/],
    [layer({ digest: "\u202e".repeat(1000) }), /not a digest/],
    [image({ annotations: [] }), /manifest\.annotations is not an object/],
    [image({ annotations: { ["\u202e".repeat(1000)]: 7 } }), /is not a string/],
    [image({ annotations: manyAnnotations }), /1001 annotations/],
    [index({ layers: [] }), /both an image and an index/, oci.index],
    [index({ config: null }), /both an image and an index/, oci.index],
    [index({ manifests: undefined }), /not a list/, oci.index],
    [index({ manifests: [7] }), /manifests\[0\] is not an object/, oci.index],
    [index({ manifests: [entry({ platform: 7 })] }), /platform is not an object/, oci.index],
    [index({ manifests: [entry({ platform: { os: 7 } })] }), /platform\.os is not a string/, oci.index],
    [index({ manifests: [entry({ mediaType: "<b>" })] }), /no media type/, oci.index],
    [index({ manifests: [entry({ digest: undefined })] }), /digest is not a string/, oci.index],
    [index({ manifests: Array(1001).fill(entry()) }), /1001 manifests/, oci.index],
  ]) {
    await refused(describeImage(holdManifest(manifest, type)), "bad-reply", said, String(said));
  }
  assert.deepEqual(blobsAsked(), [], "nothing is read for what is refused");
});

test("what the config says is no config", async () => {
  for (const [configBytes, said] of [
    [Buffer.from("no JSON"), /config is damaged/],
    [Buffer.from('{"os":"linux","os":"windows","architecture":"amd64"}'), /`os` twice/],
    [bytesOf([]), /config is not an object/],
    [bytesOf(config({ os: 7 })), /config\.os is not a string/],
    [bytesOf(config({ created: 7 })), /config\.created is not a string/],
  ]) {
    await refused(describeImage(hold({ configBytes })), "bad-reply", said, String(said));
  }
});

test("sizes of gigabytes: a layer's is told, a config's is not read, a manifest's neither", async () => {
  const configBytes = bytesOf(config());
  const layers = [descriptorOf(Buffer.from("x"), oci.layer, { size: gigabyte })];
  const { sizeBytes } = await describeImage(hold({ changes: { layers } }));
  assert.equal(sizeBytes, configBytes.length + gigabyte);
  const asked = blobsAsked().length;
  const large = descriptorOf(configBytes, oci.config, { size: gigabyte });
  await refused(describeImage(hold({ changes: { config: large } })), "bad-reply", /1073741824 bytes/);
  assert.equal(blobsAsked().length, asked, "it is not even asked for");

  const reference = hold();
  for (const [kind, digest] of [
    ["blobs", digestOf(configBytes)],
    ["manifests", parseReference(reference).digest],
  ]) {
    registry.answer(`GET /v2/${repository}/${kind}/${digest}`, (_, reply) => {
      reply.writeHead(200, { "content-type": oci.manifest, "content-length": gigabyte });
      reply.write(Buffer.alloc(1000));
    });
    await refused(describeImage(reference), "bad-reply", /larger than the \d+ bytes/, kind);
  }
});

test("an endless manifest, and an endless config, are not read to their end", async () => {
  const configBytes = bytesOf(config());
  const reference = hold();
  for (const [kind, digest] of [
    ["blobs", digestOf(configBytes)],
    ["manifests", parseReference(reference).digest],
  ]) {
    registry.answer(`GET /v2/${repository}/${kind}/${digest}`, (_, reply) => {
      reply.writeHead(200, { "content-type": oci.manifest });
      const more = () => {
        while (!reply.destroyed && reply.write(Buffer.alloc(65_536)));
      };
      reply.on("drain", more);
      more();
    });
    await refused(describeImage(reference), "bad-reply", /larger than the \d+ bytes/, kind);
  }
});

test("other bytes than the digest's: the manifest's, the config's, and a config of another size", async () => {
  const configBytes = bytesOf(config());
  const reference = hold();
  const { digest } = parseReference(reference);
  const answer = (body) => (_, reply) => reply.writeHead(200, { "content-type": oci.manifest }).end(body);
  const other = bytesOf(config({ os: "plan9" }));
  assert.equal(other.length, configBytes.length);
  registry.answer(`GET /v2/${repository}/blobs/${digestOf(configBytes)}`, answer(other));
  await refused(describeImage(reference), "bad-reply", /something else than sha256/);
  registry.answer(
    `GET /v2/${repository}/manifests/${digest}`,
    answer(bytesOf(manifestFor(oci, configBytes, { annotations: {} }))),
  );
  await refused(describeImage(reference), "bad-reply", /something else than sha256/);

  const odd = bytesOf(config({ os: "windows" }));
  for (const by of [1, -1]) {
    const changes = { config: descriptorOf(odd, oci.config, { size: odd.length + by }) };
    await refused(describeImage(hold({ configBytes: odd, changes })), "bad-reply", /bytes/, String(by));
  }
});

const status =
  (code, headers = {}, body = "") =>
  (_, reply) =>
    reply.writeHead(code, headers).end(body);
const errors = (code) => JSON.stringify({ errors: [{ code }] });
const json = { "content-type": "application/json" };
const hangs = () => {};
const stalls = (_, reply) => {
  reply.writeHead(200, { "content-type": oci.manifest });
  reply.write("{");
};

for (const [name, answer, code, said] of [
  ["401", status(401), "unauthorized"],
  ["403", status(403), "forbidden"],
  ["404 by the registry", status(404, json, errors("MANIFEST_UNKNOWN")), "not-found"],
  ["404 on the repository", status(404, json, errors("NAME_UNKNOWN")), "not-found"],
  ["404 of a proxy", status(404, { "content-type": "text/html" }, "<html>nothing here"), "bad-reply"],
  ["a sign-in page", status(200, { "content-type": "text/html" }, "<html>sign in"), "bad-reply"],
  ["a manifest of another type", status(200, json, "{}"), "bad-reply"],
  ["429 for long", status(429, { "retry-after": "600" }), "rate-limited"],
  ["500", status(500), "server-error"],
  ["a connection that breaks", (request) => request.socket.destroy(), "network"],
  ["a registry that hangs", hangs, "timeout", /250 ms/],
  ["a registry that stalls", stalls, "timeout", /250 ms/],
]) {
  for (const place of ["manifest", "config"]) {
    if (place === "config" && name === "a manifest of another type") continue;
    test(`${name}, for the ${place}`, async () => {
      const reference = hold();
      const path =
        place === "manifest"
          ? `manifests/${parseReference(reference).digest}`
          : `blobs/${digestOf(bytesOf(config()))}`;
      registry.answer(`GET /v2/${repository}/${path}`, answer);
      // Only what hangs needs a time limit; the others have tries of their own to make.
      const options = code === "timeout" ? { timeoutMs: 250 } : {};
      await refused(describeImage(reference, options), code, said);
    });
  }
}

test("an image that is not there, in a real registry; and no registry at all", async () => {
  const digest = digestOf("nothing");
  await pushImage(new Registry(sandbox.registry), repository);
  await refused(describeImage(inSandbox({ digest })), "not-found", /does not hold the image/);
  registry.close();
  await refused(describeImage(`${registry.domain}/x@${digest}`), "network", /ECONNREFUSED/);
});

test("a password is sent to the registry, not to where it redirects, and stands in no error", async () => {
  const storage = await fakeRegistry();
  opened.push(storage);
  const configBytes = bytesOf(config());
  const reference = hold();
  const { digest } = parseReference(reference);
  const registryOptions = { username: "AWS", password: "hunter2" };
  storage.answer("GET /stored", status(200, {}, configBytes));
  const asks = (then) => (request, reply) =>
    request.headers.authorization
      ? then(request, reply)
      : reply.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  const manifest = bytesOf(manifestFor(oci, configBytes));
  registry.answer(
    `GET /v2/${repository}/manifests/${digest}`,
    asks(status(200, { "content-type": oci.manifest }, manifest)),
  );
  registry.answer(
    `GET /v2/${repository}/blobs/${digestOf(configBytes)}`,
    asks(status(307, { location: `http://${storage.domain}/stored` })),
  );
  await refused(describeImage(reference), "unauthorized");
  const { platforms } = await describeImage(reference, { registry: registryOptions });
  assert.equal(platforms.length, 1);
  assert.deepEqual(
    storage.requests.map(({ headers }) => headers.authorization),
    [undefined],
  );

  registry.answer(`GET /v2/${repository}/manifests/${digest}`, (request, reply) =>
    reply.writeHead(403, json).end(JSON.stringify({ errors: [{ code: request.headers.authorization }] })),
  );
  await assert.rejects(describeImage(reference, { registry: registryOptions }), (error) => {
    const secret = Buffer.from("AWS:hunter2").toString("base64");
    const told = `${error.message} ${error.fix} ${error.stack} ${JSON.stringify(error)}`;
    return error.code === "forbidden" && !told.includes("hunter2") && !told.includes(secret);
  });
});

test("an abort ends it, before the first call and between the two; the signal is left as it was", async () => {
  const reference = hold();
  const aborted = AbortSignal.abort();
  await refused(describeImage(reference, { signal: aborted }), "aborted");
  assert.deepEqual(registry.requests, []);

  const controller = new AbortController();
  registry.answer(`GET /v2/${repository}/blobs/${digestOf(bytesOf(config()))}`, () => controller.abort());
  await refused(describeImage(reference, { signal: controller.signal }), "aborted");
  assert.equal(blobsAsked().length, 1);

  const { signal, listeners } = watchedSignal();
  const all = Array.from({ length: 20 }, () => describeInSandboxWith({ signal }));
  await Promise.all(all);
  assert.equal(listeners(), 0);
});

async function describeInSandboxWith(options) {
  const digest = await pushImage(new Registry(sandbox.registry), repository);
  return describeImage(inSandbox({ digest }), options);
}

test("a reverse proxy and a replaced fetch reach it; where signatures are does not matter", async () => {
  const reference = hold();
  const elsewhere = reference.replace(registry.domain, "registry.example");
  const asked = [];
  const described = await describeImage(elsewhere, {
    registry: {
      url: `http://${registry.domain}`,
      repository: "team/signatures",
      fetch: (url, init) => {
        asked.push(new URL(url).pathname);
        return fetch(url, init);
      },
    },
    timeoutMs: undefined,
  });
  assert.equal(described.reference, elsewhere);
  assert.deepEqual(asked, [
    `/v2/${repository}/manifests/${described.digest}`,
    `/v2/${repository}/blobs/${digestOf(bytesOf(config()))}`,
  ]);
});

test("wrong arguments are refused before anything is sent", async () => {
  const reference = hold();
  for (const [image, options, code] of [
    ["nginx", {}, "registry-missing"],
    [`${registry.domain}/app:1.0`, {}, "digest-missing"],
    [undefined, {}, "bad-input"],
    [reference, null, "bad-input"],
    [reference, { timeout: 1 }, "bad-input"],
    [reference, { publicKey: "x" }, "bad-input"],
    [reference, { timeoutMs: 0 }, "bad-input"],
    [reference, { signal: {} }, "bad-input"],
    [reference, { registry: { user: "x" } }, "bad-input"],
    [reference, { registry: { username: "x" } }, "bad-input"],
    [reference, { registry: { url: "http://registry.example" } }, "bad-url"],
  ]) {
    await refused(() => describeImage(image, options), code, /./, JSON.stringify(options));
  }
  assert.deepEqual(registry.requests, []);
});

test("random changes give a description that is fit to be shown, or a bad-reply", async () => {
  const seed = newSeed();
  console.log(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const annotations = { a: "b" };
  const plain = bytesOf(config({ variant: "v1", created: "2026-11-22T14:19:28Z" }));
  registry.blob(repository, plain);
  const image = bytesOf(manifestFor(oci, plain, { annotations, artifactType: "a/b" }));
  const index = bytesOf(indexFor(oci, [entry(), entry({ platform: undefined })], { annotations }));
  let described = 0;
  for (let round = 0; round < 600; round++) {
    const [type, bytes] = round % 2 ? [oci.manifest, image] : [oci.index, index];
    try {
      checkShape(await describeImage(holdManifest(mutated(bytes, random), type)));
      described++;
    } catch (error) {
      // A digest or a config's size that was changed names what the registry does not hold.
      assert.ok(["bad-reply", "not-found"].includes(error.code), `${error.code}: ${error.stack}`);
    }
  }
  assert.ok(described > 0);
});

/** Every text of it is what the types promise. */
function checkShape({ mediaType, artifactType, platforms, attestations, others, isIndex, ...rest }) {
  const word = /^[\w.-]{1,64}$/;
  assert.equal(mediaType, isIndex ? oci.index : oci.manifest);
  assert.match(artifactType ?? "a/b", /^[!-~]+\/[!-~]+$/);
  assert.ok(Number.isInteger(attestations) && Number.isInteger(others));
  assert.equal(Number.isSafeInteger(rest.sizeBytes), !isIndex);
  for (const { digest, mediaType: type, ...platform } of platforms) {
    assert.match(digest, /^sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/);
    assert.match(type, /^[!-~]+\/[!-~]+$/);
    for (const part of Object.values(platform)) assert.match(part, word);
  }
  for (const text of Object.values(rest.annotations ?? {})) assert.equal(typeof text, "string");
}
