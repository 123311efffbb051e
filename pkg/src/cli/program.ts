// Puts the commands together. What a command needs is loaded only when it runs.
import { Command, Option } from "commander";
import { version } from "../../package.json";
import type { CommandFile, Described, GroupFile } from "./command.ts";
import { accepts } from "./commands/accepts.ts";
import { approve } from "./commands/approve.ts";
import { attach } from "./commands/attach.ts";
import { bundle } from "./commands/bundle.ts";
import { addCompletion } from "./commands/completion.ts";
import { copy } from "./commands/copy.ts";
import { diff } from "./commands/diff.ts";
import { doctor } from "./commands/doctor.ts";
import { ensure } from "./commands/ensure.ts";
import { addHelp } from "./commands/help.ts";
import { imagesigning } from "./commands/imagesigning.ts";
import { key } from "./commands/key.ts";
import { login } from "./commands/login.ts";
import { logout } from "./commands/logout.ts";
import { payload } from "./commands/payload.ts";
import { products } from "./commands/products.ts";
import { reject } from "./commands/reject.ts";
import { report } from "./commands/report.ts";
import { sign } from "./commands/sign.ts";
import { signings } from "./commands/signings.ts";
import { status } from "./commands/status.ts";
import { trust } from "./commands/trust.ts";
import { verify } from "./commands/verify.ts";
import { watch } from "./commands/watch.ts";
import { whoami } from "./commands/whoami.ts";
import { withdraw } from "./commands/withdraw.ts";
import { describe, finishCommand } from "./help.ts";
import { general, type Run, runCommand, TlsKeyOption } from "./run-command.ts";
import * as sample from "./samples.ts";
import { connection, optionOf, type SettingName } from "./settings.ts";

const ocisign: Described = {
  name: "ocisign",
  summary: "Requests, approves and verifies HSM-backed signatures of container images.",
  examples: [["", `ocisign sign ${sample.image} --url $URL --token @token --product "OCI SIGN" --wait`]],
};

export function createProgram(run: Run): Command {
  const program = describe(new Command(ocisign.name), ocisign)
    .version(version, "-V, --version", "print the version")
    .helpCommand(false)
    .addOption(new Option("-c", "accepted as in the reference client; changes nothing"))
    // So that an option after a command is the command's: `verify --key` is not the key of a client certificate.
    .enablePositionalOptions();
  addConnection(program);
  for (const file of [
    sign,
    approve,
    reject,
    withdraw,
    status,
    signings,
    watch,
    products,
    key,
    verify,
    ensure,
    accepts,
    payload,
    attach,
    bundle,
    diff,
    copy,
    report,
    doctor,
    whoami,
    login,
    logout,
  ]) {
    addCommand(program, file, run);
  }
  addGroup(program, trust, run);
  addGroup(program, imagesigning, run);
  addHelp(program);
  addCompletion(program);
  for (const command of everyCommand(program)) finishCommand(command);
  return program;
}

function addGroup(program: Command, file: GroupFile, run: Run): void {
  const group = describe(program.command(file.name), file);
  addConnection(group);
  for (const inner of file.commands) addCommand(group, inner, run);
}

function addCommand(parent: Command, file: CommandFile, run: Run): void {
  const added = describe(parent.command(file.name), file);
  for (const argument of file.arguments) added.addArgument(argument);
  for (const option of file.options) added.addOption(option);
  addSettings(added, file.settings);
  addConnection(added);
  added.action(() => runCommand(file, added, run));
}

/** The options that every command has, before it and after it, unless one means something else there. */
function addConnection(command: Command): void {
  addSettings(command, connection);
  if (!command.options.some(({ long }) => long === "--key")) command.addOption(new TlsKeyOption());
  for (const { make } of Object.values(general)) command.addOption(make());
  command.option("--json", "print the result as one JSON document");
}

function addSettings(command: Command, names: readonly SettingName[]): void {
  const isTaken = (option: Option) => command.options.some(({ long }) => long === option.long);
  for (const option of names.map(optionOf)) if (!isTaken(option)) command.addOption(option);
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
