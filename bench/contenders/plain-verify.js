// What a careful program does by hand: asks a registry for the image and for each place of signatures at once, checks
// the digest of all that it reads, the signature, and what it says.
import { createHash, createPublicKey, webcrypto } from "node:crypto";
import { fixedLength } from "./fixed-length.js";

const { subtle } = webcrypto;
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const accept = [manifestType, indexType].join(", ");
const inToto = "application/vnd.in-toto+json";

/** @param {string} pem of a P-256 key */
export async function plainVerifier(pem) {
  const spki = createPublicKey(pem).export({ type: "spki", format: "der" });
  const key = await subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const holds = (/** @type {Uint8Array} */ signature, /** @type {Uint8Array} */ message) =>
    subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, fixedLength(signature), message);

  /** @param {string} reference @returns {Promise<number>} how many signatures hold; wrong ones throw */
  return async function verify(reference) {
    const [name = "", digest = ""] = reference.split("@");
    const [domain = "", ...path] = name.split("/");
    const about = { name, digest, base: `http://${domain}/v2/${path.join("/")}` };
    const tag = digest.replace(":", "-");
    const [, byTag, byApi, byFallback] = await Promise.all([
      exactly(about, "manifests", digest),
      manifest(about, `manifests/${tag}.sig`).then((found) => simple(about, found)),
      manifest(about, `referrers/${digest}`).then((found) => bundles(about, found)),
      manifest(about, `manifests/${tag}`).then((found) => bundles(about, found)),
    ]);
    return byTag + byApi + byFallback;
  };

  /** @param {About} about @param {Buffer | undefined} found */
  async function simple(about, found) {
    const { layers } = found ? JSON.parse(found.toString()) : { layers: [] };
    const checks = layers.map(async (/** @type {any} */ layer) => {
      const payload = await exactly(about, "blobs", layer.digest);
      const text = layer.annotations["dev.cosignproject.cosign/signature"];
      need(await holds(Buffer.from(text, "base64"), payload), "the signature");
      const { critical } = JSON.parse(payload.toString());
      need(critical.type === "cosign container image signature", "the type");
      need(critical.image["docker-manifest-digest"] === about.digest, "the digest");
      need(critical.identity["docker-reference"] === about.name, "the reference");
    });
    return (await Promise.all(checks)).length;
  }

  /** @param {About} about @param {Buffer | undefined} found */
  async function bundles(about, found) {
    const { manifests } = found ? JSON.parse(found.toString()) : { manifests: [] };
    const checks = manifests.map(async (/** @type {any} */ { digest }) => {
      const named = await exactly(about, "manifests", digest);
      const { layers } = JSON.parse(named.toString());
      const bundle = JSON.parse((await exactly(about, "blobs", layers[0].digest)).toString());
      const { payload, payloadType, signatures } = bundle.dsseEnvelope;
      need(payloadType === inToto, "the type");
      const statement = Buffer.from(payload, "base64");
      const head = Buffer.from(`DSSEv1 ${inToto.length} ${inToto} ${statement.length} `);
      const signature = Buffer.from(signatures[0].sig, "base64");
      need(await holds(signature, Buffer.concat([head, statement])), "the signature");
      const { subject, predicateType } = JSON.parse(statement.toString());
      need(predicateType === "https://sigstore.dev/cosign/sign/v1", "the predicate");
      need(subject.length === 1 && `sha256:${subject[0].digest.sha256}` === about.digest, "the digest");
    });
    return (await Promise.all(checks)).length;
  }
}

/**
 * @typedef {{ name: string, digest: string, base: string }} About
 *
 * @param {About} about @param {string} path @returns {Promise<Buffer | undefined>}
 */
async function manifest({ base }, path) {
  const reply = await fetch(`${base}/${path}`, { headers: { accept }, redirect: "manual" });
  const body = Buffer.from(await reply.arrayBuffer());
  if (reply.status === 200) return body;
  need(reply.status === 404 && JSON.parse(body.toString()).errors[0].code === "MANIFEST_UNKNOWN", path);
  return undefined;
}

/** @param {About} about @param {string} kind @param {string} digest */
async function exactly({ base }, kind, digest) {
  const reply = await fetch(`${base}/${kind}/${digest}`, { headers: { accept }, redirect: "manual" });
  const body = Buffer.from(await reply.arrayBuffer());
  need(reply.status === 200, `${kind}/${digest}`);
  need(`sha256:${createHash("sha256").update(body).digest("hex")}` === digest, "the digest of what came");
  return body;
}

/** @param {boolean} holds @param {string} what */
function need(holds, what) {
  if (!holds) throw new Error(`${what} is wrong`);
}
