// TypeScript's compiler, as a user of the package has it: with the strictest settings there are.
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Beyond `strict`, what careful projects turn on. Declaration files are checked too. */
export const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  useUnknownInCatchVariables: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  // TypeScript's own are as they are, and checking them takes longer than all the rest.
  skipDefaultLibCheck: true,
  noEmit: true,
  types: ["node"],
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
};

/**
 * What the compiler has to say, one complaint a line; nothing when all is well.
 *
 * @param {string[]} files @param {ts.CompilerOptions} [changes]
 * @param {typeof ts} [compiler] another version
 */
export function complaints(files, changes = {}, compiler = ts) {
  const options = { ...strictest, ...changes };
  const program = compiler.createProgram(files, options, remembering(compiler, options));
  const diagnostics = compiler.getPreEmitDiagnostics(program);
  return diagnostics.map((diagnostic) => compiler.formatDiagnostic(diagnostic, host).trim());
}

/**
 * The files that were read before, by compiler, language version and path.
 *
 * @type {Map<string, ts.SourceFile | undefined>}
 */
const read = new Map();

/**
 * A host that reads the declarations of TypeScript and of Node once.
 *
 * @param {typeof ts} compiler
 * @param {ts.CompilerOptions} options
 */
function remembering(compiler, options) {
  const host = compiler.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, version, ...rest) => {
    // How a module is read depends on its surroundings; those of packages for declarations do not.
    if (!path.includes("/node_modules/")) return getSourceFile(path, version, ...rest);
    const key = [compiler.version, JSON.stringify(version, withoutFunctions), path].join("\n");
    if (!read.has(key)) read.set(key, getSourceFile(path, version, ...rest));
    return read.get(key);
  };
  return host;
}

const withoutFunctions = (/** @type {string} */ _, /** @type {unknown} */ value) =>
  typeof value === "function" ? undefined : value;

const host = {
  getCanonicalFileName: (/** @type {string} */ name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};

/** The JavaScript of a text that is TypeScript. @param {string} text */
export function toJavaScript(text) {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}
