import { exitCode } from "./exit-codes.js";

/** What went wrong here, and not in the library: a message that names the place, and what to do. */
export class Problem extends Error {
  name = "Problem";

  /**
   * @param {string} code @param {string} message @param {string} fix
   * @param {{ exit?: number, cause?: unknown, shown?: string, lines?: object[] }} [more] `shown` are lines to put below
   *   the message, and `lines` the same for a program
   */
  constructor(code, message, fix, { exit = exitCode.error, cause, shown, lines } = {}) {
    super(message, { cause });
    this.code = code;
    this.fix = fix;
    this.exit = exit;
    this.shown = shown;
    this.lines = lines;
  }
}

/** The command line itself is wrong. @param {string} message @param {string} fix @param {string} [shown] */
export function usage(message, fix, shown) {
  return new Problem("usage", message, fix, { exit: exitCode.usage, shown });
}
