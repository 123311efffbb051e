// What goes wrong here, and what the program ends with.

/** Exit codes, the same for every command. The help lists them. */
export const exitCode = {
  ...({ done: 0, error: 1, usage: 2, waiting: 3, refused: 4, notVerified: 5 } as const),
  ...({ different: 6, notable: 7 } as const),
};

/** Exit codes of signals, as a shell reports them. */
export const exitCodeOf = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 } as const;

/** Details of a {@link Problem}. */
export interface ProblemDetails {
  readonly exit?: number;
  readonly cause?: unknown;
  /** Lines to put below the message. */
  readonly shown?: string | undefined;
  /** The same for a program. */
  readonly lines?: readonly object[];
  /** The same where several things are wrong with one text. */
  readonly problems?: readonly object[] | undefined;
}

/** An error of the command line, and not of the library: a message that names the place, and what to do. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: string;
  readonly fix: string;
  readonly exit: number;
  readonly shown: string | undefined;
  readonly lines: readonly object[] | undefined;
  readonly problems: readonly object[] | undefined;

  constructor(code: string, message: string, fix: string, details: ProblemDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.fix = fix;
    this.exit = details.exit ?? exitCode.error;
    this.shown = details.shown;
    this.lines = details.lines;
    this.problems = details.problems;
  }
}

/** The command line itself is wrong. */
export function usage(message: string, fix: string, details: ProblemDetails | string = {}): Problem {
  const more = typeof details === "string" ? { shown: details } : details;
  return new Problem("usage", message, fix, { exit: exitCode.usage, ...more });
}
