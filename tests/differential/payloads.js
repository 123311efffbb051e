// Our reader of simple signing's payloads against containers/image's: both judge the same signature, which holds, of the
// same image. So both have to read the same digest and the same repository to come to the same.
import { verifySignatures } from "ocisign";
import { keyPair, manifestOf, simpleLayer } from "../support/signatures.js";
import { madePayload } from "./made-payloads.js";

/**
 * @typedef {ReturnType<typeof madePayload>} Input
 * @typedef {{ isVerified: boolean, reason: string }} Ours
 *
 * @typedef {object} Rule
 * @property {string} name
 * @property {string} source where the rule is documented
 * @property {(told: { text: string, value: any, input: Input, reason: string }) => boolean} holds
 *   by the payload's text, and by what JSON.parse makes of it; reason is ours
 */

const verifying = "docs/verify.md";
const strictJson = "pkg/src/strict/json.ts";

/** What only they accept. @type {Rule[]} */
export const stricter = [
  {
    name: "a payload is UTF-8",
    source: strictJson,
    holds: ({ input }) => !input.payload.equals(Buffer.from(input.payload.toString())),
  },
  {
    name: "a payload has no half of a surrogate pair",
    // Of the text: a name that stands twice hides what was there first.
    holds: ({ text, reason }) =>
      /half a surrogate/.test(reason) &&
      /\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]/.test(text),
    source: strictJson,
  },
  {
    name: "no name stands twice, at any depth",
    source: strictJson,
    // What JSON.parse keeps of it is shorter, whatever its white space and escapes.
    holds: ({ text, reason }) => countNames(text) > countFields(JSON.parse(text)) && /twice/.test(reason),
  },
  {
    name: "a payload is nested 32 deep at most",
    source: strictJson,
    holds: ({ text }) => depthOf(text) > 32,
  },
  {
    name: "a signed name has its registry",
    source: "docs/verify.md",
    holds: ({ value }) => !/^(?:[^/]*[.:][^/]*|localhost)\//i.test(signedName(value)),
  },
  {
    name: "a signed name with a digest has the image's",
    source: verifying,
    holds: ({ value, input }) => {
      const [, digest] = signedName(value).split("@");
      return digest !== undefined && digest !== input.image.digest;
    },
  },
  {
    name: "the signed digest is the one that was asked for, by the same algorithm",
    source: verifying,
    holds: ({ value, input }) =>
      value.critical.image["docker-manifest-digest"].split(":")[0] !== input.image.digest.split(":")[0],
  },
];

/** What only we accept. @type {Rule[]} */
export const looser = [
  {
    name: "a registry may be an IPv6 address, as distribution/reference has it",
    source: "grammar/src/domain.rs",
    holds: ({ input }) => input.image.name.startsWith("["),
  },
  {
    name: "an image's digest may be by SHA-384 or SHA-512",
    source: "grammar/src/digest.rs",
    holds: ({ input }) => !input.image.digest.startsWith("sha256:"),
  },
  {
    name: "a domain has no case",
    source: "tests/references-ours.tsv",
    holds: ({ value, input }) => domainIn(value) !== domainIn(value).toLowerCase() && isNameOf(value, input),
  },
  {
    name: "Docker Hub has three names",
    source: verifying,
    holds: ({ value, input }) => domainIn(value) === "registry-1.docker.io" && isNameOf(value, input),
  },
  {
    name: "`optional` may hold anything: no reader relies on it",
    source: "docs/differential.md",
    holds: ({ value }) => {
      const { creator, timestamp } = value.optional ?? {};
      const isTime = timestamp === undefined || Number.isSafeInteger(timestamp);
      return (creator !== undefined && typeof creator !== "string") || !isTime;
    },
  },
];

const { privateKey, pem } = keyPair("P-256");

/** The public key that the signatures are by, for the other reader. */
export const publicKey = pem;

/** @type {import("./compare.js").Subject<Input, Ours>} */
export const payloads = {
  name: "payload",
  make: madePayload,
  question,
  shown: ({ image, payload }) =>
    `${JSON.stringify(payload.toString("latin1"))} of ${image.name}@${image.digest}`,
  ours: (inputs) => Promise.all(inputs.map(judged)),
  judge,
};

/** @param {Input} input */
function question({ image, payload }) {
  const { mediaType, annotations } = layerOf(payload);
  const signature = { mimeType: mediaType, payload: payload.toString("base64"), annotations };
  const manifest = image.manifest.toString("base64");
  return Buffer.from(JSON.stringify({ repository: image.name, manifest, signature }));
}

/** It is signed once for both. @type {WeakMap<Buffer, ReturnType<typeof simpleLayer>>} */
const layers = new WeakMap();

/** @param {Buffer} payload */
function layerOf(payload) {
  const layer = layers.get(payload) ?? simpleLayer(privateKey, payload);
  layers.set(payload, layer);
  return layer;
}

/** @param {Input} input @returns {Promise<Ours>} */
async function judged({ image, payload }) {
  const { state, signatures } = await verifySignatures({
    reference: `${image.name}@${image.digest}`,
    publicKey: pem,
    manifest: manifestOf(layerOf(payload)),
    blob: payload,
  });
  return { isVerified: state === "verified", reason: signatures[0]?.reason ?? "" };
}

/** @param {Input} input @param {Ours} ours @param {string} theirs @returns {import("./compare.js").Judgement} */
function judge(input, { isVerified, reason }, theirs) {
  const isAccepted = theirs === "accepted";
  if (isVerified === isAccepted) return { kind: isVerified ? "both" : "neither" };
  const text = input.payload.toString();
  const told = { text, value: JSON.parse(text), input, reason };
  const rule = (isAccepted ? stricter : looser).find(({ holds }) => holds(told));
  if (rule) return { kind: rule.name };
  const said = isAccepted
    ? `ours refuses it (${reason}), theirs accepts it`
    : `ours accepts it, theirs ${theirs}`;
  return { problem: said };
}

/** @param {any} value */
function signedName(value) {
  return /** @type {string} */ (value.critical.identity["docker-reference"]);
}

/** @param {any} value */
function domainIn(value) {
  return signedName(value).split("/")[0] ?? "";
}

/** Is that the image's repository, in another spelling? @param {any} value @param {Input} input */
function isNameOf(value, { image }) {
  const [domain = "", ...path] = signedName(value).split("/");
  const isHub = ["docker.io", "index.docker.io", "registry-1.docker.io"].includes(domain.toLowerCase());
  const official = isHub && path.length === 1 ? ["library"] : [];
  const name = [isHub ? "docker.io" : domain.toLowerCase(), ...official, ...path].join("/");
  return ["", ":", "@"].some((mark) => (mark ? name.startsWith(image.name + mark) : name === image.name));
}

/** Of the text: a name that stands twice hides what was below it. @param {string} text */
function depthOf(text) {
  let [depth, deepest] = [0, 0];
  for (const mark of withoutStrings(text)) {
    if (mark === "{" || mark === "[") depth += 1;
    if (mark === "}" || mark === "]") depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** @param {unknown} value @returns {number} */
function countFields(value) {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, it) => sum + countFields(it), own);
}

/** Colons outside of strings, of which each name has one. @param {string} text */
function countNames(text) {
  return withoutStrings(text).split(":").length - 1;
}

/** @param {string} text */
function withoutStrings(text) {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, "");
}
