// Modules of pkg/src, for tests of what a package's user cannot reach. They are TypeScript, which Node 20 does not run.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
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
 * const { pieces } = await importSource("pkg/src/elements/text/hidden-characters.ts");
 *
 * @param {string} file from the root of the repository @returns {Promise<any>}
 */
export function importSource(file) {
  const exported = imported.get(file) ?? bundled(file);
  imported.set(file, exported);
  return exported;
}

/** @param {string} file */
async function bundled(file) {
  const target = join(root, "target");
  mkdirSync(target, { recursive: true });
  const folder = mkdtempSync(join(target, "source-"));
  try {
    const outfile = join(folder, "source.mjs");
    await build({
      entryPoints: [join(root, file)],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "inline",
      logLevel: "silent",
      alias: { ocisign: import.meta.resolve("ocisign") },
      external: ["file:*", "lit"],
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
