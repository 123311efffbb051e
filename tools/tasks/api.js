// `npm run api`: what changed of that which others build on; `-- --accept` keeps it in tests/api/.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setUp } from "../build/set-up.js";
import { readOptions } from "../machine/options.js";

const { accept } = readOptions(
  `Tells what changed of that which others build on: declarations, exports, help, and the JSON of commands.

  npm run api                  what changed since it was accepted last
  npm run api -- --accept      writes it into tests/api/; tell it in CHANGELOG.md`,
  { accept: { type: "boolean" } },
);

await setUp({ sandbox: true });
// Only now are the packages and the module there that these need.
const { apiTexts, changed, kept } = await import("../check/api.js");
const { documentShapes } = await import("../../tests/support/json-documents.js");

const texts = await apiTexts();
texts.set("json.json", await documentShapes());
const there = readdirSync(kept).filter((name) => name !== "README.md");
let isChanged = false;
for (const name of there.filter((it) => !texts.has(it))) {
  isChanged = true;
  console.log(`tests/api/${name} is of nothing that is built now.`);
  if (accept) rmSync(join(kept, name));
}
for (const [name, text] of texts) {
  const before = there.includes(name) ? readFileSync(join(kept, name), "utf8") : "";
  if (before === text) continue;
  isChanged = true;
  console.log(changed(name, before, text));
  if (accept) writeFileSync(join(kept, name), text);
}
if (!isChanged) console.log("Nothing changed.");
process.exitCode = isChanged && !accept ? 1 : 0;
