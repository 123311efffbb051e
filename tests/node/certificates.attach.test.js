// Certificates beside signatures that are attached: checked before anything is pushed, and read back by those who verify.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { after, test } from "node:test";
import { attachSignature, signingPayload, verifyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { certificateAnnotation, chainAnnotation } from "../support/certified.js";
import { ca, lasting, Pki, signing } from "../support/code-signing.js";
import { referringRegistry } from "../support/referring-registry.js";
import { manifestOf } from "../support/signatures.js";

const pki = new Pki();
after(() => pki.close());

const root = pki.issue("/O=Example/CN=Root", lasting);
const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca, ...lasting });
const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle, ...lasting });
const other = pki.issue("/O=Example/CN=Other", { issuer: middle, ...lasting });

const bytes = manifestOf({ digest: "the image itself" });
const digest = digestOf(bytes);
const repository = "team/app";
const reference = `registry.example/${repository}@${digest}`;
const sigPath = `/v2/${repository}/manifests/${digest.replace(":", "-")}.sig`;

/** @typedef {import("../support/code-signing.js").Certificate} Certificate */

function registryWithImage() {
  const registry = referringRegistry();
  registry.manifest(repository, bytes);
  return registry;
}

/** @param {"simple-signing" | "bundle"} format @param {Certificate} by */
async function signed(format, by = leaf) {
  return sign("sha256", (await signingPayload(reference, format)).bytes, by.privateKey);
}

/** @param {ReturnType<typeof referringRegistry>} registry @param {object} options */
const attach = ({ fetch }, options) =>
  attachSignature(
    reference,
    /** @type {any} */ ({ publicKey: leaf.publicKey, registry: { fetch }, ...options }),
  );

/** @param {ReturnType<typeof referringRegistry>} registry @param {object} options */
const verify = ({ fetch }, options) =>
  verifyImage(reference, /** @type {any} */ ({ registry: { fetch }, ...options }));

test("what is attached is verified by the roots alone, and by the key alone", async () => {
  const registry = registryWithImage();
  const signature = { "simple-signing": await signed("simple-signing"), bundle: await signed("bundle") };
  const attached = await attach(registry, {
    format: "both",
    signature,
    certificate: leaf.pem,
    chain: middle.pem,
  });
  assert.deepEqual(
    attached.formats.map(({ wasThere }) => wasThere),
    [false, false],
  );
  const { state, signatures } = await verify(registry, {
    certificates: { roots: root.pem, intermediates: middle.pem },
  });
  assert.equal(state, "verified");
  assert.deepEqual(
    signatures.map(({ format, certificate }) => [format, certificate?.subject]),
    [
      ["simple-signing", "CN=Release,O=Example"],
      ["bundle", "CN=Release,O=Example"],
    ],
  );
  const byKey = await verify(registry, { publicKey: leaf.publicKey });
  assert.deepEqual(
    byKey.signatures.map(({ verified }) => verified),
    [true, true],
  );
  // A bundle has no place for the chain.
  const less = await verify(registry, { certificates: { roots: root.pem } });
  assert.deepEqual(
    less.signatures.map(({ verified }) => verified),
    [true, false],
  );
});

test("certificates are written as cosign writes them, in whatever form they are given", async () => {
  for (const [certificate, chain] of [
    [leaf.pem, middle.pem + root.pem],
    [leaf.der, [middle.der, root.der]],
    [Buffer.from(`a note\n${leaf.pem}`), [middle.pem, root.der]],
  ]) {
    const registry = registryWithImage();
    await attach(registry, { signature: await signed("simple-signing"), certificate, chain });
    const [layer] = registry.json(sigPath).layers;
    assert.equal(layer.annotations[certificateAnnotation], leaf.pem);
    assert.equal(layer.annotations[chainAnnotation], middle.pem + root.pem);
  }
  const registry = registryWithImage();
  await attach(registry, { signature: await signed("simple-signing"), certificate: leaf.pem });
  const [{ annotations }] = registry.json(sigPath).layers;
  assert.deepEqual(Object.keys(annotations), ["dev.cosignproject.cosign/signature", certificateAnnotation]);
});

test("a signature is added once, and again only with another certificate", async () => {
  const registry = registryWithImage();
  const signature = await signed("simple-signing");
  assert.equal((await attach(registry, { signature })).signatures, 1);
  const certified = { signature, certificate: leaf.pem, chain: middle.pem };
  assert.equal((await attach(registry, certified)).signatures, 2);
  const again = await attach(registry, certified);
  assert.deepEqual([again.signatures, again.formats[0]?.wasThere], [2, true]);
  // Whoever asks for no certificate has what was asked for.
  assert.equal((await attach(registry, { signature })).formats[0]?.wasThere, true);
  assert.equal((await verify(registry, { certificates: { roots: root.pem } })).state, "verified");
  const { signatures } = await verify(registry, { publicKey: leaf.publicKey });
  assert.equal(signatures.length, 1, "for a key, both are one");
});

test("a certificate that does not fit is told before anything is pushed", async () => {
  const past = { from: "20200101000000Z", until: "20210101000000Z" };
  const early = { from: "20980101000000Z", until: "20990101000000Z" };
  const make = (/** @type {object} */ options) =>
    pki.issue("/CN=Wrong", { issuer: middle, key: leaf, ...lasting, ...options }).pem;
  const notCa = pki.issue("/O=Example/CN=Not a CA", { issuer: root, extensions: [], ...lasting });
  const below = pki.issue("/CN=Below", { issuer: notCa, key: leaf, ...lasting });
  const all = [
    [{ certificate: other.pem }, /The certificate is of another key than the one that signed/],
    [{ certificate: make(past) }, /expired on 2021-01-01/],
    [{ certificate: make(early) }, /is not valid before 2098-01-01/],
    [{ certificate: make({ extensions: ["extendedKeyUsage=serverAuth"] }) }, /is not for code signing/],
    [{ certificate: make({ extensions: [] }) }, /is not for code signing/],
    [{ certificate: make({ extensions: [...ca, "extendedKeyUsage=codeSigning"] }) }, /is a CA's/],
    [{ certificate: leaf.pem, chain: root.pem }, /The chain is out of order, or of another certificate/],
    [
      { certificate: leaf.pem, chain: root.pem + middle.pem },
      /The chain is out of order, or of another certificate/,
    ],
    [{ certificate: leaf.pem, chain: leaf.pem + middle.pem }, /holds the signing certificate itself/],
    [{ certificate: below.pem, chain: notCa.pem }, /is no CA/],
    [{ certificate: leaf.pem + middle.pem }, /is 2 certificates; one signs/],
    [{ certificate: [leaf.pem, middle.pem] }, /certificate is not one certificate/],
    [{ certificate: [] }, /certificate is not one certificate/],
    [{ certificate: "nonsense" }, /The certificate is not a certificate in PEM/],
    [{ certificate: leaf.keyPem }, /holds `PRIVATE KEY`/],
    [{ certificate: leaf.pem + leaf.keyPem }, /holds `PRIVATE KEY`/],
    [{ certificate: leaf.pem, chain: middle.pem + middle.keyPem }, /holds `PRIVATE KEY`/],
    [{ certificate: leaf.pem, chain: middle.pem.repeat(1500) }, /The chain has \d{6,7} bytes; at most 65536/],
    [
      { certificate: leaf.pem, chain: "a".repeat(2 ** 21) },
      /chain is neither text nor bytes of a certificate/,
    ],
    [{ certificate: 7 }, /certificate is neither text nor bytes of a certificate/],
    [{ chain: middle.pem }, /chain is given without certificate/],
  ];
  for (const [given, why] of /** @type {[object, RegExp][]} */ (all)) {
    for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
      const registry = registryWithImage();
      await assert.rejects(
        attach(registry, { format, signature: await signed(format), ...given }),
        (/** @type {any} */ error) => {
          assert.equal(error.code, "bad-input");
          assert.match(error.message, why);
          assert.doesNotMatch(
            `${error.message}${error.fix}`,
            /[A-Za-z0-9+/]{40}/,
            "nothing of a key is repeated",
          );
          return true;
        },
      );
      assert.equal(registry.asked.length, 0, "nothing was asked for, and nothing pushed");
    }
  }
});

test("one certificate vouches for one key: it fits no second one that signed, too", async () => {
  for (const [simple, bundle] of [
    [leaf, other],
    [other, leaf],
  ]) {
    const registry = registryWithImage();
    const attached = attach(registry, {
      format: "both",
      publicKey: leaf.publicKey + other.publicKey,
      signature: {
        "simple-signing": await signed("simple-signing", simple),
        bundle: await signed("bundle", bundle),
      },
      certificate: leaf.pem,
    });
    await assert.rejects(attached, {
      code: "bad-input",
      message: /The certificate is of another key than the one that signed/,
    });
    assert.equal(registry.asked.length, 0);
  }
});

test("a wrong signature is told although its certificate fits", async () => {
  const signature = await signed("simple-signing", other);
  const options = { signature, certificate: leaf.pem, chain: middle.pem };
  await assert.rejects(attach(registryWithImage(), options), { code: "bad-signature" });
});

test("keys of every kind are certified", async () => {
  for (const kind of /** @type {const} */ (["rsa", "P-384", "P-521"])) {
    const own = pki.issue(`/CN=Signer with ${kind}`, {
      issuer: middle,
      kind,
      extensions: signing,
      ...lasting,
    });
    const registry = registryWithImage();
    const signature = {
      "simple-signing": await signed("simple-signing", own),
      bundle: await signed("bundle", own),
    };
    const keys = { publicKey: own.publicKey, certificate: own.der, chain: middle.der };
    await attach(registry, { format: "both", signature, ...keys });
    const { signatures } = await verify(registry, {
      certificates: { roots: root.der, intermediates: middle.der },
    });
    assert.deepEqual(
      signatures.map(({ verified }) => verified),
      [true, true],
      kind,
    );
  }
});
