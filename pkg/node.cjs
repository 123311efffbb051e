// The loader for Node. It reads the module at once, so nothing needs to be awaited. This is the only
// instance in a process: the ES module beside it re-exports what is made here.
"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const glue = require("./dist/glue.cjs");

const instance = new WebAssembly.Instance(new WebAssembly.Module(readModule()), glue.imports);
glue.__wbg_set_wasm(instance.exports);
/** @type {() => void} */ (instance.exports.__wbindgen_start)();

module.exports = {
  // Nothing to do; it is there so that the same code runs in browsers and in Node.
  default: async function init() {},
  attachSignature: glue.attachSignature,
  buildProduct: glue.buildProduct,
  buildSigningRequest: glue.buildSigningRequest,
  checkRegistry: glue.checkRegistry,
  decodeArtifactUri: glue.decodeArtifactUri,
  decodeStatus: glue.decodeStatus,
  describeImage: glue.describeImage,
  encodeArtifactUri: glue.encodeArtifactUri,
  OcisignError: glue.OcisignError,
  parseReference: glue.parseReference,
  publicKey: glue.publicKey,
  SigningClient: glue.SigningClient,
  scanReferences: glue.scanReferences,
  simpleSigningPayload: glue.simpleSigningPayload,
  verifyImage: glue.verifyImage,
  verifySignatures: glue.verifySignatures,
  waitAndVerify: glue.waitAndVerify,
};

function readModule() {
  const file = join(__dirname, "dist", "ocisign.wasm");
  try {
    return readFileSync(file);
  } catch (/** @type {any} */ cause) {
    if (cause.code !== "ENOENT") throw cause;
    throw new glue.OcisignError(
      "init-failed",
      `The WebAssembly module was not found at ${file}. A bundler may have taken the code away from it.`,
      'Keep "ocisign" out of the bundle: `external`, or in Next.js `serverExternalPackages: ["ocisign"]`.',
      undefined,
      cause,
    );
  }
}
