// `npm run mutants`: which changes of the sources does no test notice?
import { setUp } from "../build/set-up.js";
import { explainedMutants, told } from "../check/mutants.js";
import { rustMutants } from "../check/mutants-rust.js";
import { typescriptMutants } from "../check/mutants-typescript.js";
import { readOptions, refuse } from "../machine/options.js";

const options = readOptions(
  `Changes the sources in small ways, and tells which changes no test notices. docs/mutants.md explains those that
change nothing.

  npm run mutants -- --rust [--only src/der.rs]
  npm run mutants -- --typescript [--only pkg/src/strict/json.ts] [--tests proof.,verify.damaged]
                  [--thorough] [--imports]

  --rust        the core and the grammar, by cargo-mutants: half an hour for all
  --typescript  what judges signatures (pkg/src/signature, pkg/src/strict), by StrykerJS
  --only        these files, with commas between them; or only some lines of one: judge.ts:20-40
  --tests       for --typescript: files of tests/node/ whose names begin so, in place of those of the settings
  --thorough    for --typescript: all tests that reach a mutant, however long they take
  --imports     for --typescript: also what acts while a file is imported; each costs all tests
  --help        this text`,
  {
    rust: { type: "boolean" },
    typescript: { type: "boolean" },
    only: { type: "string" },
    tests: { type: "string" },
    thorough: { type: "boolean" },
    imports: { type: "boolean" },
  },
);
if (!options.rust && !options.typescript) refuse("the command needs --rust or --typescript");
const only = options.only?.split(",") ?? [];
const tests = options.tests?.split(",") ?? [];
const { thorough: isThorough = false, imports: isWithImports = false } = options;
const onLine = (/** @type {string} */ line) => console.log(line);

try {
  let unexplained = 0;
  if (options.rust) unexplained += report(await rustMutants({ only, onLine }));
  if (options.typescript) {
    await setUp({});
    unexplained += report(await typescriptMutants({ only, tests, isThorough, isWithImports, onLine }));
  }
  process.exitCode = unexplained > 0 ? 1 : 0;
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}

/** @param {import("../check/mutants.js").Mutant[]} mutants */
function report(mutants) {
  const { lines, unexplained } = told(mutants, explainedMutants());
  for (const line of lines) console.log(line);
  return unexplained;
}
