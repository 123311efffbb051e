// What is known of tools that verify signatures: in which situations each accepts an image, and in which it refuses. Every
// row is measured by the test that its tool names, with the tool's own program. What nobody measured has no row.
import type { KeyType } from "ocisign";
import type { Consumer, Refusal, ToolOption } from "./consumer.ts";

const interop = { measured: "tests/interop/accepts.test.js" } as const;
const admission = { measured: "tests/admission/accepts.test.js" } as const;

const small: readonly KeyType[] = ["RSA2048", "RSA3072", "RSA4096", "secp256r1"];
const large: readonly KeyType[] = ["secp384r1", "secp521r1"];
const everyPlace = ["referrers", "fallback-tag"] as const;

const none = "It finds no signature.";
const notByKey = "It finds signatures, and none of them by this key.";
const bundlesHide =
  "Where a bundle is listed, it looks at bundles alone, and none of these is a signature by this key that it accepts.";
const overOwnHash = "It checks with SHA-256, and the signature is over {hash}.";
const noSimple = "It reads simple signing alone, under the tag sha256-….sig, and finds none there.";

const noSimpleByKey = "It reads simple signing alone, and finds there none by this key.";

const noBundle = "It reads bundles alone, and finds none.";

/** Where one bundle is all that a library reads. */
const bundles = [
  ...["bundle", "bundle+simple", "bundle+other:simple", "bundle+other:simple+simple"],
  ...["bundle+simple:elsewhere", "bundle+simple:tagged", "bundle+index", "bundle+index+simple"],
];
const othersBundles = [
  ...["other:bundle", "other:bundle+other:simple", "other:bundle+simple"],
  ...["other:bundle+other:simple+simple"],
];
const bundlesOverOwnHash = [
  ...["bundle:own-hash", "bundle:own-hash+simple:own-hash", "bundle:own-hash+simple"],
];

/** Where simple signing by the key is all that a tool reads; it compares no name. */
const withSimple = [
  ...["simple", "bundle+simple", "other:simple+simple", "other:bundle+simple"],
  ...["bundle+other:bundle+simple", "bundle+other:simple+simple", "other:bundle+other:simple+simple"],
  ...["bundle+other:bundle+other:simple+simple", "attestation+simple", "attestation+bundle+simple"],
  ...["simple:tagged", "simple+simple:tagged", "bundle+simple:tagged"],
  ...["simple:elsewhere", "simple+simple:elsewhere", "bundle+simple:elsewhere"],
  ...["simple+simple:own-hash", "bundle:own-hash+simple"],
  ...["bundle+bundle:own-hash+simple+simple:own-hash", "index+simple", "bundle+index+simple"],
];
const withoutSimple: readonly Refusal[] = [
  { why: none, when: ["unsigned", "attestation", "attestation-tag", "index"] },
  {
    why: notByKey,
    when: ["other:simple", "other:bundle+other:simple", "bundle+other:bundle+other:simple"],
  },
  {
    why: noSimple,
    when: [
      ...["bundle", "other:bundle", "bundle+other:bundle", "attestation+bundle", "bundle+index"],
      ...["bundle:own-hash", "bundle+bundle:own-hash"],
    ],
  },
  {
    why: noSimpleByKey,
    when: ["bundle+other:simple"],
  },
  {
    why: overOwnHash,
    when: ["simple:own-hash", "bundle:own-hash+simple:own-hash", "bundle+simple:own-hash"],
  },
];

const hashOption = {
  args: ["--signature-digest-algorithm", "{hash}"],
  what: "Tell it which hash was signed.",
};
const simpleOption = { args: ["--new-bundle-format=false"], what: "Have it look at simple signing alone." };

const ratifyWithKey = {
  id: "ratify",
  name: "Ratify",
  how: "verifier of type cosign, with a key of its own",
  versions: ["1.4.6"],
  basis: admission,
} as const;

/** What was measured of both versions of cosign. @param seesSimple makes it look at simple signing beside bundles */
const cosign = (seesSimple?: ToolOption): Omit<Consumer, "id" | "versions"> => ({
  name: "cosign",
  how: "cosign verify --key, no transparency log",
  basis: interop,
  keyTypes: [...small, ...large],
  places: everyPlace,
  command: ["cosign", "verify", "--key", "KEY", "--insecure-ignore-tlog=true"],
  accepts: [
    ...["simple", "bundle", "bundle+simple", "other:simple+simple"],
    ...["bundle+other:bundle", "bundle+other:simple", "bundle+other:bundle+simple"],
    ...["bundle+other:simple+simple", "bundle+other:bundle+other:simple"],
    ...["bundle+other:bundle+other:simple+simple", "attestation+bundle", "attestation+bundle+simple"],
    // It compares no name.
    ...["simple:tagged", "simple+simple:tagged", "bundle+simple:tagged"],
    ...["simple:elsewhere", "simple+simple:elsewhere", "bundle+simple:elsewhere"],
    ...["simple+simple:own-hash", "bundle+bundle:own-hash", "bundle+simple:own-hash"],
    ...["bundle+bundle:own-hash+simple+simple:own-hash"],
    ...["index+simple", "bundle+index", "bundle+index+simple"],
  ],
  refuses: [
    { why: none, when: ["unsigned", "attestation-tag", "index"] },
    { why: notByKey, when: ["other:simple", "other:bundle", "other:bundle+other:simple"] },
    {
      why: bundlesHide,
      when: ["other:bundle+simple", "other:bundle+other:simple+simple", "bundle:own-hash+simple"],
      ...(seesSimple && { option: seesSimple }),
    },
    {
      why: overOwnHash,
      when: ["simple:own-hash", "bundle:own-hash", "bundle:own-hash+simple:own-hash"],
      option: hashOption,
    },
  ],
  depends: [
    {
      why: "It takes an attestation in a bundle by this key for a signature, and refuses one by another key.",
      when: ["attestation"],
    },
    {
      why:
        "Where an attestation lies in a bundle, it looks at bundles alone: it accepts one by this key, and does not " +
        `see the simple signing beside one by another.${seesSimple ? ` With ${seesSimple.args.join(" ")} it does.` : ""}`,
      when: ["attestation+simple"],
    },
  ],
});

export const consumers: readonly Consumer[] = [
  { id: "cosign-3", versions: ["3.1.3"], ...cosign(simpleOption) },
  { id: "cosign-2", versions: ["2.6.5"], ...cosign() },
  {
    id: "containers-image",
    name: "containers/image",
    usedBy: "podman, skopeo, buildah, CRI-O",
    how: "policy.json, sigstoreSigned with matchRepository",
    versions: ["5.42.1"],
    basis: interop,
    keyTypes: [...small, ...large],
    places: everyPlace,
    accepts: [
      ...["simple", "bundle+simple", "other:simple+simple", "other:bundle+simple"],
      ...["bundle+other:bundle+simple", "bundle+other:simple+simple", "other:bundle+other:simple+simple"],
      ...["bundle+other:bundle+other:simple+simple", "attestation+simple", "attestation+bundle+simple"],
      ...["simple:tagged", "simple+simple:tagged", "bundle+simple:tagged", "simple+simple:elsewhere"],
      ...["simple+simple:own-hash", "bundle:own-hash+simple"],
      ...["bundle+bundle:own-hash+simple+simple:own-hash"],
    ],
    refuses: [
      { why: none, when: ["unsigned", "attestation", "attestation-tag"] },
      {
        why: notByKey,
        when: ["other:simple", "other:bundle+other:simple", "bundle+other:bundle+other:simple"],
      },
      {
        why: noSimple,
        when: [
          ...["bundle", "other:bundle", "bundle+other:bundle", "attestation+bundle"],
          ...["bundle:own-hash", "bundle+bundle:own-hash"],
        ],
      },
      { why: noSimpleByKey, when: ["bundle+other:simple"] },
      {
        why: "The signature names another repository in its docker-reference.",
        when: ["simple:elsewhere", "bundle+simple:elsewhere"],
      },
      {
        why: overOwnHash,
        when: ["simple:own-hash", "bundle:own-hash+simple:own-hash", "bundle+simple:own-hash"],
      },
    ],
  },
  {
    id: "sigstore-go",
    name: "sigstore-go",
    how: "a program that is given the bundle, and checks with SHA-256",
    versions: ["1.2.2"],
    basis: interop,
    keyTypes: [...small, ...large],
    places: everyPlace,
    accepts: [...bundles, "bundle+simple:own-hash"],
    refuses: [
      { why: notByKey, when: othersBundles },
      { why: overOwnHash, when: bundlesOverOwnHash },
    ],
  },
  {
    id: "sigstore-go-own-hash",
    name: "sigstore-go",
    how: "a program that is given the bundle, and checks with the hash of the key's own type",
    versions: ["1.2.2"],
    basis: interop,
    keyTypes: small,
    places: everyPlace,
    accepts: bundles,
    refuses: [{ why: notByKey, when: othersBundles }],
  },
  {
    id: "sigstore-go-own-hash",
    name: "sigstore-go",
    how: "a program that is given the bundle, and checks with the hash of the key's own type",
    versions: ["1.2.2"],
    basis: interop,
    keyTypes: large,
    places: everyPlace,
    accepts: bundlesOverOwnHash,
    refuses: [
      {
        why: "It checks with the hash of the key's own curve, and the signature is over SHA-256.",
        when: ["bundle", "bundle+simple", "bundle+simple:own-hash"],
      },
    ],
  },
  {
    id: "policy-controller",
    name: "policy-controller",
    how: "ClusterImagePolicy, authority with a key",
    versions: ["0.13.1"],
    basis: admission,
    keyTypes: [...small, ...large],
    places: everyPlace,
    accepts: withSimple,
    refuses: withoutSimple,
  },
  {
    id: "kyverno-image-validating-policy",
    name: "Kyverno",
    how: "ImageValidatingPolicy, cosign attestor with a key",
    versions: ["1.19.1"],
    basis: admission,
    keyTypes: ["RSA2048", "RSA4096", "secp256r1"],
    places: ["referrers"],
    accepts: ["simple", "bundle", "bundle+simple"],
    refuses: [
      { why: none, when: ["unsigned"] },
      { why: notByKey, when: ["other:simple", "other:bundle", "other:bundle+other:simple"] },
    ],
  },
  {
    id: "kyverno-cluster-policy",
    name: "Kyverno",
    how: "ClusterPolicy, type Cosign, with a key",
    versions: ["1.18.2", "1.19.1"],
    basis: admission,
    keyTypes: ["RSA2048", "RSA4096", "secp256r1"],
    places: ["referrers"],
    accepts: ["simple", "bundle+simple"],
    refuses: [
      { why: none, when: ["unsigned"] },
      { why: notByKey, when: ["other:simple", "other:bundle+other:simple"] },
      { why: noSimple, when: ["bundle", "other:bundle"] },
    ],
  },
  {
    id: "kyverno-cluster-policy-bundle",
    name: "Kyverno",
    how: "ClusterPolicy, type SigstoreBundle, with a key",
    versions: ["1.19.1"],
    basis: admission,
    keyTypes: ["RSA2048", "RSA4096", "secp256r1"],
    places: ["referrers"],
    accepts: ["bundle", "bundle+simple"],
    refuses: [
      { why: none, when: ["unsigned"] },
      { why: notByKey, when: ["other:bundle", "other:bundle+other:simple"] },
      { why: noBundle, when: ["simple", "other:simple"] },
    ],
  },
  {
    ...ratifyWithKey,
    keyTypes: ["secp256r1", ...large],
    places: everyPlace,
    accepts: withSimple,
    refuses: withoutSimple,
  },
  {
    ...ratifyWithKey,
    keyTypes: ["RSA2048", "RSA3072", "RSA4096"],
    places: ["referrers"],
    accepts: [],
    refuses: [
      { why: none, when: ["unsigned"] },
      {
        why: "A verifier with a key of its own reads ECDSA keys alone. Give this key in trustPolicies.",
        when: ["simple", "bundle+simple"],
      },
      { why: noSimple, when: ["bundle"] },
    ],
  },
  {
    id: "ratify-trust-policies",
    name: "Ratify",
    how: "verifier of type cosign, with a key in trustPolicies",
    versions: ["1.4.6"],
    basis: admission,
    keyTypes: [...small, ...large],
    places: everyPlace,
    accepts: [
      ...["simple", "bundle+simple", "other:bundle+simple", "bundle+other:bundle+simple"],
      ...["attestation+simple", "attestation+bundle+simple", "bundle:own-hash+simple"],
      // It compares no name.
      ...["simple:tagged", "simple+simple:tagged", "bundle+simple:tagged"],
      ...["simple:elsewhere", "simple+simple:elsewhere", "bundle+simple:elsewhere"],
      ...["index+simple", "bundle+index+simple"],
    ],
    refuses: withoutSimple,
    depends: [
      {
        why: "Of several signatures in simple signing, it lets the last one decide alone.",
        when: ["other:simple+simple", "bundle+other:simple+simple", "simple+simple:own-hash"],
      },
    ],
  },
];
