// What stands in manifests, lists, payloads and statements: what belongs there, and what does not.
import { pick, raw } from "./json-text.js";

/** @typedef {import("./json-text.js").Random} Random */

export const ociImage = "application/vnd.oci.image.manifest.v1+json";
export const ociIndex = "application/vnd.oci.image.index.v1+json";
export const dockerImage = "application/vnd.docker.distribution.manifest.v2+json";
export const dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
export const simpleType = "application/vnd.dev.cosign.simplesigning.v1+json";
export const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
export const annotation = "dev.cosignproject.cosign/signature";
export const inToto = "application/vnd.in-toto+json";
export const signedPredicate = "https://sigstore.dev/cosign/sign/v1";
export const statementType = "https://in-toto.io/Statement/v1";

export const payloadKind = "cosign container image signature";
export const payloadKinds = [
  payloadKind,
  "atomic container signature",
  payloadKind.toUpperCase(),
  `${payloadKind} `,
  null,
];
/** @type {readonly unknown[]} */
export const optionals = [null, null, {}, { creator: "a", timestamp: 1 }];
/** @type {readonly unknown[]} */
export const oddOptionals = [[], "a", 5, true, [{}], { critical: {} }, undefined];

export const payloadTypes = [
  inToto,
  inToto,
  "application/vnd.in-toto+JSON",
  "application/json",
  "",
  `${inToto};a=b`,
];

export const statementTypes = [
  statementType,
  "https://in-toto.io/Statement/v0.1",
  "https://in-toto.io/Statement/v1/",
  "",
  null,
];

export const predicateTypes = [
  signedPredicate,
  "https://slsa.dev/provenance/v1",
  `${signedPredicate}/`,
  signedPredicate.toUpperCase(),
  "",
  "a".repeat(1000),
  "a".repeat(1001),
  "\u{1f600}".repeat(501),
  raw('"\\ud83d"'),
  raw(`"${signedPredicate.replace("s", "\\u0073")}"`),
  null,
  5,
];

export const predicateNames = [
  "dev.sigstore.bundle.predicateType",
  "predicateType",
  "in-toto.io/predicate-type",
  "PredicateType",
  "dev.sigstore.bundle.content",
];

export const bundleTypes = [
  bundleType,
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  "application/vnd.dev.sigstore.bundle+json; version=0.3",
  'application/vnd.dev.sigstore.bundle+json ; version="0.3"',
  'application/vnd.dev.sigstore.bundle+json;version=0.3"',
  "application/vnd.dev.sigstore.bundle+json;version='0.3'",
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json; a=b; version=0.3",
  "application/vnd.dev.sigstore.bundle+json;version=0.3;a=b",
  "application/vnd.dev.sigstore.bundle+json",
  "application/vnd.dev.sigstore.bundle+jsonx",
  "application/vnd.dev.sigstore.bundle.v0.1+json",
  "application/vnd.dev.sigstore.bundle.v0.2+json",
  "application/vnd.dev.sigstore.bundle.v0.4+json",
  "application/vnd.dev.sigstore.bundle.v0.30+json",
  "application/vnd.dev.sigstore.bundle.v0.3.0+json",
  "application/vnd.dev.sigstore.bundle.v0.3+json;a=b",
  "application/vnd.dev.sigstore.bundle.v0.3+json;+json",
  "application/vnd.dev.sigstore.bundle.v0.3+json ",
  "application/vnd.dev.sigstore.bundle.v0.3 +json",
  "application/vnd.dev.sigstore.bundle.v00.3+json",
  "application/vnd.dev.sigstore.bundle.v\u0660.3+json",
  "application/vnd.dev.\u017figstore.bundle.v0.3+json",
  "application/vnd.dev.sigstore.bundle.v3+json",
  "application/vnd.dev.sigstore.bundle.v+json",
  "application/vnd.dev.sigstore.bundlev0.3+json",
  " application/vnd.dev.sigstore.bundle.v0.3+json",
  "Application/Vnd.Dev.Sigstore.Bundle.V0.3+JSON",
];

export const layerTypes = [
  simpleType,
  `${simpleType};a=b`,
  ` ${simpleType}`,
  "application/vnd.dev.cosign.SimpleSigning.v1+json",
  "application/vnd.dev.co\u017fign.simplesigning.v1+json",
  "application/vnd.in-toto+json",
  "application/vnd.DSSE.envelope.v1+json",
  "application/vnd.oci.image.layer.v1.tar",
  "",
];

export const artifactTypes = [
  bundleType,
  "application/vnd.dev.cosign.artifact.sig.v1+json",
  "application/vnd.oci.empty.v1+json",
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
  "application/vnd.doc\u212aer.container.image.v1+json",
  "application/spdx+json",
  "application/vnd.dev.cosign.artifact.sbom.v1+json",
  "",
  null,
  undefined,
];

export const listedDigests = [
  `sha256:${"0".repeat(64)}`,
  `SHA256:${"0".repeat(64)}`,
  "md5:d41d8cd98f00b204e9800998ecf8427e",
  "sha256:",
  "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
  "sha256..a:b",
  `sha256:${"0".repeat(63)}`,
  `sha256:${"0".repeat(63)}/`,
  "latest",
];

export const oddIndexes = [
  { schemaVersion: 1 },
  { schemaVersion: "2" },
  { schemaVersion: raw("2.0") },
  { mediaType: dockerIndex },
  { mediaType: "application/vnd.OCI.image.index.v1+json" },
  { mediaType: null },
  { manifests: null },
  { layers: [] },
  { config: null },
  { fsLayers: [] },
];

/** @param {number} size */
export const sizesFor = (size) => [
  size + 1,
  size - 1,
  0,
  String(size),
  null,
  raw(`${size}.0`),
  raw(`${size}e0`),
  raw(`${size * 10}e-1`),
  raw(`${size}.5`),
  raw("-0"),
  raw(`-${size}`),
  raw("1e400"),
  1024 * 1024,
  1024 * 1024 + 1,
  raw("9007199254740993"),
  raw("18446744073709551616"),
];

/** @param {any[]} layers @param {Random} random */
export function oddManifest(layers, random) {
  return pick(random, [
    {
      mediaType: pick(random, [
        ociIndex,
        dockerImage,
        dockerIndex,
        ociImage.toUpperCase(),
        "",
        null,
        5,
        "application/json",
        "application/vnd.doc\u212aer.distribution.manifest.v2+json",
      ]),
    },
    { mediaType: undefined, manifests: [] },
    { manifests: pick(random, [[], null, layers]) },
    { fsLayers: pick(random, [[], null]) },
    { Layers: layers },
    { layers: pick(random, [null, {}, "a", undefined]) },
    { layers: [] },
    { layers: [...layers, ...layers] },
    { config: null },
    { schemaVersion: 1 },
    { annotations: { [pick(random, predicateNames)]: pick(random, predicateTypes) } },
    { artifactType: bundleType, subject: null },
  ]);
}
