// Counts `any` in the TypeScript sources: written, or come from elsewhere (`JSON.parse`) and not yet read as `unknown`.
// What is `any` is checked by nobody, and neither is all that is made of it.
import { dirname, relative } from "node:path";
import { root } from "../machine/command.js";

/** Fails when there is one. @returns {Promise<string>} the count */
export async function countAny() {
  const { default: ts } = await import("typescript");
  const places = await placesOfAny(ts);
  if (places.length > 0) throw new Error(`${places.join("\n")}\n\n${places.length} values are \`any\``);
  return "no value is any";
}

/** @param {typeof import("typescript")} ts */
async function placesOfAny(ts) {
  const program = programOf(ts);
  const checker = program.getTypeChecker();
  const sources = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName));
  return sources.flatMap((source) => {
    /** @type {string[]} */
    const found = [];
    visit(source);
    return found;

    /** @param {import("typescript").Node} node */
    function visit(node) {
      if (isAny(node)) found.push(place(node));
      ts.forEachChild(node, visit);
    }

    /** @param {import("typescript").Node} node */
    function isAny(node) {
      if (node.kind === ts.SyntaxKind.AnyKeyword) return true;
      // What holds a value: a name of its own. Where it is used, it would only be counted again.
      const holds =
        ts.isVariableDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isBindingElement(node) ||
        ts.isPropertyDeclaration(node);
      return holds && ts.isIdentifier(node.name) && isAnyType(node.name);
    }

    /** @param {import("typescript").Node} node */
    function isAnyType(node) {
      const type = checker.getTypeAtLocation(node);
      // The type of what cannot be resolved is also `any`; that is an error of its own, which tsc tells.
      const isMistake = Reflect.get(type, "intrinsicName") === "error";
      return Boolean(type.flags & ts.TypeFlags.Any) && !isMistake;
    }

    /** @param {import("typescript").Node} node */
    function place(node) {
      const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
      return `${relative(root, source.fileName)}:${line + 1}:${character + 1}`;
    }
  });
}

/** @param {typeof import("typescript")} ts */
function programOf(ts) {
  const file = ts.findConfigFile(root, ts.sys.fileExists);
  if (!file) throw new Error("there is no tsconfig.json");
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(file));
  return ts.createProgram(fileNames, options);
}

/** @param {string} file */
function isOurs(file) {
  return !file.includes("/node_modules/") && !relative(root, file).startsWith("..");
}
