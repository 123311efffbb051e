// `ocisign help`: the help of a command, or a topic.
import type { Command } from "commander";
import { nearest } from "../../nearest.ts";
import { describe } from "../help.ts";
import { usage } from "../problem.ts";
import { topicNames } from "../topic-names.ts";

/** So many topics stand in the first line of them. */
const inALine = 5;

export function addHelp(program: Command): void {
  const command = describe(program.command("help"), {
    name: "help",
    summary: "Explain a command, or a topic such as connection.",
    examples: [
      ["How the service and registries are reached.", "ocisign help connection"],
      ["A command within a group.", "ocisign help imagesigning add"],
    ],
    notes: `Topics: ${topicNames.slice(0, inALine).join(", ")},\n${topicNames.slice(inALine).join(", ")}.`,
  });
  command.argument("[words...]", "a command, or a topic");
  // The answer is help all the same.
  command.option("--json");
  command.action((words: readonly string[]) => show(program, words));
}

async function show(program: Command, words: readonly string[]): Promise<void> {
  const [topic, ...more] = words;
  const found = commandAt(program, words);
  if (found) return found.help();
  if (more.length === 0 && topicNames.some((name) => name === topic)) {
    const { topicText } = await import("../topics.ts");
    process.stdout.write(topicText(String(topic)));
    return;
  }
  const known = [...program.commands.map((command) => command.name()), ...topicNames];
  const near = nearest(words.join(" "), known, (name) => Math.max(2, name.length / 3));
  // What is typed is not repeated: it may be a secret.
  if (near) throw usage("There is no help on this.", `Did you mean \`ocisign help ${near}\`?`);
  program.help({ error: true });
}

function commandAt(from: Command, [word, ...rest]: readonly string[]): Command | undefined {
  if (word === undefined) return from;
  const inner = from.commands.find((command) => command.name() === word);
  return inner && commandAt(inner, rest);
}
