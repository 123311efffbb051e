// The tags under which registries without an API for it keep what belongs to an image.

/** The longest tag (OCI distribution spec, "Pulling manifests"). */
const longestTag = 128;

/** The tag under which cosign keeps an image's signatures; there can be none for sha512. */
export function signatureTag(digest: string): string | undefined {
  return tagOf(digest, "sig");
}

/** The tag under which cosign 2 keeps an image's attestations; there can be none for sha512. */
export function attestationTag(digest: string): string | undefined {
  return tagOf(digest, "att");
}

/** The tag under which cosign 2 keeps an image's bill of materials; there can be none for sha512. */
export function billTag(digest: string): string | undefined {
  return tagOf(digest, "sbom");
}

function tagOf(digest: string, kind: string): string | undefined {
  const tag = `${digest.replace(":", "-")}.${kind}`;
  return tag.length > longestTag ? undefined : tag;
}

/** The tag for an image's referrers, cut as the OCI distribution spec says ("Referrers Tag Schema"). */
export function referrersTag(digest: string): string {
  const [algorithm = "", encoded = ""] = digest.split(":");
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`;
}
