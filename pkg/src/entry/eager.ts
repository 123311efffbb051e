// What a page loads at once: everything that requesting and approving need.
export {
  buildProduct,
  buildSigningRequest,
  checkUrl,
  checkUsable,
  decodeArtifactUri,
  encodeArtifactUri,
  isDigest,
  isLoopback,
  publicKey,
  readPublicKey,
  registriesOf,
  scanReferences,
  signingOperations,
  simpleSigningPayload,
} from "../core.ts";
export { OcisignError } from "../error.ts";
export { parseReference } from "../image/read.ts";
export { artifactOf } from "../service/artifact.ts";
export { changesBetween, liveParts, productChanges } from "../service/binding.ts";
export { checkRegistry } from "../service/check-registry.ts";
export { SigningClient } from "../service/client.ts";
export { decodeStatus } from "../service/decode-status.ts";
