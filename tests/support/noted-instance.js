// The package, and what its WebAssembly instance exports. The package keeps the instance to itself, so it is noted while
// it is made: import the package from here, before anything else does.
const { Instance } = WebAssembly;
/** @type {any} */
let noted;
WebAssembly.Instance = /** @type {any} */ (
  function Noted(module, imports) {
    const instance = new Instance(module, imports);
    noted = instance.exports;
    return instance;
  }
);
export const ocisign = await import("ocisign");
WebAssembly.Instance = Instance;

export const exported = noted;
