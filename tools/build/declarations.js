// The package's declarations, from its sources: one file, which needs nothing else.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { bundleDeclarations, watchReads } from "./declaration-bundle.js";
import { buildWhenStale } from "./stamp.js";

const entry = join(root, "pkg", "src", "index.ts");
const declarations = join(root, "pkg", "dist", "index.d.ts");
// What TypeScript reads for `require`. It needs a file of its own, whose ending says that it describes CommonJS.
const commonJs = join(root, "pkg", "dist", "index.d.cts");
const project = join(root, "tools", "build", "declarations.tsconfig.json");

export function buildDeclarations() {
  const builders = ["tools/build/declarations.js", "tools/build/declaration-bundle.js"];
  return buildWhenStale(join(root, "target", "declarations.stamp"), {
    extraInputs: ["package-lock.json", "tsconfig.json", ...builders],
    build: async () => {
      const { result: text, inputs } = await watchReads(() => bundleDeclarations(entry, project));
      for (const file of [declarations, commonJs]) writeFileSync(file, `${head()}\n${plain(text)}`);
      return { inputs, outputs: [declarations, commonJs] };
    },
  });
}

/**
 * Indented as all that people read here, and without the mark of private members: with it, a program could pass no
 * client of its own, such as a test's.
 *
 * @param {string} text
 */
function plain(text) {
  const structural = text.replace(/^\t+#private;\n/gm, "");
  const spaced = structural.replace(/^\t+/gm, (tabs) => "  ".repeat(tabs.length));
  return spaced.replace(/^declare const kind\b/m, (found) => `${commentOfKind()}\n${found}`);
}

/** The bundler drops the comment of what is not exported in the end. */
function commentOfKind() {
  const source = readFileSync(join(root, "pkg", "src", "image", "reference.ts"), "utf8");
  return /^\/\*\*.*\*\/(?=\nexport declare const kind\b)/m.exec(source)?.[0] ?? "";
}

/** The bundler keeps the comments of declarations, and not the one at the head, which is about the whole. */
function head() {
  return /^\/\*\*[\s\S]*?\*\/\n/.exec(readFileSync(entry, "utf8"))?.[0] ?? "";
}
