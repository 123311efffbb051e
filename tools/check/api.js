// What others build on, as texts that can be compared: declarations without comments, what the package exports, the
// command line's help. `tests/api/` keeps those of the last release; a change is announced there, or it is a mistake.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

const dist = join(root, "pkg", "dist");
/** Where the texts are kept. */
export const kept = join(root, "tests", "api");

/** The most lines of a change that are told. */
const mostLines = 60;

/**
 * What differs, for people.
 *
 * @param {string} name the file's @param {string} before @param {string} now
 */
export function changed(name, before, now) {
  const [old, present] = [before, now].map((text) => text.split("\n"));
  const gone = (old ?? []).filter((line) => !present?.includes(line)).map((line) => `- ${line}`);
  const come = (present ?? []).filter((line) => !old?.includes(line)).map((line) => `+ ${line}`);
  const lines = [...gone, ...come];
  const told = lines.length > 0 ? lines : ["the order of its lines, or how often one stands there"];
  const more = told.length > mostLines ? [`… and ${told.length - mostLines} lines more`] : [];
  return `tests/api/${name} is not what is built now. If this is meant: run \`npm run api -- --accept\`, and tell it in
CHANGELOG.md.
${[...told.slice(0, mostLines), ...more].join("\n")}`;
}

/**
 * Each text, by the name of its file.
 *
 * @returns {Promise<Map<string, string>>}
 */
export async function apiTexts() {
  const declarations = readdirSync(dist).filter((name) => name.endsWith(".d.ts"));
  const texts = new Map();
  for (const name of declarations.sort()) texts.set(`${name}.txt`, await declared(name));
  texts.set("exports.json", exported());
  texts.set("help.txt", helpTexts());
  return texts;
}

/** Declarations without their comments: words may change. @param {string} name */
async function declared(name) {
  const { default: ts } = await import("typescript");
  const text = readFileSync(join(dist, name), "utf8");
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });
  return printer.printFile(source);
}

/** What can be imported, and by which name, and what is asked of who imports it. */
function exported() {
  const { bin, engines, exports, peerDependencies } = JSON.parse(
    readFileSync(join(root, "pkg", "package.json"), "utf8"),
  );
  return `${JSON.stringify({ bin, engines, exports, peerDependencies }, null, 2)}\n`;
}

/** The help of all commands and topics, one after the other. @returns {string} */
function helpTexts() {
  return [
    said(["--help"]),
    said(["help", "--help"]),
    ...commands().map((path) => said([...path, "--help"])),
    ...topics(),
  ].join("\n");
}

/** Each command by its words: those of a group stand after it. @returns {string[][]} */
function commands() {
  return namesIn(ocisign(["--help"])).flatMap((name) => {
    const within = namesIn(ocisign([name, "--help"]));
    return [[name], ...within.map((inner) => [name, inner])];
  });
}

/** The commands that a help lists, with those that it only names. @param {string} help */
function namesIn(help) {
  const [, block = ""] = help.match(/^Commands:\n((?: {2}.*\n)+)/m) ?? [];
  const listed = [...block.matchAll(/^ {2}([a-z]\S*) +(.*(?:\n {4,}.*)*)$/gm)];
  return listed
    .flatMap(([, name = "", text = ""]) => (name === "more" ? text.replace(/\.$/, "").split(/,\s+/) : [name]))
    .filter((name) => name !== "help");
}

/** @returns {string[]} */
function topics() {
  const [, names = ""] = ocisign(["help", "--help"]).match(/^Topics: ([^.]+)\./m) ?? [];
  return names.split(/,\s+/).map((name) => said(["help", name]));
}

/** @param {string[]} args */
function said(args) {
  return `$ ocisign ${args.join(" ")}\n${ocisign(args)}`;
}

/** As a stranger's shell shows it: no settings, no colours, 80 columns. @param {string[]} args */
function ocisign(args) {
  const { PATH = "" } = process.env;
  const env = { PATH, HOME: "/nonexistent", COLUMNS: "80" };
  return execFileSync(process.execPath, [join(dist, "cli", "main.js"), ...args], { encoding: "utf8", env });
}
