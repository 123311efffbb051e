// The loader for Cloudflare workers. They may neither fetch a module nor compile one: they import it, compiled, and
// nothing needs to be awaited.
import * as glue from "./wasm/glue.js";
import module from "./wasm/ocisign.wasm";

export {
  attachSignature,
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
  verifyImage,
  verifySignatures,
  waitAndVerify,
} from "./wasm/glue.js";

const { exports } = new WebAssembly.Instance(module, glue.imports);
glue.__wbg_set_wasm(exports);
/** @type {() => void} */ (exports.__wbindgen_start)();

// Nothing to do; it is there so that the same code runs in browsers and in workers.
export default async function init() {}
