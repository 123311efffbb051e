// Which name do signatures have to say of an image in a mirror, when a caller maps names to names?
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, verifyAll, verifyImage, verifySignatures } from "ocisign";
import { HeldImage } from "../support/held-images.js";
import { bundleLayer, image, keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const key = keyPair("P-256");

/**
 * Verifies an image of this name with a signature for that one.
 *
 * @param {string} name @param {string} signedFor @param {unknown} signedAs
 */
function verify(name, signedFor, signedAs) {
  const blob = Buffer.from(JSON.stringify(payloadFor({ repository: signedFor })));
  const manifest = manifestOf(simpleLayer(key.privateKey, blob));
  const given = { reference: `${name}@${image.digest}`, publicKey: key.pem, manifest, blob };
  return verifySignatures(/** @type {any} */ ({ ...given, signedAs }));
}

/** @type {[what: string, map: Record<string, string>, name: string, signedFor: string][]} */
const replaced = [
  [
    "a registry",
    { "mirror.example": "registry.example" },
    "mirror.example/team/app",
    "registry.example/team/app",
  ],
  [
    "a registry with a path",
    { "mirror.example": "registry.example/x" },
    "mirror.example/team/app",
    "registry.example/x/team/app",
  ],
  [
    "a path",
    { "mirror.example/hub": "docker.io/library" },
    "mirror.example/hub/nginx",
    "docker.io/library/nginx",
  ],
  [
    "all of the name",
    { "mirror.example/a/b": "registry.example/c" },
    "mirror.example/a/b",
    "registry.example/c",
  ],
  [
    "a port",
    { "mirror.example:5000": "registry.example" },
    "mirror.example:5000/app",
    "registry.example/app",
  ],
  [
    "a registry in capitals",
    { "Mirror.Example": "registry.example" },
    "mirror.example/app",
    "registry.example/app",
  ],
  [
    "the longest prefix",
    {
      "mirror.example": "one.example",
      "mirror.example/team": "two.example",
      "mirror.example/team/a": "three.example",
    },
    "mirror.example/team/b",
    "two.example/b",
  ],
  [
    "once, and not again",
    { "mirror.example": "middle.example", "middle.example": "registry.example" },
    "mirror.example/app",
    "middle.example/app",
  ],
  [
    "two repositories for each other",
    { "registry.example/a": "registry.example/b", "registry.example/b": "registry.example/a" },
    "registry.example/a",
    "registry.example/b",
  ],
];

for (const [what, map, name, signedFor] of replaced) {
  test(`a map replaces ${what}, and the image's own name does not count any more`, async () => {
    const mapped = await verify(name, signedFor, map);
    assert.equal(mapped.state, "verified", mapped.reason);
    assert.equal(mapped.reference, `${name}@${image.digest}`, "the image keeps its name");
    assert.equal(mapped.identity?.name, signedFor);
    assert.match(mapped.reason, new RegExp(`Its signatures name ${signedFor.replaceAll(".", "\\.")},`));
    const own = await verify(name, name, map);
    assert.equal(own.state, "invalid");
    assert.match(own.reason, /another repository.* have to name /);
    assert.equal((await verify(name, signedFor, undefined)).state, "invalid", "without the map");
  });
}

test("a prefix ends where a component ends, and is never found in the middle", async () => {
  /** @type {[map: Record<string, string>, name: string][]} */
  const unmapped = [
    [{ "mirror.example/team/a": "mirror.example/team/b" }, "mirror.example/team/ab"],
    [{ "mirror.example/team/a": "mirror.example/team/b" }, "mirror.example/team/a-b"],
    [{ "mirror.example/team/a": "mirror.example/team/b" }, "mirror.example/team"],
    [{ "mirror.example/team": "registry.example/team" }, "mirror.example/my/team/app"],
    [{ "mirror.example": "registry.example" }, "mirror.example.org/app"],
    [{ "mirror.example": "registry.example" }, "my.mirror.example/app"],
    [{ "mirror.example": "registry.example" }, "mirror.example:5000/app"],
    [{ "mirror.example:5000": "registry.example" }, "mirror.example/app"],
    [{ "mirror.example:500": "registry.example" }, "mirror.example:5000/app"],
  ];
  for (const [map, name] of unmapped) {
    const own = await verify(name, name, map);
    assert.deepEqual([own.state, own.identity], ["verified", undefined], name);
    const [[prefix = "", signedPrefix = ""] = []] = Object.entries(map);
    const other = `${signedPrefix}${name.slice(prefix.length)}`;
    const spelled = /^[a-z0-9.:/-]+$/.test(other) && other.startsWith(`${signedPrefix}`);
    if (spelled && other !== name) assert.equal((await verify(name, other, map)).state, "invalid", other);
  }
});

test("a signature for a third repository never counts", async () => {
  const map = { "mirror.example/a": "registry.example/b" };
  for (const third of [
    "registry.example/c",
    "registry.example/bb",
    "mirror.example/b",
    "registry.example/a",
    "b",
  ]) {
    const { state, reason } = await verify("mirror.example/a", third, map);
    assert.equal(state, "invalid", third);
    assert.match(reason, /have to name registry\.example\/b/);
  }
});

test("of a bundle, which names no repository, the result says that the map changes nothing", async () => {
  const { layer, bytes } = bundleLayer(key.privateKey);
  const given = { publicKey: key.pem, manifest: manifestOf(layer), blob: bytes };
  const reference = `mirror.example/app@${image.digest}`;
  const signedAs = { "mirror.example": "registry.example" };
  const bundled = await verifySignatures({ ...given, reference, signedAs });
  assert.equal(bundled.state, "verified");
  assert.match(bundled.reason, /name no repository, so that the map of mirrors changes nothing/);
  assert.equal(bundled.identity?.name, "registry.example/app");
  const strict = await verifySignatures({ ...given, reference, signedAs, requireRepository: true });
  assert.equal(strict.state, "invalid");
});

test("an image and all that its index names are mapped in a registry, alone and of a list", async () => {
  const child = new HeldImage("a platform");
  const whole = new HeldImage("an index", child);
  child.signByTag(key.privateKey);
  for (const [path, reply] of child.replies) whole.replies.set(path, reply);
  whole.signByTag(key.privateKey);
  const reference = `mirror.example/hub/app@${whole.digest}`;
  // What the fixture signs names registry.example/team/app.
  const signedAs = { "mirror.example/hub": "registry.example/team" };
  /** @param {string} url */
  const fetch = (url, init) =>
    whole.fetch(url.replace("mirror.example/v2/hub/", "registry.example/v2/team/"), init);
  const options = { publicKey: key.pem, recursive: true, registry: { fetch } };
  const alone = await verifyImage(reference, { ...options, signedAs });
  assert.equal(alone.state, "verified", alone.reason);
  assert.equal(alone.manifests?.[0]?.identity?.name, "registry.example/team/app");
  assert.equal((await verifyImage(reference, options)).state, "invalid");
  for await (const { verification } of verifyAll([reference], { ...options, signedAs })) {
    assert.equal(verification?.state, "verified");
  }
});

test("a map that is none is refused, whatever the image is", async () => {
  const wrong = [
    ...[
      null,
      [],
      "mirror.example=registry.example",
      7,
      {},
      new Map([["mirror.example", "registry.example"]]),
    ],
    ...[
      { "mirror.example": 7 },
      { "mirror.example": undefined },
      { "mirror.example": "" },
      { "": "a.example" },
    ],
    ...[
      "team/a",
      "app",
      "mirror.example/",
      "mirror.example//a",
      "https://mirror.example",
      "mirror.example/A",
    ].map((prefix) => ({ [prefix]: "registry.example" })),
    ...[
      "mirror.example/a:1.2",
      `mirror.example/a@${image.digest}`,
      "*.example",
      "mirror.example:x",
      " a.example",
    ].map((prefix) => ({ [prefix]: "registry.example" })),
    { "mirror.example": "team/b" },
    { "mirror.example": "one.example", "MIRROR.example": "two.example" },
  ];
  for (const signedAs of wrong) {
    const about = JSON.stringify(signedAs);
    await assert.rejects(
      verify("other.example/app", "other.example/app", signedAs),
      (/** @type {OcisignError} */ error) => error instanceof OcisignError && error.code === "bad-input",
      about,
    );
  }
});

test("what the map makes of a name is a name in its one spelling", async () => {
  const hub = verify("mirror.example/nginx", "docker.io/library/nginx", { "mirror.example": "docker.io" });
  await assert.rejects(hub, { code: "bad-input", message: /spelled docker\.io\/library\/nginx/ });
  for (const [own, message] of /** @type {const} */ ([
    ["registry.example", /names no repository/],
    // What looks like a port is a tag here.
    ["registry.example:5000", /makes registry\.example:5000 .*names no repository/],
  ])) {
    const bare = verify("mirror.example/app", own, { "mirror.example/app": own });
    await assert.rejects(bare, { code: "bad-input", message });
  }
});

test("a prefix may stand twice, in two spellings, if both say the same", async () => {
  const map = { "mirror.example": "one.example", "MIRROR.example": "one.example" };
  const { state, reason } = await verify("mirror.example/app", "one.example/app", map);
  assert.equal(state, "verified", reason);
});
