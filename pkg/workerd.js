// The loader for Cloudflare workers. They may neither fetch a module nor compile one: they import it, compiled, and
// nothing needs to be awaited.
import * as glue from "./dist/glue.js";
import module from "./dist/ocisign.wasm";
import { registryShells } from "./dist/registry.js";

export {
  buildProduct,
  buildSigningRequest,
  checkRegistry,
  decodeArtifactUri,
  decodeStatus,
  encodeArtifactUri,
  OcisignError,
  parseReference,
  publicKey,
  SigningClient,
  scanReferences,
  simpleSigningPayload,
} from "./dist/glue.js";

export const { attachSignature, describeImage, verifyImage, verifySignatures, waitAndVerify } =
  registryShells(glue.core);

const { exports } = new WebAssembly.Instance(module, glue.imports);
glue.__wbg_set_wasm(exports);
/** @type {() => void} */ (exports.__wbindgen_start)();

// Nothing to do; it is there so that the same code runs in browsers and in workers.
export default async function init() {}
