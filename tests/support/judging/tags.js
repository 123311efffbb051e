// Where registries keep what belongs to an image, written apart from the package.

/** Cosign's tag; it would be too long for sha512. @param {string} digest */
export function signatureTag(digest) {
  return digest.startsWith("sha512:") ? undefined : `${digest.replace(":", "-")}.sig`;
}

/** The fallback tag (OCI distribution specification, "Referrers Tag Schema"). @param {string} digest */
export function referrersTag(digest) {
  const [algorithm = "", encoded = ""] = digest.split(":");
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`;
}
