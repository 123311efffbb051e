// `ocisign completion`: a script for the user's shell. The library makes the command, and reads from the program which
// commands and options there are, so it is added last. The script calls `ocisign complete`, which the library makes, too.
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { describe } from "../help.ts";
import { topicNames } from "../topic-names.ts";

const name = "completion";

export function addCompletion(program: Command): void {
  const root = tab(program, { completionCommandName: name });
  const command = (called: string) => program.commands.find((one) => one.name() === called);
  const completion = command(name);
  if (!completion) throw new Error("The library made no command for completion.");
  const summary = "Print a script for completion in your shell.";
  describe(completion, { name, summary, examples, isRare: true });
  const [shell] = completion.registeredArguments;
  if (shell) shell.description = "the shell that you use";
  completion.action(async (given: string) => {
    const { scriptFor } = await import("../completion-script.ts");
    process.stdout.write(scriptFor(root, given));
  });
  const words = root.commands.get("help")?.arguments.get("words");
  if (words) words.handler = (complete) => topicNames.map((topic) => complete(topic, "a topic"));
  // Requests and products are asked for before the library answers: it does not wait for anything.
  command("complete")
    ?.hook("preAction", async (_, { args }) => {
      const { askFor } = await import("../completion-values.ts");
      await askFor(root, args);
    })
    .hook("postAction", async () => {
      const { leave } = await import("../completion-values.ts");
      leave();
    });
}

const examples = [
  ["bash, with the package bash-completion; to keep it: in ~/.bashrc.", "source <(ocisign completion bash)"],
  ["zsh, after compinit; to keep it: in ~/.zshrc.", "source <(ocisign completion zsh)"],
  ["fish.", "ocisign completion fish > ~/.config/fish/completions/ocisign.fish"],
] as const;

/** The shells that there is a script for. */
export function shells(program: Command): readonly string[] {
  const command = program.commands.find((one) => one.name() === name);
  return command?.registeredArguments[0]?.argChoices ?? [];
}
