// The loader for browsers, and for every runtime that fetches its modules. Call `init()` once, await it,
// and use the rest.
import * as glue from "./dist/glue.js";

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

const { OcisignError } = glue;

// Until the module is there, whatever reaches for it gets an instruction instead of a riddle.
glue.__wbg_set_wasm(
  new Proxy(
    {},
    {
      get() {
        throw new OcisignError(
          "not-initialized",
          "ocisign was used before its WebAssembly module was loaded.",
          'Call `await init()` first: import init from "ocisign".',
        );
      },
    },
  ),
);

/** What speaks to registries, once it is needed: a page that only asks for signatures never loads it. @type {Promise<any> | undefined} */
let registry;

/** @param {string} name */
function ofRegistry(name) {
  return async (/** @type {unknown[]} */ ...values) => (await loadRegistry())[name](...values);
}

export const attachSignature = ofRegistry("attachSignature");
export const describeImage = ofRegistry("describeImage");
export const verifyImage = ofRegistry("verifyImage");
export const verifySignatures = ofRegistry("verifySignatures");
export const waitAndVerify = ofRegistry("waitAndVerify");

function loadRegistry() {
  registry ??= import("./dist/registry.js").then(
    ({ registryShells }) => registryShells(glue.core),
    (cause) => {
      registry = undefined;
      const message = `A part of ocisign could not be loaded: ${cause.message}`;
      throw new OcisignError(
        "init-failed",
        message,
        "Serve dist/registry.js beside the loader; then try again, or reload the page: some browsers remember a failure.",
        undefined,
        cause,
      );
    },
  );
  return registry;
}

/** @typedef {string | URL | Request | Response | BufferSource | WebAssembly.Module} Source */

/**
 * The load under way or done. A failed one is forgotten, so that init() can be called again.
 *
 * @type {Promise<void> | undefined}
 */
let loading;

/** @param {Source | PromiseLike<Response>} source */
export default function init(source = new URL("./dist/ocisign.wasm", import.meta.url)) {
  loading ??= load(source).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** @param {Source | PromiseLike<Response>} source */
async function load(source) {
  const { exports } = await Promise.resolve(source)
    .then(instantiate)
    .catch((cause) => explain(cause));
  glue.__wbg_set_wasm(exports);
  /** @type {() => void} */ (exports.__wbindgen_start)();
}

/** @param {Source} source @returns {Promise<WebAssembly.Instance>} */
async function instantiate(source) {
  if (source instanceof WebAssembly.Module) return WebAssembly.instantiate(source, glue.imports);
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return instantiateBytes(source);
  const response = source instanceof Response ? source : await download(source);
  if (!response.ok) {
    throw new OcisignError(
      "init-failed",
      `The WebAssembly module was not found: ${placeOf(response.url)} answered ${response.status}.`,
      "Serve ocisign.wasm there, or pass its URL to init().",
    );
  }
  const from = response.url && ` from ${placeOf(response.url)}`;
  return instantiateResponse(response).catch((cause) => explain(cause, from));
}

/** @param {Response} response */
async function instantiateResponse(response) {
  // Streaming needs the media type that many servers do not know; the bytes are the same either way.
  const type = response.headers.get("content-type")?.split(";")[0].trim();
  if (type === "application/wasm" && WebAssembly.instantiateStreaming) {
    return (await WebAssembly.instantiateStreaming(response, glue.imports)).instance;
  }
  return instantiateBytes(await response.arrayBuffer());
}

/** @param {string | URL | Request} source */
async function download(source) {
  try {
    return await fetch(source);
  } catch (/** @type {any} */ cause) {
    const where = placeOf(source instanceof Request ? source.url : String(source));
    const message = `The WebAssembly module could not be fetched from ${where}: ${cause.message}`;
    const fix =
      "Check that the server is up and that the page's Content-Security-Policy allows it (connect-src); init() can be called again.";
    throw new OcisignError("init-failed", message, fix, undefined, cause);
  }
}

/** An address without its query, which may hold a secret. @param {string} address */
function placeOf(address) {
  return address.replace(/[?#].*/s, "").replace(/\/\/[^/@]*@/, "//");
}

/** @param {BufferSource} bytes */
async function instantiateBytes(bytes) {
  return (await WebAssembly.instantiate(bytes, glue.imports)).instance;
}

/** @param {any} cause @param {string} [from] @returns {never} */
function explain(cause, from = "") {
  if (cause instanceof OcisignError) throw cause;
  const message = `The WebAssembly module${from} could not be loaded: ${cause.message}`;
  throw new OcisignError("init-failed", message, fixFor(cause.message), undefined, cause);
}

/** @param {string} message the engine's own */
function fixFor(message) {
  if (typeof WebAssembly === "undefined") {
    return "Use a browser with WebAssembly; a lockdown mode or a policy may have turned it off in this one.";
  }
  if (/unsafe-eval|Content.Security.Policy|\bCSP\b/i.test(message)) {
    return "Allow WebAssembly in the page's Content-Security-Policy: script-src 'wasm-unsafe-eval'.";
  }
  if (/magic|doesn't parse/i.test(message)) {
    return "Serve ocisign.wasm itself at that address; something else came, perhaps a page of HTML.";
  }
  return "Check that ocisign.wasm is served, or pass its URL to init(); init() can be called again.";
}
