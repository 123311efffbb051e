// The package's declarations, from its sources: one file, which needs nothing else.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, runTool } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";
import { sourcesIn } from "./sources.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const entry = join(root, "pkg", "src", "index.ts");
const stamp = join(root, "target", "declarations.stamp");
const declarations = join(root, "pkg", "dist", "index.d.ts");
// What TypeScript reads for `require`. It needs a file of its own, whose ending says that it describes CommonJS.
const commonJs = join(root, "pkg", "dist", "index.d.cts");

export async function buildDeclarations() {
  const recipe = [
    "package-lock.json",
    "tsconfig.json",
    "tools/build/declarations.js",
    "tools/build/declarations.tsconfig.json",
  ];
  const made = [...sourcesIn("target/bindgen", /\.d\.ts$/), ...sourcesIn("pkg/src", /\.ts$/)];
  const hash = contentHash([...recipe, ...made].map((file) => join(root, file)));
  if (isFresh(stamp, hash, [declarations, commonJs])) return upToDate;
  clearStamp(stamp);
  const options = [
    "--project",
    "tools/build/declarations.tsconfig.json",
    "--no-check",
    "--no-banner",
    "--export-referenced-types=false",
  ];
  await runTool("dts-bundle-generator/dist/bin/dts-bundle-generator.js", [
    ...options,
    "--out-file",
    declarations,
    "--",
    entry,
  ]);
  // The bundler keeps the comments of declarations, and not the one at the head, which is about the whole.
  const head = /^\/\*\*[\s\S]*?\*\/\n/.exec(readFileSync(entry, "utf8"))?.[0] ?? "";
  const text = `${head}\n${readFileSync(declarations, "utf8")}`;
  for (const file of [declarations, commonJs]) writeFileSync(file, text);
  writeStamp(stamp, hash);
}
