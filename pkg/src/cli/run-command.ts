// Runs a command's action, with the settings of all levels of the command line.
import { type Command, Option } from "commander";
import type { CommandFile } from "./command.ts";
import { duration, type OptionOf, text } from "./options.ts";
import type { Output } from "./output.ts";
import { usage } from "./problem.ts";
import { type Flags, readSettings } from "./read-settings.ts";
import { Session } from "./session.ts";
import { isSettingName, type SettingName } from "./settings.ts";
import { claimForToken } from "./token.ts";

/** One run of the program. */
export interface Run {
  readonly output: Output;
  readonly signal: AbortSignal;
  exit: number;
  /** Once there is one. */
  session: Session | undefined;
}

/** Where the configuration file is, and how long a call may take: every command has these beside its settings. */
export const general = {
  config: text("--config <file>", "configuration file (env OCISIGN_CONFIG)"),
  callTimeout: duration(
    "--call-timeout <time>",
    "time limit of a single call, such as 10s or 2m (default: 30s)",
  ),
} satisfies Record<string, OptionOf<unknown>>;

/** `--key` as another word for `--tls-key`, wherever a command has no `--key` of its own. */
export class TlsKeyOption extends Option {
  constructor() {
    super("--key <file>", "the same as --tls-key");
    this.hideHelp();
  }

  override attributeName(): string {
    return "tlsKeyAsKey";
  }
}

export async function runCommand(file: CommandFile, command: Command, run: Run): Promise<void> {
  const { output, signal } = run;
  const given = givenFlags(command);
  const config = general.config.read(given.config);
  const settings = await readSettings(settingFlags(given), config, process.env);
  claimForToken(settings);
  const callTimeoutMs = general.callTimeout.read(given.callTimeout);
  run.session = new Session({ output, signal, settings, config, callTimeoutMs });
  const positional: readonly unknown[] = command.processedArgs;
  run.exit = await file.execute(run.session, command.opts<Record<string, unknown>>(), positional);
}

type Values = Readonly<Record<string, unknown>>;

/** The flags that were given at any level: of two alike, the one nearer to the end of the line counts. */
function givenFlags(command: Command): Values {
  const levels = levelsOf(command).map(flagsAt);
  return Object.assign({}, ...levels);
}

/** From the program to the command. */
function levelsOf(command: Command): Command[] {
  return command.parent ? [...levelsOf(command.parent), command] : [command];
}

function flagsAt(level: Command): Values {
  const values = Object.entries(level.opts<Record<string, unknown>>()).filter(
    ([name]) => level.getOptionValueSource(name) === "cli",
  );
  const { tlsKeyAsKey, ...given } = Object.fromEntries(values);
  if (tlsKeyAsKey === undefined) return given;
  if (given.tlsKey === undefined) return { ...given, tlsKey: tlsKeyAsKey };
  throw usage("--key and --tls-key both name the key of the certificate.", "Leave one of them out.");
}

function settingFlags(given: Values): Flags {
  const flags: { [Name in SettingName]?: string } = {};
  for (const [name, value] of Object.entries(given)) {
    if (!isSettingName(name)) continue;
    if (typeof value === "string") flags[name] = value;
    // Of a flag that begins with --no-.
    else if (value === false) flags[name] = "no";
  }
  return flags;
}
