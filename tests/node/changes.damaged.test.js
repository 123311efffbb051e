// Images that are broken, hostile or none: told per part, and never as the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compareImages, OcisignError } from "ocisign";
import {
  bytesOf,
  codes,
  descriptorOf,
  hold,
  holdManifest,
  inFake,
  only,
  types,
} from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { mutated, newSeed, randomNumbers } from "../support/random.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {ReturnType<typeof inFake>} */
let there;
before(async () => {
  registry = await fakeRegistry();
  there = inFake(registry);
});
after(() => registry?.close());

const fine = () => hold(there, { layers: ["a", "b"], config: { User: "app" } });
/** @param {{ reference: string }} old @param {{ reference: string }} now @param {object} [options] */
const compare = (old, now, options = {}) =>
  compareImages(old.reference, now.reference, { packages: "none", ...options });

/** All parts that the config tells. @param {import("ocisign").PlatformChanges} changes */
const configParts = ({
  platform,
  manifest,
  layers,
  base,
  annotations,
  sizeBytes,
  packages,
  files,
  ...rest
}) => Object.values(rest);

test("a config that cannot be read leaves layers, sizes and annotations", async () => {
  const old = await fine();
  const lying = { ...descriptorOf(Buffer.from("{}"), types.config), size: 3 };
  const huge = { ...descriptorOf(Buffer.from("{}"), types.config), size: 200 * 1024 * 1024 };
  const missing = { ...descriptorOf(Buffer.from("nowhere"), types.config) };
  const deep = Buffer.from(`{"config":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`);
  const lists = Buffer.from(`{"config":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
  for (const [made, said] of /** @type {const} */ ([
    [{ configBytes: Buffer.from("no JSON") }, /not JSON/],
    [{ configBytes: deep }, /nested too deeply/],
    [{ configBytes: lists }, /nested too deeply/],
    [{ configBytes: Buffer.from('{"config":{},"config":{}}') }, /twice/],
    [{ configBytes: Buffer.from('{"Config":{"User":"root"}}') }, /other readers/],
    [{ configBytes: Buffer.from("[]") }, /not an object/],
    [{ configBytes: bytesOf({ config: [] }) }, /config\.config is not an object/],
    [{ changes: { config: lying } }, /has 2 bytes, the manifest says 3/],
    [{ changes: { config: huge } }, /209715200 bytes; at most/],
    [{ changes: { config: missing } }, /./],
    [
      { changes: { config: { ...lying, mediaType: "application/vnd.cncf.helm.config.v1+json" } } },
      /is no image but/,
    ],
  ])) {
    await there.blob(Buffer.from("{}"));
    const now = await hold(there, { layers: ["a", "c"], ...made });
    for (const [first, second] of [
      [old, now],
      [now, old],
    ]) {
      const changes = await compare(first, second);
      const found = only(changes);
      assert.deepEqual(
        found.layers.map(({ state }) => state),
        ["same", "gone", "new"],
      );
      assert.equal(found.manifest.state, "changed");
      const unknown = configParts(found).flat();
      assert.equal(unknown.length, 12, JSON.stringify(unknown));
      for (const part of unknown) {
        // What stands beside the inner config is read without it.
        if (String(said).includes("config\\.config") && part.state === "same") continue;
        assert.ok(part.state === "unknown", JSON.stringify(part));
        assert.ok(part.error instanceof OcisignError);
        assert.match(part.error.message, said);
        assert.match(`${part.error.message} ${part.error.fix}`, /^[ -~]{1,800}$/);
      }
      assert.ok(codes(changes).includes("unreadable config"));
    }
  }
});

test("a registry that serves half of a config, another one, or a page", async () => {
  const old = await fine();
  for (const [number, answer] of /** @type {const} */ ([
    [1, (/** @type {Buffer} */ bytes) => bytes.subarray(0, bytes.length / 2)],
    [2, () => Buffer.from("{}")],
    [3, () => Buffer.from("<html>sign in</html>")],
    [4, (/** @type {Buffer} */ bytes) => Buffer.concat([bytes, Buffer.from(" ".repeat(10_000_000))])],
  ])) {
    const configBytes = bytesOf({ os: "linux", architecture: "amd64", config: { User: `app ${number}` } });
    const now = await hold(there, { layers: ["a", "b"], configBytes });
    const { digest } = descriptorOf(configBytes, types.config);
    registry.answer(`GET /v2/team/app/blobs/${digest}`, (_, reply) => reply.end(answer(configBytes)));
    const { user, layers } = only(await compare(old, now));
    assert.equal(user.state, "unknown", String(number));
    assert.deepEqual(
      layers.map(({ state }) => state),
      ["same", "same"],
    );
  }
});

test("one part that is wrong leaves the others", async () => {
  for (const [config, part] of /** @type {const} */ ([
    [{ Entrypoint: "sh" }, "entrypoint"],
    [{ Cmd: [7] }, "command"],
    [{ Env: { A: 1 } }, "environment"],
    [{ Env: ["A=1", 7] }, "environment"],
    [{ Env: Array.from({ length: 1001 }, (_, at) => `A${at}=`) }, "environment"],
    [{ User: {} }, "user"],
    [{ WorkingDir: 1 }, "workingDirectory"],
    [{ ExposedPorts: ["80"] }, "ports"],
    [{ Volumes: "data" }, "volumes"],
    [{ StopSignal: 9 }, "stopSignal"],
    [{ Healthcheck: "curl" }, "healthCheck"],
    [{ Healthcheck: { Test: "curl" } }, "healthCheck"],
    [{ Labels: [] }, "labels"],
    [{ Labels: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [at, ""])) }, "labels"],
    [Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`x${at}`, 1])), "others"],
  ])) {
    const changes = only(await compare(await fine(), await hold(there, { layers: ["a", "b"], config })));
    const states = Object.entries(changes).flatMap(([name, value]) =>
      [value].flat().flatMap((one) => (one?.state === "unknown" ? [name] : [])),
    );
    assert.deepEqual(states, [part], JSON.stringify(config));
  }
});

test("names that mislead stay what they are, also those of an object's own parts", async () => {
  const names = ["__proto__", "constructor", "toString", "", "a\u202eb", "\u200b"];
  const config = Buffer.from(
    `{"config":{"Env":${JSON.stringify(names.map((name) => `${name}=x`))},"Labels":{"__proto__":"x","constructor":"y"}}}`,
  );
  const { environment, labels } = only(
    await compare(await fine(), await hold(there, { configBytes: config })),
  );
  assert.deepEqual(
    environment.map(({ name }) => name),
    names.toSorted(),
  );
  for (const variable of environment)
    assert.deepEqual(variable, { ...variable, state: "added", after: { value: "x", masked: false } });
  assert.deepEqual(
    labels.map(({ name, state }) => `${state} ${name}`),
    ["added __proto__", "added constructor"],
  );
});

test("what was asked for itself has to be there, and to be what its digest says", async () => {
  const good = await fine();
  const gone = { reference: good.reference.replace(/[0-9a-f]{64}$/, "0".repeat(64)) };
  const text = await holdManifest(there, Buffer.from("<html>"), types.manifest);
  const many = await hold(there, {
    layers: Array.from({ length: 1001 }, () => descriptorOf(Buffer.from("a"), types.layer)),
  });
  const changed = await fine().then(() => hold(there, { layers: ["other"] }));
  const path = new URL(`http://${changed.reference}`).pathname;
  registry.answer(`GET /v2/team/app/manifests/${path.split("@")[1]}`, (_, reply) => {
    const body = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });
    reply.writeHead(200, { "content-type": types.manifest }).end(body);
  });
  for (const [image, code, said] of /** @type {const} */ ([
    [gone, "not-found", /does not hold/],
    [text, "bad-reply", /./],
    [many, "bad-reply", /1001 layers/],
    [changed, "bad-reply", /something else than/],
  ])) {
    for (const pair of /** @type {const} */ ([
      [good, image],
      [image, good],
    ])) {
      await assert.rejects(compare(pair[0], pair[1]), (/** @type {any} */ error) => {
        assert.ok(error instanceof OcisignError);
        assert.equal(error.code, code, error.message);
        assert.match(error.message, said);
        return true;
      });
    }
  }
});

test("wrong arguments", async () => {
  const { reference } = await fine();
  const of = (/** @type {any} */ options, /** @type {any} */ before = reference) =>
    compareImages(before, reference, options);
  for (const options of [
    null,
    7,
    { unknown: 1 },
    { packages: "all" },
    { platforms: [] },
    { platforms: "linux/amd64" },
    { platforms: ["linux"] },
    { platforms: ["linux/amd64/v1/x"] },
    { platforms: [7] },
    { platforms: Array.from({ length: 17 }, (_, at) => `linux/a${at}`) },
    { signal: 7 },
    { totalBytes: -1 },
    { registry: { nowhere: 1 } },
    { registryBefore: "x" },
  ]) {
    await assert.rejects(of(options), { name: "OcisignError", code: "bad-input" }, JSON.stringify(options));
  }
  await assert.rejects(of({}, "team/app:1.0"), { name: "OcisignError" });
});

test("a caller who has had enough gets nothing", async () => {
  const [old, now] = [await fine(), await hold(there, { layers: ["n"] })];
  const controller = new AbortController();
  const fetch = async (/** @type {string} */ url, /** @type {any} */ init) => {
    if (url.includes("/blobs/")) controller.abort();
    return globalThis.fetch(url, init);
  };
  const { signal } = controller;
  await assert.rejects(compare(old, now, { registry: { fetch }, signal }), {
    name: "OcisignError",
    code: "aborted",
  });
});

test("two registries: each is reached in its own way, and nothing of one is sent to the other", async () => {
  const other = await fakeRegistry({
    authorization: `Basic ${Buffer.from("me:pass-word").toString("base64")}`,
  });
  try {
    const old = await hold(inFake(other), { layers: ["a"] });
    const now = await hold(there, { layers: ["b"] });
    const registryBefore = { username: "me", password: "pass-word" };
    const asked = registry.requests.length;
    only(await compare(old, now, { registryBefore }));
    for (const { headers } of registry.requests.slice(asked)) assert.equal(headers.authorization, undefined);
    await assert.rejects(compare(old, now, { registry: registryBefore }), { code: "unauthorized" });
  } finally {
    other.close();
  }
});

test("random configs: what comes out is as the types promise, and never the same where bytes differ in a known part", async () => {
  const seed = newSeed();
  console.log(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const old = await fine();
  const text = JSON.stringify({
    os: "linux",
    architecture: "amd64",
    created: "2026-01-01T00:00:00Z",
    config: {
      User: "app",
      Env: ["A=1"],
      Cmd: ["x"],
      Labels: { a: "b" },
      Healthcheck: { Test: ["NONE"] },
      Volumes: { "/x": {} },
    },
    history: [{ created_by: "a" }, { created_by: "b" }],
  });
  for (let round = 0; round < 300; round++) {
    const configBytes = mutated(Buffer.from(text), random);
    const changes = await compare(old, await hold(there, { layers: ["a", "b"], configBytes }));
    for (const platform of changes.platforms) {
      const value = "value" in platform ? platform.value : "after" in platform ? platform.after : undefined;
      for (const part of value ? configParts(value).flat() : []) {
        assert.match(part.state, /^(same|changed|added|removed|unknown)$/);
        if (part.state === "unknown") assert.ok(part.error instanceof OcisignError);
        if (part.state === "changed") assert.notDeepEqual([part.before], [part.after]);
      }
    }
  }
});
