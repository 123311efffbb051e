// What real cosign and the sandbox signed, verified by ocisign.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { parseReference, verifyImage } from "ocisign";
import {
  anotherKey,
  keyTypes,
  openRegistry,
  pairing,
  registries,
  withoutReferrers,
  withReferrers,
} from "../support/interop.js";

const simple = "simple signing";
const bundle = "bundle v0.3";
// cosign signs with a curve's own hash, and verifies with SHA-256 unless it is told.
const ownHash = { secp384r1: "SHA-384", secp521r1: "SHA-512" };

for (const registry of registries) {
  describe(registry, () => {
    const inBundle = registry === withReferrers ? "referrers" : "fallback-tag";
    let at;
    before(async () => {
      at = await openRegistry(registry);
    });
    after(() => at?.close());

    const judge = (image, pem, options) =>
      verifyImage(image, { publicKey: pem, registry: at.access, ...options });

    function verifiedByOcisign(row, hash, sign) {
      const found =
        row.format === simple
          ? ["simple-signing by tag", hash, "repository bound"]
          : [`bundle by ${inBundle}`, hash, "repository not bound"];
      const expected = `verified: ${found.join(", ")}; another key: invalid`;
      pairing({ ...row, registry, verifier: "ocisign", expected }, async () => {
        const { image, pem } = await sign();
        const { state, signatures } = await judge(image, pem);
        assert.equal(signatures.length, 1, "every signature is reported once");
        const another = await judge(image, anotherKey(row.key));
        return `${state}: ${shown(signatures[0])}; another key: ${another.state}`;
      });
    }

    for (const key of keyTypes) {
      verifiedByOcisign({ signer: "sandbox", format: simple, key }, "SHA-256", async () => {
        const product = await at.product(key);
        const image = await at.image();
        await at.sign(product, image);
        return { image, pem: product.pem };
      });
    }

    const signedBy = async (signer, format, key) => {
      const pair = at.tools.keyPair(signer, key);
      const image = await at.image();
      at.tools.sign(signer, format, pair.key, image);
      return { image, pem: pair.pem };
    };
    for (const signer of ["cosign-v2", "cosign-v3"]) {
      for (const format of [simple, bundle]) {
        for (const key of ["RSA4096", "secp256r1", "secp384r1", "secp521r1"]) {
          const row = { signer, format, key };
          const sign = () => signedBy(signer, format, key);
          verifiedByOcisign(row, ownHash[key] ?? "SHA-256", sign);
          if (registry === withReferrers) judgedByItself({ ...row, registry }, sign, () => at.tools);
        }
      }
    }

    // Every image here has the same digest, so a signature that is copied to another repository finds its image.
    const copied = async (format) => {
      const { image, pem } = await signedBy("cosign-v3", format, "secp256r1");
      const [from, to] = [parseReference(image), parseReference(await at.image())];
      assert.equal(from.digest, to.digest);
      const tag = `${from.digest.replace(":", "-")}${format === simple ? ".sig" : ""}`;
      const [source, target] = [from, to].map((it) => `${it.registry}/${it.repository}:${tag}`);
      at.tools.crane("copy", source, target);
      return { image: to.canonical, pem };
    };
    for (const format of registry === withoutReferrers ? [simple, bundle] : [simple]) {
      const row = { signer: "cosign-v3, copied to another repository", format, key: "secp256r1", registry };
      pairing({ ...row, verifier: "cosign-v3", expected: "accepts" }, async () => {
        const { image, pem } = await copied(format);
        return at.tools.accepts("cosign-v3", pem, image) ? "accepts" : "refuses";
      });
      const expected = format === simple ? "invalid" : "verified; with requireRepository: invalid";
      pairing({ ...row, verifier: "ocisign", expected }, async () => {
        const { image, pem } = await copied(format);
        const { state } = await judge(image, pem);
        if (format === simple) return state;
        const strict = await judge(image, pem, { requireRepository: true });
        return `${state}; with requireRepository: ${strict.state}`;
      });
    }
  });
}

/** What cosign says to its own signature: why one of ours on a larger curve is over SHA-256. */
function judgedByItself(row, sign, tools) {
  const hash = ownHash[row.key]?.replace("-", "").toLowerCase();
  const told = hash ? ["--signature-digest-algorithm", hash] : [];
  const expected = hash ? `refuses; with ${told.join(" ")}: accepts` : "accepts";
  pairing({ ...row, verifier: row.signer, expected }, async () => {
    const { image, pem } = await sign();
    const verdict = (args) => (tools().accepts(row.signer, pem, image, args) ? "accepts" : "refuses");
    return hash ? `${verdict([])}; with ${told.join(" ")}: ${verdict(told)}` : verdict([]);
  });
}

/** A report of ocisign's, as a row shows it. @param {import("ocisign").SignatureReport} report */
function shown({ format, from, hash, repositoryBound }) {
  const bound = repositoryBound ? "repository bound" : "repository not bound";
  return [`${format} by ${from.join(" and ")}`, hash, bound].join(", ");
}
