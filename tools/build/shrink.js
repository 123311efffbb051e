// Makes a bundle for browsers smaller once more. esbuild keeps each statement as it was written; terser says the same
// in fewer ones, which saves a browser 4 % of the bytes (`npm run size`).
import { readFileSync, writeFileSync } from "node:fs";

/** Writes ES modules anew in place. @param {string[]} files their paths */
export async function shrink(files) {
  const { minify } = await import("terser");
  for (const file of files) {
    // As brotli measures: functions first, and no statements joined into one by commas.
    const compress = { passes: 3, hoist_funs: true, sequences: false };
    const { code } = await minify(readFileSync(file, "utf8"), { module: true, ecma: 2020, compress });
    if (!code) throw new Error(`terser made nothing of ${file}`);
    writeFileSync(file, code);
  }
}
