/**
 * Trust files: which keys have to sign the images of which repositories, read strictly.
 *
 * @packageDocumentation
 */

export {
  type Consumer,
  consumers,
  type ExportedFile,
  type ExportTrustOptions,
  exportTrust,
  type TrustExport,
} from "./export/index.ts";
export {
  type RetiredKey,
  type RevokedDigest,
  type RevokedKey,
  type Standing,
  standing,
  type TrustKey,
  type TrustPolicy,
  type TrustRule,
} from "./policy.ts";
export { type ReadTrustOptions, readTrust } from "./read.ts";
export { countingKeys, type HoldingRule, ruleFor } from "./rule.ts";
