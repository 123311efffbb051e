// What a runtime gives that imports WebAssembly as a module, for pkg/workerd.js.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
