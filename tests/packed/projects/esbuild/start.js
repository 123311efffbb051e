// As docs/install.md says for esbuild.
import init from "ocisign";
import wasm from "ocisign/ocisign.wasm";

export default () => init(new URL(wasm, import.meta.url));
