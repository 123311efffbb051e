// The journal of a run in a file: for Node only, so an entry of its own. It uses the package from outside, so that there
// is one class of errors in a process.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { bundleDeclarations, watchReads } from "./declaration-bundle.js";
import { writeLookAlikes } from "./look-alikes.js";
import { buildWhenStale, inputsOf, outputsOf } from "./stamp.js";

const entry = join(root, "pkg", "src", "journal", "index.ts");
const dist = join(root, "pkg", "dist");
const esm = join(dist, "journal.js");
const elsewhereFile = join(dist, "journal-elsewhere.js");
const declarations = ["journal.d.ts", "journal.d.cts"].map((name) => join(dist, name));
const project = join(root, "tools", "build", "declarations.tsconfig.json");

/** The ES module is the same code as the CommonJS one. */
const both = 'import journal from "./journal.cjs";\nexport const { openJournal, readJournal } = journal;\n';

/** Where there are no files, code that imports the entry runs all the same, and only its use is an error. */
const elsewhere = `import { OcisignError } from "ocisign";
const none = () => new OcisignError(
  "bad-journal",
  "There are no files here: ocisign/journal is for Node, Deno and Bun.",
  "Pass a journal of your own: an object with read and write.",
);
export async function openJournal() { throw none(); }
export async function* readJournal() { throw none(); }
`;

export async function buildJournal() {
  await writeLookAlikes();
  const builders = ["tools/build/journal.js", "tools/build/declaration-bundle.js"];
  return buildWhenStale(join(root, "target", "journal.stamp"), {
    extraInputs: ["package-lock.json", "tsconfig.json", ...builders],
    build: async () => {
      const metafile = await bundle();
      writeFileSync(esm, both);
      writeFileSync(elsewhereFile, elsewhere);
      const { result, inputs } = await watchReads(() => bundleDeclarations(entry, project));
      for (const file of declarations) writeFileSync(file, declared(result));
      return {
        inputs: [...inputsOf(metafile), ...inputs],
        outputs: [...outputsOf(metafile), esm, elsewhereFile, ...declarations],
      };
    },
  });
}

async function bundle() {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    ...{ bundle: true, minify: true, target: "node20", platform: /** @type {const} */ ("node") },
    format: "cjs",
    alias: { ocisign: "./node.cjs" },
    external: ["./node.cjs"],
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    entryPoints: { journal: entry },
    outdir: dist,
    outExtension: { ".js": ".cjs" },
  });
  return metafile;
}

/** Symbol.asyncDispose is newer than the rest that TypeScript knows by default. @param {string} text */
function declared(text) {
  const spaced = text.replace(/^\t+/gm, (tabs) => "  ".repeat(tabs.length));
  return `/// <reference lib="esnext.disposable" />\n${spaced}`;
}
