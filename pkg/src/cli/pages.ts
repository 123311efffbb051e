// All pages of help and all scripts for shells, as the program prints them into a pipe. The build writes them beside the
// program (tools/build/cli.js), so that it can show them before it loads anything.
import type { Command } from "commander";
import { shells } from "./commands/completion.ts";
import { widest } from "./help.ts";
import { Output } from "./output.ts";
import type { Pages } from "./page-for.ts";
import { createProgram } from "./program.ts";
import { topicNames } from "./topic-names.ts";
import { topicText } from "./topics.ts";

export async function pages(): Promise<Pages> {
  const signal = new AbortController().signal;
  const program = createProgram({ output: new Output(false), signal, exit: 0, session: undefined });
  const topics = topicNames.map((name) => [name, topicText(name)]);
  const scripts: [shell: string, script: string][] = [];
  for (const shell of shells(program)) {
    scripts.push([shell, await written(() => program.parseAsync(["completion", shell], { from: "user" }))]);
  }
  return {
    // A command goes before a topic of its name, as in `ocisign help`.
    help: Object.fromEntries([...topics, ...helpOf(program, [])]),
    completion: Object.fromEntries(scripts),
  };
}

function helpOf(command: Command, path: readonly string[]): [name: string, text: string][] {
  command.configureOutput({ getOutHelpWidth: () => widest, getOutHasColors: () => false });
  const inner = command.commands.flatMap((it) => helpOf(it, [...path, it.name()]));
  return [[path.join(" "), command.helpInformation()], ...inner];
}

/** What is written to standard output meanwhile. */
async function written(work: () => Promise<unknown>): Promise<string> {
  const { stdout } = process;
  const { write } = stdout;
  const texts: string[] = [];
  stdout.write = (text: unknown) => texts.push(String(text)) > 0;
  try {
    await work();
  } finally {
    stdout.write = write;
  }
  return texts.join("");
}
