// The types of attestations by the short names that cosign and others use, and what people call them. It stands alone, so
// that the library, the command line and the page say the same.

/** The predicate type of signatures, which are no attestations. */
export const signaturesType = "https://sigstore.dev/cosign/sign/v1";

/** No list of types that are asked for is longer. */
export const mostTypes = 100;
/** The longest type. */
const longest = 1000;

/** Is it a URI, as predicate types are (in-toto, "TypeURI")? One without white space, since those are compared as texts. */
export function isPredicateType(text: string): boolean {
  return text.length <= longest && /^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(text) && URL.canParse(text);
}

/** A kind of attestation. */
export interface AttestationKind {
  /** As cosign writes it after `--type`, where it does. */
  readonly name: string;
  readonly title: string;
  readonly predicateTypes: readonly string[];
  /** May a version follow, as in `https://spdx.dev/Document/v2.3`? */
  readonly hasVersions?: true;
}

const spdx = { title: "SPDX", predicateTypes: ["https://spdx.dev/Document"], hasVersions: true } as const;

/** Of two that fit a type, the first one names it. */
export const attestationKinds: readonly AttestationKind[] = [
  {
    name: "slsaprovenance1",
    title: "SLSA provenance v1",
    predicateTypes: ["https://slsa.dev/provenance/v1"],
  },
  {
    name: "slsaprovenance02",
    title: "SLSA provenance v0.2",
    predicateTypes: ["https://slsa.dev/provenance/v0.2"],
  },
  {
    name: "slsaprovenance",
    title: "SLSA provenance",
    predicateTypes: ["https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1"],
  },
  { name: "spdx", ...spdx },
  { name: "spdxjson", ...spdx },
  {
    name: "cyclonedx",
    title: "CycloneDX",
    predicateTypes: ["https://cyclonedx.org/bom", "https://cyclonedx.org/schema"],
    hasVersions: true,
  },
  { name: "openvex", title: "OpenVEX", predicateTypes: ["https://openvex.dev/ns"], hasVersions: true },
  {
    name: "vuln",
    title: "Vulnerability scan",
    predicateTypes: ["https://cosign.sigstore.dev/attestation/vuln/v1"],
  },
  { name: "link", title: "in-toto link", predicateTypes: ["https://in-toto.io/Link/v1"] },
  {
    name: "vsa",
    title: "SLSA verification summary",
    predicateTypes: ["https://slsa.dev/verification_summary/v1"],
  },
];

/** What people call a predicate type; undefined for one that has no other name. */
export function attestationTitle(predicateType: string): string | undefined {
  return attestationKinds.find((kind) => isOfKind(predicateType, kind))?.title;
}

/** Is a predicate type one of these? */
export function isOfKind(
  predicateType: string,
  { predicateTypes, hasVersions }: Pick<AttestationKind, "predicateTypes" | "hasVersions">,
): boolean {
  return predicateTypes.some(
    (type) => predicateType === type || (hasVersions === true && predicateType.startsWith(`${type}/`)),
  );
}

/** Is it the type of a list of packages? */
export function isBillType(predicateType: string): boolean {
  return attestationKinds.some(
    (kind) => ["spdx", "cyclonedx"].includes(kind.name) && isOfKind(predicateType, kind),
  );
}
