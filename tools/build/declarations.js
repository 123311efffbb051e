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
  return text.replace(/^\t+#private;\n/gm, "").replace(/^\t+/gm, (tabs) => "  ".repeat(tabs.length));
}

/** The bundler keeps the comments of declarations, and not the one at the head, which is about the whole. */
function head() {
  return /^\/\*\*[\s\S]*?\*\/\n/.exec(readFileSync(entry, "utf8"))?.[0] ?? "";
}
