// The one instance of the module in a process: all functions of core.ts call it. A call can break off anywhere, by a
// stack overflow or a trap, and leaves half done what it was at. Such an instance is given up, and the next call gets a
// new one. So the module may remember nothing from one call to the next.
import { __wbg_set_wasm, imports } from "#module/instance";
import { fail, OcisignError } from "./error.ts";

type Exported = (...given: unknown[]) => unknown;

/** What a loader needs: what to hand to the module, and how to make what came of it the instance. */
class Instance {
  readonly imports: WebAssembly.Imports;
  #module: WebAssembly.Module | undefined;
  /** The functions of the current instance. */
  // Until the module is there, a caller gets an instruction instead of a riddle.
  #functions: Record<string, Exported> = new Proxy({}, { get: notYet });
  /** What the bindings call and use: a door to each function, and all else as it is. */
  #exports: Record<string, WebAssembly.ExportValue> = {};
  /** How many calls are under way: a getter of a caller's value may call again. */
  #depth = 0;
  /** A call broke off. Who notices it sets this before all else: there may be no stack left for another call. */
  isBroken = false;

  constructor(given: WebAssembly.Imports) {
    this.imports = given;
    __wbg_set_wasm(this.#functions);
  }

  /** Makes an instance of the module the one that is called. */
  start(module: WebAssembly.Module, instance = new WebAssembly.Instance(module, this.imports)): void {
    this.#module = module;
    this.#use(instance);
    __wbg_set_wasm(this.#exports);
    this.#functions.__wbindgen_start?.();
  }

  /**
   * The functions of an instance that is whole. They are for calls that hand over numbers only, and call nothing
   * themselves. Who calls one notices if it breaks off.
   */
  get functions(): Record<string, Exported> {
    if (this.isBroken) this.#renew();
    return this.#functions;
  }

  /** The module's memory, of which each instance has one of its own. */
  get memory(): WebAssembly.Memory {
    // A module without memory would not have been bound.
    return this.#exports.memory as WebAssembly.Memory;
  }

  #use({ exports }: WebAssembly.Instance): void {
    this.#functions = {};
    for (const [name, exported] of Object.entries(exports)) {
      if (typeof exported !== "function") {
        this.#exports[name] = exported;
        continue;
      }
      // A function of the module takes and returns what its binding says.
      this.#functions[name] = exported as Exported;
      this.#exports[name] ??= this.#doorTo(name);
    }
  }

  /** A way to a function that notices a call which breaks off: the bindings throw their errors only behind it. */
  #doorTo(name: string): Exported {
    return (...given) => {
      if (this.isBroken) this.#renew();
      this.#depth += 1;
      try {
        const result = this.#functions[name]?.(...given);
        if (this.isBroken) throw brokenOff();
        return result;
      } catch (error) {
        this.isBroken = true;
        throw seen(error);
      } finally {
        this.#depth -= 1;
      }
    };
  }

  /** Puts a new instance in the place of the broken one, as soon as no call is in it any more. */
  #renew(): void {
    if (this.#depth > 0 || !this.#module) throw brokenOff();
    try {
      const instance = new WebAssembly.Instance(this.#module, this.imports);
      const { memory } = this.#exports;
      // The bindings keep views of the memory until it grows.
      if (memory instanceof WebAssembly.Memory) memory.grow(0);
      this.#use(instance);
      this.#functions.__wbindgen_start?.();
      this.isBroken = false;
    } catch (cause) {
      throw brokenOff(cause);
    }
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

export const instance = new Instance(imports);
