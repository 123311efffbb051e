// Fewer files for a browser to ask for. esbuild writes a file for each set of modules that the same entries share, however
// small; rollup leaves what main.js has loaded anyway in main.js. Each file costs a browser a request.
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What several parts share goes into one of them, unless it is larger than this, in bytes as minified. */
const smallest = 12_000;

/**
 * Writes a bundle anew in fewer files, with their source maps and licences.
 *
 * @param {{ from: string, to: string, entry: string }} where the entry is a file in `from`
 * @returns {Promise<string[]>} the files that the entry imports when it starts
 */
export async function mergeChunks({ from, to, entry }) {
  const { rollup } = await import("rollup");
  const bundle = await rollup({
    input: join(from, entry),
    plugins: [{ name: "source maps", load: withSourceMap }],
    // It would tell how many files it merged.
    logLevel: "warn",
    onwarn: (warning) => {
      throw new Error(`rollup: ${warning.message}`);
    },
  });
  const { output } = await bundle.write({
    ...{ dir: to, format: "es", compact: true, sourcemap: true, generatedCode: "es2015" },
    ...{ entryFileNames: "[name].js", chunkFileNames: "[name].js", experimentalMinChunkSize: smallest },
  });
  await bundle.close();
  for (const file of readdirSync(from))
    if (file.endsWith(".LEGAL.txt")) cpSync(join(from, file), join(to, file));
  const [first] = output;
  return first.imports;
}

/** @param {string} file */
function withSourceMap(file) {
  const map = `${file}.map`;
  const code = readFileSync(file, "utf8");
  return existsSync(map) ? { code, map: JSON.parse(readFileSync(map, "utf8")) } : { code };
}
