// The second judge as a process: a case a line to it, a verdict a line back.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The program, as `npm run test:judge` builds it. */
export const secondJudge =
  process.env.OCISIGN_SECOND_JUDGE ??
  fileURLToPath(new URL("../../../target/debug/ocisign-second-judge", import.meta.url));

/**
 * @typedef {import("./cases.js").Case} Case
 * @typedef {import("./ours.js").Verdict} Verdict
 */

export class SecondJudge {
  #child;
  /** @type {((line: string | undefined) => void)[]} */
  #waiting = [];

  /** @param {string} program */
  constructor(program) {
    this.#child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: this.#child.stdout });
    lines.on("line", (line) => this.#waiting.shift()?.(line));
    lines.on("close", () => {
      for (const answer of this.#waiting.splice(0)) answer(undefined);
    });
    // Whoever waits is told when the lines end.
    this.#child.stdin.on("error", () => {});
  }

  /** @param {Case} one @returns {Promise<Verdict>} */
  async ask(one) {
    /** @type {Promise<string | undefined>} */
    const answer = new Promise((resolve) => this.#waiting.push(resolve));
    this.#child.stdin.write(`${lineOf(one)}\n`);
    const line = await answer;
    if (line === undefined) throw new Error("the second judge has ended");
    return JSON.parse(line);
  }

  close() {
    this.#child.stdin.end();
  }
}

/** A case as the second judge reads it. @param {Case} one */
export function lineOf({ image: _, change: __, registry, ...one }) {
  const nothing = { image: null, tag: null, referrers: null, fallback: null, manifests: [] };
  return JSON.stringify({ ...one, registry: { ...nothing, ...registry } }, asText);
}

/** Bytes as base64. They have a form of their own before this sees them. @param {string} _ @param {any} value */
function asText(_, value) {
  return value?.type === "Buffer" ? Buffer.from(value.data).toString("base64") : value;
}
