/**
 * Request, approve and verify HSM-backed signatures of container images.
 *
 * In Node everything works at once. In a browser, `await init()` first. The types need TypeScript 5.7 or newer.
 *
 * Whatever the examples do not make themselves is of this kind: `client` is a {@link SigningClient}, `request` a
 * {@link Signing} that waits for approval, `image` a reference as {@link parseReference} reads it, `previous` the one of
 * an earlier version, `product` what `client.product(id)` gave, `pem` a public key in PEM.
 *
 * @example
 * ```js
 * import { SigningClient, waitAndVerify } from "ocisign";
 *
 * const client = new SigningClient({
 *   baseUrl: "https://app.laavat.io/acme/api/v1",
 *   token: () => process.env.OCISIGN_TOKEN ?? "",
 * });
 * const request = await client.requestSigning({ product, artifact: image, description: "Release 1.2" });
 * const { signing, verification } = await waitAndVerify(client, request.id, { reference: image });
 * if (verification?.state !== "verified") throw new Error(verification?.reason ?? signing.reason);
 * ```
 *
 * @module ocisign
 */

export type * from "./bulk/decide/batch.ts";
export type * from "./bulk/outcome.ts";
export type * from "./bulk/sign/journal.ts";
export type * from "./bulk/sign/sign-options.ts";
export type * from "./bulk/verify/verify-options.ts";
export type * from "./compare/changes.ts";
export type * from "./compare/predecessor.ts";
export type * from "./copy/copied.ts";
export type { RequestedArtifact } from "./core.ts";
export type { DigestHash } from "./digest/form.ts";
export type {
  DigestSigningInput,
  DigestSigningOptions,
  RequestedDigestSigning,
} from "./digest/request-digest.ts";
export type { ModuleSource } from "./entry/browser.ts";
export { default } from "./entry/browser.ts";
export * from "./entry/compare.ts";
export * from "./entry/eager.ts";
export * from "./entry/lazy.ts";
export type {
  ErrorCode,
  OcisignErrorConstructor,
  OcisignErrorOf,
  PlacedErrorCode,
  ReferenceErrorCode,
  Taken,
} from "./error.ts";
export type * from "./http/fetch.ts";
export type * from "./image/description.ts";
export type {
  CanonicalReference,
  Digest,
  EcrRegistry,
  ImageReference,
  ReferenceScan,
  ScanError,
  ScannedReference,
} from "./image/reference.ts";
export type { LayoutFiles } from "./layout/files.ts";
export type { CreatedProof, CreateProofOptions } from "./proof-file/create.ts";
export type { ProofDemands, VerifyProofOptions } from "./proof-file/verify.ts";
export type { RegistryLimits } from "./registry/budget.ts";
export type { RegistryChoice, RegistryOptions } from "./registry/open.ts";
export type { RegistrySignIn } from "./registry/sign-in.ts";
export type { RequestChange } from "./service/binding.ts";
export type * from "./service/client-options.ts";
export type * from "./service/ids.ts";
export type * from "./service/listed.ts";
export type * from "./service/product.ts";
export type * from "./service/profile.ts";
export type * from "./service/request.ts";
export type * from "./service/signing.ts";
export type * from "./service/status.ts";
export type { TokenSource } from "./service/token-source.ts";
export type { Refusal } from "./shown/refusals.ts";
export type * from "./signature/attach/options.ts";
export type { CertificateFile, CertificateOptions, SignatureCertificate } from "./signature/certificates.ts";
export type { ByteContainer } from "./signature/given-signature.ts";
export type { FoundKey, KeyAt, KeySource } from "./signature/key-rule.ts";
export type {
  CertifiedKeys,
  OneKey,
  SeveralKeys,
  TrustedByFile,
  VerificationKey,
  VerificationKeys,
  WithoutFile,
} from "./signature/keys.ts";
export type * from "./signature/public-key.ts";
export type { BytesToSign } from "./signature/signing-payload.ts";
export type * from "./signature/verification.ts";
export type * from "./signature/verify-options.ts";
export type {
  OutcomeBy,
  SignedOutcome,
  TrustedOutcome,
  TrustedSigningOptions,
  UnsignedOutcome,
  VerifySigningOptions,
  WaitAndVerifyOptions,
} from "./signature/verify-signing.ts";
export type {
  RetiredKey,
  RevokedDigest,
  RevokedKey,
  TrustKey,
  TrustPolicy,
  TrustRule,
} from "./trust/policy.ts";
