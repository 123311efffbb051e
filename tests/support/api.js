// Tells what changed of that which others build on, and keeps it with `--accept`: the work of `npm run api`.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiTexts, changed, kept } from "../../tools/check/api.js";
import { crateApi, crateFile, whyNoCrateApi } from "../../tools/check/crate-api.js";
import { documentShapes } from "./json-documents.js";

const accept = process.argv.includes("--accept");
const texts = await apiTexts();
texts.set("json.json", await documentShapes());
const whyNot = await whyNoCrateApi();
if (whyNot === undefined) texts.set(crateFile, await crateApi(() => {}));
else console.log(`The crate was not asked, and tests/api/${crateFile} stays as it is: ${whyNot}.`);
const left = whyNot === undefined ? [] : [crateFile];
const there = readdirSync(kept).filter((name) => name !== "README.md" && !left.includes(name));
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
