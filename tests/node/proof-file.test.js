// Does a proof file prove what its signatures say, without a network, and nothing once it was changed?
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { createProof, OcisignError, verifyProof } from "ocisign";
import { slsa } from "../support/attested.js";
import { HeldImage } from "../support/held-images.js";
import { key, MadeLayout, name, tag } from "../support/made-layout.js";
import { bundleLayer, keyPair, manifestOf } from "../support/signatures.js";

const other = keyPair("P-384");

/** Options that read this image from its registry. @param {HeldImage} image @param {any} [options] */
const from = (image, options = {}) => ({ publicKey: key.pem, registry: { fetch: image.fetch }, ...options });

/** The text of a proof. @param {HeldImage} image @param {any} [options] */
async function proofOf(image, options) {
  const { proof, verification } = await createProof(image.reference, from(image, options));
  assert.ok(proof, verification.reason);
  return proof;
}

/** An image with a signature under its tag, and a bundle that is listed in both other places. */
function signedEverywhere(text = "an image") {
  const image = new HeldImage(text);
  image.signByTag(key.privateKey, other.privateKey);
  const bundle = image.bundle(key.privateKey);
  image.list(bundle);
  image.listByTag(bundle, image.bundle(other.privateKey));
  return image;
}

/** Fields with changes, summed up anew: what somebody would do who wants to deceive. @param {string} proof @param {(fields: any) => unknown} change */
function forged(proof, change) {
  const fields = JSON.parse(proof);
  change(fields);
  const { checksum: _, ...rest } = fields;
  const sum = createHash("sha256").update(JSON.stringify(rest)).digest("hex");
  return JSON.stringify({ ...rest, checksum: `sha256:${sum}` });
}

/** @param {unknown} bytes */
const named = (bytes) => ({
  digest: `sha256:${createHash("sha256").update(String(bytes)).digest("hex")}`,
  content: Buffer.from(String(bytes)).toString("base64"),
});

/** Is it refused, or anything but verified? @param {string | Uint8Array} proof @param {any} [options] */
async function isProved(proof, options = {}) {
  try {
    return (await verifyProof(proof, { publicKey: key.pem, ...options })).state === "verified";
  } catch (error) {
    assert.ok(error instanceof OcisignError, String(error));
    assert.ok(["bad-input", "bad-signature"].includes(error.code), error.message);
    return false;
  }
}

test("a proof proves what the registry does, and names the same places", async () => {
  const image = signedEverywhere();
  const { proof = "", verification } = await createProof(image.reference, from(image));
  const proved = await verifyProof(proof, { reference: image.reference, publicKey: key.pem });
  assert.equal(proved.state, "verified");
  const good = (/** @type {import("ocisign").Verification} */ { signatures }) =>
    signatures.filter(({ verified }) => verified).map(({ blob, from: places }) => [blob, [...places].sort()]);
  assert.deepEqual(good(proved), good(verification));
  assert.deepEqual(JSON.parse(proof).keys, verification.keys);
  const bytes = Buffer.from(proof);
  assert.equal((await verifyProof(bytes, { publicKey: key.pem })).reference, image.reference);
});

test("the schema describes it, and refuses what the reader refuses by its form", async () => {
  const schema = JSON.parse(readFileSync(new URL("../../docs/proof.schema.json", import.meta.url), "utf8"));
  const fits = new Ajv.default({ strict: true }).compile(schema);
  const proof = await proofOf(signedEverywhere());
  assert.ok(fits(JSON.parse(proof)), JSON.stringify(fits.errors));
  const fields = JSON.parse(proof);
  for (const name of Object.keys(fields)) {
    const { [name]: _, ...without } = fields;
    for (const wrong of [without, { ...fields, [name]: 7 }, { ...fields, [name]: [] }]) {
      assert.equal(fits(wrong), false, name);
      assert.equal(await isProved(JSON.stringify(wrong)), false, name);
    }
  }
});

test("the same image gives the same text, whatever answers first", async () => {
  const image = signedEverywhere();
  const texts = new Set();
  for (const last of ["", image.tag, image.referrers, image.fallback, image.image]) {
    image.wait = (path) =>
      new Promise((done) => setImmediate(() => (path === last ? setImmediate(done) : done(0))));
    texts.add(await proofOf(image));
  }
  assert.equal(texts.size, 1);
});

test("of an image that is not verified there is no proof", async () => {
  const unsigned = new HeldImage();
  const wrong = new HeldImage();
  wrong.signByTag(other.privateKey);
  /** @type {[HeldImage, string][]} */
  const images = [
    [unsigned, "unsigned"],
    [wrong, "invalid"],
  ];
  for (const [image, state] of images) {
    const made = await createProof(image.reference, from(image));
    assert.deepEqual([made.verification.state, made.proof], [state, undefined]);
  }
});

test("another key, more keys, and a required repository are asked for as of a registry", async () => {
  const image = new HeldImage();
  image.list(image.bundle(key.privateKey));
  const proof = await proofOf(image);
  assert.equal((await verifyProof(proof, { publicKey: other.pem })).state, "invalid");
  assert.equal((await verifyProof(proof, { keys: [key.pem, other.pem], threshold: 2 })).state, "invalid");
  const strict = await verifyProof(proof, { publicKey: key.pem, requireRepository: true });
  assert.equal(strict.state, "invalid");
  const mapped = await verifyProof(proof, { publicKey: key.pem, signedAs: { [name]: "registry.example/x" } });
  assert.match(mapped.reason, /map of mirrors changes nothing/);
  await assert.rejects(verifyProof(proof, /** @type {any} */ ({})), { code: "bad-input" });
});

test("an index is proved with all of its images, and without them only alone", async () => {
  const child = new HeldImage("a platform");
  child.signByTag(key.privateKey);
  const whole = new HeldImage("an index", child);
  whole.signByTag(key.privateKey);
  const all = await proofOf(whole, { recursive: true });
  const proved = await verifyProof(all, { publicKey: key.pem, recursive: true });
  assert.deepEqual([proved.state, proved.manifests?.length], ["verified", 1]);
  const alone = await proofOf(whole);
  assert.equal((await verifyProof(alone, { publicKey: key.pem })).state, "verified");
  const lacking = await verifyProof(alone, { publicKey: key.pem, recursive: true });
  assert.equal(lacking.state, "unreachable", "that a proof lacks an image says nothing of it");
  assert.match(lacking.reason, /proof file does not hold the image/);
});

test("an image in a layout is proved like one in a registry", async () => {
  const layout = new MadeLayout();
  const digest = layout.image("one", tag("1.0"));
  layout.sign(digest);
  const reference = `${name}@${digest}`;
  const { proof = "" } = await createProof(reference, { publicKey: key.pem, layout: layout.files });
  assert.equal((await verifyProof(proof, { reference, publicKey: key.pem })).state, "verified");
});

test("a proof of another image is refused, by digest and by name", async () => {
  const image = signedEverywhere();
  const proof = await proofOf(image);
  for (const reference of [
    new HeldImage("another").reference,
    image.reference.replace("team/app", "team/apps"),
  ]) {
    const wrong = verifyProof(proof, { reference, publicKey: key.pem });
    await assert.rejects(wrong, { code: "bad-signature", message: /of another image/ }, reference);
  }
  const renamed = (/** @type {string} */ to) =>
    forged(proof, (fields) => {
      fields.reference = to;
    });
  assert.equal(await isProved(renamed(new HeldImage("another").reference)), false);
  // What is signed by name keeps its name; a bundle has none, and says so.
  const moved = await verifyProof(renamed(image.reference.replace("team/app", "team/apps")), {
    publicKey: key.pem,
    requireRepository: true,
  });
  assert.equal(moved.state, "invalid");
});

test("a byte that is changed anywhere, and a cut anywhere, are refused", async () => {
  const proof = await proofOf(signedEverywhere());
  assert.ok(await isProved(proof));
  const step = Math.max(1, Math.floor(proof.length / 400));
  for (let at = 0; at < proof.length; at += step) {
    const bytes = Buffer.from(proof);
    bytes[at] ^= 1;
    const isSpace = /\s/.test(proof[at] ?? "") && /\s/.test(String.fromCharCode(bytes[at] ?? 0));
    if (!isSpace) assert.equal(await isProved(bytes), false, `byte ${at}`);
    assert.equal(await isProved(proof.slice(0, at)), false, `cut at ${at}`);
  }
  assert.equal(await isProved(`${proof}{}`), false);
  assert.equal(await isProved(`\ufeff${proof}`), false);
});

test("a change is refused with a checksum that fits it, too", async () => {
  const image = signedEverywhere();
  const proof = await proofOf(image);
  const foreign = JSON.parse(await proofOf(signedEverywhere("another image")));
  assert.ok(await isProved(forged(proof, () => {})), "the forger sums up as the writer does");
  /** @type {[what: string, change: (fields: any) => unknown, said: RegExp][]} */
  const changes = [
    ["another version", (it) => (it.version = 2), /version is not 1/],
    ["a version as text", (it) => (it.version = "1"), /version is not 1/],
    ["another type", (it) => (it.mediaType = "application/json"), /no proof file/],
    ["an unknown field", (it) => (it.note = ""), /unknown field/],
    ["no field keys", (it) => delete it.keys, /no field `keys`/],
    ["no keys", (it) => (it.keys = []), /keys has 0 entries/],
    ["a key that is none", (it) => (it.keys = ["sha256:x"]), /no fingerprint/],
    ["a key twice", (it) => it.keys.push(it.keys[0]), /twice/],
    ["no signatures", (it) => (it.signatures = []), /signatures has 0 entries/],
    ["a signature twice", (it) => it.signatures.push(it.signatures[0]), /twice/],
    ["no place", (it) => (it.signatures[0].places = []), /does not say where/],
    ["an unknown place", (it) => (it.signatures[0].places = ["given"]), /does not say where/],
    ["no manifest", (it) => (it.manifests = []), /manifests has 0 entries/],
    ["another image's manifest", (it) => (it.manifests = foreign.manifests), /lacks the manifest/],
    ["a manifest twice", (it) => it.manifests.push(it.manifests[0]), /twice/],
    ["another content", (it) => (it.manifests[0].content = "e30="), /something else than its digest/],
    ["no base64", (it) => (it.manifests[0].content += "="), /not base64/],
    ["another label", (it) => (it.manifests[0].mediaType = "text/html"), /no manifest's/],
    ["no digest", (it) => (it.blobs[0].digest = "sha256:0"), /not a digest/],
    ["a blob that nothing names", (it) => it.blobs.push(named("more")), /no signature names/],
    ["a blob twice", (it) => it.blobs.push(it.blobs[0]), /twice/],
    [
      "another spelling of the image",
      (it) => (it.reference = it.reference.replace("team", "/team")),
      /one spelling/,
    ],
    ["a list as field", (it) => (it.blobs = {}), /not a list/],
  ];
  for (const [what, change, said] of changes) {
    const wrong = verifyProof(forged(proof, change), { publicKey: key.pem });
    await assert.rejects(
      wrong,
      (/** @type {Error} */ error) => error instanceof OcisignError && said.test(error.message),
      what,
    );
  }
  // Whole, and of another image's signatures: nothing of it counts.
  const exchanged = forged(proof, (it) => {
    it.signatures = foreign.signatures.map((/** @type {any} */ one) => ({ ...one, image: image.digest }));
    it.blobs = foreign.blobs;
  });
  const { state, reason } = await verifyProof(exchanged, { publicKey: key.pem });
  assert.equal(state, "invalid");
  assert.match(reason, /another image/);
});

test("a proof without a signature of its image is never the word that there is none", async () => {
  const image = signedEverywhere();
  const attested = new HeldImage();
  const child = signedEverywhere("a platform");
  const whole = new HeldImage("an index", child);
  whole.signByTag(key.privateKey);
  const { layer, bytes } = bundleLayer(key.privateKey, { digest: image.digest, predicateType: slsa });
  attested.hold(`blobs/${layer.digest}`, bytes);
  const other = manifestOf({ mediaType: "application/spdx+json", digest: image.digest, size: 1 });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const entry = (/** @type {Buffer} */ manifest, of = image.digest) => {
    return { image: of, places: ["referrers"], ...named(manifest), mediaType };
  };
  /** As the writer orders the fields. @param {any} one */
  const inOrder = ({ image: of, places, digest, mediaType: type, content }) => {
    return { image: of, places, digest, mediaType: type, content };
  };
  const onlyAttested = forged(await proofOf(image), (it) => {
    it.signatures = [inOrder(entry(manifestOf(layer)))];
    it.blobs = [named(bytes)];
  });
  const onlyOther = forged(await proofOf(whole, { recursive: true }), (it) => {
    const others = it.signatures.filter((/** @type {any} */ one) => one.image !== whole.digest);
    it.signatures = [...others, inOrder(entry(other, whole.digest))].sort((a, b) =>
      a.image < b.image ? -1 : 1,
    );
    const left = new Set(it.signatures.flatMap((/** @type {any} */ one) => blobsOf(one.content)));
    it.blobs = it.blobs.filter((/** @type {any} */ blob) => left.has(blob.digest));
  });
  for (const [proof, of, recursive] of /** @type {const} */ ([
    [onlyAttested, image.digest, false],
    [onlyOther, whole.digest, false],
    [onlyOther, whole.digest, true],
  ])) {
    const { state, reason } = await verifyProof(proof, { publicKey: key.pem, recursive });
    assert.equal(state, "unreachable", reason);
    assert.match(reason, new RegExp(`The proof file holds no signature of ${of}`));
  }
});

/** The blobs that a manifest in base64 names. @param {string} content */
function blobsOf(content) {
  const { layers } = JSON.parse(Buffer.from(content, "base64").toString());
  return layers.map((/** @type {any} */ layer) => layer.digest);
}

test("what is huge, nested, doubled or no text at all is refused", async () => {
  const proof = await proofOf(signedEverywhere());
  const nested = proof.replace('"keys":', `"x":${"[".repeat(100_000)}${"]".repeat(100_000)},"keys":`);
  const doubled = proof.replace('"keys":', '"version": 1, "keys":');
  const cased = proof.replace('"keys":', '"Keys": [], "keys":');
  for (const wrong of [
    "",
    "null",
    "[]",
    "{}",
    "7",
    nested,
    doubled,
    cased,
    `${proof}${" ".repeat(33 * 1024 * 1024)}`,
  ]) {
    assert.equal(await isProved(wrong), false);
  }
  assert.equal(await isProved(new Uint8Array([0xff, 0xfe])), false);
  for (const wrong of [undefined, null, 7, {}, JSON.parse(proof)]) {
    await assert.rejects(verifyProof(/** @type {any} */ (wrong), { publicKey: key.pem }), {
      code: "bad-input",
    });
  }
});

const indexType = "application/vnd.oci.image.index.v1+json";

/** @type {[what: string, make: (image: HeldImage) => void][]} */
const strangers = [
  [
    "the image itself under the fallback tag, as of GitLab",
    (image) => image.hold(image.fallback, body(image, image.image)),
  ],
  ["no list under the fallback tag", (image) => image.hold(image.fallback, Buffer.from("{}"), indexType)],
  [
    "another signature whose payload is damaged",
    (image) => {
      const [, second] = image.signByTag(key.privateKey, other.privateKey);
      image.hold(`blobs/${second?.digest}`, Buffer.alloc(second?.size ?? 0), "application/octet-stream");
    },
  ],
  [
    "another signature whose payload is missing",
    (image) => {
      const [, second] = image.signByTag(key.privateKey, other.privateKey);
      image.replies.delete(`blobs/${second?.digest}`);
    },
  ],
  [
    "a listed manifest that is not what its digest says",
    (image) => {
      const [good, wrong] = [image.bundle(key.privateKey), `sha256:${"1".repeat(64)}`];
      image.hold(`manifests/${wrong}`, body(image, `manifests/${good}`));
      image.list(good, wrong);
    },
  ],
];

/** @param {HeldImage} image @param {string} path */
const body = (image, path) => Buffer.from(image.replies.get(path)?.body ?? assert.fail(path));

for (const [what, make] of strangers) {
  test(`what stands beside the signatures spoils no proof: ${what}`, async () => {
    const image = new HeldImage(what);
    image.signByTag(key.privateKey);
    make(image);
    const proof = await proofOf(image);
    const { state } = await verifyProof(proof, { reference: image.reference, publicKey: key.pem });
    assert.equal(state, "verified");
  });
}

test("a proof that nobody could read is not handed out", async () => {
  const images = Array.from({ length: 101 }, (_, at) => {
    const image = new HeldImage(`image ${at}`);
    image.list(...Array.from({ length: 10 }, () => image.bundle(key.privateKey)));
    return image;
  });
  const index = new HeldImage("", ...images);
  index.signByTag(key.privateKey);
  await assert.rejects(createProof(index.reference, from(index, { recursive: true })), {
    code: "bad-input",
    message: /makes no proof that can be read: .*1011 entries; it may have 1 to 1000/,
  });
});
