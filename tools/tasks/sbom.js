// What the crate, the package and the sandbox are made of, for those who have to know before they use them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setUp } from "../build/set-up.js";
import { crateBom } from "../check/sbom/crates.js";
import { packageBom } from "../check/sbom/package.js";
import { validate } from "../check/sbom/schema.js";
import { readOptions, refuse } from "../machine/options.js";
import { runSteps } from "../machine/steps.js";

/** @type {Record<string, (note: (text: string) => void) => Promise<import("../check/sbom/schema.js").Bom>>} */
const makers = {
  package: packageBom,
  crate: (note) => crateBom("ocisign", note),
  sandbox: (note) => crateBom("ocisign-sandbox", note),
};
const subjects = Object.keys(makers);

const options = readOptions(
  `Writes lists of what the crate, the npm package and the sandbox are made of, as CycloneDX (JSON, 1.5). They are valid
by its schema, and the same for the same sources: without a time or a serial number.

  npm run sbom -- --output DIR [--only package,crate,sandbox]

  --output  the folder for ocisign-package.cdx.json, ocisign-crate.cdx.json and ocisign-sandbox.cdx.json
  --only    ${subjects.join(", ")}: these, and no others
  --help    this text

The package's list has what its bundles and its module hold, not what the workspace installs.`,
  { output: { type: "string" }, only: { type: "string", default: subjects.join(",") } },
);
const output = resolve(options.output ?? refuse("the option --output is missing, which names a folder"));
const wanted = options.only.split(",").map((name) => name.trim());
const unknown = wanted.find((name) => !subjects.includes(name));
if (unknown !== undefined) refuse(`there is no subject ${unknown}, only ${subjects.join(", ")}`);

if (wanted.includes("package")) await setUp({});
mkdirSync(output, { recursive: true });
const failed = await runSteps(
  Object.entries(makers)
    .filter(([subject]) => wanted.includes(subject))
    .map(([subject, make]) => ({
      name: `what the ${subject} is made of`,
      run: async (note) => {
        const bom = await make(note);
        validate(bom);
        const file = join(output, `ocisign-${subject}.cdx.json`);
        writeFileSync(file, `${JSON.stringify(bom, undefined, 2)}\n`);
        console.log(`  ${file}: ${bom.components.length} components`);
      },
    })),
);
if (failed.length > 0) process.exitCode = 1;
