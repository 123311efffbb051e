// SLSA's verification summary (slsa.dev/verification_summary/v1): a statement for each image, to be signed by who
// verified. It says that the policy passed or failed. Where something could not be read, neither is known, and there is
// no statement.
import { createHash } from "node:crypto";
import type { TrustPolicy, Verification } from "ocisign";
import { version } from "../../../package.json";
import type { CertificatePolicy } from "./certificate-policy.ts";
import type { ReportEntry } from "./entry.ts";
import type { Verified } from "./printing.ts";

/** What was asked of the images. */
export interface Policy {
  /** The fingerprints of the keys that count, in order; with a trust file, those of the image's rule. */
  readonly keys: readonly string[];
  /** Which certificates had to vouch for keys, if any had to. */
  readonly certificates: CertificatePolicy | false;
  /** What a trust file says, and when its keys had to count, if that was not the time of verifying. */
  readonly trust?: { readonly rules: TrustPolicy["rules"]; readonly at?: string };
  /** The rule of the trust file that holds for the image. */
  readonly rule?: string;
  readonly threshold: number;
  readonly requireRepository: boolean;
  /** The names that signatures had to say in place of an image's own: by prefixes, in order. */
  readonly signedAs?: Readonly<Record<string, string>>;
  /** The index whose signature counts for the image, too. */
  readonly coveredBy?: string;
  readonly recursive: boolean;
  /** The types of attestations that had to be there. */
  readonly require: readonly string[];
}

/** A statement a line. */
export function vsa(entries: readonly ReportEntry[], { policy }: Pick<Verified, "policy">): string {
  return entries
    .flatMap(({ verification }) => (verification ? statementOf(verification, policy) : []))
    .map((statement) => `${JSON.stringify(statement)}\n`)
    .join("");
}

function statementOf(verification: Verification, policy: Policy): object[] {
  const { state, reference, digest } = verification;
  if (state === "unreachable") return [];
  const [name] = reference.split("@");
  const isPassed = state === "verified";
  const inputs = inputsOf(verification);
  const predicate = {
    verifier: { id: "https://github.com/ocisign/ocisign", version: { ocisign: version } },
    timeVerified: new Date().toISOString(),
    resourceUri: `oci://${reference}`,
    policy: policyOf(policyFor(verification, policy)),
    ...(inputs.length > 0 && { inputAttestations: inputs }),
    verificationResult: isPassed ? "PASSED" : "FAILED",
    // Signatures are looked at, and who made an attestation: no level of SLSA follows from that.
    verifiedLevels: [isPassed ? "SLSA_BUILD_LEVEL_UNEVALUATED" : "FAILED"],
    slsaVersion: "1.2",
  };
  return [
    {
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name, digest: digestSet(digest) }],
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate,
    },
  ];
}

/**
 * By a trust file, each image has the keys, the threshold and the demands of its own rule. Of an index that covers it, its
 * digest is known then.
 */
function policyFor({ trust, threshold, coveredBy }: Verification, asked: Policy): Policy {
  const policy = coveredBy ? { ...asked, coveredBy: coveredBy.reference } : asked;
  const rule = policy.trust?.rules.find(({ name }) => name === trust?.rule);
  if (!trust || !rule) return policy;
  return {
    ...policy,
    rule: rule.name,
    keys: trust.keys.flatMap(({ counts, fingerprint }) => (counts ? fingerprint : [])).sort(),
    threshold,
    requireRepository: policy.requireRepository || rule.requireRepository,
  };
}

/** The policy is what the command line says. Its own text is in it, so that the digest can be checked. */
function policyOf(policy: Policy) {
  const text = JSON.stringify(policy);
  const sha256 = createHash("sha256").update(text).digest("hex");
  return {
    uri: `urn:ocisign:policy:sha256:${sha256}`,
    digest: { sha256 },
    mediaType: "application/json",
    content: Buffer.from(text).toString("base64"),
  };
}

/** All that the outcome rests on: the signatures and attestations that hold, each by the digest of its blob. */
function inputsOf({ reference, signatures, attestations, required = [], coveredBy }: Verification) {
  const name = reference.split("@")[0];
  const asked = required.flatMap(({ predicateTypes }) => predicateTypes);
  const blobs = [
    ...[...signatures, ...(coveredBy?.signatures ?? [])].flatMap((one) => (one.verified ? [one.blob] : [])),
    ...(asked.length > 0 ? attestations.flatMap((one) => (one.verified ? [one.digest] : [])) : []),
  ];
  return [...new Set(blobs)].map((blob) => ({ uri: `oci://${name}@${blob}`, digest: digestSet(blob) }));
}

function digestSet(digest: string): Record<string, string> {
  const [algorithm = "", hex = ""] = digest.split(":");
  return { [algorithm]: hex };
}
