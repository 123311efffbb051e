// What a page loads at once: everything that requesting and approving need.
export {
  buildProduct,
  buildSigningRequest,
  checkUrl,
  checkUsable,
  isDigest,
  isLoopback,
  publicKey,
  readPublicKey,
  registriesOf,
  signingOperations,
  simpleSigningPayload,
} from "../core.ts";
export { OcisignError } from "../error.ts";
export { decodeArtifactUri, encodeArtifactUri } from "../image/artifact-uri.ts";
export { parseReference } from "../image/read.ts";
export { scanReferences } from "../image/scan.ts";
export { artifactOf } from "../service/artifact.ts";
export { changesBetween, liveParts, productChanges } from "../service/binding.ts";
export { checkRegistry } from "../service/check-registry.ts";
export { SigningClient } from "../service/client.ts";
export { decodeStatus } from "../service/decode-status.ts";
