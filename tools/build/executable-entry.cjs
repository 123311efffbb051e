// The first file of the single executable. Node gives a program in one file no files beside it: this one loads the files
// of the package, which the executable carries, as `require` would load them from a folder. None is read from a disk.
const sea = require("node:sea");
const fs = require("node:fs");
const { posix } = require("node:path");
const { compileFunction, constants } = require("node:vm");

/** Where the files are said to be, in stacks. */
const folder = "/ocisign";
const wasm = "ocisign.wasm";

/** @type {Map<string, { exports: unknown }>} */
const loaded = new Map();

const fromDisk = fs.readFileSync;

/** The package reads its module with this; all else goes to the disk. */
const files = {
  ...fs,
  /** @param {Parameters<typeof fromDisk>} given */
  readFileSync: (...given) =>
    given[0] === posix.join(folder, wasm) ? Buffer.from(sea.getAsset(wasm)) : fromDisk(...given),
};

/** @param {string} name of a file that the executable carries */
function load(name) {
  const known = loaded.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const text = sea.getAsset(name, "utf8");
  if (name.endsWith(".json")) {
    module.exports = JSON.parse(text);
    return module.exports;
  }
  const place = posix.join(folder, name);
  const run = compileFunction(text, ["exports", "require", "module", "__filename", "__dirname"], {
    filename: place,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  run(module.exports, requireIn(posix.dirname(name)), module, place, posix.dirname(place));
  return module.exports;
}

/** @param {string} within a folder of the package */
function requireIn(within) {
  return (/** @type {string} */ wanted) => {
    if (wanted.startsWith(".")) return load(posix.join(within, wanted));
    return wanted === "node:fs" ? files : require(wanted);
  };
}

load("cli/start.cjs");
