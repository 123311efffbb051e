// Which blobs does a manifest of signatures name?
import type { Digest } from "../image/reference.ts";
import { Candidate } from "../signature/proof/candidate.ts";
import { candidatesIn } from "../signature/proof/manifest.ts";

export function signedBlobs(manifest: Uint8Array): readonly Digest[] {
  const named = candidatesIn(manifest, { isReferrer: true, isGiven: false });
  return named.flatMap((one) => (one instanceof Candidate ? [one.digest] : []));
}
