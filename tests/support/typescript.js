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
  const program = compiler.createProgram(files, { ...strictest, ...changes });
  const diagnostics = compiler.getPreEmitDiagnostics(program);
  return diagnostics.map((diagnostic) => compiler.formatDiagnostic(diagnostic, host).trim());
}

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
