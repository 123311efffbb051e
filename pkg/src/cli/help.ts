// How help is written: on one screen of 80 columns. A command shows what is its own. How the service and the registry
// are reached is the same for all, and a topic: `ocisign help connection`.
import type { Command, CommanderError, Help, Option } from "commander";
import { listFlags } from "./bulk/options.ts";
import type { Described, Example } from "./command.ts";
import { viaFlags } from "./digest/via-options.ts";
import { certificateFlags } from "./image-certificates.ts";
import { connection, registry, signIn } from "./settings.ts";
import { verifyingFlags } from "./verifying-options.ts";

/** No line is wider, however wide the terminal is: long lines are hard to read. */
export const widest = 80;

const described = new WeakMap<Command, Described>();

/** Gives a command its help. */
export function describe(command: Command, file: Described): Command {
  described.set(command, file);
  return command.description(file.summary);
}

/** Sets what holds for every command alike; commands that were made before do not inherit it. */
export function finishCommand(command: Command): void {
  command.helpOption("-h, --help", "print help");
  command.exitOverride((error: CommanderError) => {
    throw Object.assign(error, { command });
  });
  command.configureOutput({ outputError: () => {} });
  command.configureHelp({ formatHelp });
}

/** Options that a topic explains; general ones are added by program.ts. */
const inTopic = new Set<string | undefined>(["--config", "--call-timeout", ...certificateFlags]);

/** The same for settings, by their names: the flag of one may mean something else elsewhere. */
const settingsInTopic = new Set<string>([...connection, ...registry, ...signIn]);

/** Does the help of the command show this option? What every command has is said in one line. */
function isOwn(option: Option): boolean {
  const { long, short, hidden } = option;
  if (hidden || inTopic.has(long) || settingsInTopic.has(option.attributeName())) return false;
  return long !== "--json" && short !== "-c";
}

const ofEveryCommand = "--json, --help, and those of `ocisign help connection`";
function takesLists(command: Command): boolean {
  return command.options.some(({ long }) => long === "--shard");
}

/** Does it take several requests together, which are decided at a pace? */
function takesSeveral(command: Command): boolean {
  return command.options.some(({ long }) => long === "--settle");
}

/** Can a digest be signed in place of the image? */
function takesDigests(command: Command): boolean {
  return command.options.some(({ long }) => long === "--via");
}

const paceFlags: readonly string[] = ["--concurrency", "--settle", "--patience"];

/** Does it sign in? */
function takesSignIn(command: Command): boolean {
  return command.options.some((option) => option.attributeName() === "issuer");
}

/** Does it judge signatures? */
function takesVerifying(command: Command): boolean {
  return command.options.some(({ long }) => long !== undefined && verifyingFlags.includes(long));
}

/** What is said of the options that topics explain. */
function inTopics(command: Command): string {
  const topics = [
    ...(command.options.some(({ long }) => certificateFlags.includes(long ?? "")) ? ["certificates"] : []),
    ...(takesVerifying(command) ? ["verifying"] : []),
    ...(takesSeveral(command) || takesLists(command) ? ["lists"] : []),
    ...(takesDigests(command) ? ["digests"] : []),
    ...(takesSignIn(command) ? ["signing-in"] : []),
  ];
  if (topics.length === 0) return ofEveryCommand;
  const [first, ...others] = [...topics, "connection"];
  // The line of a command with several topics has to stay one line.
  return `--json, --help; more: \`ocisign help ${first}\`, ${others.map((it) => `\`${it}\``).join(", ")}`;
}

function formatHelp(command: Command, helper: Help): string {
  // The usual helper reads the width from itself.
  helper.helpWidth = Math.min(helper.helpWidth ?? widest, widest);
  helper.minWidthToWrap = 20;
  const { summary = command.description(), examples = [], notes } = described.get(command) ?? {};
  const commands = commandRows(command, helper);
  const usage = items(`Usage: ${helper.commandUsage(command)}`, argumentRows(command), helper);
  const what = helper.boxWrap(summary, helper.helpWidth);
  const sections = [
    // The list of the program's commands fills a screen.
    ...(command.parent ? [usage, what] : [`${usage}\n${what}`]),
    commands.length > 0 ? items("Commands:", commands, helper) : "",
    command.parent ? items("Options:", optionRows(command), helper, inTopics(command)) : "",
    examples.length > 0 ? ["Examples:", ...examples.flatMap(exampleLines)].join("\n") : "",
    notes ?? "",
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

/** What is listed, and what it means. */
export type HelpRow = readonly [term: string, description: string];

function argumentRows(command: Command): HelpRow[] {
  return command.registeredArguments.map((argument) => {
    return [argument.name(), withChoices(argument.description, argument.argChoices)];
  });
}

function optionRows(command: Command): HelpRow[] {
  const ofLists = takesLists(command) ? listFlags : takesSeveral(command) ? paceFlags : [];
  const elsewhere = [...ofLists, ...verifyingFlags, ...(takesDigests(command) ? viaFlags : [])];
  const own = command.options.filter((option) => isOwn(option) && !elsewhere.includes(option.long ?? ""));
  return own.map((option) => {
    return [option.flags, withChoices(option.description, option.argChoices)];
  });
}

function commandRows(command: Command, helper: Help): HelpRow[] {
  // A group has a `help` of commander's own; the program's does as much.
  const listed = helper
    .visibleCommands(command)
    .filter((inner) => !command.parent || inner.name() !== "help");
  const isRare = (inner: Command) => described.get(inner)?.isRare === true;
  const rare = listed.filter(isRare).map((inner) => inner.name());
  const rows = listed
    .filter((inner) => !isRare(inner))
    .map((inner): HelpRow => [inner.name(), inner.description()]);
  return rare.length === 0 ? rows : [...rows, ["more", `${rare.join(", ")}.`]];
}

function withChoices(description: string, choices: readonly string[] | undefined): string {
  return choices ? `${description}: ${choices.join(", ")}` : description;
}

/** Rows below a heading, wrapped, and a last line. */
export function items(heading: string, rows: readonly HelpRow[], helper: Help, last?: string): string {
  const width = Math.max(...rows.map(([term]) => term.length));
  const lines = rows.map(([term, description]) => helper.formatItem(term, width, description, helper));
  const below = last ? helper.boxWrap(last, (helper.helpWidth ?? widest) - 2).replace(/^/gm, "  ") : [];
  return [heading, ...lines].concat(below).join("\n");
}

function exampleLines([what, ...lines]: Example): string[] {
  const typed = lines.map((line, at) => (lines[at - 1]?.endsWith("\\") ? `  ${line}` : `  $ ${line}`));
  return what ? [`  # ${what}`, ...typed] : typed;
}
