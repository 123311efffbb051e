// A page that loads nothing by itself: the test calls what it offers, and gets told what came of it.
import * as ocisign from "/node_modules/ocisign/dist/browser.js";
import * as other from "/other/ocisign/dist/browser.js";

const told = ({ OcisignError }, error) => ({
  own: error instanceof OcisignError,
  name: error.name,
  code: error.code,
  message: error.message,
  fix: error.fix,
});

/** @param {typeof import("ocisign")} copy of the package */
const offer = (copy) => ({
  copy,
  init: (source) =>
    copy.default(source).then(
      () => "loaded",
      (error) => told(copy, error),
    ),
  parse(text) {
    try {
      return copy.parseReference(text).canonical;
    } catch (error) {
      return told(copy, error);
    }
  },
});

globalThis.offered = {
  ...offer(ocisign),
  other: offer(other),
  /** Has a worker load a module that was compiled here. */
  async shareModule(text) {
    const module = await WebAssembly.compileStreaming(fetch("/node_modules/ocisign/dist/ocisign.wasm"));
    const worker = new Worker("/module-worker.js", { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message ?? "the worker did not start"));
      worker.postMessage({ module, text });
    });
  },
  /** What a client of one copy makes of an error of the other. */
  async crossed() {
    const thrown = new other.OcisignError("unauthorized", "The other copy says no.", "Ask it.");
    const token = () => {
      throw thrown;
    };
    const client = new ocisign.SigningClient({ baseUrl: `${location.origin}/api/v1`, token });
    const error = await client.products().catch((caught) => caught);
    return { ...told(ocisign, error), causeIsTheOthers: error.cause === thrown };
  },
};
