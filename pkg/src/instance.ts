// The one instance of the module in a process: all functions of core.ts call it. A call can break off anywhere, by a
// stack overflow or a trap, and leaves half done what it was at. Such an instance is given up, and the next call gets a
// new one. So the module may remember nothing from one call to the next.
import { __wbg_set_wasm, imports } from "#module/instance";
import { fail, OcisignError } from "./error.ts";

type Exported = (...given: unknown[]) => unknown;

// What every call looks at are plain variables: a private field costs a look-up more.
/** Until the module is there, a caller gets an instruction instead of a riddle. */
__wbg_set_wasm(new Proxy({}, { get: notYet }));
let compiled: WebAssembly.Module | undefined;
/** The functions of the current instance, without a door. */
let bare: Record<string, Exported> = {};
/** What the bindings call and use: a door to each function, and all else as it is. */
const exports: Record<string, WebAssembly.ExportValue> = {};
/** How many calls are under way: a getter of a caller's value may call again. */
let depth = 0;

/** What a loader needs: what to hand to the module, and how to make what came of it the instance. */
export const instance = {
  imports,
  start,
  /** A call broke off. Who notices it sets this before all else: there may be no stack left for another call. */
  isBroken: false,
  /**
   * The functions of an instance that is whole. They are for calls that hand over numbers only, and call nothing
   * themselves. Who calls one notices if it breaks off.
   */
  get functions(): Record<string, Exported> {
    if (!compiled) notYet();
    if (instance.isBroken) renew();
    return bare;
  },
  /** The module's memory, of which each instance has one of its own. */
  get memory(): WebAssembly.Memory {
    // A module without memory would not have been bound.
    return exports.memory as WebAssembly.Memory;
  },
};

/** Makes an instance of the module the one that is called. */
function start(module: WebAssembly.Module, made = new WebAssembly.Instance(module, imports)): void {
  compiled = module;
  __wbg_set_wasm(exports);
  use(made);
}

function use(made: WebAssembly.Instance): void {
  // Memory and tables are not called.
  bare = made.exports as Record<string, Exported>;
  for (const [name, exported] of Object.entries(made.exports)) {
    // A function of the module takes and returns what its binding says.
    exports[name] = typeof exported === "function" ? doorTo(name, exported as Exported) : exported;
  }
  bare.__wbindgen_start?.();
}

/** A way to a function that notices a call which breaks off: the bindings throw their errors only behind it. */
function doorTo(name: string, exported: Exported): Exported {
  return (...given) => {
    if (instance.isBroken) {
      renew();
      return (exports[name] as Exported)(...given);
    }
    depth += 1;
    try {
      const result = exported(...given);
      if (instance.isBroken) throw brokenOff();
      return result;
    } catch (error) {
      instance.isBroken = true;
      throw seen(error);
    } finally {
      depth -= 1;
    }
  };
}

/** Puts a new instance in the place of the broken one, as soon as no call is in it any more. */
function renew(): void {
  if (depth > 0 || !compiled) throw brokenOff();
  try {
    const made = new WebAssembly.Instance(compiled, imports);
    const { memory } = exports;
    // The bindings keep views of the memory until it grows.
    if (memory instanceof WebAssembly.Memory) memory.grow(0);
    use(made);
    instance.isBroken = false;
  } catch (cause) {
    throw brokenOff(cause);
  }
}

/** What a caller sees of a call that broke off. */
export function seen(error: unknown): unknown {
  // A stack overflow is the caller's own.
  return error instanceof RangeError || error instanceof OcisignError ? error : brokenOff(error);
}

function brokenOff(cause?: unknown): unknown {
  const message = "A call into the WebAssembly module broke off.";
  const fix = "Try again; if it fails again, reload the page or restart the program.";
  return fail("module-broken", message, fix, cause);
}

function notYet(): never {
  throw new OcisignError(
    "not-initialized",
    "ocisign was used before its WebAssembly module was loaded.",
    'Call `await init()` first: import init from "ocisign".',
  );
}
