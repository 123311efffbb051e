// The commands, their options and their help. What they do is loaded only when they run.
import { createRequire } from "node:module";
import tab from "@bomb.sh/tab/commander";
import { Argument, Command, Help, InvalidArgumentError, Option } from "commander";
import { readDuration } from "./duration.js";
import * as help from "./help.js";
import { knobs } from "./knobs.js";
import { usage } from "./problem.js";
import { Session } from "./session.js";
import { readSettings } from "./settings.js";
import { claimForToken } from "./token.js";

/**
 * One run of the program.
 *
 * @typedef {object} Run
 * @property {import("./output.js").Output} output
 * @property {AbortSignal} signal
 * @property {number} exit
 * @property {Session} [session] once there is one
 *
 * @typedef {(session: Session, options: any, ...args: any[]) => Promise<number>} Action
 *
 * @typedef {import("./knobs.js").Name} Name
 */

// As JSON modules are experimental in Node 20, and say so to the user.
const { version } = createRequire(import.meta.url)("../../package.json");

/** @type {Name[]} */
const connection = ["url", "token", "tokenFile", "tokenCommand", "profile", "cert", "tlsKey", "cacert"];
/** @type {Name[]} */
const registry = ["registryUrl", "registryUsername", "registryPasswordFile"];

/** @param {Run} run */
export function createProgram(run) {
  const program = connected(new Command("ocisign"))
    .description("Requests, approves and verifies HSM-backed signatures of container images.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .addOption(new Option("-c", "accepted as in the reference client; changes nothing"))
    .addHelpText("after", help.program)
    // So that an option after a command is the command's: `verify --key` is not the key of a client certificate.
    .enablePositionalOptions();

  addSigning(program, run);
  addDeciding(program, run);
  addReading(program, run);
  addVerifying(program, run);
  addReferenceWords(program, run);
  addCompletion(program);
  for (const command of everyCommand(program)) finishCommand(command);
  return program;
}

/** @param {Command} program @param {Run} run */
function addSigning(program, run) {
  const sign = connected(program.command("sign"))
    .description("Request the signature of an image.")
    .argument("[image]", "registry/repository@sha256:…")
    .option(
      "--from-file <file>",
      "request one for each line of a file; - is standard input, # begins a comment",
    )
    .addOption(nameOption())
    .addOption(descriptionOption())
    .addOption(metadataOption())
    .option("--wait", "wait until it is signed, rejected or failed")
    .addOption(timeoutOption())
    .option("--verify", "wait, then verify with the product's key what the registry holds")
    .addHelpText("after", help.sign)
    .action(act(run, async () => (await import("./commands/sign.js")).sign));
  withKnobs(sign, "Product:", ["product", "operation"]);
  withKnobs(sign, "Registry (for --verify):", registry);
}

/** @param {Command} program @param {Run} run */
function addDeciding(program, run) {
  connected(program.command("approve"))
    .description("Show what will be signed, ask, and approve exactly that.")
    .argument("<id>", "the request's id")
    .addOption(
      new Option("--digest <digest>", "approve only if the request is for this digest, without asking"),
    )
    .addOption(new Option("-y, --yes", "approve what is shown, without asking").conflicts("digest"))
    .option("--comment <text>", "what the requester and other approvers will read")
    .addHelpText("after", help.approve)
    .action(act(run, async () => (await import("./commands/decide.js")).approve));
  connected(program.command("reject"))
    .description("Reject a request.")
    .argument("<id>", "the request's id")
    .requiredOption("--comment <text>", "why: the requester has to know")
    .addHelpText("after", help.reject)
    .action(act(run, async () => (await import("./commands/decide.js")).reject));
}

/** @param {Command} program @param {Run} run */
function addReading(program, run) {
  connected(program.command("status"))
    .description("Show how a request stands, or wait for its end.")
    .argument("<id>", "the request's id")
    .option("--wait", "wait until it is signed, rejected or failed")
    .addOption(timeoutOption())
    .addHelpText("after", help.status)
    .action(act(run, async () => (await import("./commands/status.js")).status));
  connected(program.command("signings"))
    .description("List the requests.")
    // Not the product of the settings: who looks at the queue wants to see all of it.
    .option("-P, --product <id|name>", "only those of this product")
    .addOption(
      new Option("--state <state>", "only those in this state").choices([
        ...["new", "waiting", "approved", "signing", "signed", "rejected", "failed", "unknown"],
      ]),
    )
    .option("--status <code>", "only those with this status code; the service filters", wholeNumber)
    .option(
      "--limit <count>",
      "only so many, the service's first (default: as many as it sends)",
      countingNumber,
    )
    .addHelpText("after", help.signings)
    .action(act(run, async () => (await import("./commands/signings.js")).signings));
  connected(program.command("products"))
    .description("List the products that can sign, or show one.")
    .argument("[product]", "its id or name")
    .addHelpText("after", help.products)
    .action(act(run, async () => (await import("./commands/products.js")).products));
  withKnobs(connected(program.command("key")), "Product:", ["product", "operation"])
    .description("Print a product's public key, in PEM.")
    .addHelpText("after", help.key)
    .action(act(run, async () => (await import("./commands/products.js")).key));
}

/** @param {Command} program @param {Run} run */
function addVerifying(program, run) {
  const verify = connected(program.command("verify"), { ownKey: true })
    .description("Verify the signatures of an image in its registry.")
    .argument("<image>", "registry/repository@sha256:…")
    .option("--key <file>", "public key to trust, PEM or DER, - is standard input; may be repeated", collect)
    .option("--threshold <count>", "so many different keys must have signed (default: 1)", countingNumber)
    .option("--recursive", "verify every image in an index, too")
    .option("--require-repository", "refuse signatures that name no repository: those in bundles")
    .option("--signatures-in <repository>", "where the signatures are, when not beside the image")
    .addHelpText("after", help.verify)
    .action(act(run, async () => (await import("./commands/verify.js")).verify));
  withKnobs(verify, "Product, whose key is trusted:", ["product", "operation"]);
  withKnobs(verify, "Registry:", registry);
}

/** From the library's description of all that was added before. @param {Command} program */
function addCompletion(program) {
  tab(program, { completionCommandName: "completion" });
  program.commands
    .find((command) => command.name() === "completion")
    ?.description("Print a script that completes commands and options in your shell.")
    .addHelpText("after", help.completion);
}

/** The words of the reference client, over the same actions. @param {Command} program @param {Run} run */
function addReferenceWords(program, run) {
  const words = connected(program.command("imagesigning"))
    .description("The same in the reference client's words.")
    .addHelpText("after", help.imagesigning);
  const id = () => new Option("-I, --id <id>", "the request's id").makeOptionMandatory();
  connected(words.command("add"))
    .description("Request the signature of an image.")
    .addArgument(new Argument("<type>", "the type of the operation").choices(["SignOCI"]))
    .requiredOption("-P, --product <id|name>", "the product")
    .option("--operid <id>", "the product's operation; needed only when several sign images")
    .requiredOption(
      "-A, --artifact <base64>",
      "registry/repository@sha256:… in base64, with padding or without",
    )
    .addOption(nameOption())
    .addOption(descriptionOption())
    .addOption(metadataOption())
    .addHelpText("after", help.add)
    .action(act(run, async () => (await import("./commands/sign.js")).add));
  connected(words.command("approve"))
    .description("Approve a request, without asking; what is approved is shown.")
    .addOption(id())
    .option("--comment <text>", "what the requester and other approvers will read")
    .addHelpText("after", help.approveById)
    .action(act(run, async () => (await import("./commands/decide.js")).approveById));
  connected(words.command("reject"))
    .description("Reject a request.")
    .addOption(id())
    .requiredOption("--comment <text>", "why: the requester has to know")
    .addHelpText("after", help.rejectById)
    .action(act(run, async () => (await import("./commands/decide.js")).rejectById));
  connected(words.command("get"))
    .description("Show how a request stands.")
    .addOption(id())
    .addHelpText("after", help.get)
    .action(act(run, async () => (await import("./commands/status.js")).get));
}

/**
 * The options that every command has, before it and after it.
 *
 * @param {Command} command @param {{ ownKey?: boolean }} [options] whether `--key` is something else here
 */
function connected(command, { ownKey = false } = {}) {
  withKnobs(command, "Connection:", connection);
  if (!ownKey) command.addOption(new Option("--key <file>", "the same as --tls-key").hideHelp());
  command.addOption(
    new Option("--config <file>", "configuration file (env OCISIGN_CONFIG)").helpGroup("Connection:"),
  );
  command.addOption(
    new Option("--call-timeout <time>", "for one call, as in 10s or 2m (default: 30s)")
      .argParser(readDuration)
      .helpGroup("Connection:"),
  );
  return command.option("--json", "print the result as one JSON document");
}

/** @param {Command} command @param {string} heading @param {Name[]} names */
function withKnobs(command, heading, names) {
  for (const name of names) {
    const { flags, help, env } = knobs[name];
    command.addOption(new Option(flags, `${help} (env ${env})`).helpGroup(heading));
  }
  return command;
}

function nameOption() {
  return new Option("--name <text>", "the request's name (default: OCI signing)");
}

function descriptionOption() {
  return new Option("--description <text>", "why: the approvers read it");
}

function metadataOption() {
  return new Option(
    "--metadata <name=value>",
    "what else the approvers should know; may be repeated",
  ).argParser(collect);
}

function timeoutOption() {
  return new Option("--timeout <time>", "wait no longer, as in 90s, 30m or 2h (default: no limit)").argParser(
    readDuration,
  );
}

/** @param {string} value @param {string[]} [before] */
function collect(value, before = []) {
  return [...before, value];
}

/** @param {string} text */
function wholeNumber(text) {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError("Write a whole number.");
}

/** @param {string} text */
function countingNumber(text) {
  const number = wholeNumber(text);
  if (number > 0) return number;
  throw new InvalidArgumentError("Write a whole number above 0.");
}

/** Runs a command's action, with the settings of all levels. @param {Run} run @param {() => Promise<Action>} load */
function act(run, load) {
  return async (/** @type {any[]} */ ...given) => {
    const command = /** @type {Command} */ (given.at(-1));
    const { output, signal } = run;
    const { config, callTimeout, ...flags } = flagsOf(command);
    const settings = await readSettings({ ...flags, config }, process.env);
    claimForToken(settings);
    run.session = new Session({ output, signal, settings, config, callTimeoutMs: callTimeout });
    const action = await load();
    run.exit = await action(run.session, command.opts(), ...command.processedArgs);
  };
}

/**
 * The flags that were given, wherever they stand: the one that is nearest to the end of the line counts.
 *
 * @param {Command} command @returns {any}
 */
function flagsOf(command) {
  /** @type {Record<string, unknown>} */
  const flags = {};
  for (const level of levelsOf(command)) {
    const given = Object.keys(level.opts()).filter((name) => level.getOptionValueSource(name) === "cli");
    const isTlsKey = (/** @type {string} */ name) => name === "key" && level.name() !== "verify";
    if (given.some(isTlsKey) && given.includes("tlsKey")) {
      throw usage("--key and --tls-key both name the key of the certificate.", "Leave one of them out.");
    }
    for (const name of given) {
      if (name in knobs || name === "config" || name === "callTimeout") flags[name] = level.opts()[name];
      else if (isTlsKey(name)) flags.tlsKey = level.opts().key;
    }
  }
  return flags;
}

/** From the program to the command. @param {Command} command @returns {Command[]} */
function levelsOf(command) {
  return command.parent ? [...levelsOf(command.parent), command] : [command];
}

/** @param {Command} command @returns {Command[]} */
function everyCommand(command) {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** What holds for every command alike; commands that were made before do not inherit it. @param {Command} command */
function finishCommand(command) {
  command.helpOption("-h, --help", "print help");
  command.exitOverride((error) => {
    throw Object.assign(error, { command });
  });
  command.configureOutput({ outputError: () => {} });
  command.configureHelp({ formatHelp: ownPartsFirst });
}

/**
 * The usual help in another order: what a command is for comes first, and the options that are the same everywhere
 * come last.
 *
 * @param {Command} command @param {Help} helper
 */
function ownPartsFirst(command, helper) {
  const sections = Help.prototype.formatHelp.call(helper, command, helper).trimEnd().split("\n\n");
  const isNamed = (/** @type {string} */ name) => (/** @type {string} */ section) =>
    section.startsWith(`${name}:`);
  const [connection, commands] = [sections.find(isNamed("Connection")), sections.find(isNamed("Commands"))];
  const others = sections.filter((section) => section !== connection && section !== commands);
  const [usage, description, ...options] = others;
  const ordered = [usage, description, commands, ...options, connection];
  return `${ordered.filter((section) => section !== undefined).join("\n\n")}\n`;
}
