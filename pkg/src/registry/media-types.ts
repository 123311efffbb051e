// Media types of manifests, and how large one may be.

export const ociImage = "application/vnd.oci.image.manifest.v1+json";
export const ociIndex = "application/vnd.oci.image.index.v1+json";
const dockerImage = "application/vnd.docker.distribution.manifest.v2+json";
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

/** Everything that can be signed, and what signatures are kept in: of OCI and of docker. */
export const manifestTypes: readonly string[] = [ociImage, ociIndex, dockerImage, dockerList];

/** Those of them that describe one image. */
export const imageTypes: readonly string[] = [ociImage, dockerImage];

/** Those of them that list other manifests. */
export const indexTypes: readonly string[] = [ociIndex, dockerList];

/**
 * The largest manifest that is read, in bytes: what registries take at least, and by and large at most (OCI
 * distribution spec, "Pushing Manifests").
 */
export const mostManifestBytes = 4 * 1024 * 1024;
