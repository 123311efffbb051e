// What differs between two images of one platform, in a registry of other people.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compareImages } from "ocisign";
import { codes, hold, inReal, inRounds, only } from "../support/changing.js";
import { openDockerRegistry } from "../support/docker-registry.js";

/** @type {Awaited<ReturnType<typeof openDockerRegistry>>} */
let registry;
/** @type {ReturnType<typeof inReal>} */
let there;
before(async () => {
  registry = await openDockerRegistry();
  there = inReal(registry);
});
after(() => registry?.close());

const history = [
  { created: "2026-02-01T10:00:00Z", created_by: "COPY rootfs / # debian" },
  { created_by: "ENV LANG=C", empty_layer: true },
  { created: "2026-03-01T10:00:00Z", created_by: "RUN make" },
];
const was = {
  layers: ["base", "app 1"],
  config: {
    Entrypoint: ["/app"],
    Cmd: ["serve"],
    Env: ["PATH=/bin", "LANG=C", "OLD=1"],
    User: "app",
    WorkingDir: "/srv",
    ExposedPorts: { "80/tcp": {} },
    Volumes: { "/data": {} },
    StopSignal: "SIGTERM",
    Healthcheck: { Test: ["CMD", "/app", "is healthy"], Interval: 30e9, Retries: 3 },
    Labels: { "org.opencontainers.image.revision": "a1", "org.opencontainers.image.version": "1.0" },
  },
  outer: { created: "2026-03-01T10:00:00Z", history, author: "the team" },
  changes: { annotations: { "org.opencontainers.image.base.name": "debian:13" } },
};
const is = {
  layers: ["base", "app 2", "more"],
  config: {
    Entrypoint: ["/app", "--fast"],
    Cmd: ["serve"],
    Env: ["PATH=/bin", "LANG=C.UTF-8", "NEW=2"],
    User: "app",
    WorkingDir: "/srv/app",
    ExposedPorts: { "443/tcp": {} },
    Volumes: { "/data": {} },
    StopSignal: "SIGINT",
    Healthcheck: { Test: ["NONE"] },
    Labels: { "org.opencontainers.image.revision": "b2", "org.opencontainers.image.version": "1.0" },
    OnBuild: ["RUN true"],
  },
  outer: {
    created: "2026-04-01T10:00:00Z",
    history: [...history.slice(0, 2), { created_by: "RUN make all" }, { created_by: "COPY more /" }],
    author: "the team",
  },
  changes: { annotations: { "org.opencontainers.image.base.name": "debian:13", note: "new" } },
};

test("each part of manifest and config is told", async () => {
  const [old, now] = [await hold(there, was), await hold(there, is)];
  const changes = await compareImages(old.reference, now.reference, { packages: "none" });
  const { layers, base, packages, files, platform, manifest, sizeBytes, ...rest } = only(changes);
  assert.deepEqual([changes.before, changes.after, changes.identical], [old.reference, now.reference, false]);
  assert.deepEqual(
    layers.map(({ state, layer }) => [state, layer.createdBy, layer.sizeBytes, layer.foreign]),
    [
      ["same", "COPY rootfs / # debian", 4, false],
      ["gone", "RUN make", 5, false],
      ["new", "RUN make all", 5, false],
      ["new", "COPY more /", 4, false],
    ],
  );
  assert.deepEqual(base, { state: "same", value: { name: "debian:13", layers: 1 } });
  assert.deepEqual(
    [platform?.os, platform?.architecture, platform?.digest],
    ["linux", "amd64", now.descriptor.digest],
  );
  assert.deepEqual(manifest, {
    state: "changed",
    before: old.descriptor.digest,
    after: now.descriptor.digest,
  });
  assert.equal(sizeBytes.state, "changed");
  assert.deepEqual(packages, { state: "notAsked" });
  assert.equal(files.state, "notAsked");
  const shown = (value) => ({ masked: false, value });
  assert.deepEqual(rest, {
    entrypoint: { state: "changed", before: ["/app"], after: ["/app", "--fast"] },
    command: { state: "same", value: ["serve"] },
    environment: [
      { name: "LANG", state: "changed", before: shown("C"), after: shown("C.UTF-8") },
      { name: "NEW", state: "added", after: shown("2") },
      { name: "OLD", state: "removed", before: shown("1") },
      { name: "PATH", state: "same", value: shown("/bin") },
    ],
    user: { state: "same", value: "app" },
    workingDirectory: { state: "changed", before: "/srv", after: "/srv/app" },
    ports: [
      { name: "443/tcp", state: "added", after: true },
      { name: "80/tcp", state: "removed", before: true },
    ],
    volumes: [{ name: "/data", state: "same", value: true }],
    stopSignal: { state: "changed", before: "SIGTERM", after: "SIGINT" },
    healthCheck: { state: "changed", before: 'CMD /app "is healthy" Interval=30s Retries=3', after: "NONE" },
    labels: [
      { name: "org.opencontainers.image.revision", state: "changed", before: "a1", after: "b2" },
      { name: "org.opencontainers.image.version", state: "same", value: "1.0" },
    ],
    annotations: [
      { name: "note", state: "added", after: "new" },
      { name: "org.opencontainers.image.base.name", state: "same", value: "debian:13" },
    ],
    others: [{ name: "config.OnBuild", state: "added", after: '["RUN true"]' }],
    created: { state: "changed", before: "2026-03-01T10:00:00Z", after: "2026-04-01T10:00:00Z" },
  });
  assert.deepEqual(codes(changes), ["entrypoint", "working-directory", "health-check", "on-build"]);
});

test("what neither image says is the same, and empty", async () => {
  const [old, now] = [
    await hold(there, { layers: ["a"] }),
    await hold(there, { layers: ["a"], config: { User: "app" } }),
  ];
  const { user, entrypoint, created, environment, labels, others } = only(
    await compareImages(old.reference, now.reference, { packages: "none" }),
  );
  assert.deepEqual(user, { state: "added", after: "app" });
  assert.deepEqual(entrypoint, { state: "same", value: [] });
  assert.deepEqual(created, { state: "same", value: "" });
  assert.deepEqual([environment, labels, others], [[], [], []]);
});

test("layers that were moved, are there twice, or whose history does not fit", async () => {
  const two = async (/** @type {string[]} */ old, /** @type {string[]} */ now, outer = {}) => {
    const [first, second] = [await hold(there, { layers: old }), await hold(there, { layers: now, outer })];
    const { layers } = only(await compareImages(first.reference, second.reference, { packages: "none" }));
    return layers.map(({ state, layer }) => `${state} ${layer.sizeBytes} ${layer.createdBy ?? "-"}`);
  };
  assert.deepEqual(await two(["a", "bb"], ["ccc", "a", "bb"]), ["new 3 -", "moved 1 -", "moved 2 -"]);
  assert.deepEqual(await two(["a", "bb", "a"], ["a", "a"]), ["same 1 -", "gone 2 -", "moved 1 -"]);
  assert.deepEqual(await two(["a"], ["a", "a"]), ["same 1 -", "new 1 -"]);
  assert.deepEqual(await two(["a"], []), ["gone 1 -"]);
  const short = { history: [{ created_by: "one" }, { created_by: "too many" }] };
  assert.deepEqual(await two(["bb"], ["a"], short), ["gone 2 -", "new 1 -"]);
});

test("the same digest is the same image, and costs no request", async () => {
  const { reference } = await hold(there, was);
  const fetch = () => assert.fail("something was asked for");
  const changes = await compareImages(reference, reference, { registry: { fetch } });
  assert.deepEqual([changes.identical, changes.platforms, changes.notable], [true, [], []]);
});

test("manifests and configs take two rounds, and are not asked for again", async () => {
  const [old, now] = [await hold(there, was), await hold(there, is)];
  const { fetch, asked, rounds } = inRounds();
  const registry = { fetch };
  const first = await compareImages(old.reference, now.reference, { registry, packages: "none" });
  assert.deepEqual(asked.sort(), ["blobs", "blobs", "manifests", "manifests"]);
  assert.equal(rounds.length, 2);
  assert.deepEqual(await compareImages(old.reference, now.reference, { registry, packages: "none" }), first);
  assert.equal(asked.length, 4);
  // Another caller has to show that it may read them.
  const other = { fetch: (/** @type {string} */ url, /** @type {any} */ init) => fetch(url, init) };
  await compareImages(old.reference, now.reference, { registry: other, packages: "none" });
  assert.equal(asked.length, 8);
});

test("lists of packages are looked for while the configs are read", async () => {
  const [old, now] = [await hold(there, { layers: ["s"] }), await hold(there, { layers: ["t"] })];
  const { fetch, asked, rounds } = inRounds();
  assert.deepEqual(
    only(await compareImages(old.reference, now.reference, { registry: { fetch } })).packages,
    {
      state: "none",
    },
  );
  const second = asked.slice(rounds[0], (rounds[0] ?? 0) + (rounds[1] ?? 0));
  assert.ok(
    second.filter((kind) => kind === "blobs").length === 2 && second.length > 2,
    JSON.stringify({ asked, rounds }),
  );
});
