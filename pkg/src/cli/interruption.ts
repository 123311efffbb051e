// Ctrl-C, a polite kill, and a reader that has gone: the first one ends the work in order, a second one at once.
import { systemCode } from "./input.ts";
import { exitCode, exitCodeOf } from "./problem.ts";

export type Ending = keyof typeof exitCodeOf;

export class Interruption {
  #controller = new AbortController();
  #by: Ending | undefined;

  /** `restore` leaves the terminal as it was. */
  listen(restore: () => void): void {
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.on(name, () => {
        if (this.#by && this.#by !== "SIGPIPE") {
          restore();
          process.exit(exitCodeOf[name]);
        }
        this.#end(name);
      });
    }
    // The reader has enough, as in `ocisign signings | head -1`: that is no error.
    process.stdout.on("error", (error: unknown) => {
      if (isUnread(error)) return this.#end("SIGPIPE");
      restore();
      failToWrite(error);
    });
    // A closed standard error is no reason to stop the work.
    process.stderr.on("error", () => {});
  }

  /** Ends all work in progress. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signal that ended the work, if one did. */
  get by(): Ending | undefined {
    return this.#by;
  }

  #end(name: Ending): void {
    this.#by = name;
    this.#controller.abort();
  }
}

/** Ends the program when standard output cannot be written. That its reader has gone is no failure. */
export function failToWrite(error: unknown): void {
  if (isUnread(error)) return;
  process.stderr.write(`error: Standard output cannot be written (${systemCode(error)}).\n`);
  process.exit(exitCode.error);
}

function isUnread(error: unknown): boolean {
  return systemCode(error) === "EPIPE";
}
