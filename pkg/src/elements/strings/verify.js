/** What `<ocisign-verify>` says, and what is said about the result of a verification anywhere. */
export const verify = {
  title: "Verify an image",
  referenceHint: "Registry, repository and digest: registry.example/team/app@sha256:…",
  publicKey: "Public key",
  keyGiven: "Paste or drop it",
  keyOfProduct: "Take it from a product",
  keyText: "Public key, as PEM or base64",
  keyHint: "PEM, or base64 of its DER form. Or drop a file here.",
  chooseFile: "Choose a file…",
  keyType: "Key type",
  /** @param {string} type @param {string} fingerprint */
  keyRead: (type, fingerprint) => `Key read: ${type}, ${fingerprint}.`,
  keyProblems: {
    missing: { message: "There is no key yet.", fix: "Paste the public key, or choose its file." },
    tooLong: {
      message: "This is too long for a public key.",
      fix: "Take the file that holds the public key alone.",
    },
    unreadable: { message: "The file could not be read.", fix: "Choose it again." },
    notPublic: {
      message: "This is a private key, not a public one.",
      fix: "Take it out of here, and use its public half. Nobody else should ever see a private key.",
    },
    certificate: {
      message: "This is a certificate.",
      fix: "Take its public key: openssl x509 -in certificate.pem -noout -pubkey",
    },
    fix: "Use PEM that begins with -----BEGIN PUBLIC KEY-----, or base64 of a DER SubjectPublicKeyInfo.",
  },
  productMissing: "Choose the product whose key has to have signed.",
  noProducts: "The service shows no products.",
  options: "What has to hold",
  recursive: "Every image in an index",
  recursiveHint: "Each platform's image has to be signed itself.",
  requireRepository: "Named repository",
  requireRepositoryHint: "Refuse signatures that name a digest only: those in bundles.",
  /** @param {string} registry */
  signIn: (registry) => `Sign in to ${registry}`,
  signInHint:
    "Only for registries that want to know who asks. It is kept in memory, for this registry, until the page is left. Amazon ECR: AWS, and what aws ecr get-login-password prints.",
  username: "User name",
  password: "Password",
  verify: "Verify",
  verifying: "Verifying…",
  stop: "Stop",
  stopped: "Stopped. Nothing was found out.",
  offline: "You are offline: no registry can be read.",
  result: "Result",
  outdated: "What is asked above has changed since. This is the result of what was asked before.",
  signInNeeded: "The registry wants to know who asks: sign in to it above, then verify again.",
  corsHint:
    "A page in a browser can read a registry only if that registry allows the page's origin (CORS), and few do. A proxy on the page's own origin that passes on nothing but reads helps.",
  corsRecipe: "How to set up the proxy",
  asJson: "Result as JSON",
  resultAsJson: "the result as JSON",
  /** The outcomes, in a word or two. @type {Record<string, string>} */
  states: {
    verified: "Verified",
    invalid: "Not verified",
    unsigned: "Not signed",
    unreachable: "Could not be checked",
  },
  /** What has to be said about an outcome beside its reason. @type {Record<string, string>} */
  meanings: {
    unreachable: "Something could not be read. That says nothing about the image, neither good nor bad.",
  },
  image: "Image",
  keysThatAgree: "Keys that signed",
  /** @param {number} keys @param {number} threshold */
  ofNeeded: (keys, threshold) => `${keys} of ${threshold} needed`,
  fingerprint: "Key fingerprint",
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
