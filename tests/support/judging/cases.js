// A case: an image, what a registry holds of it, and keys. It begins as one that is right, and is changed in one way or
// in a few: before it is signed, so that the signature holds, or after. Seed and number make it once more, to the last
// byte.
import { digestOf } from "../../../demo/registry.js";
import { mutated, randomNumbers } from "../random.js";
import { pem } from "./der.js";
import { pick, respelled, withoutUtf8, written } from "./json-text.js";
import { hashed, keyring } from "./keys.js";
import { oddDigest, oddName, places } from "./names.js";
import { oddKey } from "./odd-keys.js";
import {
  annotation,
  artifactTypes,
  bundleType,
  bundleTypes,
  dockerImage,
  dockerIndex,
  inToto,
  layerTypes,
  listedDigests,
  ociImage,
  ociIndex,
  oddIndexes,
  oddManifest,
  oddOptionals,
  optionals,
  payloadKind,
  payloadKinds,
  payloadTypes,
  predicateNames,
  predicateTypes,
  signedPredicate,
  simpleType,
  sizesFor,
  statementType,
  statementTypes,
} from "./parts.js";
import { oddBase64, oddSignature } from "./signatures.js";

/**
 * @typedef {import("./json-text.js").Random} Random
 * @typedef {import("./keys.js").Key} Key
 * @typedef {import("./keys.js").Hash} Hash
 * @typedef {import("./names.js").Image} Image
 *
 * @typedef {{ type: string, bytes: Buffer }} Manifest and what the registry calls it
 * @typedef {{ digest: string, bytes: Buffer }} Blob and the digest under which it lies
 *
 * @typedef {object} Registry
 * @property {Manifest} [image]
 * @property {Manifest} [tag]
 * @property {Manifest} [referrers]
 * @property {Manifest} [fallback]
 * @property {(Blob & { type: string })[]} manifests
 *
 * @typedef {object} Case
 * @property {string} reference
 * @property {Image} image
 * @property {Buffer[]} keys
 * @property {number} threshold
 * @property {boolean} requireRepository
 * @property {Buffer[]} [given]
 * @property {Registry} [registry]
 * @property {Blob[]} blobs
 * @property {string} change what was changed
 */

/** What is changed, and how often. @type {readonly (readonly [change: string, weight: number])[]} */
const weights = [
  ["nothing", 3],
  ["the signed text", 14],
  ["the signed name", 8],
  ["the signed digest", 4],
  ["what the payload is", 3],
  ["what the statement is", 5],
  ["the blob's bytes", 5],
  ["which blob it is", 2],
  ["the signature's bytes", 6],
  ["the signature's form", 12],
  ["the signature's base64", 6],
  ["the hash", 4],
  ["the key that signs", 2],
  ["the bundle's text", 8],
  ["the envelope's type", 3],
  ["what the envelope is over", 3],
  ["the envelope's fields", 4],
  ["the layer", 9],
  ["the manifest's text", 8],
  ["what the manifest is", 4],
  ["the list", 5],
  ["the image", 2],
  ["a key's bytes", 4],
  ["what is asked", 4],
  ["parts of two signatures", 4],
];
const changes = weights.flatMap(([change, weight]) => Array(weight).fill(change));

/** @type {Map<number, { seed: number, keys: Key[] }>} */
const worlds = new Map();

/** What all cases of a seed share. Its keys take a second. @param {number} seed */
export function worldOf(seed) {
  const known = worlds.get(seed) ?? { seed, keys: keyring(randomNumbers(seed)) };
  worlds.set(seed, known);
  return known;
}

/** @param {ReturnType<typeof worldOf>} world @param {number} number of the case */
export function makeCase({ seed, keys }, number) {
  // Far apart, so that no two cases walk the same way.
  const random = randomNumbers(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35));
  return new Scene(random, keys).case();
}

/** A part of a case under way. */
class Scene {
  /** @type {Blob[]} */
  #blobs = [];
  /** @type {Set<string>} */
  #changed;

  /** @param {Random} random @param {readonly Key[]} keys */
  constructor(random, keys) {
    this.random = random;
    this.keys = keys;
    const count = random(12) ? 1 : 2 + random(2);
    this.#changed = new Set(Array.from({ length: count }, () => pick(random, changes)));
  }

  /** Is this changed here? Of several signatures, it need not be changed in each. @param {string} change */
  #has(change) {
    return this.#changed.has(change) && this.random(8) > 0;
  }

  /** @returns {Case} */
  case() {
    const { random } = this;
    const { image, held } = this.#image();
    const count = pick(random, [1, 1, 1, 1, 2, 2, 3]);
    const signers = Array.from({ length: count }, () => this.#key());
    const signed = signers.map((signer) => this.#signature(image, signer));
    if (this.#has("parts of two signatures")) this.#splice(signed, image);
    const layers = this.#withAttestations(
      signed.map(({ layer }) => layer),
      image,
    );
    const asked = this.#asked(signers);
    const found = random(3) ? { given: this.#given(layers) } : { registry: this.#registry(held, layers) };
    const change = this.#changed.size > 1 ? "several" : [...this.#changed].join();
    const reference = `${image.registry}/${image.repository}@${image.digest}`;
    return { reference, image, ...asked, ...found, blobs: this.#blobs, change };
  }

  /** @returns {Key} mostly one that is quick */
  #key() {
    const { keys, random } = this;
    const quick = pick(random, ["P-256", "P-256", "RSA 2048"]);
    return pick(random, random(8) ? keys.filter(({ name }) => name === quick) : keys);
  }

  #image() {
    const { random } = this;
    const place = pick(random, places);
    const bytes = Buffer.from(written({ schemaVersion: 2, mediaType: ociImage, number: random(5) }));
    const algorithm = pick(
      random,
      /** @type {const} */ (["sha256", "sha256", "sha256", "sha256", "sha384", "sha512"]),
    );
    const digest = `${algorithm}:${hashed(/** @type {Hash} */ (algorithm), bytes).toString("hex")}`;
    return {
      image: { ...place, digest },
      held: { type: pick(random, [ociImage, dockerImage, ociIndex]), bytes },
    };
  }

  /** @param {Image} image @param {Key} signer */
  #signature(image, signer) {
    const { random } = this;
    const isSimple = random(2) === 0;
    const content = this.#content(isSimple ? this.#payload(image) : this.#statement(image));
    const payloadType = !isSimple && this.#has("the envelope's type") ? pick(random, payloadTypes) : inToto;
    const message = isSimple ? content : this.#message(content, pick(random, [payloadType, inToto]));
    const signature = this.#text(this.#sign(signer, message));
    const blob = isSimple ? content : this.#bundle(content, signature, payloadType);
    const bytes = this.#has("the blob's bytes") ? mutated(blob, random) : blob;
    const layer = this.#layer(isSimple ? simpleType : bundleType, bytes, isSimple ? signature : undefined);
    return { layer, bytes };
  }

  /** @param {string} text of JSON */
  #content(text) {
    const { random } = this;
    if (!this.#has("the signed text")) return Buffer.from(text);
    return pick(random, [
      ...Array(3).fill(() => Buffer.from(respelled(text, random))),
      () => mutated(Buffer.from(text), random),
      () => withoutUtf8(text, random),
    ])();
  }

  /** @param {Image} image */
  #payload(image) {
    const { random } = this;
    const name = this.#has("the signed name")
      ? oddName(image, random)
      : `${image.registry}/${image.repository}`;
    const digest = this.#has("the signed digest") ? oddDigest(image, random) : image.digest;
    return written({
      critical: {
        identity: { "docker-reference": name },
        image: { "docker-manifest-digest": digest },
        type: this.#has("what the payload is") ? pick(random, payloadKinds) : payloadKind,
      },
      optional: pick(random, this.#has("what the payload is") ? oddOptionals : optionals),
    });
  }

  /** @param {Image} image @param {unknown} [predicateType] */
  #statement(image, predicateType = signedPredicate) {
    const { random } = this;
    const digest = this.#has("the signed digest") ? oddDigest(image, random) : image.digest;
    const [algorithm = "", hex = ""] = digest.split(/:(.*)/s);
    const isOdd = this.#has("what the statement is");
    const of =
      isOdd && random(3) === 0
        ? pick(random, [{}, { [algorithm]: hex, sha1: "a" }, { sha1: hex }, null])
        : { [algorithm]: hex };
    const subject = { ...(random(3) ? {} : { name: image.repository }), digest: of };
    return written({
      _type: isOdd && random(2) ? pick(random, statementTypes) : statementType,
      subject: isOdd && random(2) ? pick(random, [[], [subject, subject], subject, [null]]) : [subject],
      predicateType: isOdd && random(2) ? pick(random, predicateTypes) : predicateType,
      ...(random(4) ? { predicate: {} } : {}),
    });
  }

  /** What DSSE signs, or what may be taken for it. @param {Buffer} statement @param {string} payloadType */
  #message(statement, payloadType) {
    const { random } = this;
    const bytes = (/** @type {string} */ head) => Buffer.concat([Buffer.from(head), statement]);
    const right = `DSSEv1 ${payloadType.length} ${payloadType} ${statement.length} `;
    if (!this.#has("what the envelope is over")) return bytes(right);
    const heads = [
      "",
      "DSSEv1 ",
      right.replace("1", "2"),
      `${right} `,
      right.replaceAll(" ", "\n"),
      right,
      right,
    ];
    return bytes(pick(random, heads));
  }

  /** @param {Key} signer @param {Buffer} message */
  #sign(signer, message) {
    const { random } = this;
    const by = this.#has("the key that signs") ? this.#key() : signer;
    /** @type {readonly Hash[]} */
    const hashes = this.#has("the hash")
      ? ["sha1", "sha224", "sha384", "sha512"]
      : ["sha256", "sha256", "sha384", "sha512"];
    const hash = pick(random, hashes);
    const made = this.#has("the signature's form")
      ? oddSignature(by, message, hash, random)
      : by.sign(message, hash, random);
    return this.#has("the signature's bytes") ? mutated(made, random) : made;
  }

  /** @param {Uint8Array} signature */
  #text(signature) {
    const text = Buffer.from(signature).toString("base64");
    return this.#has("the signature's base64") ? oddBase64(text, this.random) : text;
  }

  /** @param {Buffer} statement @param {string} signature @param {string} payloadType */
  #bundle(statement, signature, payloadType) {
    const { random } = this;
    const isOdd = this.#has("the envelope's fields");
    const isOddPayload = isOdd && random(2) === 0;
    const one = { sig: signature, ...(random(3) ? {} : { keyid: "" }) };
    const payload = statement.toString("base64");
    const bundle = {
      mediaType: this.#has("the bundle's text") && random(2) ? pick(random, bundleTypes) : bundleType,
      verificationMaterial: pick(random, [
        { publicKey: { hint: "" } },
        { publicKey: { hint: "" }, tlogEntries: [] },
      ]),
      dsseEnvelope: {
        payload: isOddPayload ? oddBase64(payload, random) : payload,
        payloadType,
        signatures:
          isOdd && !isOddPayload ? pick(random, [[], [one, one], one, [null], [{ sig: null }]]) : [one],
      },
    };
    const text = written(bundle);
    return Buffer.from(this.#has("the bundle's text") ? respelled(text, random) : text);
  }

  /** Keeps a blob, and says where it is. @param {string} mediaType @param {Buffer} bytes @param {string} [signature] */
  #layer(mediaType, bytes, signature) {
    const { random } = this;
    const isOther = this.#has("which blob it is");
    // The right blob under another one's digest, or another blob under the right digest.
    const digest = isOther && random(3) === 0 ? digestOf(mutated(bytes, random)) : digestOf(bytes);
    const held = isOther ? pick(random, [bytes, Buffer.alloc(bytes.length), mutated(bytes, random)]) : bytes;
    if (!isOther || random(4)) this.#blobs.push({ digest, bytes: held });
    const annotations = signature === undefined ? undefined : { [annotation]: signature };
    const layer = { mediaType, digest, size: bytes.length, ...(annotations && { annotations }) };
    return this.#has("the layer") ? this.#oddLayer(layer, bytes) : layer;
  }

  /** @param {Record<string, unknown> & { size: number }} layer @param {Buffer} bytes @returns {any} */
  #oddLayer(layer, bytes) {
    const { random } = this;
    const without = (/** @type {string} */ name) =>
      Object.fromEntries(Object.entries(layer).filter(([known]) => known !== name));
    const { size } = layer;
    return pick(random, [
      () => ({ ...layer, mediaType: pick(random, [...bundleTypes, ...layerTypes]) }),
      () => ({ ...layer, mediaType: pick(random, [...bundleTypes, ...layerTypes]) }),
      () => ({ ...layer, mediaType: String(layer.mediaType).toUpperCase() }),
      () => ({ ...layer, mediaType: pick(random, [null, 5, {}, [simpleType]]) }),
      () => ({ ...layer, size: pick(random, sizesFor(size)) }),
      () => ({ ...layer, size: pick(random, sizesFor(size)) }),
      () => ({ ...layer, digest: this.#otherDigest(bytes) }),
      () => ({ ...layer, digest: pick(random, [null, 5, "", "sha256:", [layer.digest]]) }),
      () => ({
        ...layer,
        annotations: pick(random, [null, [], "a", {}, { [annotation]: null }, { [annotation]: 5 }]),
      }),
      () => ({
        ...layer,
        annotations: {
          ...Object(layer.annotations),
          [pick(random, predicateNames)]: pick(random, predicateTypes),
        },
      }),
      () => ({
        ...layer,
        [pick(random, ["a", "data", "urls", "platform", "Size", "__proto__"])]: pick(random, [null, "a", {}]),
      }),
      () => without(pick(random, Object.keys(layer))),
      () => pick(random, [null, [], "a", 5, {}, [layer]]),
    ])();
  }

  /** The same blob by another digest, right or wrong. @param {Buffer} bytes */
  #otherDigest(bytes) {
    const { random } = this;
    const algorithm = pick(random, /** @type {const} */ (["sha256", "sha384", "sha512"]));
    const hex = hashed(algorithm, bytes).toString("hex");
    const digest = pick(random, [
      `${algorithm}:${hex}`,
      `${algorithm}:${hashed(algorithm, Buffer.alloc(0)).toString("hex")}`,
      `${algorithm}:${hex.toUpperCase()}`,
      `sha256:${hex}`,
      `md5:${hex}`,
      hex,
    ]);
    this.#blobs.push({ digest, bytes });
    return digest;
  }

  /** @param {{ layer: any, bytes: Buffer }[]} signed @param {Image} image */
  #splice(signed, image) {
    const { random } = this;
    const [one, other] = [
      pick(random, signed),
      pick(random, [...signed, this.#signature(image, this.#key())]),
    ];
    const [a, b] = [one.layer, other.layer];
    if (typeof a !== "object" || typeof b !== "object" || !a || !b) return;
    const name = pick(random, ["annotations", "digest", "size", "mediaType"]);
    [a[name], b[name]] = [b[name], a[name]];
  }

  /** What else stands beside signatures, or in their place. @param {any[]} signatures @param {Image} image */
  #withAttestations(signatures, image) {
    const { random } = this;
    const isAlone = random(20) === 0;
    const attestations = random(isAlone ? 2 : 8) === 0 ? [this.#attestation(image)] : [];
    if (isAlone) return attestations;
    const at = random(signatures.length + 1);
    return [...signatures.slice(0, at), ...attestations, ...signatures.slice(at)];
  }

  /** Something else that is said of the image. @param {Image} image */
  #attestation(image) {
    const { random } = this;
    const statement = Buffer.from(this.#statement(image, pick(random, predicateTypes)));
    const message = this.#message(statement, inToto);
    const signature = this.#key().sign(message, "sha256", random).toString("base64");
    const bundle = this.#bundle(statement, signature, inToto);
    const layer = this.#layer(bundleType, bundle);
    if (random(3)) return layer;
    return this.#layer(pick(random, [inToto, "application/vnd.dsse.envelope.v1+json"]), bundle);
  }

  /** @param {any[]} layers */
  #manifest(layers) {
    const { random } = this;
    const isOdd = this.#has("what the manifest is");
    const manifest = {
      schemaVersion: 2,
      ...(random(5) ? { mediaType: ociImage } : {}),
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(""), size: 0 },
      layers,
      ...(isOdd && oddManifest(layers, random)),
    };
    const text = written(manifest);
    if (!this.#has("the manifest's text")) return Buffer.from(text);
    return random(4) ? Buffer.from(respelled(text, random)) : mutated(Buffer.from(text), random);
  }

  /** @param {any[]} layers */
  #given(layers) {
    const { random } = this;
    if (random(3)) return [this.#manifest(layers)];
    return layers.map((layer) => this.#manifest([layer]));
  }

  /** @param {Manifest} image @param {any[]} layers @returns {Registry} */
  #registry(image, layers) {
    const { random } = this;
    /** @type {Record<"tag" | "referrers" | "fallback", any[]>} */
    const places = { tag: [], referrers: [], fallback: [] };
    const names = /** @type {const} */ (["tag", "referrers", "fallback"]);
    const usual = pick(random, names);
    for (const layer of layers) places[random(4) ? usual : pick(random, names)].push(layer);
    /** @type {Registry} */
    const registry = { image: this.#has("the image") ? this.#otherImage(image) : image, manifests: [] };
    if (places.tag.length > 0 || this.#has("what the manifest is")) {
      registry.tag = { type: this.#servedType(), bytes: this.#manifest(places.tag) };
    }
    if (places.referrers.length > 0 || random(4) === 0) {
      registry.referrers = this.#list(registry, places.referrers);
    }
    if (places.fallback.length > 0 || random(8) === 0) {
      registry.fallback = this.#list(registry, places.fallback);
    }
    if (this.#has("the list") && random(8) === 0) registry.fallback = image;
    return registry;
  }

  /** Something else in the image's place, or nothing. @param {Manifest} image */
  #otherImage({ type, bytes }) {
    const { random } = this;
    return random(3) ? { type, bytes: mutated(bytes, random) } : undefined;
  }

  #servedType() {
    return this.#has("what the manifest is")
      ? pick(this.random, [ociImage, dockerImage, ociIndex, dockerIndex])
      : ociImage;
  }

  /** A list of manifests with a layer each. @param {Registry} registry @param {any[]} layers @returns {Manifest} */
  #list(registry, layers) {
    const { random } = this;
    const isOdd = this.#has("the list");
    const manifests = layers.map((layer) => {
      const bytes = this.#manifest([layer]);
      const digest = isOdd && random(6) === 0 ? pick(random, listedDigests) : digestOf(bytes);
      const held = isOdd && random(6) === 0 ? mutated(bytes, random) : bytes;
      if (!isOdd || random(8)) registry.manifests.push({ digest, type: this.#servedType(), bytes: held });
      const artifactType = random(isOdd ? 2 : 6) ? bundleType : pick(random, artifactTypes);
      return { mediaType: ociImage, digest, size: bytes.length, artifactType };
    });
    const index = {
      schemaVersion: 2,
      ...(random(5) ? { mediaType: ociIndex } : {}),
      manifests:
        isOdd && random(3) === 0 ? [...manifests, ...manifests].map((it) => this.#renamed(it)) : manifests,
      ...(isOdd && random(4) === 0 && pick(random, oddIndexes)),
    };
    const text = written(index);
    const type = isOdd && random(8) === 0 ? ociImage : ociIndex;
    return { type, bytes: Buffer.from(isOdd && random(2) ? respelled(text, random) : text) };
  }

  /** @param {Record<string, unknown>} descriptor */
  #renamed(descriptor) {
    return { ...descriptor, artifactType: pick(this.random, artifactTypes) };
  }

  /** @param {Key[]} signers */
  #asked(signers) {
    const { random } = this;
    const others = Array.from({ length: pick(random, [0, 0, 0, 0, 1, 2]) }, () => this.#key());
    const wanted = this.#has("what is asked") ? signers.slice(random(2)) : signers;
    const all = [...new Set([...others, ...wanted])].sort(() => random(3) - 1);
    const keys = all.map((key) => this.#written(key));
    const threshold = this.#has("what is asked") ? 1 + random(3) : 1 + random(new Set(wanted).size || 1);
    return { keys, threshold, requireRepository: random(this.#has("what is asked") ? 2 : 8) === 0 };
  }

  /** @param {Key} key */
  #written(key) {
    const { random } = this;
    const isPkcs1 = key.kind === "rsa" && random(6) === 0;
    const der = isPkcs1 && key.kind === "rsa" ? key.key : key.der;
    const bytes = this.#has("a key's bytes") ? oddKey(key, random) : der;
    return random(2) ? bytes : Buffer.from(pem(bytes, isPkcs1 ? "RSA PUBLIC KEY" : "PUBLIC KEY"));
  }
}
