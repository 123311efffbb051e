// What a page loads at once: everything that requesting and approving need.
export {
  buildProduct,
  buildSigningRequest,
  checkRegistry,
  checkUrl,
  decodeArtifactUri,
  decodeStatus,
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
export { changesBetween } from "../service/binding.ts";
export { SigningClient } from "../service/client.ts";
