// What a browser downloads: the module and its loader with the glue, each as brotli at its best.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { root } from "./command.js";

const loader = await build({
  entryPoints: [join(root, "pkg", "browser.js")],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const parts = [
  { name: "ocisign.wasm", bytes: readFileSync(join(root, "pkg", "wasm", "ocisign.wasm")) },
  { name: "loader and glue", bytes: loader.outputFiles[0].contents },
];
const packed = (/** @type {Uint8Array} */ bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
for (const { name, bytes } of parts)
  console.log(`${name}: ${bytes.length} bytes, ${packed(bytes)} as brotli`);
console.log(`together: ${parts.reduce((sum, { bytes }) => sum + packed(bytes), 0)} as brotli`);
