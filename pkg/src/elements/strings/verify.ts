import { byName } from "./by-name.ts";

/** What `<ocisign-verify>` says, and what is said about the result of a verification anywhere. */
export const verify = {
  title: "Verify an image",
  referenceHint: "Registry, repository and digest: registry.example/team/app@sha256:…",
  publicKey: "Public key",
  keyGiven: "Paste or drop it",
  keyOfProduct: "Take it from a product",
  keyText: "Public key, as PEM or base64",
  keyHint: "Paste PEM, base64 of the DER form, or a trust file, or drop a file here.",
  chooseFile: "Choose a file…",
  changeKey: "Change key",
  keyType: "Key type",
  keyRead: (type: string, fingerprint: string) => `Key read: ${type}, ${fingerprint}.`,
  keyProblems: {
    missing: { message: "The public key is missing.", fix: "Paste the public key, or choose its file." },
    tooLong: {
      message: "This is too long for a public key.",
      fix: "Choose the file that holds only the public key.",
    },
    unreadable: { message: "The file could not be read.", fix: "Choose it again." },
    instead: {
      privateKey: {
        message: "This is a private key, not a public one.",
        fix: "Remove it from this field, and use its public key. Never share a private key.",
      },
      certificate: {
        message: "This is a certificate.",
        fix: "Extract its public key: openssl x509 -in certificate.pem -noout -pubkey",
      },
      request: {
        message: "This is a certificate signing request, not a public key.",
        fix: "Extract its public key: openssl req -in request.pem -noout -pubkey",
      },
      ssh: {
        message: "This is a key of SSH, not one in PEM.",
        fix: "Write it as PEM: ssh-keygen -e -m pkcs8 -f key.pub",
      },
      pgp: {
        message: "This is a key of PGP, which signs no images.",
        fix: "Use the public key of the product that signs.",
      },
      pkcs12: {
        message: "This is a PKCS#12 file, which mostly holds a private key.",
        fix: "Extract its public key: openssl pkcs12 -in file.p12 -nokeys -clcerts | openssl x509 -noout -pubkey",
      },
      pkcs7: {
        message: "This is a PKCS#7 file, not a public key.",
        fix: "Extract its public key: openssl pkcs7 -in file.p7b -print_certs | openssl x509 -noout -pubkey",
      },
      jwk: {
        message: "This is a JSON Web Key.",
        fix: "Use the same public key in PEM, which begins with -----BEGIN PUBLIC KEY-----.",
      },
    },
    fix: "Use PEM that begins with -----BEGIN PUBLIC KEY-----, or base64 of a DER SubjectPublicKeyInfo.",
  },
  trustRead: (called: string, rules: number) =>
    `Trust file read: ${called}, ${rules === 1 ? "1 rule" : `${rules} rules`}.`,
  trustTooLong: {
    message: "This is too large for a trust file.",
    fix: "Split it: a file for each registry.",
  },
  /** What a trust file says, in the key's field and of a result. */
  trust: {
    file: "Trust file",
    holds: (rules: number, keys: number) => `Rules: ${rules}. Keys: ${keys}.`,
    rule: "Rule",
    by: "by the pattern",
    noRule: "No rule of this file is for the image. It will be refused.",
    keys: "Keys of the rule",
    needed: "Keys required",
    counts: "counts",
    countsNot: "does not count",
    keyIs: (why: string) => `The key is ${why}.`,
    refused: "Refused",
    notAsked: "The registry was not asked. This says nothing about the signatures of the image.",
  },
  productMissing: "Choose the product whose key must have signed.",
  noProducts: "The service shows you no products.",
  proof: "Proof file",
  proofHint:
    "Not needed to ask the registry. Drop or choose what ocisign bundle wrote, to verify without a network.",
  chooseProof: "Choose a proof file…",
  proofGiven: "is verified in place of the registry.",
  proofTaken: "Proof file read. The registry is not asked.",
  removeProof: "Remove the proof file",
  proofRemoved: "Proof file removed. The registry is asked.",
  proofTooLarge: {
    message: "This is too large for a proof file.",
    fix: "Choose the file that ocisign bundle wrote.",
  },
  proofUnnamed: "You named no image. Compare the image that is named here with the one that you mean.",
  options: "Requirements",
  recursive: "Every image in an index",
  recursiveHint: "Each platform's image must have its own signature.",
  requireRepository: "Named repository",
  requireRepositoryHint: "Refuse signatures that name only a digest: those in bundles.",
  signIn: (registry: string) => `Sign in to ${registry}`,
  signInHint:
    "Only needed if the registry requires a login. Kept in memory for this registry until you leave the page. " +
    "For Amazon ECR, use AWS and the output of aws ecr get-login-password.",
  username: "User name",
  password: "Password",
  verify: "Verify",
  verifying: "Verifying…",
  stop: "Stop",
  stopped: "Stopped. There is no result.",
  offline: "You are offline, so this page cannot read the registry.",
  result: "Result",
  outdated: "You changed the form. This result is for the previous input.",
  registrySignIn:
    "Sign in to the registry where this page asks for it, or ask the page's operator to set the property registry.",
  signInNeeded: "The registry requires a login. Sign in to it above, then verify again.",
  corsHint:
    "A browser can read a registry only if the registry allows this page's origin (CORS). Few registries do. " +
    "Use a read-only proxy on this page's origin.",
  corsRecipe: "How to set up the proxy",
  asJson: "Result as JSON",
  resultAsJson: "the result as JSON",
  /** The outcomes, in a word or two. */
  states: {
    verified: "Verified",
    invalid: "Not verified",
    unsigned: "Not signed",
    unreachable: "Could not be checked",
  },
  /** What has to be said about an outcome beside its reason. */
  meanings: byName({
    unreachable: "Some data could not be read. This says nothing about the image, neither good nor bad.",
  }),
  /** What the outcome rests on. */
  behind: "What was checked",
  /** What is known of others. */
  accepts: {
    title: "Who else accepts this image?",
    hint: "Others were not asked. Their programs were tried with images in the same situation.",
    heads: ["Tool", "Verdict", "Why, and what mends it"],
    verdicts: { accepts: "accepts", refuses: "refuses", unknown: "unknown" },
    command: "the command",
  },
  /** For other programs. */
  verifyElsewhere: "Verify it yourself: commands",
  enforce: "Admit only what this key signed: policies",
  enforceHint:
    "Compare the key's fingerprint with one from another source first. The policies are for this repository.",
  recipes: {
    key: "The public key",
    ocisign: "With ocisign",
    cosign: "With cosign 2 or 3",
    kyverno: "Kyverno, as a ClusterPolicy",
    policy: "Podman, Skopeo, Buildah and CRI-O: policy.json",
    registries: "The same tools: where to look for signatures",
  },
  inFile: (name: string) => `as ${name}`,
  image: "Image",
  keysThatAgree: "Keys that signed",
  ofNeeded: (keys: number, threshold: number) => `${keys} of ${threshold} required`,
  fingerprint: "Key fingerprint",
  problems: "Read errors",
  /** Where signatures are looked for. */
  places: {
    image: "the image itself",
    tag: "the signature tag",
    referrers: "the referrers",
    "fallback-tag": "the referrers fallback tag",
    "attestation-tag": "the attestation tag",
    given: "the given signature",
  },
  signatures: (count: number) => `Signatures (${count})`,
  coveredBy: "Covered by a signed index",
  covering: "The image's own signatures do not suffice. This index is signed, and lists the image.",
  index: "Index",
  through: "Through the indexes",
  attestations: (count: number) => `Attestations (${count})`,
  attestation: "They say other things of the image. They are no signatures, and were not verified.",
  attestationsVerified:
    "They say other things of the image. They are no signatures, and count for nothing else.",
  attested: "attested by a given key",
  attestedNot: "attestation not accepted",
  requiredMet: "Attested as required",
  requiredUnmet: "Required, and not attested",
  predicateType: "Type",
  noType: "no type named",
  signedAs: "Signed as",
  counts: "valid",
  countsNot: "not accepted",
  formats: { "simple-signing": "Simple signing (cosign)", bundle: "Sigstore bundle" },
  unknownFormat: "Unreadable signature",
  format: "Format",
  foundAt: "Found at",
  checked: "Checked",
  /** The steps of a check, in order. */
  steps: {
    manifest: "manifest",
    blob: "size and digest",
    signature: "signature",
    key: "key, by the trust file",
    content: "content",
    repository: "repository",
  },
  passed: "passed",
  failed: "failed",
  notReached: "not reached",
  notNamed: "not named",
  notBound:
    "This signature names the image's digest but no repository. It is valid for the same image in any repository.",
  namedBeside:
    "This signature names the image's digest but no repository. Another one of the same key names the repository.",
  why: "Reason",
  key: "Key",
  hash: "Hash",
  blob: "Blob",
  manifests: (count: number) => `Manifests of the index (${count})`,
};
