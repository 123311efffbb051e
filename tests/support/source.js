// One source file of the package as a module that runs here. Node 20 runs no TypeScript, and what is built has only
// the package's public names.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Bundles a source file with what it imports, and imports the bundle. The package itself stays outside, so that its
 * instance and its error class are those of `import "ocisign"`.
 *
 * @param {string} path from the root of the repository; a file that became TypeScript is found by its old name too
 * @returns {Promise<any>} what it exports
 */
export async function importSource(path) {
  const { outputFiles } = await build({
    entryPoints: [fileAt(path)],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["ocisign"],
    write: false,
    logLevel: "silent",
  });
  // Within the project, so that the bundle finds the package as a user's file finds an installed one.
  const folder = mkdtempSync(join(root, "target", "source-"));
  try {
    const file = join(folder, "source.mjs");
    writeFileSync(file, outputFiles[0].contents);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} path */
function fileAt(path) {
  const file = join(root, path);
  return existsSync(file) ? file : file.replace(/\.js$/, ".ts");
}
