// `npm run fuzz`: how it reads its options, and what it says of an input that breaks a target.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { finding } from "../../tools/check/fuzz-finding.js";
import { replayTypeScript, typeScriptTargets } from "../../tools/check/fuzz-typescript.js";
import { temporaryFolder } from "../support/sandbox.js";

const script = fileURLToPath(new URL("../../tools/tasks/fuzz.js", import.meta.url));
const { folder, remove } = temporaryFolder("fuzz");
after(remove);

/** @param {...string} args */
function told(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, said: stdout + stderr };
}

test("--list names each target with its language", () => {
  const { status, said } = told("--list");
  assert.equal(status, 0);
  assert.match(said, /^reference +Rust$/m);
  for (const name of typeScriptTargets()) assert.match(said, new RegExp(`^${name} +TypeScript$`, "m"));
});

test("what cannot be done is refused before anything is built", () => {
  for (const [args, mistake] of /** @type {[string[], string][]} */ ([
    [["--target", "nothing"], "There is no target nothing"],
    [["--input", script], "The option --input needs one --target"],
    [["--target", "link,key", "--input", script], "The option --input needs one --target"],
    [["--target", "link", "--input", "no/file"], "There is no file no/file"],
    [["--corpus", folder], "The option --corpus needs one --target"],
    [["--target", "link", "--corpus", "no/folder"], "There is no folder no/folder"],
    [["--jobs", "0"], "The option --jobs needs a whole number from 1 to 1000, not 0"],
  ])) {
    assert.deepEqual(told(...args), { status: 2, said: `${mistake}: see --help.\n` });
  }
});

test("an input from anywhere is given to a target of TypeScript", async () => {
  const file = join(folder, "link");
  writeFileSync(file, '<https://a.example>; rel="next"');
  assert.equal(await replayTypeScript("link", file), undefined);
});

test("an input that breaks a target is told with its bytes and a command that a shell takes", () => {
  const file = join(folder, "an input's");
  writeFileSync(file, Buffer.from('a"\u0000\u00ff\n', "latin1"));
  const lines = finding("link", file, "it said so").split("\n");
  assert.equal(lines[0], `link is broken by ${file}`);
  assert.equal(lines[2], '  input: "a\\"\\u0000\\u00ff\\n"');
  assert.equal(lines[3], "  it said so");
  const command = /^ {2}to see it again: npm run fuzz -- (.*)$/.exec(lines[1] ?? "")?.[1];
  const { stdout } = spawnSync("sh", ["-c", `printf '%s|' ${command}`], { encoding: "utf8" });
  assert.equal(stdout, `--target|link|--input|${file}|`);
});
