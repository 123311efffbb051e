// Has a bundle load modules of Node's own when they are first used, and not when the program starts. An import of one
// takes milliseconds, and that of `node:http` tens of them from Node 22 on, since it touches every export.
import { createRequire } from "node:module";

const names = ["assert", "child_process", "crypto", "http", "readline/promises", "stream/consumers", "tls"];
const require = createRequire(import.meta.url);

/** @type {import("esbuild").Plugin} */
export const lazyBuiltins = {
  name: "lazy builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^node:(${names.join("|")})$`) }, ({ path, namespace }) =>
      namespace === "lazy" ? { path, external: true } : { path, namespace: "lazy" },
    );
    onLoad({ filter: /.*/, namespace: "lazy" }, ({ path }) => {
      const builtin = require(path);
      // `assert` is a function with others in it.
      const itself =
        typeof builtin === "function" ? `module.exports = (...given) => require("${path}")(...given);` : "";
      // A bundle reads a CommonJS module's exports where it uses them.
      const exported = JSON.stringify(Object.keys(builtin));
      const getter = `{ enumerable: true, get: () => require("${path}")[name] }`;
      const each = `Object.defineProperty(module.exports, name, ${getter});`;
      return { contents: `${itself} for (const name of ${exported}) ${each}` };
    });
  },
};
