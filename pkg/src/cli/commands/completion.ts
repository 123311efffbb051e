// `ocisign completion`: a script for the user's shell. The library makes the command, and reads from the program which
// commands and options there are, so it is added last.
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { helpText } from "../help.ts";

const name = "completion";

export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: name });
  const completion = program.commands.find((command) => command.name() === name);
  completion
    ?.description("Print a script that completes commands and options in your shell.")
    .addHelpText("after", helpText({ examples }));
  const [shell] = completion?.registeredArguments ?? [];
  if (shell) shell.description = "the shell that you use";
}

const examples = [
  [
    "bash, with the package bash-completion; put it into ~/.bashrc to keep it.",
    "source <(ocisign completion bash)",
  ],
  ["zsh, after compinit; put it into ~/.zshrc to keep it.", "source <(ocisign completion zsh)"],
  ["fish.", "ocisign completion fish > ~/.config/fish/completions/ocisign.fish"],
] as const;
