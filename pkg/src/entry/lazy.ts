// What a page loads when it first reads a registry: a page that only asks for signatures never needs it.
export { approveBatch, rejectBatch } from "../bulk/decide/decide-batch.ts";
export { partOfBatch } from "../bulk/decide/part-of-batch.ts";
export { readBatch } from "../bulk/decide/read-batch.ts";
export { verifyAll } from "../bulk/verify/verify-all.ts";
export { requestDigestSigning } from "../digest/request-digest.ts";
export { describeImage } from "../image/describe.ts";
export { createProof } from "../proof-file/create.ts";
export { verifyProof } from "../proof-file/verify.ts";
export { attachSignature } from "../signature/attach/attach.ts";
export { signingPayload } from "../signature/signing-payload.ts";
export { verifyImage, verifySignatures } from "../signature/verify.ts";
export { verifySigning, waitAndVerify } from "../signature/verify-signing.ts";
