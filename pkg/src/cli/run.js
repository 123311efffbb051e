// One run of the program, from the arguments to the exit code.
import { CommanderError } from "commander";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { explain, failureDocument, failureText } from "./failure.js";
import { Interruption } from "./interruption.js";
import { Output } from "./output.js";
import { createProgram } from "./program.js";
import { withoutSecrets } from "./secrets.js";

/** @param {string[]} argv @returns {Promise<number>} */
export async function run(argv) {
  // On Linux this also takes the arguments, and with them a token, out of the list of processes.
  process.title = "ocisign";
  const output = new Output(asksForJson(argv));
  const interruption = new Interruption();
  interruption.listen(() => output.settle());
  /** @type {import("./program.js").Run} */
  const state = { output, signal: interruption.signal, exit: exitCode.done };
  try {
    await createProgram(state).parseAsync(argv);
    output.settle();
    return interruption.by === "SIGPIPE" ? exitCodeOf.SIGPIPE : state.exit;
  } catch (error) {
    output.settle();
    if (isNoFailure(error)) return exitCode.done;
    if (isBareCall(error)) {
      output.answer(failureDocument(explain(error)));
      return exitCode.usage;
    }
    if (interruption.by) return leave(sayInterrupted(interruption.by, state));
    return fail(error, state);
  }
}

/** Also where the command line is too wrong to be read. @param {string[]} argv */
function asksForJson(argv) {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}

/** Help and version are thrown, too. @param {unknown} error */
function isNoFailure(error) {
  return error instanceof CommanderError && error.exitCode === 0;
}

/** The help was shown in the place of a command that was not named. @param {unknown} error */
function isBareCall(error) {
  return error instanceof CommanderError && error.code === "commander.help";
}

/** @param {keyof typeof exitCodeOf} by @param {import("./program.js").Run} state */
function sayInterrupted(by, { output, session }) {
  const exit = exitCodeOf[by];
  if (by === "SIGPIPE") return exit;
  const message = "Interrupted.";
  const resume = session?.resume[0];
  output.answer({ error: { code: "interrupted", message, resume, exitCode: exit } });
  output.note(message);
  sayResume(output, session);
  return exit;
}

/** @param {unknown} error @param {import("./program.js").Run} state */
function fail(error, { output, session }) {
  const failure = explain(error, session);
  output.answer(failureDocument(failure, session?.resume[0]));
  output.note(failureText(failure, output));
  sayResume(output, session);
  if (process.env.OCISIGN_DEBUG === "1") output.note(withoutSecrets(stackOf(error)));
  return failure.exit;
}

/** @param {Output} output @param {import("./session.js").Session} [session] */
function sayResume(output, session) {
  const [command, addition] = session?.resume ?? [];
  if (!command) return;
  output.note(`The request goes on at the service. Resume with:\n  ${command}`);
  if (addition) output.note(`  (${addition})`);
}

/**
 * Ends now, whatever is still open: a token command that heeds no signal, or standard input. What was said is
 * written first.
 *
 * @param {number} exit @returns {Promise<never>}
 */
async function leave(exit) {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writable) await new Promise((resolve) => stream.write("", resolve));
  }
  process.exit(exit);
}

/** @param {any} error @returns {string} */
function stackOf(error) {
  const stack = String(error?.stack ?? error);
  return error?.cause ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack;
}
