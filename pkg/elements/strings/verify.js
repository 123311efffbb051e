/** What `<ocisign-verify>` says, and what is said about the result of a verification anywhere. */
export const verify = {
  /** The outcomes, in a word or two. @type {Record<string, string>} */
  states: {
    verified: "Verified",
    invalid: "Not verified",
    unsigned: "Not signed",
    unreachable: "Could not be checked",
  },
  /** What the outcomes mean. @type {Record<string, string>} */
  meanings: {
    verified: "As many different keys as are needed have signed exactly this image.",
    invalid: "There are signatures, but not enough of them hold for this image and these keys.",
    unsigned: "The registry itself says that it holds no signature of this image.",
    unreachable: "Something could not be read. That says nothing about the image, neither good nor bad.",
  },
  image: "Image",
  keysThatAgree: "Keys that signed",
  /** @param {number} keys @param {number} threshold */
  ofNeeded: (keys, threshold) => `${keys} of ${threshold} needed`,
  fingerprint: "fingerprint",
  reference: "reference",
  problems: "What could not be read",
  /** Where signatures are looked for. @type {Record<string, string>} */
  places: {
    image: "the image itself",
    tag: "the signature tag",
    referrers: "the referrers",
    "fallback-tag": "the referrers fallback tag",
    given: "what was given",
  },
  /** @param {number} count */
  signatures: (count) => `Signatures (${count})`,
  counts: "holds",
  countsNot: "does not count",
  /** @type {Record<string, string>} */
  formats: { "simple-signing": "Simple signing (cosign)", bundle: "Sigstore bundle" },
  unknownFormat: "A signature that could not be read",
  format: "Format",
  foundAt: "Found at",
  checked: "Checked",
  /** The steps of a check, in order. @type {Record<string, string>} */
  steps: {
    manifest: "manifest",
    blob: "size and digest",
    signature: "signature",
    content: "content",
    repository: "repository",
  },
  passed: "passed",
  failed: "failed",
  notReached: "not reached",
  notNamed: "not named",
  notBound:
    "This signature names the image's digest, but no repository: it holds for the same image wherever it is stored.",
  why: "Why not",
  key: "Key",
  hash: "Hash",
  blob: "Blob",
  /** @param {number} count */
  manifests: (count) => `Manifests of the index (${count})`,
};
