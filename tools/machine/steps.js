import { CommandFailed, Stop } from "./command.js";
import { elapsed, liveLine } from "./live-line.js";

/** What a step returns when it had nothing to do. */
export const upToDate = Symbol("up to date");

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {(note: (text: string) => void) => unknown} run `note` shows what is going on, on a terminal
 */

/**
 * Runs one step after the other. Tells how each went, and shows a step's output only when it failed.
 *
 * @param {Step[]} steps
 * @param {{ keepGoing?: boolean }} [options] with `keepGoing` a failure does not stop the steps after it
 * @returns {Promise<string[]>} the names of the steps that failed
 */
export async function runSteps(steps, { keepGoing = false } = {}) {
  const started = performance.now();
  /** @type {string[]} */
  const failed = [];
  for (const [index, step] of steps.entries()) {
    const label = `[${index + 1}/${steps.length}] ${step.name}`;
    const line = startLine(label);
    try {
      const result = await step.run(line.note);
      line.end(result === upToDate ? "up to date" : line.elapsed());
    } catch (error) {
      line.end(`failed after ${line.elapsed()}`);
      report(error);
      failed.push(step.name);
      if (!keepGoing) break;
    }
  }
  if (steps.length > 1)
    console.log(`${failed.length && !keepGoing ? "stopped" : "done"} after ${elapsed(started)}`);
  return failed;
}

/** @param {string} label */
function startLine(label) {
  const started = performance.now();
  let note = "";
  const line = liveLine(
    () => `${label} … ${elapsed(started)}${note && `  ${note}`}`,
    () => `${label}: still at it, ${elapsed(started)}`,
  );
  return {
    elapsed: () => elapsed(started),
    note: (/** @type {string} */ text) => {
      note = text;
    },
    end: (/** @type {string} */ outcome) => {
      line.end();
      console.log(`${label} … ${outcome}`);
    },
  };
}

/** @param {unknown} error */
function report(error) {
  console.error(`\n${describe(error)}\n`);
}

/** What a person is told of a failure. @param {unknown} error */
export function describe(error) {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof CommandFailed) return `${error.output.trim()}\n\n${error.message}`;
  // esbuild says in the message where the error is; its stack is only its own plumbing.
  if (error instanceof Stop || "errors" in error) return error.message;
  return error.stack;
}
