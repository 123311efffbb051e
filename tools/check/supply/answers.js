// What a question about the supply chain can be answered with. Where no source was reached, nothing was asked: that is
// an answer of its own, and never counts as passed.
import { CommandFailed } from "../../machine/command.js";

/**
 * @typedef {{ state: "nothing", of: string }} Nothing it was asked of this source, which knows nothing
 * @typedef {{ state: "found", of: string, found: string }} Found
 * @typedef {{ state: "not-asked", why: string }} NotAsked
 * @typedef {Nothing | Found | NotAsked} Answer
 *
 * @typedef {object} Question
 * @property {string} name
 * @property {"crates" | "npm" | "go"} about
 * @property {boolean} [isOfAdvisories] its answer may change while nothing here changes
 * @property {(note: (text: string) => void) => Promise<Answer>} ask
 */

/** @param {string} of @param {string} found the text of what was found; empty when there is nothing @returns {Answer} */
export function answered(of, found) {
  return found ? { state: "found", of, found } : { state: "nothing", of };
}

/** @param {string} why @returns {NotAsked} */
export function notAsked(why) {
  return { state: "not-asked", why };
}

/** The line of a tool's output that says why it failed. @param {string} output */
export function reasonIn(output) {
  const lines = output.split("\n").map((line) => line.trim());
  const wrong = lines.filter((line) => /\b(error|failed|could not|unable|refused|not found)\b/i.test(line));
  return (wrong.at(-1) ?? lines.findLast(Boolean) ?? "it said nothing").slice(0, 300);
}

/** @param {Question} question @param {(text: string) => void} note @returns {Promise<Answer>} */
export async function answerOf({ ask }, note) {
  try {
    return await ask(note);
  } catch (error) {
    // A tool that could not be installed, or that did not run to its end.
    if (error instanceof CommandFailed) return notAsked(`${error.message}: ${reasonIn(error.output)}`);
    throw error;
  }
}

/** @param {Answer} answer */
export function inWords(answer) {
  if (answer.state === "not-asked") return `  not asked: ${answer.why}`;
  if (answer.state === "nothing") return `  nothing found: ${answer.of}`;
  return `  found: ${answer.of}\n${answer.found}`;
}
