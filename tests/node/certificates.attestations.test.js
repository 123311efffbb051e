// Certificates beside attestations: where only certified keys count, an attestation needs a certificate as a signature does.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { verifyImage } from "ocisign";
import { attTag, envelopeLayer, putUnderTag, slsa } from "../support/attested.js";
import { certificateAnnotation, chainAnnotation } from "../support/certified.js";
import { ca, now, Pki } from "../support/code-signing.js";
import {
  descriptor,
  digest,
  indexOf,
  reference,
  registry,
  repository,
  sigTag,
} from "../support/image-in-registry.js";
import { bundleLayer, manifestOf, payloadFor, simpleLayer, statementFor } from "../support/signatures.js";

const pki = new Pki();
after(() => pki.close());
const root = pki.issue("/O=Example/CN=Root");
const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca });
const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle });
const builder = pki.issue("/O=Example/CN=Builder", { issuer: middle });
const elsewhere = pki.issue("/O=Else/CN=Root");
const stranger = pki.issue("/O=Else/CN=Release", { issuer: elsewhere });

/** @typedef {import("../support/code-signing.js").Certificate} Certificate */

/** The image is signed, with its certificate. */
function signImage() {
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  registry.blob(repository, bytes);
  const layer = simpleLayer(leaf.privateKey, bytes);
  const annotations = {
    ...layer.annotations,
    [certificateAnnotation]: leaf.pem,
    [chainAnnotation]: middle.pem,
  };
  registry.manifest(repository, manifestOf({ ...layer, annotations }), sigTag);
}

/** @param {Certificate} by @param {object} carried */
const envelope = (by, carried) =>
  envelopeLayer(by.privateKey, { digest, annotations: { predicateType: slsa, ...carried } });

/** @param {Certificate} by @param {object} material of verification @param {string} [statement] */
function bundle(by, material, statement) {
  const around = (/** @type {any} */ made) => {
    made.verificationMaterial = material;
  };
  const { layer, bytes } = bundleLayer(by.privateKey, { digest, predicateType: slsa, around, statement });
  return { bytes, layer: { ...layer, annotations: { "dev.sigstore.bundle.predicateType": slsa } } };
}

/** @param {...Certificate} all */
const annotated = (...all) => ({
  [certificateAnnotation]: all[0]?.pem,
  ...(all.length > 1 && {
    [chainAnnotation]: all
      .slice(1)
      .map(({ pem }) => pem)
      .join(""),
  }),
});
/** @param {...Certificate} all */
const inBundle = (...all) => ({
  x509CertificateChain: { certificates: all.map(({ der }) => ({ rawBytes: der.toString("base64") })) },
});

/** Larger than any signature: what names it as an attestation is then believed. */
const large = () =>
  JSON.stringify({
    ...statementFor({ digest, predicateType: slsa }),
    predicate: { x: "x".repeat(1024 * 1024) },
  });

/** Puts these where attestations stand. @param {"tag" | "referrers"} at @param {{ layer: object, bytes: Buffer }[]} made */
function put(at, made) {
  for (const { bytes } of made) registry.blob(repository, bytes);
  putUnderTag(registry, repository, digest, ...(at === "tag" ? made : []));
  const listed =
    at === "tag" ? [] : made.map(({ layer }) => descriptor(registry.manifest(repository, manifestOf(layer))));
  registry.referrers(repository, digest, indexOf(...listed));
}

/** @param {object} [more] */
const verify = (more = {}) =>
  verifyImage(reference, {
    certificates: { roots: root.pem, at: now },
    require: ["slsaprovenance"],
    ...more,
  });

const none = "The signature carries no certificate, and only certificates of the given roots count.";

for (const at of /** @type {const} */ (["tag", "referrers"])) {
  /** @type {[string, () => ReturnType<typeof envelope>[], string | true][]} */
  const cases = [
    ["an envelope with certificate and chain", () => [envelope(leaf, annotated(leaf, middle))], true],
    ["one by another certified key", () => [envelope(builder, annotated(builder, middle))], true],
    ["a bundle with its chain", () => [bundle(leaf, inBundle(leaf, middle))], true],
    ["a bundle of a megabyte, with its chain", () => [bundle(leaf, inBundle(leaf, middle), large())], true],
    ["a bundle of a megabyte, without", () => [bundle(leaf, { publicKey: { hint: "" } }, large())], none],
    ["an envelope without a certificate", () => [envelope(leaf, {})], none],
    ["a chain without its certificate", () => [envelope(leaf, { [chainAnnotation]: middle.pem })], none],
    ["a bundle with a key alone", () => [bundle(leaf, { publicKey: { hint: "" } })], none],
    ["an envelope of another root", () => [envelope(stranger, annotated(stranger, elsewhere))], "root"],
    ["a bundle of another root", () => [bundle(stranger, inBundle(stranger, elsewhere))], "root"],
    [
      "an envelope with the certificate of another key",
      () => [envelope(stranger, annotated(leaf, middle))],
      "key",
    ],
    ["a bundle with the certificate of another key", () => [bundle(stranger, inBundle(leaf, middle))], "key"],
    // Which of two certificates comes with an envelope makes two of it.
    [
      "an envelope twice, with a wrong and a right certificate",
      () => {
        const { bytes, layer } = envelope(leaf, annotated(leaf, middle));
        const wrong = { ...layer.annotations, ...annotated(builder, middle) };
        return [
          { bytes, layer: { ...layer, annotations: wrong } },
          { bytes, layer },
        ];
      },
      true,
    ],
  ];
  for (const [name, made, expected] of cases) {
    // Bundles stand among referrers only.
    if (at === "tag" && name.startsWith("a bundle")) continue;
    test(`${at}: ${name} ${expected === true ? "counts" : "does not count"}`, async () => {
      signImage();
      put(at, made());
      const { state, reason, attestations, required } = await verify();
      if (expected === true) {
        assert.equal(state, "verified", reason);
        const good = attestations.filter(({ verified }) => verified);
        assert.equal(good.length, 1);
        const subject = good[0]?.verified && good[0].certificate?.subject;
        assert.match(String(subject), /^CN=(Release|Builder),O=Example$/);
      } else {
        assert.equal(state, "invalid", reason);
        assert.equal(attestations[0]?.verified, false);
        assert.deepEqual(required?.[0]?.keys, []);
        if (expected.length > 10) assert.ok(reason.includes(expected), reason);
        const failed = attestations[0]?.verified === false ? attestations[0].failed : undefined;
        assert.equal(failed, expected === "key" ? "signature" : "certificate");
      }
      // For a key, its certificate changes nothing.
      const { attestations: byKey } = await verify({ certificates: undefined, publicKey: leaf.publicKey });
      const isOfKey = /by another|of another/.test(name);
      assert.equal(
        byKey.some(({ verified }) => verified),
        !isOfKey,
        JSON.stringify(byKey),
      );
      assert.equal(byKey.length, 1, "two certificates do not make two of it");
    });
  }
}

test("what is no certificate makes no difference where only a key counts, however large the bundle", async () => {
  signImage();
  const material = { certificate: { rawBytes: 7 } };
  for (const statement of [undefined, large()]) {
    put("referrers", [bundle(leaf, material, statement)]);
    const { state, reason } = await verify();
    assert.equal(state, "invalid", reason);
    assert.match(reason, /certificate/);
    const byKey = await verify({ certificates: undefined, publicKey: leaf.publicKey });
    assert.equal(byKey.state, "verified", byKey.reason);
  }
});

test("of an image without a signature, a damaged attestation is no more than passed over", async () => {
  registry.manifest(repository, Buffer.from('{"schemaVersion":2,"layers":7}'), attTag(digest));
  for (const options of [
    { require: undefined },
    { require: undefined, attestations: /** @type {const} */ ("list") },
  ]) {
    const { state, problems } = await verify(options);
    assert.deepEqual([state, problems], ["unsigned", []]);
  }
});

test("what is no manifest under the tag of attestations is told where they are asked for, and else passed over", async () => {
  signImage();
  registry.manifest(repository, Buffer.from('{"schemaVersion":2,"layers":7}'), attTag(digest));
  for (const [options, expected, problems] of /** @type {[object, string, (string | undefined)[]][]} */ ([
    [{ require: undefined }, "verified", []],
    [{ require: undefined, attestations: "verify" }, "verified", ["attestation-tag"]],
    [{}, "unreachable", ["attestation-tag"]],
  ])) {
    const { state, problems: told, reason } = await verify(options);
    assert.deepEqual([state, told.map(({ from }) => from)], [expected, problems], reason);
  }
});
