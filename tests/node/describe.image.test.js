// What an image is said to be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImage, parseReference } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import {
  blobsAsked,
  bytesOf,
  config,
  describeInSandbox,
  descriptorOf,
  docker,
  entry,
  hold,
  holdIndex,
  holdManifest,
  inSandbox,
  manifestFor,
  oci,
  push,
  pushIndex,
  repository,
  sandbox,
} from "../support/describing.js";

test("the demo's image", async () => {
  const digest = await pushImage(new Registry(sandbox.registry), repository);
  const reference = inSandbox({ digest });
  const manifest = JSON.parse(String(await new Registry(sandbox.registry).manifest(repository, digest)));
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
  assert.deepEqual(Object.entries(described.annotations ?? {}), Object.entries({ ...annotations, ...fits }));
  assert.equal(Object.getPrototypeOf(described.annotations), Object.prototype);
  assert.equal(described.artifactType, "application/x-thing");
  assert.ok(!("annotations" in (await describeImage(hold({ changes: { annotations: null } })))));
});
