// Is an image in an OCI layout verified, wherever tools put its signatures, and is all of it compared with its digests?
import assert from "node:assert/strict";
import { test } from "node:test";
import { createProof, describeImage, OcisignError, verifyImage } from "ocisign";
import { imageType, key, MadeLayout, name, pathOf, tag } from "../support/made-layout.js";
import { keyPair } from "../support/signatures.js";

/** @param {MadeLayout} layout @param {string} digest @param {any} [options] */
const verify = (layout, digest, options = {}) =>
  verifyImage(`${name}@${digest}`, { publicKey: key.pem, layout: layout.files, ...options });

const saved = (/** @type {string} */ kind) => ({ kind: `dev.cosignproject.cosign/${kind}` });

/** @type {[what: string, from: string, make: (layout: MadeLayout) => string][]} */
const places = [
  [
    "skopeo puts them: a tag of its own",
    "tag",
    (layout) => {
      const digest = layout.image("one", tag("1.0"));
      layout.sign(digest);
      return digest;
    },
  ],
  [
    "a tag with its repository in front, as of `skopeo copy … oci:DIR:NAME`",
    "tag",
    (layout) => {
      const digest = layout.image("one", tag(`${name}:1.0`));
      layout.sign(digest, tag(`other.example/mirror:${digest.replace(":", "-")}.sig`));
      return digest;
    },
  ],
  [
    "cosign save puts them",
    "tag",
    (layout) => {
      const digest = layout.image("one", saved("image"));
      layout.sign(digest, saved("sigs"));
      return digest;
    },
  ],
  [
    "cosign save puts them, for the second of two images",
    "tag",
    (layout) => {
      layout.sign(layout.image("another", saved("image")), saved("sigs"));
      const digest = layout.image("one", saved("image"));
      layout.sign(digest, saved("sigs"));
      return digest;
    },
  ],
  [
    "cosign save puts them, in another order, by names",
    "tag",
    (layout) => {
      const digest = layout.image("one", { ...saved("image"), ...tag(`${name}:1`) });
      layout.image("another", { ...saved("image"), ...tag(`${name}:2`) });
      layout.sign(digest, { ...saved("sigs"), ...tag(`${name}:1`) });
      return digest;
    },
  ],
  [
    "oras puts them: a subject",
    "referrers",
    (layout) => {
      const digest = layout.image("one", tag("1.0"));
      layout.bundle(digest);
      return digest;
    },
  ],
  [
    "regctl puts them: an index under the fallback tag",
    "fallback-tag",
    (layout) => {
      const digest = layout.image("one", tag("1.0"));
      const bundle = layout.bundle(digest, null);
      layout.indexOf([{ digest: bundle }], tag(digest.replace(":", "-")));
      return digest;
    },
  ],
];

for (const [where, from, make] of places) {
  test(`a signature is found where ${where}`, async () => {
    const layout = new MadeLayout();
    const digest = make(layout);
    const good = await verify(layout, digest);
    assert.equal(good.state, "verified", good.reason);
    assert.deepEqual(
      good.signatures.map((signature) => signature.from),
      [[from]],
    );
    const other = await verify(layout, digest, { publicKey: keyPair("P-256").pem });
    assert.equal(other.state, "invalid");
  });
}

test("what another repository's signature says does not count, unless a map says so", async () => {
  const layout = new MadeLayout();
  const digest = layout.image("one", tag("1.0"));
  layout.sign(digest, undefined, { repository: "registry.example/other" });
  assert.equal((await verify(layout, digest)).state, "invalid");
  const signedAs = { [name]: "registry.example/other" };
  assert.equal((await verify(layout, digest, { signedAs })).state, "verified");
});

test("a layout without signatures says so of itself", async () => {
  const layout = new MadeLayout();
  const digest = layout.image("one", tag("1.0"));
  layout.sign(layout.image("another"));
  const { state, reason } = await verify(layout, digest);
  assert.deepEqual([state, reason], ["unsigned", "The OCI layout holds no signature of this image."]);
});

test("a layout that was cut off, or lost a manifest that its index names, is never the word that nothing is signed", async () => {
  const stranger = keyPair("P-256");
  for (const [
    what,
    prepare,
    expected,
  ] of /** @type {[string, (layout: MadeLayout, digest: string) => string, string][]} */ ([
    ["a bundle", (layout, digest) => layout.bundle(digest), "unreachable"],
    [
      "a bundle beside a signature by a stranger",
      (layout, digest) => {
        layout.sign(digest, undefined, { by: stranger });
        return layout.bundle(digest);
      },
      "unreachable",
    ],
    ["another image, by its tag", (layout) => layout.image("another", tag("2.0")), "unsigned"],
    ["a platform that only an index names", (layout) => layout.image("arm64", null), "unsigned"],
    ["an index", (layout, digest) => layout.indexOf([{ digest }], {}), "unsigned"],
    [
      "a bundle beside a good signature",
      (layout, digest) => {
        layout.sign(digest);
        return layout.bundle(digest);
      },
      "verified",
    ],
  ])) {
    const layout = new MadeLayout();
    const digest = layout.image("one", tag("1.0"));
    layout.held.delete(pathOf(prepare(layout, digest)));
    const { state, reason } = await verify(layout, digest);
    assert.equal(state, expected, `${what}: ${reason}`);
    if (state === "unreachable") assert.match(reason, /index\.json names sha256:\w+, which is not there/);
    const { verification } = await createProof(`${name}@${digest}`, {
      publicKey: key.pem,
      layout: layout.files,
    });
    assert.equal(verification.state, expected, what);
  }
});

test("every file of a signed image counts: one that is damaged, cut or missing is never verified", async () => {
  const signed = () => {
    const layout = new MadeLayout();
    const platforms = ["amd64", "arm64"].map((architecture) => {
      const platform = { os: "linux", architecture };
      return { digest: layout.image(architecture, null, platform), platform };
    });
    const digest = layout.indexOf(platforms, tag("1.0"));
    layout.sign(digest);
    return { layout, digest };
  };
  const { layout: whole, digest } = signed();
  assert.equal((await verify(whole, digest)).state, "verified");
  const children = JSON.parse(whole.held.get(pathOf(digest))?.toString() ?? "").manifests;
  const count = whole.held.size;
  assert.ok(count >= 10);
  // A signature is another one each time: its files are met by their place.
  for (let at = 1; at < count; at++) {
    for (const change of ["damaged", "cut", "longer", "missing"]) {
      const { layout } = signed();
      const [path = "", bytes = new Uint8Array()] = [...layout.held][at] ?? [];
      // The signature's empty config says nothing, and nobody reads it.
      if (bytes.length === 0) continue;
      if (change === "damaged")
        layout.damage(path.replace("blobs/", "").replace("/", ":"), bytes.length >> 1);
      else if (change === "cut") layout.held.set(path, bytes.subarray(0, -1));
      else if (change === "longer") layout.held.set(path, Buffer.concat([bytes, Buffer.from(" ")]));
      else layout.held.delete(path);
      const { state, reason } = await verify(layout, digest);
      const isChild = children.some((/** @type {{ digest: string }} */ one) => path === pathOf(one.digest));
      // Tools save one platform together with an index of many.
      if (change === "missing" && isChild) assert.equal(state, "verified", path);
      else assert.ok(["unreachable", "invalid"].includes(state), `${path} ${change}: ${state}, ${reason}`);
    }
  }
});

test("what is damaged is told beside each verdict, and verifies nothing", async () => {
  const stranger = keyPair("P-256");
  for (const [sign, isUnread, expected, said] of /** @type {const} */ ([
    [(layout, digest) => layout.sign(digest), false, "unreachable", /does not (match|fit|have)|digest/],
    [
      (layout, digest) => layout.sign(digest, undefined, { by: stranger }),
      false,
      "invalid",
      /not made with any of the given keys/,
    ],
    [() => {}, false, "unreachable", /digest/],
    [(layout, digest) => layout.sign(digest), true, "unreachable", /./],
  ])) {
    const layout = new MadeLayout();
    const digest = layout.image("one", tag("1.0"));
    sign(layout, digest);
    const { config, layers } = JSON.parse(layout.held.get(pathOf(digest))?.toString() ?? "");
    for (const { digest: of } of isUnread ? [{ digest }] : [config, ...layers]) layout.damage(of);
    const { state, reason, problems } = await verify(layout, digest);
    assert.equal(state, expected, reason);
    assert.match(reason, said);
    assert.equal(problems.length, 2, JSON.stringify(problems));
  }
});

test("the image is compared with its digests although a place of signatures cannot be read", async () => {
  const layout = new MadeLayout();
  const digest = layout.image("one", tag("1.0"));
  layout.damage(layout.sign(digest));
  const before = (await verify(layout, digest)).problems;
  const { layers } = JSON.parse(layout.held.get(pathOf(digest))?.toString() ?? "");
  layout.damage(layers[0].digest);
  const { state, reason, problems } = await verify(layout, digest);
  assert.deepEqual([state, problems.slice(0, -1)], ["unreachable", before]);
  assert.equal(reason, before[0]?.message, "what was found first is the reason");
  assert.ok(problems.at(-1)?.message.includes(layers[0].digest));
});

test("a layer that lies elsewhere need not be there", async () => {
  const layout = new MadeLayout();
  const config = layout.blob("{}");
  const layers = [
    {
      mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar",
      digest: `sha256:${"1".repeat(64)}`,
      size: 7,
    },
    {
      mediaType: "application/vnd.oci.image.layer.v1.tar",
      digest: `sha256:${"2".repeat(64)}`,
      size: 7,
      urls: ["https://a.example"],
    },
  ];
  const described = { mediaType: "application/vnd.oci.image.config.v1+json", digest: config, size: 2 };
  const digest = layout.manifest({ schemaVersion: 2, mediaType: imageType, config: described, layers });
  layout.sign(digest);
  assert.equal((await verify(layout, digest)).state, "verified");
});

test("a layer that lies elsewhere and is held all the same has to be whole", async () => {
  for (const more of [
    { mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar" },
    { urls: ["https://a.example"] },
  ]) {
    const layout = new MadeLayout();
    const config = {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: layout.blob("{}"),
      size: 2,
    };
    const own = layout.blob("a layer");
    const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: own, size: 7, ...more };
    const whole = { schemaVersion: 2, mediaType: imageType, config, layers: [layer] };
    const digest = layout.manifest(whole);
    layout.sign(digest);
    assert.equal((await verify(layout, digest)).state, "verified");
    layout.damage(own);
    const { state, reason } = await verify(layout, digest);
    assert.deepEqual(
      [state, reason],
      ["unreachable", `The OCI layout holds something else under the digest ${own}.`],
    );
  }
});

test("the config of what is no image, such as a chart, counts as any other", async () => {
  const layout = new MadeLayout();
  const own = layout.blob('{"name":"chart"}');
  const config = { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: own, size: 16 };
  const digest = layout.manifest({ schemaVersion: 2, mediaType: imageType, config, layers: [] });
  layout.sign(digest);
  assert.equal((await verify(layout, digest)).state, "verified");
  layout.damage(own);
  assert.equal((await verify(layout, digest)).state, "unreachable");
  layout.held.delete(pathOf(own));
  assert.equal((await verify(layout, digest)).state, "unreachable");
});

test("with recursive, each image of an index needs a signature of its own", async () => {
  const layout = new MadeLayout();
  const child = layout.image("amd64", null);
  const digest = layout.indexOf([{ digest: child }], tag("1.0"));
  layout.sign(digest);
  assert.equal((await verify(layout, digest, { recursive: true })).state, "unsigned");
  layout.sign(child);
  assert.equal((await verify(layout, digest, { recursive: true })).state, "verified");
});

test("a tag is looked up in the layout, by its whole name first", async () => {
  const describe = (/** @type {MadeLayout} */ layout) =>
    describeImage(`${name}:1.0`, { layout: layout.files, resolveTag: true });
  const bare = new MadeLayout();
  const one = bare.image("one", tag("1.0"));
  assert.equal((await describe(bare)).digest, one);
  const both = new MadeLayout();
  both.image("another", tag("1.0"));
  const named = both.image("one", tag(`${name}:1.0`));
  assert.equal((await describe(both)).digest, named);
  const built = new MadeLayout();
  built.image("another", { ...tag("1.0"), "io.containerd.image.name": "other.example/app:1.0" });
  await assert.rejects(describe(built), /The OCI layout has no tag 1\.0/);
  const mine = built.image("one", { ...tag("1.0"), "io.containerd.image.name": `${name}:1.0` });
  assert.equal((await describe(built)).digest, mine);
  const two = new MadeLayout();
  two.image("one", tag("1.0"));
  two.image("another", tag("1.0"));
  await assert.rejects(describe(two), /several manifests 1\.0/);
  const signatures = new MadeLayout();
  signatures.sign(signatures.image("one", saved("image")), { ...saved("sigs"), ...tag("1.0") });
  await assert.rejects(describe(signatures), /has no tag 1\.0/);
});

test("what is no layout is refused as such", async () => {
  const digest = `sha256:${"1".repeat(64)}`;
  /** @type {[what: string, path: string, bytes: string | undefined, said: RegExp][]} */
  const wrong = [
    ["no oci-layout", "oci-layout", undefined, /no file oci-layout/],
    ["no JSON", "oci-layout", "1.0.0", /no JSON/],
    ["another version", "oci-layout", '{"imageLayoutVersion":"2.0.0"}', /version 1\.0\.0/],
    ["a huge oci-layout", "oci-layout", " ".repeat(5000), /more than 4096 bytes/],
    ["an empty index", "index.json", "", /not JSON/],
    [
      "an image in place of the index",
      "index.json",
      '{"schemaVersion":2,"layers":[]}',
      /both an image and an index|not a list/,
    ],
    ["a name twice", "index.json", '{"schemaVersion":2,"manifests":[],"manifests":[]}', /twice/],
    ["schema 1", "index.json", '{"schemaVersion":1,"manifests":[]}', /schema version 2/],
    [
      "no digest",
      "index.json",
      '{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"../../x","size":1}]}',
      /not a digest/,
    ],
    ["nested", "index.json", `${'{"a":'.repeat(100)}1${"}".repeat(100)}`, /nested/],
  ];
  for (const [what, path, bytes, said] of wrong) {
    const layout = new MadeLayout();
    if (bytes === undefined) layout.held.delete(path);
    else layout.held.set(path, Buffer.from(bytes));
    const isRefusal = (/** @type {OcisignError} */ error) =>
      error instanceof OcisignError &&
      ["bad-input", "bad-reply"].includes(error.code) &&
      said.test(error.message);
    await assert.rejects(verify(layout, digest), isRefusal, what);
  }
  for (const layout of [null, 7, {}, "a folder"]) {
    await assert.rejects(
      verifyImage(`${name}@${digest}`, /** @type {any} */ ({ publicKey: key.pem, layout })),
      {
        code: "bad-input",
      },
    );
  }
  const both = { publicKey: key.pem, layout: new MadeLayout().files, registry: {} };
  await assert.rejects(verifyImage(`${name}@${digest}`, both), /both given/);
});

test("a file that cannot be read is a finding, and never an absence", async () => {
  const layout = new MadeLayout();
  const digest = layout.image("one", tag("1.0"));
  const signature = layout.sign(digest);
  const { read } = layout.files;
  for (const of of [digest, signature]) {
    const files = {
      read: (/** @type {string} */ path) => {
        if (path === pathOf(of)) throw Object.assign(new Error("secret words"), { code: "EIO" });
        return read(path);
      },
    };
    const { state, problems } = await verify(layout, digest, { layout: files });
    assert.equal(state, "unreachable");
    assert.match(problems[0]?.message ?? "", /cannot be read \(EIO\)/);
  }
});

test("a caller's signal, and the limit of bytes, end it", async () => {
  const layout = new MadeLayout();
  const digest = layout.image("one", tag("1.0"));
  layout.sign(digest);
  await assert.rejects(verify(layout, digest, { signal: AbortSignal.abort() }), { code: "aborted" });
  const { state } = await verify(layout, digest, { totalBytes: 700 });
  assert.equal(state, "unreachable");
});
