// A thousand signatures in hand, 64 at once.
import { webcrypto } from "node:crypto";
import { verifySignatures } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { keyPair, payloadFor, simpleLayer } from "../../tests/support/signatures.js";
import { everyOne } from "../lib/at-once.js";

const { subtle } = webcrypto;
const count = 1000;
const atOnce = 64;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "proofs",
  title: "1,000 distinct RSA-4096 signatures in hand, 64 at once",
  async cases() {
    const pair = keyPair("rsa", 4096);
    const all = Array.from({ length: count }, (_, at) => signed(pair, at));
    const key = await subtle.importKey(
      "spki",
      pair.publicKey.export({ type: "spki", format: "der" }),
      { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
      false,
      ["verify"],
    );
    const raw = (/** @type {Signed} */ { signature, payload }) =>
      subtle.verify("RSASSA-PKCS1-v1_5", key, signature, payload);
    const ours = async (/** @type {Signed} */ { reference, manifest, payload }) => {
      const blob = async () => payload;
      const { state } = await verifySignatures({ reference, publicKey: pair.pem, manifest, blob });
      return state === "verified";
    };
    const checked = async (/** @type {Signed} */ it) => (await raw(it)) && isRight(it);
    return [
      {
        what: "verified",
        ours: { name: "verifySignatures", items: count, run: () => allGood(all, ours) },
        beside: [
          { name: "WebCrypto alone", items: count, run: () => allGood(all, raw), aim: 0.5 },
          { name: "WebCrypto and the checks by hand", items: count, run: () => allGood(all, checked) },
        ],
      },
    ];
  },
};

/**
 * @typedef {ReturnType<typeof signed>} Signed
 *
 * @param {ReturnType<typeof keyPair>} pair @param {number} at
 */
function signed({ privateKey }, at) {
  const digest = `sha256:${at.toString(16).padStart(8, "0").repeat(8)}`;
  const payload = new Uint8Array(Buffer.from(JSON.stringify(payloadFor({ digest }))));
  const layer = simpleLayer(privateKey, payload);
  const config = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: digestOf(Buffer.from("{}")),
    size: 2,
  };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = new Uint8Array(
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [layer] })),
  );
  const signature = Buffer.from(layer.annotations["dev.cosignproject.cosign/signature"], "base64");
  return { reference: `registry.example/team/app@${digest}`, digest, payload, manifest, signature };
}

/** @param {Signed} signed */
async function isRight({ manifest, payload, digest }) {
  const { layers } = JSON.parse(Buffer.from(manifest).toString());
  if (layers[0].digest !== digestOf(Buffer.from(payload))) return false;
  const { critical } = JSON.parse(Buffer.from(payload).toString());
  return (
    critical.image["docker-manifest-digest"] === digest &&
    critical.identity["docker-reference"] === "registry.example/team/app" &&
    critical.type === "cosign container image signature"
  );
}

/** @param {Signed[]} all @param {(it: Signed) => Promise<boolean>} verify */
function allGood(all, verify) {
  return everyOne(all, atOnce, async (it) => {
    if (!(await verify(it))) throw new Error("a good signature was not verified");
  });
}
