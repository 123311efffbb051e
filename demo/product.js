// The product that the service's reference shows, for a registry of ours.
import { buildProduct } from "ocisign";

/** The groups of the reference; the sandbox's people are in them. */
const a = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
const b = "f65a3ea9-60db-47a4-9ad8-c6915735ec5f";

/** @param {string} registry its domain @param {Partial<import("ocisign").ProductInput>} [changes] */
export function referenceProduct(registry, changes) {
  return buildProduct({
    name: "OCI SIGN",
    description: "Product OCI signing",
    registry,
    keyType: "RSA4096",
    allowedGroups: [a],
    approvalGroups: [a, b],
    ...changes,
  });
}
