// Ctrl-C, a polite kill, and a reader that has gone: the first ends the work in order, the second at once.
import { exitCode, exitCodeOf } from "./exit-codes.js";

/** @typedef {keyof typeof exitCodeOf} Ending */

export class Interruption {
  #controller = new AbortController();
  /** @type {Ending | undefined} */
  #by;

  /** @param {() => void} restore leaves the terminal as it was */
  listen(restore) {
    for (const name of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
      process.on(name, () => {
        if (this.#by && this.#by !== "SIGPIPE") {
          restore();
          process.exit(exitCodeOf[name]);
        }
        this.#end(name);
      });
    }
    // Whoever reads has enough (`ocisign signings | head -1`): that is no error.
    process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EPIPE") return this.#end("SIGPIPE");
      restore();
      process.stderr.write(`error: Standard output cannot be written (${error.code}).\n`);
      process.exit(exitCode.error);
    });
    // Where nobody listens to what is said, it is still done.
    process.stderr.on("error", () => {});
  }

  /** Ends everything that is under way. */
  get signal() {
    return this.#controller.signal;
  }

  /** What ended it, if something did. */
  get by() {
    return this.#by;
  }

  /** @param {Ending} name */
  #end(name) {
    this.#by = name;
    this.#controller.abort();
  }
}
