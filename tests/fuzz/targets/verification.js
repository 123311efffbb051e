// Manifests and blobs of signatures, spliced at will from what a trusted key has signed of other images, in other
// repositories, and as attestations: nothing of it verifies this image.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { verifySignatures } from "../../support/readers.js";
import { digest, other, publicKeys, reference } from "../seal.js";

export const longest = 8192;
export const words = [
  digest,
  other,
  digest.slice(7),
  "registry.example/team/app",
  "registry.example/other/app",
  "DIGEST",
  "\n\n",
];

/** The manifest, an empty line, and the blob; in the manifest, DIGEST and SIZE are those of the blob. @param {Buffer} input */
export async function judge(input) {
  const [head = "", ...rest] = input.toString("latin1").split("\n\n");
  const blob = Buffer.from(rest.join("\n\n"), "latin1");
  const hash = createHash("sha256").update(blob).digest("hex");
  const manifest = Buffer.from(
    head.replaceAll("DIGEST", `sha256:${hash}`).replaceAll("SIZE", String(blob.length)),
    "latin1",
  );
  const keys = [publicKeys.trusted, publicKeys.stranger];
  const { state, signatures } = await verifySignatures({
    reference,
    keys,
    manifest,
    blob: () => Uint8Array.from(blob),
  });
  assert.ok(state === "invalid" || state === "unreachable", state);
  for (const signature of signatures) assert.ok(!signature.verified && signature.reason);
}
