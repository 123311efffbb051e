// The loader for browsers, and for every runtime that fetches its modules. Call `init()` once, await it,
// and use the rest.
import { OcisignError } from "../error.ts";
import { fieldOf } from "../foreign.ts";
import { instance } from "../instance.ts";
import { shapes } from "../service/shaped.ts";
import { waits } from "../service/waits.ts";
import type * as Compare from "./compare.ts";
import type * as Lazy from "./lazy.ts";

export * from "./eager.ts";

/**
 * Where {@link init} finds the module: its URL, a response that carries it, its bytes, or a compiled
 * `WebAssembly.Module`, for which TypeScript knows no narrower type than `object`.
 */
export type ModuleSource =
  | string
  | URL
  | Request
  | Response
  | PromiseLike<Response>
  | ArrayBuffer
  | ArrayBufferView
  | object;

export const approveBatch: typeof Lazy.approveBatch = async function* (...given) {
  yield* (await lazy()).approveBatch(...given);
};
export const rejectBatch: typeof Lazy.rejectBatch = async function* (...given) {
  yield* (await lazy()).rejectBatch(...given);
};
export const attachSignature: typeof Lazy.attachSignature = async (...given) =>
  (await lazy()).attachSignature(...given);
export const signingPayload: typeof Lazy.signingPayload = async (...given) =>
  (await lazy()).signingPayload(...given);
export const compareImages: typeof Compare.compareImages = async (...given) =>
  (await compare()).compareImages(...given);
export const copyImage: typeof Compare.copyImage = async (...given) => (await compare()).copyImage(...given);
export const lastSigned: typeof Compare.lastSigned = async (...given) =>
  (await compare()).lastSigned(...given);
export const describeImage: typeof Lazy.describeImage = async (...given) =>
  (await lazy()).describeImage(...given);
export const requestDigestSigning: typeof Lazy.requestDigestSigning = async (...given) =>
  (await lazy()).requestDigestSigning(...given);
export const createProof: typeof Lazy.createProof = async (...given) => (await lazy()).createProof(...given);
export const verifyProof: typeof Lazy.verifyProof = async (...given) => (await lazy()).verifyProof(...given);
export const readBatch: typeof Lazy.readBatch = async (...given) => (await lazy()).readBatch(...given);
export const partOfBatch: typeof Lazy.partOfBatch = async (...given) => (await lazy()).partOfBatch(...given);
export const verifyAll: typeof Lazy.verifyAll = async function* (...given) {
  yield* (await lazy()).verifyAll(...given);
};
export const verifyImage: typeof Lazy.verifyImage = async (...given) => (await lazy()).verifyImage(...given);
export const verifySignatures: typeof Lazy.verifySignatures = async (...given) =>
  (await lazy()).verifySignatures(...given);
export const verifySigning: typeof Lazy.verifySigning = async (...given) =>
  (await lazy()).verifySigning(...given);
export const waitAndVerify: typeof Lazy.waitAndVerify = async (...given) =>
  (await lazy()).waitAndVerify(...given);

/** The part that waits for signatures, and reads registries. */
const lazy = part("registry.js", () => import("./registry.ts"));
/** The part that compares images, and copies them; it takes much from the one before. */
const compare = part("compare.js", () => import("./compare-part.ts"));
/** The part that applies all of a profile. */
const profile = part("profile.js", () => import("./profile.ts"));
shapes.load = async () => (await profile()).shapeOf;
shapes.queryOf = async (filter) => (await profile()).queryOf(filter);
waits.load = lazy;
waits.signAll = async function* (...given) {
  yield* (await lazy()).signAll(...given);
};
shapes.linksIn = async (header) => (await lazy()).parseLinks(header);

/** A part that is loaded once it is needed. A failed load is forgotten. */
function part<Part>(file: string, load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      const { said, cause } = told(error);
      throw new OcisignError(
        "init-failed",
        `A part of ocisign could not be loaded: ${said}`,
        `Serve ${file} beside the loader, then reload the page.`,
        undefined,
        cause,
      );
    });
    return loading;
  };
}

/** The load under way or done. A failed one is forgotten, so that init() can be called again. */
let loading: Promise<void> | undefined;

/**
 * Loads the WebAssembly module. Needed once in a browser; does nothing in Node. Calling it again returns
 * the same promise; after a failure it tries anew.
 *
 * @param source where the module is, when it is not beside the script.
 * @throws {OcisignError} `init-failed`, with what to do: not found, not WebAssembly, or forbidden by the
 *   page's Content-Security-Policy, which needs `script-src 'wasm-unsafe-eval'`.
 * @example
 * ```js
 * import init, { parseReference } from "ocisign";
 *
 * await init();
 * console.log(parseReference(image).registry);
 * ```
 */
export default function init(
  source: ModuleSource = new URL("./ocisign.wasm", import.meta.url),
): Promise<void> {
  loading ??= load(source).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(source: ModuleSource): Promise<void> {
  const loaded = await Promise.resolve(source)
    .then(instantiate)
    .catch((cause: unknown) => explain(cause));
  instance.start(loaded.module, loaded.instance);
}

async function instantiate(source: unknown): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  if (source instanceof WebAssembly.Module) {
    return { module: source, instance: await WebAssembly.instantiate(source, instance.imports) };
  }
  // Never over shared memory: WebAssembly takes none.
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source))
    return instantiateBytes(source as BufferSource);
  const response = source instanceof Response ? source : await download(source);
  if (!response.ok) {
    throw new OcisignError(
      "init-failed",
      `The WebAssembly module was not found: ${placeOf(response.url)} answered ${response.status}.`,
      "Serve ocisign.wasm there, or pass its URL to init().",
    );
  }
  const from = response.url && ` from ${placeOf(response.url)}`;
  return instantiateResponse(response).catch((cause: unknown) => explain(cause, from));
}

async function instantiateResponse(response: Response): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  // Streaming needs the media type that many servers do not know; the bytes are the same either way.
  const type = response.headers.get("content-type")?.split(";")[0]?.trim();
  if (type === "application/wasm" && WebAssembly.instantiateStreaming) {
    return WebAssembly.instantiateStreaming(response, instance.imports);
  }
  return instantiateBytes(await response.arrayBuffer());
}

async function download(source: unknown): Promise<Response> {
  try {
    return await fetch(source instanceof Request ? source : String(source));
  } catch (error) {
    const { said, cause } = told(error);
    const where = placeOf(source instanceof Request ? source.url : String(source));
    const message = `The WebAssembly module could not be fetched from ${where}: ${said}`;
    const fix =
      "Check that the server is up and that the page's Content-Security-Policy allows it (connect-src); then call init() again.";
    throw new OcisignError("init-failed", message, fix, undefined, cause);
  }
}

/** An address without user and query, which may hold a secret. */
function placeOf(address: string): string {
  return address.replace(/[?#].*/s, "").replace(/\/\/.*@/s, "//");
}

/** What a platform says, without the secrets of addresses that it repeats; the error itself only if it repeats none. */
function told(cause: unknown): { said: string; cause: unknown } {
  const words = String(fieldOf(cause, "message") ?? cause);
  const said = words.replace(/[a-z][a-z0-9+.-]*:\/\/\S*/gi, placeOf);
  return { said, cause: said === words ? cause : undefined };
}

async function instantiateBytes(bytes: BufferSource): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  return WebAssembly.instantiate(bytes, instance.imports);
}

function explain(error: unknown, from = ""): never {
  if (error instanceof OcisignError) throw error;
  const { said, cause } = told(error);
  const message = `The WebAssembly module${from} could not be loaded: ${said}`;
  throw new OcisignError("init-failed", message, fixFor(said), undefined, cause);
}

/** @param said the platform's own words */
function fixFor(said: string): string {
  if (typeof WebAssembly === "undefined") {
    return "Use a browser with WebAssembly; a lockdown mode or a policy may turn it off.";
  }
  if (/unsafe-eval|Content.Security.Policy|\bCSP\b/i.test(said)) {
    return "Allow WebAssembly in the page's Content-Security-Policy: script-src 'wasm-unsafe-eval'.";
  }
  if (/magic|doesn't parse/i.test(said)) {
    return "Serve ocisign.wasm there; something else came, perhaps a page of HTML.";
  }
  return "Check that ocisign.wasm is served, or pass its URL to init(); then call init() again.";
}
