// A process that scans a list several times, and says what the module and the process took: bytes, as JSON.
// node --expose-gc scanning-process.js LINES SCANS
import { listOf } from "./list.js";

// The package keeps its instance to itself, so it is noted while it is made.
const { Instance } = WebAssembly;
/** @type {WebAssembly.Memory | undefined} */
let memory;
WebAssembly.Instance = /** @type {any} */ (
  function Noted(/** @type {WebAssembly.Module} */ module, /** @type {WebAssembly.Imports} */ imports) {
    const instance = new Instance(module, imports);
    memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
    return instance;
  }
);
const { scanReferences } = await import("ocisign");
if (!memory) throw new Error("the package made no instance of the module");

const [lines, scans] = process.argv.slice(2).map(Number);
const text = listOf(Number(lines));
const before = residentBytes();
for (let scan = 0; scan < Number(scans); scan += 1) {
  const { length } = scanReferences(text).references;
  if (length !== lines) throw new Error(`${length} of ${lines} lines were read`);
}
const after = residentBytes();
console.log(JSON.stringify({ module: memory.buffer.byteLength, process: after - before }));

function residentBytes() {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss();
}
