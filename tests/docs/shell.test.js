// The shell commands of the documents: a shell can read each block, and our programs know each command and option in it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../tools/machine/command.js";
import { blocksFor } from "../support/documents.js";
import { program as sandbox } from "../support/sandbox.js";
import { commandsIn } from "../support/shell-words.js";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folder = mkdtempSync(join(root, "target", "shell-"));
/** @type {(args: string[]) => Promise<string | undefined>} */
let complaintOf;

before(async () => {
  complaintOf = await commandLine();
});
after(() => rmSync(folder, { recursive: true }));

/** The command line's own reader of arguments, with commands that do nothing. */
async function commandLine() {
  const outfile = join(folder, "program.mjs");
  await build({
    entryPoints: [join(root, "pkg", "src", "cli", "program.ts")],
    ...{ outfile, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "silent" },
    loader: { ".json": "json" },
  });
  const { createProgram } = await import(pathToFileURL(outfile).href);
  /** @param {string[]} args @returns {Promise<string | undefined>} what is wrong with them */
  return async (args) => {
    const whole = createProgram({});
    const silence = (/** @type {any} */ command) => {
      command.exitOverride().configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
      if (command.commands.length === 0) command.action(() => {});
      command.commands.forEach(silence);
    };
    silence(whole);
    try {
      await whole.parseAsync(args, { from: "user" });
      return undefined;
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      return /^commander\.(helpDisplayed|help|version)$/.test(code) ? undefined : message;
    }
  };
}

/** @param {string[]} words */
async function check(words) {
  const [name = "", ...args] = words;
  if (name === "npx" && args[0] === "--no") return check(args.slice(1));
  if (name === "npm") return checkNpm(args);
  if (/(^|\/)ocisign-sandbox$/.test(name)) return checkOptions(helpOf([sandbox, "--help"]), args);
  if (name !== "ocisign") return;
  assert.equal(await complaintOf(args), undefined, `ocisign ${args.join(" ")}`);
}

/** @param {string[]} args */
function checkNpm(args) {
  const isRun = args[0] === "run";
  const named = isRun ? args.slice(1).find((it) => !it.startsWith("-")) : args[0];
  if (!isRun && !["start", "test"].includes(named ?? "")) return;
  assert.ok(named && Object.hasOwn(scripts, named), `there is no script ${named}`);
  const end = args.indexOf("--");
  if (end < 0) return;
  const program = named === "sandbox" ? [sandbox] : scripts[named].split(" ");
  checkOptions(helpOf([...program, "--help"]), args.slice(end + 1));
}

/** @param {string[]} command */
function helpOf([program = "", ...args]) {
  return execFileSync(program, args, { cwd: root, encoding: "utf8" });
}

/** @param {string} help @param {string[]} args */
function checkOptions(help, args) {
  for (const [option] of args.flatMap((it) => [...it.matchAll(/^--[\w-]+/g)])) {
    assert.match(help, new RegExp(`${option}(?![\\w-])`), `there is no ${option}`);
  }
}

for (const { place, code, language } of blocksFor("shell")) {
  const typed = language === "console" ? code.match(/(?<=^\$ ).*$/gm)?.join("\n") : code;
  test(`${place}: the commands can be read, and their options exist`, async () => {
    const script = typed ?? assert.fail("a console without a command");
    const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    for (const command of commandsIn(script)) await check(command);
  });
}

describe("mistakes are found", () => {
  for (const [script, said] of /** @type {[string, RegExp][]} */ ([
    ["ocisign sign IMAGE --prodcut X", /unknown option '--prodcut'/],
    ["export A=1; ocisign verfiy IMAGE", /unknown command 'verfiy'/],
    ['x="$(ocisign key --prodcut X)"', /unknown option/],
    ["true | ocisign status ID EXTRA", /too many arguments/],
    ["npm start -- --alow-origin http://localhost:1", /there is no --alow-origin/],
    ["npm run no-such-thing", /there is no script no-such-thing/],
    ["ocisign-sandbox --no-such-thing", /there is no --no-such-thing/],
  ])) {
    test(script, async () => {
      await assert.rejects(
        async () => {
          for (const command of commandsIn(script)) await check(command);
        },
        (/** @type {Error} */ { message }) => said.test(message),
      );
    });
  }
});

test("the words of commands, with quotes, comments, redirections and here-documents", () => {
  const script = `A=1 one "two three"'four' \\
  five # six
(umask 077; seven > file 2>&1) && cat <<END
not a command
END
eight "$(nine | ten)"`;
  assert.deepEqual(commandsIn(script), [
    ["one", "two threefour", "five"],
    ["umask", "077"],
    ["seven"],
    ["cat"],
    ["nine"],
    ["ten"],
    ["eight", "$(nine | ten)"],
  ]);
});
