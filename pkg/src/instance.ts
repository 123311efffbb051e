// The one instance of the module in a process: all functions of core.ts call it.
import { __wbg_set_wasm, imports } from "#module/instance";
import { OcisignError } from "./error.ts";

/** What a loader needs: what to hand to the module, and how to make what came of it the instance. */
class Instance {
  readonly imports: WebAssembly.Imports;

  constructor(given: WebAssembly.Imports) {
    this.imports = given;
    // Until the module is there, a caller gets an instruction instead of a riddle.
    __wbg_set_wasm(new Proxy({}, { get: notYet }));
  }

  /** Makes an instance the one that is called, and lets it fill its table of JavaScript values. */
  start({ exports }: WebAssembly.Instance): void {
    __wbg_set_wasm(exports);
    const { __wbindgen_start: fillTable } = exports;
    if (typeof fillTable === "function") fillTable();
  }
}

function notYet(): never {
  throw new OcisignError(
    "not-initialized",
    "ocisign was used before its WebAssembly module was loaded.",
    'Call `await init()` first: import init from "ocisign".',
  );
}

export const instance = new Instance(imports);
