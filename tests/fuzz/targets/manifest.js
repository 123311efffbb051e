// Manifests and indexes: what is read as one is not the other, and names nothing that is no digest.
import assert from "node:assert/strict";
import {
  blobsIn,
  candidatesIn,
  Fault,
  manifestAt,
  manifestsIn,
  parseReference,
  readManifest,
  referrersInIndex,
} from "../../support/readers.js";
import { refusedBy } from "../refused.js";

const image = "application/vnd.oci.image.manifest.v1+json";
const index = "application/vnd.oci.image.index.v1+json";
export const words = [
  image,
  index,
  "application/vnd.docker.distribution.manifest.v2+json",
  `sha256:${"0".repeat(64)}`,
];

/** @param {Buffer} input */
export function judge(input) {
  checkKind(input);
  for (const type of [image, index]) {
    refusedBy(Fault, () => readManifest(input, type));
    for (const { digest } of refusedBy(Fault, () => manifestsIn(input, type)) ?? []) checkDigest(digest);
    for (const { digest, size } of refusedBy(Fault, () => blobsIn(input, type)) ?? []) {
      checkDigest(digest);
      assert.ok(Number.isSafeInteger(size) && size >= 0);
    }
  }
  // Each is checked when it is read: one that is no digest is a place that cannot be read.
  for (const { digest } of refusedBy(Fault, () => referrersInIndex(input)) ?? []) assert.match(digest, /:/);
  checkCandidates(input);
}

/** @param {Buffer} input */
function checkKind(input) {
  const asImage = refusedBy(Fault, () => manifestAt(input, "The manifest", "manifest", image));
  const asIndex = refusedBy(Fault, () => manifestAt(input, "The manifest", "manifest", index));
  if (asImage) assert.equal(asImage.manifests, undefined);
  if (asIndex) assert.equal(asIndex.layers ?? asIndex.config, undefined);
  if (asImage && asIndex) assert.ok(!asImage.mediaType && !asImage.layers && !asImage.config, "it is both");
}

/** @param {Buffer} input */
function checkCandidates(input) {
  for (const isReferrer of [true, false]) {
    const claim = { isReferrer, isGiven: !isReferrer, isCertified: true };
    for (const named of candidatesIn(input, claim)) {
      if (named instanceof Fault) assert.ok(named.message);
      else checkDigest(named.digest);
    }
  }
}

/** @param {string} digest */
function checkDigest(digest) {
  assert.equal(parseReference(`registry.example/team/app@${digest}`).digest, digest);
}
