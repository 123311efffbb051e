// Puts the commands together. What a command needs is loaded only when it runs.
import { Command, Option } from "commander";
import { version } from "../../package.json";
import type { CommandFile, Described, GroupFile } from "./command.ts";
import { approve } from "./commands/approve.ts";
import { addCompletion } from "./commands/completion.ts";
import { doctor } from "./commands/doctor.ts";
import { imagesigning } from "./commands/imagesigning.ts";
import { key } from "./commands/key.ts";
import { products } from "./commands/products.ts";
import { reject } from "./commands/reject.ts";
import { sign } from "./commands/sign.ts";
import { signings } from "./commands/signings.ts";
import { status } from "./commands/status.ts";
import { verify } from "./commands/verify.ts";
import { finishCommand, helpText } from "./help.ts";
import { general, type Run, runCommand, TlsKeyOption } from "./run-command.ts";
import * as sample from "./samples.ts";
import { connection, type SettingName, settings } from "./settings.ts";

const ocisign: Described = {
  name: "ocisign",
  summary: "Requests, approves and verifies HSM-backed signatures of container images.",
  examples: [
    [
      "Once a day: set where the service is, and where the token is.",
      "export OCISIGN_URL=https://app.laavat.io/acme/api/v1 OCISIGN_TOKEN_FILE=token",
    ],
    ["List the products that can sign.", "ocisign products"],
    [
      "Request a signature and wait for it.",
      `ocisign sign ${sample.image} --product "OCI SIGN" --wait --timeout 30m`,
    ],
  ],
  notes: `A flag overrides its environment variable, which overrides the configuration file. Connection
options may stand before the command or after it.

Exit codes: 0 done, 1 error, 2 wrong usage, 3 still waiting, 4 rejected or failed,
5 verification failed, 130 interrupted.

Every command has --help.`,
};

export function createProgram(run: Run): Command {
  const program = described(new Command(ocisign.name), ocisign)
    .version(version, "-V, --version", "print the version")
    .helpCommand("help [command]", "print help for a command")
    .addOption(new Option("-c", "accepted as in the reference client; changes nothing"))
    // So that an option after a command is the command's: `verify --key` is not the key of a client certificate.
    .enablePositionalOptions();
  addConnection(program);
  for (const file of [sign, approve, reject, status, signings, products, key, verify, doctor]) {
    addCommand(program, file, run);
  }
  addGroup(program, imagesigning, run);
  addCompletion(program);
  for (const command of everyCommand(program)) finishCommand(command);
  return program;
}

function described(command: Command, file: Described): Command {
  return command.description(file.summary).addHelpText("after", helpText(file));
}

function addGroup(program: Command, file: GroupFile, run: Run): void {
  const group = described(program.command(file.name), file);
  addConnection(group);
  for (const inner of file.commands) addCommand(group, inner, run);
}

function addCommand(parent: Command, file: CommandFile, run: Run): void {
  const added = described(parent.command(file.name), file);
  for (const argument of file.arguments) added.addArgument(argument);
  for (const option of file.options) added.addOption(option);
  for (const [heading, names] of Object.entries(file.settings)) addSettings(added, heading, names);
  addConnection(added);
  added.action(() => runCommand(file, added, run));
}

/** The options that every command has, before it and after it. */
function addConnection(command: Command): void {
  const heading = "Connection:";
  addSettings(command, heading, connection);
  if (!command.options.some(({ long }) => long === "--key")) command.addOption(new TlsKeyOption());
  for (const { make } of Object.values(general)) command.addOption(make().helpGroup(heading));
  command.option("--json", "print the result as one JSON document");
}

function addSettings(command: Command, heading: string, names: readonly SettingName[]): void {
  for (const name of names) {
    const { flags, help, env } = settings[name];
    command.addOption(new Option(flags, `${help} (env ${env})`).helpGroup(heading));
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
