// The one door to the WebAssembly module: its functions, typed. Their types and documentation stand at the bindings, in
// src/js/. All that the package does with the module, it imports from here.
import "./instance.ts";

export * from "#module";
