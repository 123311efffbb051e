// Modules of pkg/src, for tests of what a package's user cannot reach. They are TypeScript, which Node 20 does not run.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** @type {Map<string, Promise<any>>} */
const imported = new Map();

/**
 * What a source file exports, as Node runs it: with the sources that it imports. `ocisign` is the built package, the
 * same instance that the tests have.
 *
 * @example
 * const { pieces } = await importSource("pkg/src/shown/hidden-characters.ts");
 *
 * @param {string} file from the root of the repository @returns {Promise<any>}
 */
export function importSource(file) {
  const exported = imported.get(file) ?? bundled(file);
  imported.set(file, exported);
  return exported;
}

/**
 * What several files of the library export, with an instance of the module of their own.
 *
 * @param {string[]} files from the root of the repository
 * @param {Changed} [changed] a file that has another text
 * @returns {Promise<any>}
 */
export function importLibrary(files, changed) {
  const lines = [...files.map((file) => `export * from "./${file}";`), 'import "./pkg/src/entry/node.ts";'];
  const plugins = changed ? [replacing(changed)] : [];
  return bundle({ stdin: { contents: lines.join("\n"), resolveDir: root }, plugins });
}

/**
 * @typedef {{ file: string, change: (text: string) => string }} Changed
 *
 * @param {Changed} changed @returns {import("esbuild").Plugin}
 */
function replacing({ file, change }) {
  const path = join(root, file);
  return {
    name: "changed",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (found) =>
        found.path === path ? { contents: change(readFileSync(path, "utf8")), loader: "ts" } : undefined,
      );
    },
  };
}

/** What instruments the sources, if something does. @type {import("esbuild").Plugin[]} */
let instruments = [];

/** Has all sources that are imported from now on pass through this. @param {import("esbuild").Plugin} plugin */
export function instrumentSources(plugin) {
  instruments = [plugin];
}

/** What is built as a file of its own is taken from its source, too. @type {import("esbuild").Plugin} */
const ofSources = {
  name: "parts",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(certificates|trust)\.cjs$/ }, ({ path }) => ({
      path: join(root, "pkg/src/entry", path.replace(/\.cjs$/, ".ts")),
    }));
  },
};

/** @param {string} file */
function bundled(file) {
  return bundle({ entryPoints: [join(root, file)] });
}

/** @param {import("esbuild").BuildOptions} input */
async function bundle({ plugins = [], ...input }) {
  const target = join(root, "target");
  mkdirSync(target, { recursive: true });
  const folder = mkdtempSync(join(target, "source-"));
  try {
    const outfile = join(folder, "source.mjs");
    await build({
      ...input,
      plugins: [ofSources, ...plugins, ...instruments],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      // As the command line is built: some packages have a copy for CommonJS that no bundler can follow.
      mainFields: ["module", "main"],
      // Others are CommonJS alone, and require what Node has.
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
      target: "node20",
      sourcemap: "inline",
      logLevel: "silent",
      alias: { ocisign: import.meta.resolve("ocisign") },
      external: ["file:*", "lit"],
      // Where the loader for Node looks for the module.
      define: { __dirname: JSON.stringify(join(root, "pkg", "dist")) },
      // That only what is published has side effects, package.json says of the published files.
      ignoreAnnotations: true,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
