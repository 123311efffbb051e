// What compare.js has from registry.js, which is there before it: each module that both need stands here, with the names
// that are asked for. The build leads the imports of these modules there, and says what is missing.
export { AllRequests, packed, unpacked } from "../bulk/all-requests.ts";
export { isDigest, quote } from "../core.ts";
export { fail, OcisignError } from "../error.ts";
export { copyOfList, fieldOf, hasMethod, isA, isList, isRecord, isText } from "../foreign.ts";
export { configBytes } from "../image/config-bytes.ts";
export { configFields, isTime, readManifest } from "../image/manifest.ts";
export { isUnknown, platformAt } from "../image/platform.ts";
export { asReference, parseReference } from "../image/read.ts";
export { checkOptions, isOn, optionalSignal, positive } from "../options.ts";
export { pathOfField } from "../path.ts";
export { Recent } from "../recent.ts";
export { Budget } from "../registry/budget.ts";
export { checked, imageManifest } from "../registry/content.ts";
export { copyOfRegistry, openRegistry, reachOptions } from "../registry/open.ts";
export { artifactOf } from "../service/artifact.ts";
export { checkSignal } from "../service/call.ts";
export { SigningClient } from "../service/client.ts";
export { decodeStatus } from "../service/decode-status.ts";
export { plainCopy } from "../service/json.ts";
export { isSameId } from "../service/same-id.ts";
export { dateOf } from "../shown/date.ts";
export { readKey } from "../signature/keys.ts";
export { verifySigning } from "../signature/verify-signing.ts";
export { Slices } from "../slices.ts";
export { subtleCrypto } from "../strict/cryptography.ts";
export { Fault, quoted, refuse } from "../strict/fault.ts";
export { listAt, objectAt, optionalTextAt, textAt } from "../strict/fields.ts";
