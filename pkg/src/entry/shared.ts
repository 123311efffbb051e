// What compare.js has from registry.js, which is there before it: each module that both need stands here, with the names
// that are asked for. The build leads the imports of these modules there, and says what is missing.
export { isDigest, quote } from "../core.ts";
export { fail, OcisignError } from "../error.ts";
export { fieldOf, isA, isList, isRecord, isText } from "../foreign.ts";
export { configBytes } from "../image/config-bytes.ts";
export { configFields, isTime, readManifest } from "../image/manifest.ts";
export { isUnknown, platformAt } from "../image/platform.ts";
export { asReference, parseReference } from "../image/read.ts";
export { checkOptions, isOn, optionalSignal, positive } from "../options.ts";
export { pathOfField } from "../path.ts";
export { Recent } from "../recent.ts";
export { Budget } from "../registry/budget.ts";
export { checked, imageManifest } from "../registry/content.ts";
export { indexTypes, ociIndex } from "../registry/media-types.ts";
export { openRegistry, reachOptions } from "../registry/open.ts";
export { referrersIn } from "../registry/referrers-index.ts";
export { attestationTag, referrersTag } from "../registry/tags.ts";
export { dateOf } from "../shown/date.ts";
export { Slices } from "../slices.ts";
export { subtleCrypto } from "../strict/cryptography.ts";
export { descriptorAt } from "../strict/descriptor.ts";
export { checkDigest, hasDigest } from "../strict/digest.ts";
export { Fault, quoted, refuse } from "../strict/fault.ts";
export { listAt, objectAt, optionalTextAt, textAt } from "../strict/fields.ts";
export { manifestAt } from "../strict/manifest.ts";
