// Has a bundle load modules of Node's own when they are first used, and not when the program starts. Loading one takes
// milliseconds; an ES module's import of `node:http` takes tens of them from Node 22 on, since it touches every export.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * The bundle needs a `require` of its own.
 *
 * @param {readonly string[]} names without `node:` @returns {import("esbuild").Plugin}
 */
export function lazyBuiltins(names) {
  return {
    name: "lazy builtins",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^node:(${names.join("|")})$`) }, ({ path, namespace }) =>
        namespace === "lazy" ? { path, external: true } : { path, namespace: "lazy" },
      );
      onLoad({ filter: /.*/, namespace: "lazy" }, ({ path }) => ({ contents: standIn(path) }));
    },
  };
}

/** A CommonJS module: a bundle reads the exports of one where it uses them. @param {string} path */
function standIn(path) {
  const builtin = require(path);
  // `assert` is a function with others in it.
  const itself =
    typeof builtin === "function" ? `module.exports = (...given) => require("${path}")(...given);` : "";
  const getter = `{ enumerable: true, get: () => require("${path}")[name] }`;
  const each = `Object.defineProperty(module.exports, name, ${getter});`;
  return `${itself} for (const name of ${JSON.stringify(Object.keys(builtin))}) ${each}`;
}
