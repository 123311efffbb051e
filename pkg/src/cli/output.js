// What is said, and where: results on standard output, everything else on standard error. Colours and a live line
// only on a terminal; plain lines, one for each change, in a log.

import yoctoSpinner from "yocto-spinner";
import colors from "yoctocolors";
import { visible, visibleJson } from "./visible.js";

/** @typedef {"good" | "bad" | "unsure" | "faint" | "strong"} Tone */

/** @type {Record<Tone, (text: string) => string>} */
const tones = {
  good: colors.green,
  bad: colors.red,
  unsure: colors.yellow,
  faint: colors.dim,
  strong: colors.bold,
};

export class Output {
  #json;
  #answered = false;
  #heard = true;
  /** @type {import("yocto-spinner").Spinner | undefined} */
  #live;
  /** @type {string | undefined} */
  #said;

  /** @param {boolean} json */
  constructor(json) {
    this.#json = json;
    process.stdout.on("error", () => {
      this.#heard = false;
    });
  }

  /** Does anybody still read the results? */
  get isHeard() {
    return this.#heard;
  }

  get isJson() {
    return this.#json;
  }

  /** Has the one document been written? */
  get hasAnswered() {
    return this.#answered;
  }

  /** A part of the result for people. With `--json` there is only the document. @param {string} text */
  print(text) {
    if (!this.#json) process.stdout.write(`${text}\n`);
  }

  /** The result for programs, once. @param {unknown} document */
  answer(document) {
    if (!this.#json || this.#answered) return;
    this.#answered = true;
    process.stdout.write(`${visibleJson(document)}\n`);
  }

  /** Something beside the result. @param {string} [text] */
  note(text = "") {
    process.stderr.write(`${text}\n`);
  }

  /**
   * What is being waited for. On a terminal one line that lives; in a log a line when it changes.
   *
   * @param {string} text
   */
  progress(text) {
    const line = visible(text);
    if (line === this.#said) return;
    this.#said = line;
    if (!isLive()) return this.note(line);
    // Ctrl-C is handled in one place, and not here.
    this.#live ??= yoctoSpinner({ stream: process.stderr, handleSignals: false }).start();
    // A line that is longer than the terminal is wide would be left behind in pieces.
    this.#live.text = line.slice(0, Math.max(10, (process.stderr.columns || 80) - 3));
  }

  /** Takes the live line away. */
  settle() {
    this.#live?.stop();
    this.#live = undefined;
    this.#said = undefined;
  }

  /** @param {Tone} tone @param {string} text */
  paint(tone, text) {
    return hasColors(process.stdout) ? tones[tone](text) : text;
  }

  /** The same for standard error. @param {Tone} tone @param {string} text */
  paintNote(tone, text) {
    return hasColors(process.stderr) ? tones[tone](text) : text;
  }
}

function isLive() {
  return process.stderr.isTTY && process.env.TERM !== "dumb" && !process.env.CI;
}

/**
 * Whether this one is a terminal. What else speaks for or against colours (NO_COLOR, TERM=dumb, FORCE_COLOR) has
 * decided already which functions there are.
 *
 * @param {NodeJS.WriteStream} stream
 */
function hasColors({ isTTY }) {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  return isTTY || Boolean(FORCE_COLOR && !["0", "false"].includes(FORCE_COLOR));
}
