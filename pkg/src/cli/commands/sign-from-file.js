// `ocisign sign --from-file`: one image after the other. Everything is checked before anything is sent, and what
// was requested is told at once, so that neither a failure nor Ctrl-C loses an id.
import { checkRegistry, parseReference, scanReferences } from "../../../node.js";
import { exitCode } from "../exit-codes.js";
import { explain, failureDocument, failureText, pointer } from "../failure.js";
import { readText } from "../files.js";
import { Problem } from "../problem.js";
import { chosenProduct } from "../product.js";
import { request } from "../request.js";
import { exitFor, stateText, toneOf } from "../request-text.js";
import { resumeWith } from "../resume.js";
import { claimStdin, readStdin } from "../stdin.js";
import { visible } from "../visible.js";
import { waitFor } from "../wait.js";

/**
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("../../../index.js").Signing} Signing
 * @typedef {{ line: number, canonical: string }} Entry
 *
 * @typedef {object} Outcome of one line
 * @property {Entry} entry @property {Signing} [signing] @property {import("../failure.js").Failure} [failure]
 *
 * @typedef {Omit<import("./sign.js").SignOptions, "metadata"> & { metadata?: { name: string, value: string }[] }} Options
 */

/** After these the next request would fare no better; what is wrong with one image says nothing of the next. */
const ofOneImage = ["registry-mismatch", "bad-request", "conflict", "not-found", "bad-reply"];

/** @param {Session} session @param {Options} options */
export async function signFromFile(session, options) {
  const file = /** @type {string} */ (options.fromFile);
  if (options.verify) {
    const fix = "Use --wait, and `ocisign verify` for each.";
    throw new Problem("usage", "--verify does not go with --from-file.", fix, { exit: exitCode.usage });
  }
  // Who reads what from standard input is settled before anything is read.
  if (file === "-") claimStdin("--from-file -");
  const name = file === "-" ? "standard input" : file;
  const text = file === "-" ? await readStdin("--from-file -") : readText(file, "--from-file");
  const entries = readEntries(session, text, name);
  const product = await chosenProduct(session);
  checkRegistries(entries, product, name);
  /** @type {Outcome[]} */
  const outcomes = [];
  try {
    await requestAll(session, { entries, product, options, outcomes });
    if (options.wait) await waitForAll(session, outcomes, options);
  } finally {
    summarize(session, entries, outcomes);
  }
  return worst(outcomes, entries.length, Boolean(options.wait));
}

/** @param {Session} session @param {string} text @param {string} file @returns {Entry[]} */
function readEntries({ output }, text, file) {
  // A line of spaces, or a comment that is indented, is nobody's mistake.
  const { references, errors } = scanReferences(text.replace(/^[ \t]+(#.*)?$/gm, ""));
  if (errors.length > 0) {
    const shown = errors.map(
      (/** @type {import("../../../index.js").ReferenceScan["errors"][number]} */ error) => {
        const column = error.offset === undefined ? "" : `:${error.offset + 1}`;
        const mark = pointer(error, error.text)?.replace(/^/gm, "  ") ?? `  ${visible(error.text)}`;
        return `${visible(file)}:${error.line}${column}: ${visible(error.message)}\n${mark}\n  ${visible(error.fix)}`;
      },
    );
    const what = `${counted(errors.length, "line")} of ${visible(file)} ${errors.length === 1 ? "is" : "are"} not an image.`;
    const fix = "Nothing was sent. Correct these lines, then start again.";
    throw new Problem("bad-reference", what, fix, { shown: shown.join("\n"), lines: errors });
  }
  if (references.length === 0) {
    throw new Problem(
      "bad-file",
      `${visible(file)} names no image.`,
      "Write one a line; # begins a comment.",
    );
  }
  return withoutRepetitions(references, output);
}

/** @param {Entry[]} references @param {import("../output.js").Output} output */
function withoutRepetitions(references, output) {
  /** @type {Map<string, Entry>} */
  const first = new Map();
  for (const entry of references) {
    const earlier = first.get(entry.canonical);
    if (earlier) output.note(`Line ${entry.line} repeats line ${earlier.line}; it is requested once.`);
    else first.set(entry.canonical, entry);
  }
  return [...first.values()];
}

/** @param {Entry[]} entries @param {import("../../../index.js").Product} product @param {string} file */
function checkRegistries(entries, product, file) {
  const wrong = entries.flatMap(({ line, canonical }) => {
    try {
      checkRegistry(canonical, product);
      return [];
    } catch (/** @type {any} */ error) {
      return [{ line, canonical, error }];
    }
  });
  if (wrong.length === 0) return;
  const shown = wrong.map(({ line, error }) => `${visible(file)}:${line}: ${visible(error.message)}`);
  const lines = wrong.map(({ error: { code, message, fix }, ...entry }) => ({
    ...place(entry),
    ...{ code, message, fix },
  }));
  const what = `${counted(wrong.length, "image")} of ${visible(file)} cannot be signed with this product.`;
  const fix = `Nothing was sent. ${wrong[0].error.fix}`;
  throw new Problem(wrong[0].error.code, what, fix, { shown: shown.join("\n"), lines });
}

/**
 * @param {Session} session
 * @param {{ entries: Entry[], product: any, options: Options, outcomes: Outcome[] }} work
 */
async function requestAll(session, { entries, product, options, outcomes }) {
  const { output } = session;
  for (const [at, entry] of entries.entries()) {
    output.progress(`requesting ${at + 1} of ${entries.length}: ${entry.canonical}`);
    try {
      const signing = await request(session, product, parseReference(entry.canonical), options);
      outcomes.push({ entry, signing });
      if (!options.wait) tell(session, signing, entry);
      else output.note(`requested ${visible(signing.id)}  ${entry.canonical}`);
    } catch (/** @type {any} */ error) {
      if (session.signal.aborted) throw error;
      const failure = explain(error, session);
      outcomes.push({ entry, failure });
      output.note(`line ${entry.line}: ${entry.canonical}\n${failureText(failure, output)}`);
      if (!ofOneImage.includes(failure.code)) return;
    }
  }
}

/** They go on beside each other at the service, so waiting for one after the other takes no longer. */
async function waitForAll(
  /** @type {Session} */ session,
  /** @type {Outcome[]} */ outcomes,
  /** @type {Options} */ options,
) {
  const until = options.timeout === undefined ? undefined : Date.now() + options.timeout;
  for (const outcome of outcomes) {
    if (!outcome.signing) continue;
    const timeout = until === undefined ? undefined : until - Date.now();
    if (timeout === undefined || timeout > 0) {
      outcome.signing = await waitFor(session, outcome.signing, { timeout });
    }
    tell(session, outcome.signing, outcome.entry);
  }
}

/** @param {Session} session @param {Signing} signing @param {Entry} entry */
function tell({ output }, signing, { canonical }) {
  const state = output.paint(toneOf(signing.state), stateText(signing));
  output.print(`${visible(signing.id)}  ${state}  ${canonical}`);
}

/** @param {Session} session @param {Entry[]} entries @param {Outcome[]} outcomes */
function summarize(session, entries, outcomes) {
  const { output } = session;
  output.settle();
  const requested = outcomes.filter(({ signing }) => signing);
  const failed = outcomes.filter(({ failure }) => failure);
  const left = entries.slice(outcomes.length);
  // Where nobody reads standard output any more, the ids are told here.
  if (!output.isHeard) {
    for (const { entry, signing } of requested)
      output.note(`requested ${visible(signing?.id)}  ${entry.canonical}`);
  }
  const parts = [`${requested.length} of ${counted(entries.length, "image")} requested`];
  if (failed.length > 0) parts.push(`${failed.length} failed`);
  const pending = requested.find(({ signing }) => !signing?.final);
  if (left.length > 0) parts.push(`${left.length} not requested, from line ${left[0].line} on`);
  output.note(`${parts.join(", ")}.`);
  if (session.signal.aborted && pending?.signing) {
    session.resume = resumeWith(session, ["status", pending.signing.id, "--wait"]);
  }
  output.answer({
    requested: requested.map(({ entry, signing }) => ({ ...place(entry), signing })),
    failed: failed.map(({ entry, failure }) => ({
      ...place(entry),
      ...failureDocument(/** @type {import("../failure.js").Failure} */ (failure)),
    })),
    notRequested: left.map(place),
  });
}

/** @param {Entry} entry */
function place({ line, canonical }) {
  return { line, reference: canonical };
}

/** @param {Outcome[]} outcomes @param {number} total @param {boolean} waited */
function worst(outcomes, total, waited) {
  if (outcomes.length < total || outcomes.some(({ failure }) => failure)) return exitCode.error;
  if (!waited) return exitCode.done;
  const exits = outcomes.flatMap(({ signing }) => (signing ? exitFor(signing) : []));
  return [exitCode.refused, exitCode.waiting].find((exit) => exits.includes(exit)) ?? exitCode.done;
}

/** @param {number} count @param {string} noun */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
