// One run of the program, from the arguments to the exit code.
import { CommanderError } from "commander";
import { explain, failureDocument, failureText } from "./failure.ts";
import { systemCode } from "./input.ts";
import { type Ending, Interruption } from "./interruption.ts";
import { libraryError } from "./library-error.ts";
import { Output } from "./output.ts";
import { exitCode, exitCodeOf, Problem } from "./problem.ts";
import { createProgram } from "./program.ts";
import { resumeText } from "./resume.ts";
import type { Run } from "./run-command.ts";
import { withoutSecrets } from "./secrets.ts";

export { failToWrite } from "./interruption.ts";

export async function run(argv: string[]): Promise<number> {
  // On Linux this also takes the arguments, and with them a token, out of the list of processes.
  process.title = "ocisign";
  const output = new Output(asksForJson(argv));
  const interruption = new Interruption();
  interruption.listen(() => output.settle());
  const state: Run = { output, signal: interruption.signal, exit: exitCode.done, session: undefined };
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
    if (interruption.by) {
      const exit = sayInterrupted(interruption.by, state);
      await state.session?.settled();
      return leave(exit);
    }
    return fail(error, state);
  } finally {
    await state.session?.close();
  }
}

/** Also of a command line that cannot be read. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}

/** Commander throws after help and version, too. */
function isNoFailure(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

/** No command was named, and commander has shown the help. */
function isBareCall(error: unknown): boolean {
  return error instanceof CommanderError && error.code === "commander.help";
}

function sayInterrupted(by: Ending, { output, session }: Run): number {
  const exit = exitCodeOf[by];
  if (by === "SIGPIPE") return exit;
  const message = "Interrupted.";
  output.answer({
    error: { code: "interrupted", message, resume: session?.resume?.command, exitCode: exit },
  });
  output.note(message);
  sayResume({ output, session });
  return exit;
}

function fail(error: unknown, { output, session }: Run): number {
  const failure = explain(error, session);
  output.answer(failureDocument(failure, session?.resume?.command));
  output.note(failureText(failure, output));
  sayResume({ output, session });
  if (process.env.OCISIGN_DEBUG === "1") output.note(withoutSecrets(stackOf(error)));
  return failure.exit;
}

function sayResume({ output, session }: Pick<Run, "output" | "session">): void {
  if (!session?.resume) return;
  const { lead = "The request continues at the service. Resume with:" } = session.resume;
  output.note(`${lead}\n${resumeText(session.resume)}`);
}

/**
 * Ends now, whatever is still open: a token command that ignores the signal, or standard input. What was said is
 * written first.
 */
async function leave(exit: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writable) await new Promise((resolve) => stream.write("", resolve));
  }
  process.exit(exit);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "something that is no error";
  const stack = quotesInput(error) ? withoutWords(error) : (error.stack ?? String(error));
  return error.cause ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack;
}

/** The system's errors and those of JSON repeat what they were given, each in its own spelling. */
function quotesInput(error: Error): boolean {
  if (libraryError(error) || error instanceof Problem || error instanceof CommanderError) return false;
  return "code" in error || error instanceof SyntaxError;
}

function withoutWords(error: Error): string {
  const places = error.stack?.match(/^ {4}at .*$/gm) ?? [];
  return [`${error.name} (${systemCode(error)})`, ...places].join("\n");
}
