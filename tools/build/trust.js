// The part that reads trust files, which is the entry `ocisign/trust`, too: for each kind of runtime a file that takes the
// module from the loader beside it, so that there is one instance and one class of errors.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { bundledLicences, licenceInputs } from "./bundled-licences.js";
import { bundleDeclarations, watchReads } from "./declaration-bundle.js";
import { shrink } from "./shrink.js";
import { buildWhenStale, inputsOf, outputsOf } from "./stamp.js";

const source = join(root, "pkg", "src", "entry", "trust.ts");
const dist = join(root, "pkg", "dist");
const nodeModule = join(dist, "trust-node.js");
const licences = join(dist, "trust-licences.txt");
const declarations = ["trust.d.ts", "trust.d.cts"].map((name) => join(dist, name));
const project = join(root, "tools", "build", "declarations.tsconfig.json");

export async function buildTrust() {
  const builders = ["trust.js", "declaration-bundle.js", "shrink.js"].map((name) => `tools/build/${name}`);
  return buildWhenStale(join(root, "target", "trust.stamp"), {
    extraInputs: ["package-lock.json", "tsconfig.json", ...builders, ...licenceInputs],
    build: async () => {
      const built = await bundle();
      const { result, inputs } = await watchReads(() => bundleDeclarations(source, project));
      for (const file of declarations) writeFileSync(file, spaced(result));
      return {
        inputs: [...built.flatMap(inputsOf), ...inputs],
        outputs: [...built.flatMap(outputsOf), nodeModule, licences, ...declarations],
      };
    },
  });
}

async function bundle() {
  const browser = await bundleFor("trust", { loader: "./browser.js", format: "esm" });
  await shrink(Object.keys(browser.outputs).map((path) => join(root, path)));
  const workerd = await bundleFor("trust-workerd", { loader: "./workerd.js", format: "esm" });
  const commonJs = await bundleFor("trust", { loader: "./node.cjs", format: "cjs" });
  // The ES module is the same code as the CommonJS one.
  const names = Object.values(browser.outputs).flatMap((output) => output.exports);
  const both = [
    'import trust from "./trust.cjs";',
    `export const { ${names.sort().join(", ")} } = trust;`,
    "",
  ];
  writeFileSync(nodeModule, both.join("\n"));
  writeFileSync(licences, bundledLicences("The part for trust files", browser));
  return [browser, workerd, commonJs];
}

/** @param {string} name @param {{ loader: string, format: "esm" | "cjs" }} how */
async function bundleFor(name, { loader, format }) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    ...{ bundle: true, minify: true, target: "es2022", legalComments: "none", logLevel: "silent" },
    format,
    platform: format === "cjs" ? "node" : "neutral",
    // The ES modules of libraries: what is not used of them falls away.
    mainFields: ["module", "main"],
    alias: { ocisign: loader },
    external: [loader],
    metafile: true,
    entryPoints: { [name]: source },
    outdir: dist,
    outExtension: { ".js": format === "cjs" ? ".cjs" : ".js" },
  });
  return metafile;
}

/** @param {string} text */
function spaced(text) {
  return text.replace(/^\t+/gm, (tabs) => "  ".repeat(tabs.length));
}
