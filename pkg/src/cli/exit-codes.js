/** What the program ends with; the same for every command, and written in its help. */
export const exitCode = {
  done: 0,
  error: 1,
  usage: 2,
  waiting: 3,
  refused: 4,
  notVerified: 5,
};

/** What a signal ends a program with, as a shell reports it. */
export const exitCodeOf = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 };
