// How help is written.
import { type Command, type CommanderError, Help } from "commander";
import type { Described, Example } from "./command.ts";

/** The part below the options. */
export function helpText({ examples, notes }: Pick<Described, "examples" | "notes">): string {
  const shown = `\nExamples:\n${examples.map(exampleText).join("\n")}`;
  return notes ? `${shown}\n\n${notes}` : shown;
}

function exampleText([what, ...lines]: Example): string {
  return [`  # ${what}`, ...lines.map((line) => `  $ ${line}`)].join("\n");
}

/** Sets what holds for every command alike; commands that were made before do not inherit it. */
export function finishCommand(command: Command): void {
  command.helpOption("-h, --help", "print help");
  command.exitOverride((error: CommanderError) => {
    throw Object.assign(error, { command });
  });
  command.configureOutput({ outputError: () => {} });
  command.configureHelp({ formatHelp: ownPartsFirst });
}

/** The usual help in another order: the command's own parts come first, the options that all commands have last. */
function ownPartsFirst(command: Command, helper: Help): string {
  const sections = Help.prototype.formatHelp.call(helper, command, helper).trimEnd().split("\n\n");
  const named = (name: string) => sections.find((section) => section.startsWith(`${name}:`));
  const [connection, commands] = [named("Connection"), named("Commands")];
  const others = sections.filter((section) => section !== connection && section !== commands);
  const [usage, description, ...options] = others;
  const ordered = [usage, description, commands, ...options, connection];
  return `${ordered.filter((section) => section !== undefined).join("\n\n")}\n`;
}
