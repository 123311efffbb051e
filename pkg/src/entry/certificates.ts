// The file that is loaded when certificates are first asked for, in every runtime. It stands alone: it holds nothing of the
// module, and calls nobody.
export { judgeCertificate, readAttachable, readTrust } from "../certificates/index.ts";
