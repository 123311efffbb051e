// The fields of what is read strictly, by name. Go's readers, and with them most of what pulls images, take `Layers`
// for `layers`: a name that is not exactly one of these, and is one for them, is refused (strict/json.ts).

/**
 * The fields that a structure has, and below those that hold structures or lists of them, their fields. Below the others
 * anything may stand: annotations and labels are free maps.
 */
export interface Shape {
  readonly [name: string]: Shape;
}

const free: Shape = {};

function shape(names: string, below: Shape = free): Shape {
  const fields = names.split(" ").map((name) => [name, below[name] ?? free] as const);
  return Object.fromEntries(fields);
}

// OCI image specification, "Image Index" (platform), with what docker's manifest list has beside it.
const platform = shape("architecture os os.version os.features variant features");

// "OCI Content Descriptors".
const descriptor = shape("mediaType digest size urls annotations data artifactType platform", { platform });

/**
 * "Image Manifest" and "Image Index" in one, since each must not look like the other; with the lists of OCI's former
 * artifact manifest and of docker's schema 1.
 */
export const manifestShape: Shape = shape(
  "schemaVersion mediaType artifactType config layers manifests blobs subject annotations fsLayers history signatures",
  {
    config: descriptor,
    layers: descriptor,
    manifests: descriptor,
    blobs: descriptor,
    subject: descriptor,
    fsLayers: shape("blobSum"),
    history: shape("v1Compatibility"),
  },
);

/** "Image Configuration". */
export const configShape: Shape = shape(
  "created author architecture os os.version os.features variant config rootfs history",
  {
    config: shape(
      "User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal ArgsEscaped " +
        "Memory MemorySwap CpuShares Healthcheck OnBuild Shell",
    ),
    rootfs: shape("type diff_ids"),
    history: shape("created author created_by comment empty_layer"),
  },
);

/** Cosign's simple signing. */
export const payloadShape: Shape = shape("critical optional", {
  critical: shape("identity image type", {
    identity: shape("docker-reference"),
    image: shape("docker-manifest-digest"),
  }),
});

/** The DSSE envelope. */
export const envelopeShape: Shape = shape("payload payloadType signatures", {
  signatures: shape("sig keyid"),
});

/** The Sigstore bundle, as far as it is read. */
export const bundleShape: Shape = shape("mediaType verificationMaterial dsseEnvelope messageSignature", {
  verificationMaterial: shape(
    "publicKey certificate x509CertificateChain tlogEntries timestampVerificationData",
    {
      certificate: shape("rawBytes"),
      x509CertificateChain: shape("certificates", { certificates: shape("rawBytes") }),
    },
  ),
  dsseEnvelope: envelopeShape,
});

/** The in-toto statement, whose digests are named by their algorithms. */
export const statementShape: Shape = shape("_type subject predicateType predicate", {
  subject: shape("name uri digest content downloadLocation mediaType annotations"),
});

/** A registry's errors (OCI distribution specification, "Error Codes"). */
export const errorsShape: Shape = shape("errors", { errors: shape("code message detail") });

/** What a token service answers. */
export const tokenShape: Shape = shape("token access_token expires_in issued_at refresh_token");

/** A proof file (docs/proof.schema.json). */
export const proofShape: Shape = shape(
  "mediaType version reference manifests signatures blobs keys checksum",
  {
    manifests: shape("digest mediaType content"),
    signatures: shape("image places digest mediaType content"),
    blobs: shape("digest content"),
  },
);
