// The declaration of the elements, for people who use them: one file, made from the sources with their documentation.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../machine/command.js";
import { bundleDeclarations, watchReads } from "./declaration-bundle.js";

const entry = join(root, "pkg", "src", "elements", "index.ts");
const declarations = join(root, "target", "elements-types");

/** What a user has to know of Lit: that there is an element. Nobody needs Lit's own types. */
const lit = "export declare class LitElement extends HTMLElement {}\n";

/** @param {string} file where the declaration goes @returns {Promise<string[]>} the sources that it was made of */
export async function writeElementsTypes(file) {
  const { result, inputs } = await watchReads(async () => {
    await declareEach();
    return bundleEach();
  });
  writeFileSync(file, `${aboutTheModule()}\n${withoutLit(result)}`);
  return inputs.filter((input) => relative(declarations, input).startsWith(".."));
}

function bundleEach() {
  const project = join(declarations, "tsconfig.json");
  writeFileSync(join(declarations, "lit.d.ts"), lit);
  writeFileSync(project, JSON.stringify(settings));
  return bundleDeclarations(join(declarations, "elements", "index.d.ts"), project, {
    // It stays an import: these have to be the types of the package that the page imports.
    libraries: { importedLibraries: ["ocisign"] },
    output: { inlineDeclareGlobals: true },
    // Followed, the link to the package would make its types our own.
    followSymlinks: false,
  });
}

/** The declarations of the single sources, without what is marked as internal. */
async function declareEach() {
  const { default: ts } = await import("typescript");
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [entry] }, ts.sys, root);
  rmSync(declarations, { recursive: true, force: true });
  mkdirSync(declarations, { recursive: true });
  const program = ts.createProgram([entry], {
    ...options,
    ...{ declaration: true, emitDeclarationOnly: true, noEmit: false, stripInternal: true },
    outDir: declarations,
    rootDir: join(root, "pkg", "src"),
  });
  const { diagnostics } = program.emit();
  if (diagnostics.length > 0) {
    const host = { getCanonicalFileName: String, getCurrentDirectory: () => root, getNewLine: () => "\n" };
    throw new Error(ts.formatDiagnostics(diagnostics, host));
  }
}

/** How the single declarations are read, to be put together. */
const settings = {
  compilerOptions: {
    ...{ declaration: true, noEmit: true, skipLibCheck: true, strict: true },
    ...{ module: "esnext", moduleResolution: "bundler", preserveSymlinks: true, target: "es2022" },
    allowImportingTsExtensions: true,
    lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
    paths: { lit: ["./lit.d.ts"] },
    types: [],
  },
  files: ["elements/index.d.ts"],
};

/** The comment at the head of the sources, which belongs to no declaration. */
function aboutTheModule() {
  const text = readFileSync(entry, "utf8");
  return text.slice(0, text.indexOf("*/") + "*/".length);
}

/** @param {string} text */
function withoutLit(text) {
  const plain = text
    .replace(/^declare class LitElement extends HTMLElement \{\s*\}\n/m, "")
    .replaceAll("extends LitElement", "extends HTMLElement");
  if (plain.includes("LitElement")) throw new Error("the declaration of the elements still names LitElement");
  return plain;
}
