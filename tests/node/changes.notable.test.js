// What is notable of a change: each code, and when it is not told. docs/changes.md lists the same codes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { compareImages } from "ocisign";
import tar from "tar-stream";
import { codes, descriptorOf, hold, holdIndex, inFake, types } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
before(async () => {
  registry = await fakeRegistry();
});
after(() => registry?.close());

/** @typedef {import("../support/changing.js").Made} Made */

/** @param {Made} old @param {Made} now */
async function found(old, now) {
  const images = [await hold(inFake(registry), old), await hold(inFake(registry), now)];
  return codes(await compareImages(images[0].reference, images[1].reference, { packages: "none" }));
}

const config = (/** @type {Record<string, unknown>} */ fields) => ({ config: fields });
const user = (/** @type {string} */ name) => config({ User: name });
const env = (/** @type {string[]} */ ...list) => config({ Env: list });
const made = (/** @type {string} */ created, more = {}) => ({ outer: { created, ...more } });
const bottom = (/** @type {string} */ layer, /** @type {string} */ created) => ({
  layers: [layer, "app"],
  outer: { history: [{ created, created_by: "FROM" }, { created_by: "COPY" }] },
});
const named = (/** @type {string} */ name, /** @type {string} */ layer = "base") => ({
  layers: [layer, "app"],
  changes: { annotations: { "org.opencontainers.image.base.name": name } },
});
const source = (/** @type {string} */ url) => config({ Labels: { "org.opencontainers.image.source": url } });

/** @type {Record<string, readonly (readonly [old: Made, now: Made, ...codes: string[]])[]>} */
const cases = {
  entrypoint: [
    [config({ Entrypoint: ["/a"] }), config({ Entrypoint: ["/b"] }), "entrypoint"],
    [config({}), config({ Entrypoint: ["/b"] }), "entrypoint"],
    [config({ Entrypoint: ["/a"] }), config({}), "entrypoint"],
    [config({ Entrypoint: ["/a b"] }), config({ Entrypoint: ["/a", "b"] }), "entrypoint"],
    [config({ Entrypoint: [] }), config({ Entrypoint: null, User: "" })],
  ],
  command: [[config({ Cmd: ["a"] }), config({ Cmd: ["b"] }), "command"]],
  "where it starts": [
    [config({ WorkingDir: "/app" }), config({ WorkingDir: "/tmp" }), "working-directory"],
    [config({}), config({ WorkingDir: "/tmp" }), "working-directory"],
    [config({}), config({ WorkingDir: "" })],
  ],
  "what runs beside": [
    [config({}), config({ Healthcheck: { Test: ["CMD-SHELL", "curl x | sh"] } }), "health-check"],
    [config({ Healthcheck: { Test: ["NONE"] } }), config({}), "health-check"],
    [config({}), config({ Healthcheck: null })],
    [config({}), config({ OnBuild: ["RUN curl x | sh"] }), "on-build"],
    [config({ OnBuild: ["RUN a"] }), config({ OnBuild: ["RUN b"] }), "on-build"],
    [config({ OnBuild: ["RUN a"] }), config({ OnBuild: [] })],
  ],
  user: [
    [user("app"), user("+0"), "user-root"],
    [user("app"), user("-0:1000"), "user-root"],
    [user("app"), user("ContainerAdministrator"), "user-root"],
    [user("+0:0"), user("root")],
    [user("app"), user("other"), "user"],
    [user("app"), user("root"), "user-root"],
    [user("app"), user("0"), "user-root"],
    [user("1000:1000"), user("0:1000"), "user-root"],
    [user("app"), user(""), "user-root"],
    [user(""), user("app"), "user"],
    [user(""), user("root")],
    [user("root"), user("0:0")],
    [user("root"), user("root:docker"), "user"],
    [user("app"), user("rooter"), "user"],
    [user("app"), user("0x"), "user"],
  ],
  variables: [
    [env("PATH=/bin"), env("PATH=/tmp:/bin"), "variable-loads-code PATH"],
    [env(), env("LD_PRELOAD=/x.so"), "variable-loads-code LD_PRELOAD"],
    [env("LD_PRELOAD=/x.so"), env()],
    ...[
      ...[
        "OPENSSL_CONF",
        "LUA_INIT_5_4",
        "JAVA_OPTS",
        "JAVA_HOME",
        "PYTHONUSERBASE",
        "BUN_OPTIONS",
        "BASH_FUNC_ls%%",
      ],
      ...["CORECLR_PROFILER_PATH_64", "GIT_CONFIG_COUNT", "PS4", "GEM_PATH", "ERL_AFLAGS"],
    ].map((name) => /** @type {const} */ ([env(), env(`${name}=x`), `variable-loads-code ${name}`])),
    ...[
      ...[
        "PIP_INDEX_URL",
        "npm_config_registry",
        "NPM_CONFIG_REGISTRY",
        "GOPROXY",
        "GONOSUMDB",
        "SSLKEYLOGFILE",
      ],
      ...["AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE", "DOCKER_HOST", "UV_INDEX_URL"],
    ].map((name) => /** @type {const} */ ([env(), env(`${name}=x`), `variable-reroutes ${name}`])),
    [env(), env("https_proxy=http://a"), "variable-reroutes https_proxy"],
    [env(), env("NODE_TLS_REJECT_UNAUTHORIZED=0"), "variable-reroutes NODE_TLS_REJECT_UNAUTHORIZED"],
    [env(), env("MY_TOKEN=abcdefgh"), "variable-secret MY_TOKEN"],
    [env("MY_TOKEN=abcdefgh"), env("MY_TOKEN=other")],
    [env("MY_TOKEN="), env("MY_TOKEN=other"), "variable-secret MY_TOKEN"],
    [env("LANG=C"), env("LANG=D", "XPATH=1")],
  ],
  layers: [
    [{ layers: ["a", "b"] }, { layers: ["c", "d"] }, "no-shared-layer"],
    [{ layers: ["a", "b"] }, { layers: ["c", "a"] }],
    [{ layers: [] }, { layers: ["a"] }],
    [
      { layers: ["a"] },
      {
        layers: [
          "a",
          { mediaType: types.layer, digest: `sha256:${"e".repeat(64)}`, size: 9, urls: ["https://a/b"] },
        ],
      },
      `layer-foreign sha256:${"e".repeat(64)}`,
    ],
    [
      { layers: ["a"] },
      {
        layers: [
          "a",
          {
            mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            digest: `sha256:${"f".repeat(64)}`,
            size: 9,
          },
        ],
      },
      `layer-foreign sha256:${"f".repeat(64)}`,
    ],
  ],
  base: [
    [named("debian:13"), named("alpine:3", "other"), "base-replaced alpine:3"],
    [named("debian:13"), named("debian:13", "other")],
    [bottom("b2", "2026-02-01T00:00:00Z"), bottom("b1", "2026-01-01T00:00:00Z"), "base-older"],
    [bottom("b1", "2026-01-01T00:00:00Z"), bottom("b2", "2026-02-01T00:00:00Z")],
    // The same layer with another history is no other base.
    [bottom("b1", "2026-02-01T00:00:00Z"), bottom("b1", "2026-01-01T00:00:00Z")],
    // What reproducible builders write is no time.
    [bottom("b2", "2026-02-01T00:00:00Z"), bottom("b1", "1970-01-01T00:00:00Z")],
  ],
  created: [
    [made("2026-02-01T00:00:00Z"), made("2026-01-01T00:00:00Z"), "created-earlier"],
    [made("2026-01-01T00:00:00Z"), made("2026-02-01T00:00:00Z")],
    [made("2026-01-01T00:00:00Z"), made("2026-01-01T01:00:00+01:00")],
    [made("2026-02-01T00:00:00Z"), made("1970-01-01T00:00:00Z")],
  ],
  source: [
    [source("https://a/b"), source("https://evil/b"), "source"],
    [source("https://a/b"), config({}), "source"],
    [config({}), source("https://a/b")],
  ],
  unreadable: [
    [config({ User: 7 }), config({}), "unreadable user"],
    [config({}), config({ Entrypoint: "sh -c" }), "unreadable entrypoint"],
    [config({}), env("A=1", "A=2"), "unreadable environment"],
    [config({}), config({ Labels: { a: 7 } }), "unreadable labels"],
    [config({}), { configBytes: Buffer.from("{") }, "unreadable config"],
    [config({}), { outer: { created: "yesterday" } }, "unreadable created"],
  ],
};

for (const [about, list] of Object.entries(cases)) {
  test(`what is notable: ${about}`, async () => {
    for (const [old, now, ...expected] of list) {
      // Two shared layers below, unless the case is about layers.
      assert.deepEqual(await found(old, now), expected, JSON.stringify([old, now]));
    }
  });
}

test("what is most important comes first", async () => {
  const old = { layers: ["a"], ...config({ User: "app", Entrypoint: ["/a"], Env: ["PATH=/bin"] }) };
  const now = {
    layers: ["b"],
    ...config({ User: "root", Entrypoint: ["/b"], Env: ["PATH=/", "A=1", "A=2"], Cmd: ["x"] }),
  };
  assert.deepEqual(await found(old, now), [
    ...[
      "unreadable environment",
      "user-root",
      "entrypoint",
      "command",
      "variable-loads-code PATH",
      "no-shared-layer",
    ],
  ]);
});

test("of an index, a platform is named unless it is the same of all", async () => {
  const holder = inFake(registry);
  const of = async (/** @type {string[]} */ ...entrypoints) => {
    const platforms = ["linux/amd64", "linux/arm64"];
    const images = await Promise.all(
      entrypoints.map((word, at) =>
        hold(holder, { config: { Entrypoint: [word] }, outer: { architecture: platforms[at]?.slice(6) } }),
      ),
    );
    return holdIndex(holder, Object.fromEntries(images.map((image, at) => [platforms[at], image])));
  };
  const compare = async (/** @type {string[]} */ old, /** @type {string[]} */ now) => {
    const images = [await of(...old), await of(...now)];
    return codes(await compareImages(images[0].reference, images[1].reference, { packages: "none" }));
  };
  assert.deepEqual(await compare(["/a", "/a"], ["/b", "/b"]), ["entrypoint"]);
  assert.deepEqual(await compare(["/a", "/b"], ["/b", "/b"]), ["entrypoint linux/amd64"]);
  assert.deepEqual(await compare(["/a", "/a"], ["/b"]), [
    "entrypoint linux/amd64",
    "platform-removed linux/arm64",
  ]);
  assert.deepEqual(await compare(["/a"], ["/a", "/a"]), ["platform-added linux/arm64"]);
});

test("what is notable of files, and only where it is new", async () => {
  /** @param {Record<string, { mode?: number, type?: "character-device", devmajor?: number, devminor?: number, pax?: Record<string, string> }>} files */
  const layer = async (files) => {
    const pack = tar.pack();
    for (const [name, header] of Object.entries(files))
      pack.entry({ name, mtime: new Date(0), ...header }, "");
    pack.finalize();
    const bytes = gzipSync(await buffer(pack));
    inFake(registry).blob(bytes);
    return { layers: ["base", descriptorOf(bytes, types.layer)] };
  };
  const compare = async (/** @type {Made} */ old, /** @type {Made} */ now) => {
    const images = [await hold(inFake(registry), old), await hold(inFake(registry), now)];
    const how = /** @type {const} */ ({ packages: "none", files: true });
    return codes(await compareImages(images[0].reference, images[1].reference, how));
  };
  const plain = await layer({ "bin/a": { mode: 0o755 }, "etc/b": { mode: 0o644 } });
  const odd = await layer({
    "bin/su": { mode: 0o4755 },
    "bin/write": { mode: 0o2755 },
    "bin/ping": { mode: 0o755, pax: { "SCHILY.xattr.security.capability": "x" } },
    "dev/mem": { mode: 0o600, type: "character-device", devmajor: 1, devminor: 1 },
    "tmp/run": { mode: 0o755 },
    "etc/open": { mode: 0o666 },
  });
  assert.deepEqual(await compare(plain, odd), [
    ...["file-setuid bin/su", "file-setgid bin/write", "file-capabilities bin/ping", "file-device dev/mem"],
    ...["file-unusual-place dev/mem", "file-unusual-place tmp/run", "file-world-writable etc/open"],
  ]);
  assert.deepEqual(await compare(odd, plain), []);
  // The same files in a layer that is packed otherwise.
  const again = await layer({ "bin/su": { mode: 0o4755 }, "bin/new": { mode: 0o755 } });
  assert.deepEqual(await compare(odd, again), []);
});

test("docs/changes.md lists exactly these codes, in this order", () => {
  const read = (/** @type {string} */ path) =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const inSource =
    read("pkg/src/compare/notable.ts").match(/const codes = \[([\s\S]*?)\] as const/)?.[1] ?? "";
  const listed = [...inSource.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
  const section =
    read("docs/changes.md")
      .split(/^## /m)
      .find((text) => text.startsWith("What is notable")) ?? "";
  const told = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
  assert.ok(listed.length > 15);
  assert.deepEqual(told, listed);
});
