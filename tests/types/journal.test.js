// The types of `ocisign/journal`, compiled as users compile them, and the examples in their comments.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { journalIn, recordsOf } from "../support/journals.js";
import { complaints } from "../support/typescript.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = readFileSync(join(root, "pkg", "dist", "journal.d.ts"), "utf8");
const examples = Array.from(types.matchAll(/^ \* ```js\n([\s\S]*?)^ \* ```$/gm), ([, code = ""]) =>
  code.replace(/^ \* ?/gm, ""),
);
// Within the project, so that the examples find the package as a user's file finds an installed one.
const folder = mkdtempSync(join(root, "target", "journal-"));

before(async () => {
  const journal = await journalIn("journal-types", recordsOf(4));
  copyFileSync(journal.path, join(folder, "run.journal"));
  journal.remove();
});
after(() => rmSync(folder, { recursive: true }));

test("it is typed for ES modules and CommonJS, and fits signAll", () => {
  const code = `import type { SigningClient, StoredProduct } from "ocisign";
import { openJournal, readJournal, type JournalRecord, type OpenJournal } from "ocisign/journal";

export async function run(client: SigningClient, product: StoredProduct): Promise<readonly JournalRecord[]> {
  const journal: OpenJournal = await openJournal("j");
  for await (const { state } of client.signAll(["r.example/a"], { product, journal })) state satisfies string;
  await journal.close();
  const found: JournalRecord[] = [];
  for await (const record of readJournal("j")) found.push(record);
  return found;
}
`;
  const commonJs = `import journal = require("ocisign/journal");
const opened: Promise<journal.OpenJournal> = journal.openJournal("j");
void opened;
`;
  writeFileSync(join(folder, "usage.mts"), code);
  writeFileSync(join(folder, "usage.cts"), commonJs);
  assert.deepEqual(complaints([join(folder, "usage.mts"), join(folder, "usage.cts")]), []);
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  assert.deepEqual(complaints([join(folder, "usage.mts")], options), []);
});

test("every example runs, and prints what it says", () => {
  assert.equal(examples.length, 2);
  for (const code of examples) {
    writeFileSync(join(folder, "example.mjs"), `const journalFile = "run.journal";\n${code}`);
    const printed = execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" });
    const said = Array.from(code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm), ([, text]) => `${text}\n`);
    assert.equal(printed, said.join(""));
  }
});
