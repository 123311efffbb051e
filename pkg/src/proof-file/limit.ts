/** The largest proof file, in bytes: hundreds of signed manifests have less. */
export const mostProofBytes = 32 * 1024 * 1024;
