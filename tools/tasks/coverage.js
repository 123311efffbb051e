// `npm run coverage`: how much of what judges do the tests reach?

import { setUp } from "../build/set-up.js";
import { rustCoverage, typescriptCoverage } from "../check/coverage.js";
import { readOptions } from "../machine/options.js";

const options = readOptions(
  `Tells which part of each file the tests reach. What they notice of it is another question: \`npm run mutants\`.

  npm run coverage [-- --rust | --typescript]

  --rust        only the core and the grammar, by cargo-llvm-cov: lines and regions
  --typescript  only what judges signatures (pkg/src/signature, pkg/src/strict), by c8: lines and branches
  --help        this text`,
  { rust: { type: "boolean" }, typescript: { type: "boolean" } },
);
const onLine = (/** @type {string} */ line) => console.log(line);
const isAll = !options.rust && !options.typescript;

try {
  if (options.rust || isAll) table("regions", await rustCoverage(onLine));
  if (options.typescript || isAll) {
    await setUp({});
    table("branches", await typescriptCoverage(onLine));
  }
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}

/** @param {string} other @param {import("../check/coverage.js").Covered[]} files */
function table(other, files) {
  const percent = (/** @type {number} */ number) => `${number.toFixed(1)} %`;
  console.log(`\n| File | Lines | ${other} |\n|---|---|---|`);
  for (const { file, lines, branches } of files) {
    console.log(`| \`${file}\` | ${percent(lines)} | ${percent(branches)} |`);
  }
}
