// Where there are no files, the journal's entry can be imported, and says what to do when it is used.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("a bundle for a browser has the entry without Node's modules, and its use is an error that says what to do", async () => {
  const contents = `import { openJournal, readJournal } from "ocisign/journal";
    const told = [];
    for (const use of [() => openJournal("j"), () => readJournal("j").next()])
      await use().catch(({ code, message, fix }) => told.push([code, message, fix]));
    console.log(JSON.stringify(told));`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    ...{ bundle: true, platform: "browser", format: "esm", write: false, logLevel: "silent" },
  });
  const input = outputFiles[0]?.text ?? assert.fail("no bundle");
  const printed = execFileSync(process.execPath, ["--input-type=module"], { input, encoding: "utf8" });
  const expected = [
    "bad-journal",
    "There are no files here: ocisign/journal is for Node, Deno and Bun.",
    "Pass a journal of your own: an object with read and write.",
  ];
  assert.deepEqual(JSON.parse(printed), [expected, expected]);
});
