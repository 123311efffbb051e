// Who accepts an image: an entry of its own, which reads what a verification found, and needs nothing else of the package.
// So it is the same in every runtime.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { bundleDeclarations, watchReads } from "./declaration-bundle.js";
import { buildWhenStale, inputsOf, outputsOf } from "./stamp.js";

const entry = join(root, "pkg", "src", "accepts", "index.ts");
const dist = join(root, "pkg", "dist");
const declarations = ["accepts.d.ts", "accepts.d.cts"].map((name) => join(dist, name));
const project = join(root, "tools", "build", "declarations.tsconfig.json");

export function buildAccepts() {
  const builders = ["tools/build/accepts.js", "tools/build/declaration-bundle.js"];
  return buildWhenStale(join(root, "target", "accepts.stamp"), {
    extraInputs: ["package-lock.json", "tsconfig.json", ...builders],
    build: async () => {
      const built = [await bundle("esm", ".js"), await bundle("cjs", ".cjs")];
      const { result, inputs } = await watchReads(() => declared());
      const text = `${head()}\n${result.replace(/^\t+/gm, (tabs) => "  ".repeat(tabs.length))}`;
      for (const file of declarations) writeFileSync(file, text);
      return {
        inputs: [...built.flatMap(inputsOf), ...inputs],
        outputs: [...built.flatMap(outputsOf), ...declarations],
      };
    },
  });
}

/**
 * What is exported here, and imports for what is the package's: a verification has to be the very one that it gives. The
 * bundler puts copies of the package's types in front of that.
 */
async function declared() {
  const text = await bundleDeclarations(entry, project);
  const own = text.slice(text.search(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\nexport /));
  const types = ["Fingerprint", "PublicKey", "Verification"];
  if (!types.every((name) => own.includes(name))) throw new Error("the declarations have changed");
  return `import type { ${types.join(", ")} } from "ocisign";\n\n${own}`;
}

/** @param {"esm" | "cjs"} format @param {string} ending */
async function bundle(format, ending) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    ...{ bundle: true, minify: true, target: "es2022", platform: /** @type {const} */ ("neutral") },
    ...{ format, legalComments: "none", logLevel: "silent", metafile: true },
    entryPoints: { accepts: entry },
    outdir: dist,
    outExtension: { ".js": ending },
  });
  return metafile;
}

/** The bundler keeps the comments of declarations, and not the one at the head, which is about the whole. */
function head() {
  return /^\/\*\*[\s\S]*?\*\/\n/.exec(readFileSync(entry, "utf8"))?.[0] ?? "";
}
