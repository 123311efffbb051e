// Approving is done with open eyes: who approves has seen the digest, and shows it.
import { createInterface } from "node:readline/promises";
import { Problem, usage } from "./problem.js";

/** A part of a digest, or one that was typed in capitals, would only be called another one. @param {string} [digest] */
export function checkDigest(digest) {
  if (digest === undefined || /^sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/.test(digest))
    return;
  const fix = "Write all of it in small letters: sha256: and 64 hexadecimal digits.";
  throw usage(`--digest "${digest}" is not a digest.`, fix);
}

/**
 * Asks on the terminal for the end of the digest, or compares the one that was given; ends in an error when nobody
 * agrees.
 *
 * @param {import("./session.js").Session} session @param {import("../../index.js").ImageReference} image
 * @param {{ yes?: boolean, digest?: string }} options
 */
export async function confirmDigest(session, { digest }, { yes, digest: expected }) {
  if (expected !== undefined) {
    if (expected === digest) return;
    const what = `The request is for another digest, ${digest}.`;
    throw new Problem("changed", what, "Nothing was approved. Check which image is meant.");
  }
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const fix = `Give --digest with the digest that you mean to approve, or --yes for whatever is shown.`;
    throw usage("There is no terminal to ask on, and nothing was approved.", fix);
  }
  const end = digest.slice(-8);
  const typed = await ask("Type the last 8 characters of the digest to approve: ", session.signal);
  if (typed.trim().toLowerCase() === end) return;
  throw new Problem("not-confirmed", "That is not the end of the digest.", "Nothing was approved.");
}

/** @param {string} question @param {AbortSignal} signal @returns {Promise<string>} what was typed; nothing at the end of input */
async function ask(question, signal) {
  // Without its own handling of keys, so that Ctrl-C stays a signal.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const closed = new Promise((resolve) => lines.once("close", () => resolve("")));
    return await Promise.race([lines.question(question, { signal }), closed]);
  } finally {
    lines.close();
  }
}
