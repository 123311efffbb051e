// Writes results to standard output and everything else to standard error. Only a terminal gets colours and a live
// line; a log gets plain lines, one for each change.

import yoctoSpinner, { type Spinner } from "yocto-spinner";
import colors from "yoctocolors";
import { visible, visibleJsonLine } from "../shown/visible.ts";
import { jsonPieces } from "./each.ts";

export type Tone = "good" | "bad" | "unsure" | "faint" | "strong";

const tones: Readonly<Record<Tone, (text: string) => string>> = {
  good: colors.green,
  bad: colors.red,
  unsure: colors.yellow,
  faint: colors.dim,
  strong: colors.bold,
};

export class Output {
  readonly isJson: boolean;
  #answered = false;
  #isOfLines = false;
  #heard = true;
  #live: Spinner | undefined;
  #said: string | undefined;

  constructor(isJson: boolean) {
    this.isJson = isJson;
    process.stdout.on("error", () => {
      this.#heard = false;
    });
  }

  /** Is standard output still read? */
  get isHeard(): boolean {
    return this.#heard;
  }

  /** The columns of the terminal that the result is shown on; nothing if that is no terminal. */
  get width(): number | undefined {
    return process.stdout.isTTY ? process.stdout.columns || 80 : undefined;
  }

  /** The same of the terminal that everything else is shown on. */
  get noteWidth(): number | undefined {
    return process.stderr.isTTY ? process.stderr.columns || 80 : undefined;
  }

  /** Is progress drawn, and not written line by line? */
  get isLive(): boolean {
    return isLive();
  }

  /** A part of the result for people. With `--json` there is only the document. */
  print(text: string): void {
    if (!this.isJson) process.stdout.write(`${text}\n`);
  }

  /** A result that is bytes, exactly. With `--json` there is only the document. */
  printBytes(bytes: Uint8Array): void {
    if (!this.isJson) process.stdout.write(bytes);
  }

  /** The result for programs, once. */
  answer(document: unknown): void {
    if (!this.isJson || this.#answered || document === undefined) return;
    this.#answered = true;
    if (this.#isOfLines) process.stdout.write(visibleJsonLine(document));
    else for (const piece of jsonPieces(document)) process.stdout.write(piece);
    process.stdout.write("\n");
  }

  /**
   * One of many results, as soon as it is there: a line for people, or a line of JSON.
   *
   * @returns whether it was written
   */
  line(text: string, document: unknown): Promise<boolean> {
    const line = this.isJson ? visibleJsonLine(document) : text;
    return new Promise((resolve) => process.stdout.write(`${line}\n`, (error) => resolve(!error)));
  }

  /** With `--json`, every document of this run takes one line. */
  useLines(): void {
    this.#isOfLines = true;
  }

  /** Something beside the result. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** The next command, for a person: a log and a program have no use for it. */
  hint(text: string): void {
    if (!this.isJson && process.stderr.isTTY) this.note(this.paintNote("faint", text));
  }

  /** What the command waits for: one live line on a terminal, a line for each change in a log. */
  progress(text: string): void {
    const line = visible(text);
    if (line === this.#said) return;
    this.#said = line;
    if (!this.isLive) {
      this.note(line);
      return;
    }
    // Only interruption.ts handles Ctrl-C.
    this.#live ??= yoctoSpinner({ stream: process.stderr, handleSignals: false }).start();
    // Of a line that is wider than the terminal, the spinner would leave pieces behind.
    this.#live.text = line.slice(0, Math.max(10, (process.stderr.columns || 80) - 3));
  }

  /** Removes the live line. */
  settle(): void {
    this.#live?.stop();
    this.#live = undefined;
    this.#said = undefined;
  }

  paint(tone: Tone, text: string): string {
    return hasColors(process.stdout) ? tones[tone](text) : text;
  }

  /** The same for standard error. */
  paintNote(tone: Tone, text: string): string {
    return hasColors(process.stderr) ? tones[tone](text) : text;
  }
}

function isLive(): boolean {
  return process.stderr.isTTY && process.env.TERM !== "dumb" && !process.env.CI;
}

/** Is this stream a terminal? yoctocolors has considered TERM=dumb and the platform when it was loaded. */
function hasColors({ isTTY }: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR) return false;
  return isTTY || Boolean(FORCE_COLOR && !["0", "false"].includes(FORCE_COLOR));
}
