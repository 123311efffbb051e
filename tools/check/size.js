// What a browser downloads, as brotli at its best: the module with its loader, what only verification needs, and the
// elements.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { root } from "../machine/command.js";
import { readOptions } from "../machine/options.js";

/** What the module and its loader may weigh together, in bytes of brotli. */
const most = 50_000;

/** @typedef {{ name: string, size: number, packed: number }} Part */

/** @returns {{ needed: Part[], others: Part[] }} */
function measure() {
  const dist = (/** @type {string[]} */ ...files) =>
    files.map((file) => weigh(file, readFileSync(join(root, "pkg", "dist", file))));
  return {
    needed: dist("ocisign.wasm", "browser.js", "core.js"),
    others: dist(
      ...[
        "registry.js",
        "profile.js",
        "compare.js",
        "compare-worker.js",
        "certificates.js",
        "trust.js",
        "elements.js",
        "elements-changes.js",
      ],
    ),
  };
}

/** @param {string} name @param {Uint8Array} bytes @returns {Part} */
function weigh(name, bytes) {
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return { name, size: bytes.length, packed: packed.length };
}

/** Fails when the package has become too heavy for a page. */
export async function checkSize() {
  const { needed } = measure();
  const packed = total(needed);
  if (packed > most) throw new Error(`module and loader are ${packed} bytes of brotli, at most ${most}`);
}

/** @param {Part[]} parts */
function total(parts) {
  return parts.reduce((sum, { packed }) => sum + packed, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  readOptions("Tells what a browser downloads of the package, in bytes of brotli.\n\n  npm run size", {});
  const { needed, others } = measure();
  for (const { name, size, packed } of [...needed, ...others]) {
    console.log(`${name}: ${size} bytes, ${packed} as brotli`);
  }
  console.log(`module and loader: ${total(needed)} as brotli, of at most ${most}`);
}
